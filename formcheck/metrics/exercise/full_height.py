"""Height of a hip lift held against the full one, where that is what was done."""

from __future__ import annotations

import numpy as np

from formcheck.metrics.by_repetition import at_top, of_reps
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Per cent of the height of the straight line; nothing in the other mode."""
    signals = recording.signals
    if bool(np.any(signals.series["gentle"])) is True:
        return []
    height = signals.series["hip_lift_height_pct"]
    return [of_reps(recording, "full_height_pct", "pct", lambda rep: at_top(signals, height, rep))]
