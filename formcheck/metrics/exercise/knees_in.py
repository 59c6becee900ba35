"""Knees in: how close the knees come to each other, against the ankles, in the deep half of a squat."""

from __future__ import annotations

import math

import numpy as np

from formcheck.metrics.exercise.figure import figures, of_reps
from formcheck.records import Measurement, Recording, Repetition

FEET_APART_LEG = 0.08
"""Below this the feet are together, and a ratio to their distance says nothing."""


def measure(recording: Recording) -> list[Measurement]:
    """Knee distance in % of ankle distance, both across the picture; low fifth of the deep half of each repetition.

    Not an angle and not called valgus: a projection from the front does not show how the knee joint itself bends.
    """

    def value(rep: Repetition) -> float:
        ends = [(t + rep.top_s) / 2 if math.isfinite(t) else rep.top_s for t in (rep.start_s, rep.end_s)]
        f = figures(recording, *ends)
        knees = f.of("left", "knee")[:, 0] - f.of("right", "knee")[:, 0]
        ankles = f.of("left", "ankle")[:, 0] - f.of("right", "ankle")[:, 0]
        good = np.isfinite(knees) & np.isfinite(ankles) & (ankles > FEET_APART_LEG)
        return float(np.percentile(100 * knees[good] / ankles[good], 20)) if good.any() else float("nan")

    return of_reps(recording, "knees_in_pct", "pct", value)
