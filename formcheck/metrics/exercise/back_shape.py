"""Arch or rounding of the back during an exercise, an indication from its outline; or why there is none."""

from __future__ import annotations

from dataclasses import replace

from formcheck.metrics.by_repetition import at, at_top, of_reps
from formcheck.metrics.summary import not_measurable
from formcheck.records import Measurement, Note, Recording, Repetition

METRIC, UNIT = "back_shape_change_deg", "deg"
WHY_NOT = {
    "hip_lift": "back_in_lift",
    "standing": "back_has_no_zero",
    "back_extension": "back_behind_arms",
}


def measure(recording: Recording) -> list[Measurement]:
    """Degrees at the far end less those at the start, arched +; always less sure than a joint's angle."""
    signals = recording.signals
    series = signals.series.get("back_deg")
    if series is None:
        doubt = signals.back.reason if signals.back is not None else None
        code = WHY_NOT.get(recording.activity, "back_not_measured")
        return [not_measurable(METRIC, UNIT, None, doubt or Note(code))]

    def change(rep: Repetition) -> float:
        return at_top(signals, series, rep) - at(signals, series, rep.start_s)

    found = of_reps(recording, METRIC, UNIT, change)
    if found.value is None:
        return [found]
    return [replace(found, status="low_confidence", reason=Note("back_from_outline"))]
