"""Head in a plank: ear, shoulder and hip."""

from __future__ import annotations

from formcheck.metrics.by_repetition import of_hold
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees, median over the hold: 180 in line, less hanging, more thrown back."""
    line = recording.signals.series["head_line_deg"]
    return [of_hold(recording, "plank_head_deg", "deg", line, ("ear", "shoulder"))]
