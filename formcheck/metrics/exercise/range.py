"""Range of movement: how far the exercise's angle goes in a repetition."""

from __future__ import annotations

import math

import numpy as np

from formcheck.metrics.by_repetition import of_reps, over_rep
from formcheck.records import Measurement, Recording, Repetition


def measure(recording: Recording) -> list[Measurement]:
    """Degrees between the ends of the movement, of the series ``curve_deg``; median over complete repetitions."""
    curve = recording.signals.series.get("curve_deg")
    if curve is None or not recording.reps:
        return []

    def range_of(rep: Repetition) -> float:
        values = over_rep(recording.signals, curve, rep)
        return float(np.ptp(values)) if len(values) else math.nan

    return [of_reps(recording, "range_deg", "deg", range_of)]
