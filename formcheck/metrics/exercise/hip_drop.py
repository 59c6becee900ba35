"""Hip drop on one leg: how far the pelvis sinks on the free side."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import held, level_deg, of_holds, working
from formcheck.records import Hold, Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees of the hip line against the horizontal while one leg is stood on; the free side lower +."""

    def value(hold: Hold) -> float:
        tilt = float(level_deg(held(recording, hold), "hip"))
        return tilt if working(hold.side, recording) == "left" else -tilt

    return of_holds(recording, "hip_drop_deg", "deg", value, per_side=True)
