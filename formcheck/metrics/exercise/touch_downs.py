"""Touch-downs: how often the free foot comes down while one leg should carry."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from formcheck.metrics.exercise.figure import figures, free, working
from formcheck.metrics.summary import not_measurable
from formcheck.records import BoolArray, FloatArray, Measurement, Note, Recording
from formcheck.repair import runs
from formcheck.skeleton import Side

METRIC = "touch_downs"
DOWN_LEG, UP_LEG = 0.05, 0.08
"""The free foot is down below the first height above the other foot, and up again above the second, leg lengths."""
ATTEMPT_GAP_S = 3.0
"""Feet together for longer than this: put down on purpose, and a new attempt afterwards."""
INNER_SHARE = 0.2
"""Of a repetition: its first and last fifth, in which the foot may leave and reach the floor, do not count."""


def measure(recording: Recording) -> list[Measurement]:
    """One count for each leg stood on: within repetitions, or between the holds of one attempt."""
    named = [rep.side for rep in recording.reps] + [hold.side for hold in recording.holds]
    sides = sorted({side for side in named if side is not None})
    if not sides:
        return [not_measurable(METRIC, "count", None, Note("no_hold"))]
    return [_count(recording, side) for side in sides]


def _count(recording: Recording, side: Side) -> Measurement:
    reps = [rep for rep in recording.reps if rep.side == side and rep.complete]
    if reps:
        times = [t for rep in reps for t in _in_rep(recording, side, rep.start_s, rep.end_s)]
    else:
        times = _between_holds(recording, side)
    return Measurement(
        METRIC, side, "count", float(len(times)), n=len(times), uncertainty=0.0, times_s=tuple(times), values=()
    )


def _in_rep(recording: Recording, side: Side, start_s: float, end_s: float) -> list[float]:
    margin = INNER_SHARE * (end_s - start_s)
    f = figures(recording, start_s + margin, end_s - margin)
    height = f.of(free(side, recording), "ankle")[:, 1] - f.of(working(side, recording), "ankle")[:, 1]
    times = np.linspace(start_s + margin, end_s - margin, max(len(height), 1))
    return [float(times[a]) for a, _ in runs(down(height))]


def _between_holds(recording: Recording, side: Side) -> list[float]:
    holds = sorted((hold for hold in recording.holds if hold.side == side), key=lambda hold: hold.start_s)
    pairs = pairwise(holds)
    return [before.end_s for before, after in pairs if after.start_s - before.end_s <= ATTEMPT_GAP_S]


def down(height_leg: FloatArray) -> BoolArray:
    """Where the free foot is on the floor, by hysteresis; unseen counts as what came before. (n,)."""
    state, out = False, np.zeros(len(height_leg), dtype=bool)
    for i, height in enumerate(height_leg):
        if height < DOWN_LEG:
            state = True
        elif height > UP_LEG:
            state = False
        out[i] = state
    return out
