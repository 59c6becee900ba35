"""Peak knee flexion in swing: how far the heel is picked up."""

from __future__ import annotations

from formcheck.metrics.summary import Curve, near_side
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees, near knee, largest between toe-off and the next contact."""
    knee = Curve(recording.signals, f"knee_flexion_{recording.signals.near_side}_deg")
    return near_side(
        recording,
        "peak_swing_knee_flexion_deg",
        "deg",
        lambda stride: float(knee.span(stride.toe_off_s, stride.next_contact_s).max()),
    )
