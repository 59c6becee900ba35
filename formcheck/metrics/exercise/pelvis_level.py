"""Pelvis level in a single-leg deadlift, from the front or behind."""

from __future__ import annotations

import numpy as np

from formcheck.metrics.by_repetition import within
from formcheck.metrics.exercise.figure import STILL_S, of_reps, working
from formcheck.one_leg import tilt_change_deg, toward_left
from formcheck.records import Measurement, Recording, Repetition


def measure(recording: Recording) -> list[Measurement]:
    """Degrees of the hip line at the lowest moment less those at the start, the free side higher +.

    From all joints (``one_leg.py``): the network's own two hips hardly show it.
    """
    signals = recording.signals
    points = toward_left(signals.xy_px, recording.view)

    def around(time_s: float) -> slice | np.ndarray:
        return within(signals, time_s - STILL_S / 2, time_s + STILL_S / 2)

    def tilt(rep: Repetition) -> float:
        rest = points[around(rep.start_s)]
        change = tilt_change_deg(points[around(rep.top_s)], rest, working(rep.side, recording), "single_leg_deadlift")
        return float(np.median(change)) if len(change) else float("nan")

    return of_reps(recording, "pelvis_level_deg", "deg", tilt, per_side=True)
