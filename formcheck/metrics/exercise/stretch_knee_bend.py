"""Quadriceps stretch: how far the knee is bent."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import angle_deg, held, of_holds, working
from formcheck.records import Hold, Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees of flexion of the stretched leg's knee; 0 straight, the heel at the buttock about 140."""

    def value(hold: Hold) -> float:
        f, leg = held(recording, hold), working(hold.side, recording)
        return 180.0 - float(angle_deg(f.of(leg, "hip"), f.of(leg, "knee"), f.of(leg, "ankle")))

    return of_holds(recording, "stretch_knee_bend_deg", "deg", value, per_side=True)
