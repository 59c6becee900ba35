"""Knee angle in sitting."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import angle_deg, held, of_holds, working
from formcheck.records import Hold, Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees between thigh and shin at the near knee; 90 is a right angle."""

    def value(hold: Hold) -> float:
        f, side = held(recording, hold), working(None, recording)
        return float(angle_deg(f.of(side, "hip"), f.of(side, "knee"), f.of(side, "ankle")))

    return of_holds(recording, "sitting_knee_deg", "deg", value)
