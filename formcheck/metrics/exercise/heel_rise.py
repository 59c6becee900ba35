"""Heel rise: how far the heel leaves the floor at the bottom of a squat."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import heel_lift_pct_leg, moment, of_reps, rest, working
from formcheck.records import Measurement, Recording, Repetition


def measure(recording: Recording) -> list[Measurement]:
    """% of leg length: the near heel above the ball of the foot at the bottom, less the same at the start."""

    def value(rep: Repetition) -> float:
        side = working(None, recording)
        bottom, start = moment(recording, rep.top_s), rest(recording, rep)
        return float(heel_lift_pct_leg(bottom, side) - heel_lift_pct_leg(start, side))

    return of_reps(recording, "heel_rise_pct_leg", "pct", value)
