"""Pike of the hips in a plank: how far they are above the line from shoulder to foot."""

from __future__ import annotations

import numpy as np

from formcheck.metrics.by_repetition import single
from formcheck.metrics.exercise.in_hold import dip_in_hold, doubted
from formcheck.metrics.summary import not_measurable
from formcheck.records import Measurement, Note, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Per cent of the line's length, in the tenth in which they are highest; 0 where they never are."""
    time_s, dip, hold = dip_in_hold(recording)
    if hold is None or len(dip) < 3:
        return [not_measurable("hip_pike_pct", "pct", None, Note("no_hold"))]
    worst = float(np.percentile(dip, 10))
    when = float(time_s[np.argmin(np.abs(dip - worst))])
    return [
        doubted(
            recording, single(recording, "hip_pike_pct", "pct", max(-worst, 0.0), when, ("shoulder", "hip", "ankle"))
        )
    ]
