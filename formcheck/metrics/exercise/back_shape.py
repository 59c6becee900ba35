"""Arch or rounding of the back during an exercise: not measured yet, and why."""

from __future__ import annotations

from formcheck.metrics.summary import not_measurable
from formcheck.records import Measurement, Note, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Joints carry no spine, and the back's outline has no measured error outside running."""
    return [not_measurable("back_shape_change_deg", "deg", None, Note("back_not_measured"))]
