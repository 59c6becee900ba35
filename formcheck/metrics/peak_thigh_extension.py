"""Peak thigh angle behind the vertical over the stride, usually just after toe-off. Not hip extension."""

from __future__ import annotations

from formcheck.metrics.summary import Curve, near_side
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees against the vertical, knee behind the hip +, near leg, largest of each stride."""
    thigh = Curve(recording.signals, f"thigh_{recording.signals.near_side}_deg")
    return near_side(
        recording,
        "peak_thigh_extension_deg",
        "deg",
        lambda stride: float(thigh.span(stride.contact_s, stride.next_contact_s).max()),
    )
