"""Lower time: from the far end of the movement back to rest."""

from __future__ import annotations

import math

from formcheck.metrics.by_repetition import of_reps
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Seconds, median over the complete repetitions; nothing for what is only held."""
    if not recording.reps:
        return []
    return [
        of_reps(
            recording,
            "lower_time_s",
            "s",
            lambda rep: rep.end_s - (rep.hold_end_s if math.isfinite(rep.hold_end_s) else rep.top_s),
        )
    ]
