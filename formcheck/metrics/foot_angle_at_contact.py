"""Foot angle at contact: how far the toes point up, or down, as the foot lands."""

from __future__ import annotations

import numpy as np

from formcheck.metrics.summary import Curve, near_side
from formcheck.records import Measurement, Recording, Stride

FLAT_FROM, FLAT_TO = 0.30, 0.45
"""Share of the contact time in which the foot lies flat on the ground."""


def measure(recording: Recording) -> list[Measurement]:
    """Degrees against the belt, toes up +, near foot; zero is the foot lying flat in the middle of its own stance.

    (Altman & Davis 2012, 10.1016/j.gaitpost.2011.09.104, take the angle of quiet standing as zero; a flat foot in
    stance stands for it here.) Blurred feet and cameras above knee height make it less true.
    """
    foot = Curve(recording.signals, f"foot_{recording.signals.near_side}_deg")
    flat = _flat_foot_deg(recording, foot)
    return near_side(recording, "foot_angle_at_contact_deg", "deg", lambda stride: foot(stride.contact_s) - flat)


def _flat_foot_deg(recording: Recording, foot: Curve) -> float:
    """The flat foot's own angle: landmarks of heel and toe do not lie on the sole."""

    def in_stance(stride: Stride) -> float:
        contact = stride.toe_off_s - stride.contact_s
        return float(np.median(foot.span(stride.contact_s + FLAT_FROM * contact, stride.contact_s + FLAT_TO * contact)))

    near = recording.signals.near_side
    flat = np.array([in_stance(stride) for stride in recording.strides if stride.side == near and stride.clean])
    flat = flat[np.isfinite(flat)]
    return float(np.median(flat)) if len(flat) else float("nan")
