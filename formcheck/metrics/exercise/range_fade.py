"""Fading: how much smaller the range of movement is at the end of a set than at its beginning."""

from __future__ import annotations

import numpy as np

from formcheck.metrics.by_repetition import over_rep, single
from formcheck.records import Measurement, Recording

MIN_REPS = 4


def measure(recording: Recording) -> list[Measurement]:
    """Per cent of the median range of the first third that the last third lacks; nothing below four repetitions."""
    curve = recording.signals.series.get("curve_deg")
    whole = [rep for rep in recording.reps if rep.complete]
    if curve is None or len(whole) < MIN_REPS:
        return []
    ranges = [over_rep(recording.signals, curve, rep) for rep in whole]
    sizes = [float(np.ptp(values)) for values in ranges if len(values)]
    third = max(len(sizes) // 3, 1)
    first, last = float(np.median(sizes[:third])), float(np.median(sizes[-third:]))
    if not first > 0:
        return []
    fade = 100.0 * (first - last) / first
    return [single(recording, "range_fade_pct", "pct", fade, whole[-1].top_s)]
