"""Sway on one leg: how far the hips wander sideways over the foot."""

from __future__ import annotations

import numpy as np

from formcheck.metrics.exercise.figure import figures, inner, of_holds, working
from formcheck.records import Hold, Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """% of leg length: SD of mid-hip across the picture, from the ankle stood on, about its slow drift (a line)."""

    def value(hold: Hold) -> float:
        f = figures(recording, *inner(hold))
        path = 100 * (f.mid("hip")[:, 0] - np.nanmedian(f.of(working(hold.side, recording), "ankle")[:, 0]))
        good = np.isfinite(path)
        if good.sum() < 5:
            return float("nan")
        index = np.flatnonzero(good).astype(float)
        return float(np.std(path[good] - np.polyval(np.polyfit(index, path[good], 1), index)))

    return of_holds(recording, "stance_sway_pct_leg", "pct", value, per_side=True)
