"""Towel hamstring stretch: whether the other leg stays on the floor."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import angle_deg, free, held, of_holds
from formcheck.records import Hold, Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees between the other thigh (hip to knee) and the trunk's line carried on; 0 flat on the floor."""

    def value(hold: Hold) -> float:
        f = held(recording, hold)
        return 180.0 - float(angle_deg(f.mid("shoulder"), f.mid("hip"), f.of(free(hold.side, recording), "knee")))

    return of_holds(recording, "resting_leg_deg", "deg", value, per_side=True)
