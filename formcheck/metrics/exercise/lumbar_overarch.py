"""Over-arching: how far the hips pass the straight line at the top of a hip lift."""

from __future__ import annotations

from formcheck.metrics.by_repetition import at_top, of_reps
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees beyond 180, 0 at or below the line. A sign of an arched back, not the back itself."""
    line = recording.signals.series["planted_hip_line_deg"]
    return [
        of_reps(
            recording,
            "lumbar_overarch_deg",
            "deg",
            lambda rep: max(at_top(recording.signals, line, rep) - 180.0, 0.0),
            ("shoulder", "hip", "knee"),
        )
    ]
