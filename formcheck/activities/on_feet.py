"""What the activities on the feet, on a chair and in a stretch share: which leg is at work, and how long it is held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from scipy.ndimage import median_filter, percentile_filter

from formcheck.activities.card import ActivityCard, in_position
from formcheck.exercise_signals import trunk_length_px
from formcheck.metrics.exercise.figure import leg_px
from formcheck.records import BoolArray, FloatArray, Hold, Note, Repetition, Signals, View
from formcheck.repetitions import holds, up_for
from formcheck.settling import settled_holds
from formcheck.skeleton import SIDES, Side

MIN_HOLD_S = 2.0
LIFTS_WITHIN_S = 1.2
LAPSE_S = 0.4
"""A hold goes on over a lapse of up to this."""
SQUARE_BELOW = 0.3
"""Shoulders across the picture over trunk length, from the side; 0.02-0.27 where people stand squarely."""
STANDS_UP_WITHIN_S = 6.0
BOUNCE_S = 0.7
"""Who bounces in a stretch still holds it: the angle is its median over so long."""
NEAR_DEG, SETTLED_DEG, WINDOW_S = 12.0, 4.0, 5.0
"""A stretch is held while its angle is within the first of where it is held most, and within the second of its
running median over that window: sinking deeper slowly goes on with the hold, getting into it and out of it does not."""


def leg_bend_deg(signals: Signals) -> FloatArray:
    """Knee flexion of a squat as the height of the hips tells it, for views in which knees point at the camera. (m,)

    As if thigh and shin were of one length and the foot stayed under the hip: deep squats come out a little small.
    """
    height = signals.series["hip_over_foot_trunk"]
    if not np.isfinite(height).any():
        return height
    leg = leg_px(signals.xy_px) / trunk_length_px(signals.xy_px)
    drop = np.clip((upright(height, signals.rate_hz) - height) / leg, 0.0, 1.0)
    return np.asarray(2 * np.degrees(np.arccos(1 - drop)))


def upright(height: FloatArray, rate_hz: float) -> FloatArray:
    """How high something is around each moment while the person stands up between repetitions. (m,)

    Angles told from heights change steeply near 0: a step toward the camera must not look like bent knees.
    """
    seen = np.isfinite(height)
    index = np.arange(len(height))
    filled = np.interp(index, index[seen], height[seen])
    size = min(round(STANDS_UP_WITHIN_S * rate_hz), len(height))
    return np.asarray(percentile_filter(filled, 92.0, size=max(size, 1), mode="nearest"))


def not_square(signals: Signals) -> tuple[Note, ...]:
    """A note where the shoulders of somebody filmed from the side look too wide for that."""
    left, right = (signals.series[f"shoulder_x_{side}_trunk"] for side in SIDES)
    wide = np.abs(left - right)
    if not np.isfinite(wide).any() or float(np.nanmedian(wide)) <= SQUARE_BELOW:
        return ()
    return (Note("not_square"),)


def stood_on(signals: Signals, rep: Repetition, view: View) -> Repetition:
    """The repetition with the leg that carries: at its top the foot in front, seen across the lower one."""
    k = int(np.argmin(np.abs(signals.time_s - rep.top_s)))
    axis, sign = ("x", -1.0) if view == "side" else ("y", 1.0)
    left, right = (sign * signals.series[f"ankle_{axis}_{side}_trunk"][k] for side in SIDES)
    if not np.isfinite([left, right]).all():
        return rep
    return replace(rep, side="left" if left < right else "right")


def held_on_each_side(
    signals: Signals, card: ActivityCard, left_works: BoolArray, angle_deg: Mapping[Side, FloatArray]
) -> tuple[Hold, ...]:
    """Holds in the card's position, the left leg's where ``left_works`` (m,) is true.

    ``angle_deg`` (m,) of the working leg stays near where it is held most; the ends are where the body rests.
    """
    found: list[Hold] = []
    for side, ready in _on_each_side(signals, card, left_works).items():
        kept = settled(ready, angle_deg[side], signals.rate_hz)
        found += holds(signals.time_s, kept, MIN_HOLD_S, LAPSE_S, side)
    return settled_holds(signals, tuple(found))


def stood_on_each_side(signals: Signals, card: ActivityCard) -> tuple[Hold, ...]:
    """Spells on one leg, from where the other foot leaves the floor to where it is back on it."""
    up = np.abs(signals.series["ankle_y_left_trunk"] - signals.series["ankle_y_right_trunk"])
    found: list[Hold] = []
    for side, ready in _on_each_side(signals, card, lower(signals, "ankle")).items():
        found += holds(signals.time_s, ready, MIN_HOLD_S, LAPSE_S, side)
    whole = [up_for(signals.time_s, up, hold, LIFTS_WITHIN_S) if hold.complete else hold for hold in found]
    return tuple(sorted(whole, key=lambda hold: hold.start_s))


def _on_each_side(signals: Signals, card: ActivityCard, left_works: BoolArray) -> dict[Side, BoolArray]:
    ready = in_position(signals, card.position)
    return {"left": ready & left_works, "right": ready & ~left_works}


def held(signals: Signals, card: ActivityCard, angle_deg: FloatArray) -> tuple[Hold, ...]:
    """Holds of a position that has no side."""
    kept = settled(in_position(signals, card.position), angle_deg, signals.rate_hz)
    return settled_holds(signals, holds(signals.time_s, kept, MIN_HOLD_S, LAPSE_S))


def settled(kept: BoolArray, angle_deg: FloatArray, rate_hz: float) -> BoolArray:
    """Where an angle is near the value that it keeps for longest while ``kept``; all (m,)."""
    values = angle_deg[kept & np.isfinite(angle_deg)]
    if len(values) == 0:
        return np.zeros(len(kept), dtype=bool)
    # Where most of it lies: the middle of the shortest stretch that holds half of the values.
    ordered = np.sort(values)
    half = max(1, len(ordered) // 2)
    start = int(np.argmin(ordered[half:] - ordered[: len(ordered) - half])) if len(ordered) > half else 0
    level = float(np.median(ordered[start : start + half + 1]))
    with np.errstate(invalid="ignore"):
        here = median_filter(np.nan_to_num(angle_deg, nan=level), round(BOUNCE_S * rate_hz) | 1, mode="nearest")
        near = np.abs(here - level) <= NEAR_DEG
        path = median_filter(np.where(near, here, level), round(WINDOW_S * rate_hz) | 1, mode="nearest")
        return np.asarray(kept & near & np.isfinite(angle_deg) & (np.abs(here - path) <= SETTLED_DEG))


def lower(signals: Signals, joint: str) -> BoolArray:
    """(m,) True where the left one is the lower of two joints."""
    return np.asarray(signals.series[f"{joint}_y_left_trunk"] < signals.series[f"{joint}_y_right_trunk"])


def larger(signals: Signals, name: str) -> BoolArray:
    """(m,) True where a series is larger on the left: "thigh" compares thigh_left_deg with thigh_right_deg."""
    return np.asarray(signals.series[f"{name}_left_deg"] > signals.series[f"{name}_right_deg"])


def of_both(signals: Signals, name: str) -> dict[Side, FloatArray]:
    """A series of each side."""
    return {side: signals.series[f"{name}_{side}_deg"] for side in SIDES}


def behind(signals: Signals, joint: str) -> BoolArray:
    """(m,) True where the left one is further back, against the way the person faces."""
    return np.asarray(signals.series[f"{joint}_x_left_trunk"] < signals.series[f"{joint}_x_right_trunk"])
