"""The hips in a plank's longest hold, above and below the line. Not a metric."""

from __future__ import annotations

import numpy as np

from formcheck.metrics.by_repetition import longest, within
from formcheck.records import FloatArray, Hold, Recording

SAG_PCT, PIKE_PCT = 4.0, 7.0
"""Hips further below or above the line than this share of its length are not a plank any more: some 10 deg down, 17 up.
House rule, as on the cards of ``hip_sag_pct`` and ``hip_pike_pct``."""


def dip_in_hold(recording: Recording) -> tuple[FloatArray, FloatArray, Hold | None]:
    """Times (k,), how far the hip is below the line + in % of it (k,), and the hold; empty without one."""
    hold = longest(recording.holds)
    dip = recording.signals.series.get("dip_pct")
    if hold is None or dip is None:
        return np.empty(0), np.empty(0), None
    inside = within(recording.signals, hold.start_s, hold.end_s) & np.isfinite(dip)
    return recording.signals.time_s[inside], dip[inside], hold
