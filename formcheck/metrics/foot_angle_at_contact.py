"""Foot angle at contact: how far the toes point up, or down, as the foot lands."""

from __future__ import annotations

import numpy as np

from formcheck.metrics.summary import Curve, near_side
from formcheck.records import Measurement, Recording, Stride
from formcheck.signals import NETWORK

FLAT_FROM, FLAT_TO = 0.30, 0.45
"""Share of the contact time in which the foot lies flat on the ground."""
READ_BEFORE_S = 0.025
"""A landing foot keeps its angle until it touches and then slaps down within some 50 ms, which the filter smears over
the moment of contact. The network's foot is read just before."""
FLAT_OF_NETWORK_DEG, FLAT_SHARE = -6.6, 0.25
"""Angle at which the network sees a foot that lies flat (mean of the tuning clips, SD 3.6). Most of a runner's own
deviation from it is error of that very moment: taking all of it off made the angle at contact worse, a quarter does
best (``docs/accuracy.md`` tells by how much). The middle of heel and ankle as the foot's rear end, stretched, did
better on the tuning clips (RMSE 2.8 degrees) and worse on those kept back (5.4): given up."""


def measure(recording: Recording) -> list[Measurement]:
    """Degrees against the belt, toes up +, near foot; zero is the foot lying flat.

    From markers, the foot's own angle flat in the middle of its stance is zero. (Altman & Davis 2012,
    10.1016/j.gaitpost.2011.09.104, take the angle of quiet standing; a flat foot in stance stands for it here.) From
    the pose network, ``FLAT_OF_NETWORK_DEG`` explains. Blurred feet and cameras above knee height make it less true.
    """
    foot = Curve(recording.signals, f"foot_{recording.signals.near_side}_deg")
    flat = _flat_foot_deg(recording, foot)
    if NETWORK not in recording.signals.finder:
        return near_side(recording, "foot_angle_at_contact_deg", "deg", lambda stride: foot(stride.contact_s) - flat)
    lies = FLAT_SHARE * (flat - FLAT_OF_NETWORK_DEG) if np.isfinite(flat) else 0.0
    return near_side(
        recording, "foot_angle_at_contact_deg", "deg", lambda stride: foot(stride.contact_s - READ_BEFORE_S) - lies
    )


def _flat_foot_deg(recording: Recording, foot: Curve) -> float:
    """The flat foot's own angle: landmarks of heel and toe do not lie on the sole."""

    def in_stance(stride: Stride) -> float:
        contact = stride.toe_off_s - stride.contact_s
        return float(np.median(foot.span(stride.contact_s + FLAT_FROM * contact, stride.contact_s + FLAT_TO * contact)))

    near = recording.signals.near_side
    flat = np.array([in_stance(stride) for stride in recording.strides if stride.side == near and stride.clean])
    flat = flat[np.isfinite(flat)]
    return float(np.median(flat)) if len(flat) else float("nan")
