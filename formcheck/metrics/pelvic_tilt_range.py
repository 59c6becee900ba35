"""Range of pelvic tilt over the stride."""

from __future__ import annotations

from formcheck.metrics.summary import not_measurable
from formcheck.records import Measurement, Note, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Not measurable from landmarks: none of them lies on the spine or the pelvis. Needs the outline of the back."""
    return [not_measurable("pelvic_tilt_range_deg", "deg", recording.signals.near_side, Note("needs_outline"))]
