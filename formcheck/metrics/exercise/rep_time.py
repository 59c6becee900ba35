"""Repetition time: from leaving rest to being back."""

from __future__ import annotations

from formcheck.metrics.by_repetition import of_reps
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Seconds, median over the complete repetitions; nothing for what is only held."""
    if not recording.reps:
        return []
    return [of_reps(recording, "rep_time_s", "s", lambda rep: rep.end_s - rep.start_s)]
