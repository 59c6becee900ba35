"""Opening of the knees in a clamshell, from their distance."""

from __future__ import annotations

from formcheck.metrics.by_repetition import at, at_top, of_reps
from formcheck.metrics.exercise.lying_on_side import NOT_FROM_THE_FRONT, is_from_the_front
from formcheck.metrics.summary import not_measurable
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees between the thighs at the top less those at rest; only from the front, where they point to the camera."""
    signals = recording.signals
    if not is_from_the_front(signals):
        return [not_measurable("knee_opening_deg", "deg", None, NOT_FROM_THE_FRONT)]
    apart = signals.series["thighs_apart_deg"]
    return [
        of_reps(
            recording,
            "knee_opening_deg",
            "deg",
            lambda rep: at_top(signals, apart, rep) - at(signals, apart, rep.start_s),
            ("hip", "knee"),
        )
    ]
