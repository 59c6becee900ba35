"""The hips in a plank's longest hold, above and below the line. Not a metric."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.metrics.by_repetition import longest, within
from formcheck.records import FloatArray, Hold, Measurement, Note, Recording, Signals
from formcheck.repair import MIN_FRAMES, low_pass

SAG_PCT, PIKE_PCT = 4.0, 7.0
"""Hips further below or above the line than this share of its length are not a plank any more: some 10 deg down, 17 up.
House rule, as on the cards of ``hip_sag_pct`` and ``hip_pike_pct``."""
SLOW_HZ, TREMBLES_PCT = 1.5, 0.4
"""Faster than the first the hips of somebody who holds still go by less than the second, in % of the line."""


def dip_in_hold(recording: Recording) -> tuple[FloatArray, FloatArray, Hold | None]:
    """Times (k,), how far the hip is below the line + in % of it (k,), and the hold; empty without one."""
    hold = longest(recording.holds)
    dip = recording.signals.series.get("dip_pct")
    if hold is None or dip is None:
        return np.empty(0), np.empty(0), None
    inside = within(recording.signals, hold.start_s, hold.end_s) & np.isfinite(dip)
    return recording.signals.time_s[inside], dip[inside], hold


def doubted(recording: Recording, measured: Measurement) -> Measurement:
    """A number of a plank's line, less sure where it trembles as no body does: the network guesses where an end is."""
    if measured.status != "ok" or not trembles(recording):
        return measured
    return replace(measured, status="low_confidence", reason=Note("landmarks_doubtful"))


def trembles(recording: Recording) -> bool:
    """Whether the hip goes to and fro against the line within the longest hold by more than ``TREMBLES_PCT``."""
    hold = longest(recording.holds)
    dip = recording.signals.series.get("dip_pct")
    if hold is None or dip is None:
        return False
    inside = within(recording.signals, hold.start_s, hold.end_s) & np.isfinite(dip)
    return _quick_part(recording.signals, dip[inside]) > TREMBLES_PCT


def _quick_part(signals: Signals, values: FloatArray) -> float:
    """SD of what changes faster than ``SLOW_HZ``, from the median deviation."""
    if len(values) < MIN_FRAMES:
        return 0.0
    quick = values - low_pass(values, SLOW_HZ, signals.rate_hz)
    return 1.48 * float(np.median(np.abs(quick - np.median(quick))))
