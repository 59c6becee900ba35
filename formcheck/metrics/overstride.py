"""Overstride: how far ahead of the hips the foot lands."""

from __future__ import annotations

from formcheck.metrics.summary import Curve, near_side
from formcheck.records import Measurement, Recording
from formcheck.scale import belt_legs_per_s
from formcheck.signals import NETWORK

READ_BEFORE_S = 0.020
"""The foot comes back under the body ever faster as it lands: 10 ms at contact are 2 % of leg length, 20 ms earlier a
third of that. Through the pose network contact is found some 9 ms early or late (SD of rendered runners), so that its
ankle is read earlier, and what runners' feet come back in the meantime is taken off: ..."""
COMES_BACK_PCT, PER_SPEED_PCT, MEDIUM_SPEED = 2.5, 0.77, 4.0
"""... at ``MEDIUM_SPEED`` (leg lengths a second), and by how much more with each leg length a second. Seven runners at
2.5 to 4.5 m/s (motion capture), who differ by 0.9 (SD); ``tests/accuracy/test_overstride.py`` fits it anew."""


def measure(recording: Recording) -> list[Measurement]:
    """Ankle ahead of mid-hip at contact, percent of leg length (hip to knee to ankle), near foot, ahead +.

    Follows Lieberman et al. 2015, 10.1242/jeb.125500, with the ankle for the heel. Grows with speed; a camera turned by
    10 deg shortens it by 2 % of itself.
    """
    ahead = Curve(recording.signals, f"ankle_ahead_{recording.signals.near_side}_pct_leg")
    early_s, less_pct = _reading(recording)
    return near_side(
        recording, "overstride_pct_leg", "pct", lambda stride: ahead(stride.contact_s - early_s) - less_pct
    )


def _reading(recording: Recording) -> tuple[float, float]:
    """How long before contact the ankle is read, and what is taken off for it."""
    speed = belt_legs_per_s(recording)
    if NETWORK not in recording.signals.finder or speed is None:
        return 0.0, 0.0
    return READ_BEFORE_S, COMES_BACK_PCT + PER_SPEED_PCT * (speed - MEDIUM_SPEED)
