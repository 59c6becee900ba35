"""Whether the breath goes on during a draw-in: not measured, and why."""

from __future__ import annotations

from formcheck.metrics.summary import not_measurable
from formcheck.records import Measurement, Note, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Quiet breath moves the belly's outline by less than the outline wavers."""
    return [not_measurable("breath_goes_on", "class", None, Note("breath_not_measured"))]
