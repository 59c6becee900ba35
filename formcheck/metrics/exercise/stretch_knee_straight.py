"""Hamstring stretch: how straight the knee is."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import angle_deg, held, of_holds, working
from formcheck.records import Hold, Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees at the stretched leg's knee, 180 straight."""

    def value(hold: Hold) -> float:
        f, leg = held(recording, hold), working(hold.side, recording)
        return float(angle_deg(f.of(leg, "hip"), f.of(leg, "knee"), f.of(leg, "ankle")))

    return of_holds(recording, "stretch_knee_straight_deg", "deg", value, per_side=True)
