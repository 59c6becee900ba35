"""Height of a hip lift, against the height at which shoulder, hip and knee are in line."""

from __future__ import annotations

from formcheck.metrics.by_repetition import at_top, of_reps
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Per cent: 0 at rest, 100 on the line."""
    height = recording.signals.series["hip_lift_height_pct"]
    return [of_reps(recording, "hip_lift_height_pct", "pct", lambda rep: at_top(recording.signals, height, rep))]
