"""Heels apart in a clamshell: they are to stay together."""

from __future__ import annotations

from formcheck.metrics.by_repetition import at, at_top, of_reps
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Ankles' distance at the top less that at rest, per cent of the trunk's length."""
    signals = recording.signals
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
