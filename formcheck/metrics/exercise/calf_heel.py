"""Calf stretch: whether the rear heel stays down."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import free, heel_lift_pct_leg, held, of_holds, working
from formcheck.records import Hold, Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """% of leg length: the rear heel above the ball of its foot, less the same of the foot in front, which is flat."""

    def value(hold: Hold) -> float:
        f = held(recording, hold)
        rear, front = working(hold.side, recording), free(hold.side, recording)
        return float(heel_lift_pct_leg(f, rear) - heel_lift_pct_leg(f, front))

    return of_holds(recording, "calf_heel_pct_leg", "pct", value, per_side=True)
