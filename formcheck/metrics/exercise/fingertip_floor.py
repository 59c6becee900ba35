"""Fingertip-floor distance at the bottom of a forward bend."""

from __future__ import annotations

from formcheck.geometry import length
from formcheck.metrics.exercise.figure import moment, of_reps, working
from formcheck.records import Measurement, Recording, Repetition
from formcheck.scale import LEG_PER_HEIGHT

HAND_PCT_HEIGHT = 10.8
"""Wrist to fingertip over body height (Winter 2009): the network has a wrist, but no fingertip."""


def measure(recording: Recording) -> list[Measurement]:
    """% of body height between the fingertip and the near foot's sole; below 0 with the palm on the floor.

    The fingertip is a hand's length beyond the near wrist, along the forearm.
    """

    def value(rep: Repetition) -> float:
        f, side = moment(recording, rep.top_s), working(None, recording)
        elbow, wrist = f.of(side, "elbow"), f.of(side, "wrist")
        down = (wrist - elbow) / length(wrist, elbow)
        floor = min(f.of(side, "foot_index")[1], f.of(side, "heel")[1])
        return float(100 * LEG_PER_HEIGHT * (wrist[1] - floor) + HAND_PCT_HEIGHT * down[1])

    return of_reps(recording, "fingertip_floor_pct_height", "pct", value)
