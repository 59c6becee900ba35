"""Front knee in the half-kneeling hip-flexor stretch."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import angle_deg, free, held, of_holds
from formcheck.records import Hold, Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees between thigh and shin of the leg in front; 90 is a right angle. The side is the one stretched."""

    def value(hold: Hold) -> float:
        f, leg = held(recording, hold), free(hold.side, recording)
        return float(angle_deg(f.of(leg, "hip"), f.of(leg, "knee"), f.of(leg, "ankle")))

    return of_holds(recording, "front_knee_deg", "deg", value, per_side=True)
