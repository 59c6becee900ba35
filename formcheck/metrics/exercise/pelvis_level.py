"""Pelvis level in a single-leg deadlift, from the front."""

from __future__ import annotations

import numpy as np

from formcheck.metrics.by_repetition import within
from formcheck.metrics.exercise.figure import STILL_S, of_reps, working
from formcheck.metrics.summary import not_measurable
from formcheck.one_leg import tilt_change_deg, toward_left, with_model_error
from formcheck.records import BoolArray, Measurement, Note, Recording, Repetition
from formcheck.skeleton import Side

METRIC, UNIT = "pelvis_level_deg", "deg"


def measure(recording: Recording) -> list[Measurement]:
    """Degrees of the hip line at the lowest moment less those at the start, the free side higher +.

    From all joints (``one_leg.py``): the network's own two hips hardly show it. From behind nothing is told, as the
    raised leg hides too much.
    """
    signals = recording.signals
    if recording.view != "front":
        sides: list[Side | None] = [*sorted({rep.side for rep in recording.reps if rep.side is not None})]
        return [not_measurable(METRIC, UNIT, side, Note("pelvis_from_front_only")) for side in sides or [None]]
    points = toward_left(signals.xy_px, recording.view)

    def around(time_s: float) -> BoolArray:
        return within(signals, time_s - STILL_S / 2, time_s + STILL_S / 2)

    def tilt(rep: Repetition) -> float:
        rest = points[around(rep.start_s)]
        change = tilt_change_deg(points[around(rep.top_s)], rest, working(rep.side, recording), "single_leg_deadlift")
        return float(np.median(change)) if len(change) else float("nan")

    return [with_model_error(m, "single_leg_deadlift") for m in of_reps(recording, METRIC, UNIT, tilt, per_side=True)]
