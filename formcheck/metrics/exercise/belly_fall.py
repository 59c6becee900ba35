"""Fall of the belly in a draw-in, from the body's outline."""

from __future__ import annotations

from formcheck.metrics.by_repetition import at, at_top, of_reps
from formcheck.metrics.summary import not_measurable
from formcheck.records import Measurement, Note, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Per cent of the trunk's length, rest less top; not measurable where the outline wavers as much."""
    if not recording.reps:
        return [not_measurable("belly_fall_pct", "pct", None, Note("outline_too_coarse"))]
    signals = recording.signals
    belly = signals.series["belly_pct"]
    return [
        of_reps(
            recording,
            "belly_fall_pct",
            "pct",
            lambda rep: at(signals, belly, rep.start_s) - at_top(signals, belly, rep),
        )
    ]
