"""Opening of the knees in a clamshell, from their distance."""

from __future__ import annotations

from dataclasses import replace

from formcheck.metrics.by_repetition import at, at_top, of_reps
from formcheck.metrics.exercise.lying_on_side import (
    FROM_NEARER_THE_FEET,
    NOT_FOLLOWED,
    is_followed,
    is_from_the_front,
    why_not,
)
from formcheck.metrics.summary import not_measurable
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees between the thighs at the top less those at rest, from the front as half-way round to the feet.

    From nearer the feet less sure: the network draws a raised knee, and the hip behind it, up to 12 deg too close.
    """
    signals = recording.signals
    if not is_followed(signals):
        return [not_measurable("knee_opening_deg", "deg", None, why_not(signals, NOT_FOLLOWED))]
    apart = signals.series["thighs_apart_deg"]
    opening = of_reps(
        recording,
        "knee_opening_deg",
        "deg",
        lambda rep: at_top(signals, apart, rep) - at(signals, apart, rep.start_s),
        ("hip", "knee"),
    )
    if opening.status == "ok" and not is_from_the_front(signals):
        return [replace(opening, status="low_confidence", reason=FROM_NEARER_THE_FEET)]
    return [opening]
