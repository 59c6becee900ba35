"""Line of the leg that reaches out (dead bug, bird dog)."""

from __future__ import annotations

from formcheck.metrics.by_repetition import at_top, of_reps
from formcheck.records import Measurement, Recording, Repetition


def measure(recording: Recording) -> list[Measurement]:
    """Degrees of shoulder, hip and knee of that leg at the top: 180 in line with the trunk, more beyond it."""
    signals = recording.signals

    def line(rep: Repetition) -> float:
        return at_top(signals, signals.series[f"hip_line_{rep.side or signals.near_side}_deg"], rep)

    return [of_reps(recording, "reach_line_deg", "deg", line, ("hip", "knee"))]
