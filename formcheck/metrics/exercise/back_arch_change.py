"""Whether the lower back arches or rounds where it should keep its shape: an indication from its outline."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.back_bends import KINDS, model
from formcheck.metrics.by_repetition import at, at_top, of_reps, within
from formcheck.metrics.exercise.figure import inner, moment, of_holds, thigh_forward_deg, working
from formcheck.metrics.summary import not_measurable
from formcheck.records import FloatArray, Hold, Measurement, Note, Recording, Repetition

METRIC, UNIT = "back_arch_change_deg", "deg"
SQUATS = ("squat", "overhead_squat")
SHAPE_RMSE_DEG = 6.7
"""Of the runners' model in single-leg deadlifts and on all fours: taken to be no smaller than that of squats."""
WIDER = 1.3
"""Clips of bodies kept back were off by so much more than single pictures left out of the learning."""
LEAST_DEPTH_DEG = 45.0
"""Of the thigh: shallower squats were not among what the model learned from, and came out up to 17 deg wrong."""


def measure(recording: Recording) -> list[Measurement]:
    """Degrees at the far end, or while held, less those at rest before, arched +; always less sure than a joint."""
    signals = recording.signals
    bend, shape = signals.series.get("back_bend_deg"), signals.series.get("back_deg")
    if bend is None and shape is None:
        doubt = signals.back.reason if signals.back is not None else None
        return [not_measurable(METRIC, UNIT, None, doubt or Note("back_not_measured"))]
    if recording.activity in SQUATS and not _depth_deg(recording) >= LEAST_DEPTH_DEG:
        return [not_measurable(METRIC, UNIT, None, Note("back_needs_depth"))]
    if bend is None:
        found = _since_start(recording, np.asarray(shape))
    elif recording.reps:
        found = of_reps(recording, METRIC, UNIT, lambda rep: at_top(signals, bend, rep))
    else:
        found = _held(recording, bend)
    if found.value is None:
        return [found]
    off = SHAPE_RMSE_DEG if bend is None else model()[KINDS[recording.activity]].rmse_deg
    uncertainty = max(found.uncertainty or 0.0, 1.96 * WIDER * off)
    return [replace(found, uncertainty=uncertainty, status="low_confidence", reason=Note("back_from_outline"))]


def _depth_deg(recording: Recording) -> float:
    near = working(None, recording)
    depths = [float(thigh_forward_deg(moment(recording, rep.top_s), near)) for rep in recording.reps]
    return float(np.median(depths)) if depths else float("nan")


def _since_start(recording: Recording, series: FloatArray) -> Measurement:
    def change(rep: Repetition) -> float:
        return at_top(recording.signals, series, rep) - at(recording.signals, series, rep.start_s)

    return of_reps(recording, METRIC, UNIT, change)


def _held(recording: Recording, bend: FloatArray) -> Measurement:
    def usual(hold: Hold) -> float:
        values = bend[within(recording.signals, *inner(hold))]
        return float(np.nanmedian(values)) if np.isfinite(values).any() else float("nan")

    (found,) = of_holds(recording, METRIC, UNIT, usual)
    return found
