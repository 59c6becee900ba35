"""Share of the push-off's backward thigh swing that the back gives."""

from __future__ import annotations

from formcheck.metrics.summary import not_measurable
from formcheck.records import Measurement, Note, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Not measurable from landmarks: none of them lies on the spine or the pelvis. Needs the outline of the back."""
    return [not_measurable("lumbar_share_pct", "pct", recording.signals.near_side, Note("needs_outline"))]
