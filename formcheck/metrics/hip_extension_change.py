"""Hip extension from midstance to push-off."""

from __future__ import annotations

from formcheck.metrics.summary import not_measurable
from formcheck.records import Measurement, Note, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Not measurable from landmarks: none of them lies on the spine or the pelvis. Needs the outline of the back."""
    return [not_measurable("hip_extension_change_deg", "deg", recording.signals.near_side, Note("needs_outline"))]
