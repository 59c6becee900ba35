"""Hip line: shoulder, hip and knee at the top of a hip lift."""

from __future__ import annotations

from formcheck.metrics.by_repetition import at_top, of_reps
from formcheck.records import Measurement, Recording

JOINTS = ("shoulder", "hip", "knee")


def measure(recording: Recording) -> list[Measurement]:
    """Degrees, 180 straight, more where the hips have passed the line; of the leg that stays down."""
    line = recording.signals.series["planted_hip_line_deg"]
    return [of_reps(recording, "hip_line_deg", "deg", lambda rep: at_top(recording.signals, line, rep), JOINTS)]
