"""Opening of the knees in a clamshell, from their distance."""

from __future__ import annotations

from formcheck.metrics.by_repetition import at, at_top, of_reps
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees between the thighs at the top less those at rest, from the front as from the foot end."""
    signals = recording.signals
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
