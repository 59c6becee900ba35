"""Time in a good line: the longest stretch of a plank in which the hips neither sag nor pike."""

from __future__ import annotations

from formcheck.metrics.by_repetition import single
from formcheck.metrics.exercise.in_hold import PIKE_PCT, SAG_PCT, dip_in_hold, doubted
from formcheck.records import Measurement, Recording
from formcheck.repetitions import holds

MAX_LAPSE_S = 1.0


def measure(recording: Recording) -> list[Measurement]:
    """Seconds, lapses of up to one second included; 0 where the line was never good."""
    time_s, dip, hold = dip_in_hold(recording)
    if hold is None or len(dip) < 3:
        return []
    good = holds(time_s, (dip <= SAG_PCT) & (dip >= -PIKE_PCT), 0.5, MAX_LAPSE_S)
    best = max(good, key=lambda stretch: stretch.end_s - stretch.start_s, default=None)
    length_s = best.end_s - best.start_s if best else 0.0
    return [
        doubted(recording, single(recording, "good_line_time_s", "s", length_s, best.start_s if best else hold.start_s))
    ]
