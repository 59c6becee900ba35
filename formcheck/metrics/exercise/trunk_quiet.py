"""Sway of the trunk while arm and leg reach out (dead bug, bird dog)."""

from __future__ import annotations

import math

import numpy as np

from formcheck.metrics.by_repetition import of_reps, over_rep
from formcheck.records import Measurement, Recording, Repetition


def measure(recording: Recording) -> list[Measurement]:
    """Degrees, largest less smallest tilt of the trunk within a repetition."""
    lean = recording.signals.series["trunk_lean_deg"]

    def sway(rep: Repetition) -> float:
        values = over_rep(recording.signals, lean, rep)
        return float(np.ptp(values)) if len(values) else math.nan

    return [of_reps(recording, "trunk_quiet_deg", "deg", sway, ("shoulder", "hip"))]
