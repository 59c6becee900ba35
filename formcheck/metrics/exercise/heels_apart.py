"""Heels apart in a clamshell: they are to stay together."""

from __future__ import annotations

from formcheck.metrics.by_repetition import at, at_top, of_reps
from formcheck.metrics.exercise.lying_on_side import NOT_FOLLOWED, is_followed, why_not
from formcheck.metrics.summary import not_measurable
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Ankles' distance at the top less that at rest, per cent of the trunk's length."""
    signals = recording.signals
    if not is_followed(signals):
        return [not_measurable("heels_apart_pct", "pct", None, why_not(signals, NOT_FOLLOWED))]
    gap = signals.series["ankles_apart_pct"]
    return [
        of_reps(
            recording,
            "heels_apart_pct",
            "pct",
            lambda rep: at_top(signals, gap, rep) - at(signals, gap, rep.start_s),
            ("ankle",),
        )
    ]
