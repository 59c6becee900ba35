"""Whether the lower back arches or rounds where it should keep its shape: an indication from its outline."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.metrics.by_repetition import at, at_top, of_reps, within
from formcheck.metrics.exercise.figure import inner, of_holds
from formcheck.metrics.summary import not_measurable
from formcheck.records import FloatArray, Hold, Measurement, Note, Recording, Repetition

METRIC, UNIT = "back_arch_change_deg", "deg"


def measure(recording: Recording) -> list[Measurement]:
    """Degrees at the far end, or while held, less those at rest before, arched +; always less sure than a joint."""
    signals = recording.signals
    bend, shape = signals.series.get("back_bend_deg"), signals.series.get("back_deg")
    if bend is None and shape is None:
        doubt = signals.back.reason if signals.back is not None else None
        return [not_measurable(METRIC, UNIT, None, doubt or Note("back_not_measured"))]
    if bend is None:
        found = _since_start(recording, np.asarray(shape))
    elif recording.reps:
        found = of_reps(recording, METRIC, UNIT, lambda rep: at_top(signals, bend, rep))
    else:
        found = _held(recording, bend)
    if found.value is None:
        return [found]
    return [replace(found, status="low_confidence", reason=Note("back_from_outline"))]


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
