"""When a plank's line broke down: the hips stayed out of it."""

from __future__ import annotations

from formcheck.metrics.by_repetition import single
from formcheck.metrics.exercise.in_hold import PIKE_PCT, SAG_PCT, dip_in_hold, doubted
from formcheck.records import Measurement, Recording
from formcheck.repetitions import holds

PERSISTS_S, MAX_LAPSE_S = 2.0, 0.3


def measure(recording: Recording) -> list[Measurement]:
    """Seconds from the beginning of the hold until the hips were out of the line for two; nothing where they were not.

    Nothing either where the hold began out of line: then there was no line to break down.
    """
    time_s, dip, hold = dip_in_hold(recording)
    if hold is None or len(dip) < 3:
        return []
    out = holds(time_s, (dip > SAG_PCT) | (dip < -PIKE_PCT), PERSISTS_S, MAX_LAPSE_S)
    if not out or out[0].start_s - hold.start_s < PERSISTS_S:
        return []
    return [doubted(recording, single(recording, "broke_down_s", "s", out[0].start_s - hold.start_s, out[0].start_s))]
