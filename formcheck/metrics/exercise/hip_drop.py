"""Hip drop on one leg: how far the pelvis sinks on the free side, against standing on both feet."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.metrics.by_repetition import longest, single, within
from formcheck.metrics.exercise.figure import inner
from formcheck.metrics.summary import not_measurable
from formcheck.one_leg import tilt_change_deg, toward_left, with_model_error
from formcheck.records import BoolArray, Measurement, Note, Recording
from formcheck.skeleton import SIDES, Side

METRIC, UNIT = "hip_drop_deg", "deg"
FEET_LEVEL_TRUNK = 0.08
"""Both feet are down while their ankles are no further apart in height."""
AWAY_S, LEAST_S = 0.15, 0.3


def measure(recording: Recording) -> list[Measurement]:
    """One row for each leg stood on, degrees of the hip line less what it is with both feet down; free side lower +.

    From all joints (``one_leg.py``): the network's own two hips hardly show it. Without a moment on both feet there is
    no number.
    """
    sides: list[Side | None] = [*sorted({hold.side for hold in recording.holds if hold.side is not None})]
    return [_on(recording, side) for side in sides or [None]]


def on_both_feet(recording: Recording) -> BoolArray:
    """(m,) True while both feet are down, away from the holds."""
    signals = recording.signals
    left, right = (signals.series[f"ankle_y_{side}_trunk"] for side in SIDES)
    both: BoolArray = np.abs(left - right) < FEET_LEVEL_TRUNK
    for hold in recording.holds:
        both &= ~within(signals, hold.start_s - AWAY_S, hold.end_s + AWAY_S)
    return both


def _on(recording: Recording, side: Side | None) -> Measurement:
    signals, hold = recording.signals, longest(recording.holds, side)
    if hold is None or side is None:
        return not_measurable(METRIC, UNIT, side, Note("no_hold"))
    rest = on_both_feet(recording)
    if rest.sum() < LEAST_S * signals.rate_hz:
        return not_measurable(METRIC, UNIT, side, Note("needs_both_feet"))
    points = toward_left(signals.xy_px, recording.view)
    drop = -tilt_change_deg(points[within(signals, *inner(hold))], points[rest], side, "single_leg_stance")
    drop = drop[np.isfinite(drop)]
    if not len(drop):
        return not_measurable(METRIC, UNIT, side, Note("not_seen"))
    found = single(recording, METRIC, UNIT, float(np.median(drop)), (hold.start_s + hold.end_s) / 2)
    return with_model_error(replace(found, side=side), "single_leg_stance")
