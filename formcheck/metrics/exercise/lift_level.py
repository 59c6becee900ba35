"""Left and right level in a hip lift: not measured from the side, and why."""

from __future__ import annotations

from formcheck.metrics.summary import not_measurable
from formcheck.records import Measurement, Note, Recording


def measure(recording: Recording) -> list[Measurement]:
    """The near hip hides the far one, and the pose network draws both level whatever the pelvis does."""
    return [not_measurable("lift_level_deg", "deg", None, Note("hips_hide_each_other"))]
