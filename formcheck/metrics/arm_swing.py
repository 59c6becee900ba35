"""Arm swing: how far the upper arm swings to and fro."""

from __future__ import annotations

import numpy as np

from formcheck.metrics.summary import Curve, near_side
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees of the near upper arm (shoulder to elbow) against the vertical, largest less smallest of each stride."""
    arm = Curve(recording.signals, f"upper_arm_{recording.signals.near_side}_deg")
    return near_side(
        recording,
        "arm_swing_deg",
        "deg",
        lambda stride: float(np.ptp(arm.span(stride.contact_s, stride.next_contact_s))),
    )
