"""Hip line in standing, from the front or behind."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import held, level_deg, of_holds
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees of the line between both hips against the horizontal; the left one higher +."""
    return of_holds(recording, "pelvis_line_deg", "deg", lambda hold: float(level_deg(held(recording, hold), "hip")))
