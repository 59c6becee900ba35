"""Calf stretch: how far the rear knee bends."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import angle_deg, held, of_holds, working
from formcheck.records import Hold, Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees of flexion of the rear knee; straight (below 10) for the upper calf, 20-40 for the lower one."""

    def value(hold: Hold) -> float:
        f, leg = held(recording, hold), working(hold.side, recording)
        return 180.0 - float(angle_deg(f.of(leg, "hip"), f.of(leg, "knee"), f.of(leg, "ankle")))

    return of_holds(recording, "calf_knee_deg", "deg", value, per_side=True)
