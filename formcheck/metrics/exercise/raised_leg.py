"""Towel hamstring stretch: how far the leg is raised."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import angle_deg, held, of_holds, working
from formcheck.records import Hold, Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees between the leg (hip to ankle) and the trunk's line carried on: 0 lying flat, 90 straight up."""

    def value(hold: Hold) -> float:
        f = held(recording, hold)
        return 180.0 - float(angle_deg(f.mid("shoulder"), f.mid("hip"), f.of(working(hold.side, recording), "ankle")))

    return of_holds(recording, "raised_leg_deg", "deg", value, per_side=True)
