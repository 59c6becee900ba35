"""Time in a good line: the longest stretch of a plank in which the hips neither sag nor pike."""

from __future__ import annotations

import numpy as np

from formcheck.metrics.by_repetition import error_sd_of, single
from formcheck.metrics.exercise.in_hold import PIKE_PCT, SAG_PCT, dip_in_hold, doubted
from formcheck.metrics.summary import not_measurable
from formcheck.records import FloatArray, Measurement, Note, Recording
from formcheck.repetitions import holds

METRIC = "good_line_time_s"
MAX_LAPSE_S = 1.0
MOST_AT_BORDER = 0.5
"""Share of the hold; where the hips are nearer to a border than their usual error for longer, chance decides."""


def measure(recording: Recording) -> list[Measurement]:
    """Seconds, lapses of up to one second included; 0 where the line was never good, none where it is on a border."""
    time_s, dip, hold = dip_in_hold(recording)
    if hold is None or len(dip) < 3:
        return []
    if _share_at_border(dip) > MOST_AT_BORDER:
        return [not_measurable(METRIC, "s", None, Note("line_at_border"))]
    good = holds(time_s, (dip <= SAG_PCT) & (dip >= -PIKE_PCT), 0.5, MAX_LAPSE_S)
    best = max(good, key=lambda stretch: stretch.end_s - stretch.start_s, default=None)
    length_s = best.end_s - best.start_s if best else 0.0
    return [doubted(recording, single(recording, METRIC, "s", length_s, best.start_s if best else hold.start_s))]


def _share_at_border(dip: FloatArray) -> float:
    """Of the looks ``dip`` (k,), how many could as well lie on the other side of a border."""
    near_sag = np.abs(dip - SAG_PCT) < error_sd_of("hip_sag_pct", "pct")
    near_pike = np.abs(dip + PIKE_PCT) < error_sd_of("hip_pike_pct", "pct")
    return float((near_sag | near_pike).mean())
