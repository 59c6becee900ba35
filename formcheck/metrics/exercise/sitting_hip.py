"""Hip angle in sitting."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import angle_deg, held, of_holds, working
from formcheck.records import Hold, Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees between trunk and thigh at the near hip; 90 is a right angle."""

    def value(hold: Hold) -> float:
        f, side = held(recording, hold), working(None, recording)
        return float(angle_deg(f.of(side, "shoulder"), f.of(side, "hip"), f.of(side, "knee")))

    return of_holds(recording, "sitting_hip_deg", "deg", value)
