"""Plank seen from the side, on knees or toes: held in one line, until the hips sink or rise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from formcheck.activities.card import in_position, load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import Found, examine_exercise, settled
from formcheck.exercise_signals import with_series
from formcheck.metrics.exercise.in_hold import PIKE_PCT, SAG_PCT
from formcheck.records import BoolArray, FloatArray, Hold, Note, PoseTrack, Signals, Subject
from formcheck.repair import MIN_FRAMES, low_pass
from formcheck.repetitions import bridged, levels

MIN_HOLD_S, MIN_LEVEL_S, MAX_LAPSE_S = 2.0, 0.6, 1.0
MAX_BREAK_S, DIPS_TRUNKS = 4.0, 0.035
"""A line that gives way does so within this, and the hips do not come lower than they end up."""
SLOW_HZ = 1.5
STEP_DEG, BEYOND_NOISE = 3.2, 5.0
"""Of the body's line within 0.8 s: getting up from the floor, or giving way."""
LIFTS_TRUNKS, HANGS_DEG = 0.028, 191.0
"""Hips that rest on the floor while the forearms carry hang through by 192 to 200 deg, lower than in the plank."""
FLOOR_TRUNKS, LIFTS_FAR_TRUNKS = 0.36, 0.04
"""Hips lower than the first above the floor may lie on it, where others in the clip are higher by the second."""
STEP_TRUNKS, MAX_COMING_DOWN_S = 0.012, 2.0
"""Of the hips' height within 0.8 s; what takes longer than the second is a plank that gives way slowly."""
SINKS_TRUNKS, SINKS_S, PRONE_DEG = 0.02, 0.3, (50.0, 128.0)
"""Hips that are lower than now by the first, for the second in all while the trunk is face down, can still sink: they
are not on the floor. Lying before and after a plank differed by 0.009 at most, sagging from lying by 0.03 at least."""
KNEES_DOWN_TRUNKS, KNEES_BENT_DEG = 0.2, 35.0
"""Knees lower than this above the floor, or bent more, carry; on the toes they are 0.26 to 0.55 high, and straight."""


def examine(pose: PoseTrack, subject: Subject) -> Examined:
    """The hold. Raises InputError as ``examine_exercise``."""
    return examine_exercise(pose, subject, "plank", "side", find)


def find(signals: Signals) -> Found:
    """How long the body kept still in the plank, and where its line was worst."""
    card = load_activity_cards()["plank"]
    ready = in_position(signals, card.position)
    low = _usual(signals.series["lower_knee_y_trunk"], ready) < KNEES_DOWN_TRUNKS
    on_knees = low or _usual(signals.series["knee_bend_deg"], ready) > KNEES_BENT_DEG
    end = "knee" if on_knees else "ankle"
    dip = dip_pct(signals, end)
    line = signals.series["hip_line_deg" if on_knees else "body_line_deg"]
    held = _held(signals, line, ready)
    return Found(
        holds=held,
        notes=(Note("plank_on_knees" if on_knees else "plank_on_toes"),) if held else (),
        worst_s=_worst_s(signals, dip, held),
        signals=with_series(signals, line_deg=line, dip_pct=dip),
    )


def _held(signals: Signals, line: FloatArray, ready: BoolArray) -> tuple[Hold, ...]:
    """Stretches off the floor; those that follow one another at once are one, whose line broke or was corrected."""
    steady = bridged(ready & settled(signals), signals.time_s, MAX_LAPSE_S)
    smooth = _smooth(line, signals.rate_hz)
    noise = 1.48 * float(np.nanmedian(np.abs(line - smooth))) if steady.any() else 0.0
    found = levels(signals.time_s, smooth, steady, max(STEP_DEG, BEYOND_NOISE * noise), MIN_LEVEL_S)
    found = tuple(part for hold in found for part in _parts(signals, hold))
    lying = _lying(signals, found)
    up = ready.copy()
    for hold in lying:
        up &= ~_during(signals, hold)
    joined: list[Hold] = []
    for hold in (hold for hold in found if hold not in lying):
        near = joined and hold.start_s - joined[-1].end_s <= MAX_LAPSE_S
        if near or (joined and _stays_up(signals, joined[-1], hold, up)):
            first = joined.pop()
            hold = Hold(None, first.start_s, hold.end_s, first.complete and hold.complete)
        joined.append(hold)
    return tuple(hold for hold in _to_ends(signals, joined, up) if hold.end_s - hold.start_s >= MIN_HOLD_S)


def _parts(signals: Signals, hold: Hold) -> tuple[Hold, ...]:
    """The level, or its parts where the hips come down to the floor, or up from it, by too little for the line to tell.

    So it is with hips that hung nearly to the floor before.
    """
    height = _smooth(signals.series["hip_y_trunk"], signals.rate_hz)
    parts = levels(signals.time_s, height, _during(signals, hold), STEP_TRUNKS, SINKS_S)
    down = [_usual(height, _during(signals, part)) <= _lowest_hips(signals) + STEP_TRUNKS for part in parts]
    slow = any(later.start_s - earlier.end_s > MAX_COMING_DOWN_S for earlier, later in pairwise(parts))
    if slow or all(down) or not any(down):
        return (hold,)
    first, last = replace(parts[0], start_s=hold.start_s), replace(parts[-1], end_s=hold.end_s)
    return (first, *parts[1:-1], last)


def _lying(signals: Signals, found: Sequence[Hold]) -> list[Hold]:
    """Levels at which the hips lie on the floor: nobody sinks through it, so at no time are they lower.

    And they lift from it into the plank: levels that are low, or whose line hangs through, while others are higher.
    """
    heights, lines = (
        [_usual(signals.series[name], _during(signals, hold)) for hold in found]
        for name in ("hip_y_trunk", "hip_line_deg")
    )
    if not found:
        return []
    floor, highest = _lowest_hips(signals), max(heights)
    return [
        hold
        for hold, high, line in zip(found, heights, lines, strict=True)
        if high <= floor + SINKS_TRUNKS
        and (
            (high <= FLOOR_TRUNKS and high <= highest - LIFTS_FAR_TRUNKS)
            or (line >= HANGS_DEG and high <= highest - LIFTS_TRUNKS)
        )
    ]


def _lowest_hips(signals: Signals) -> float:
    """Height to which the hips come down anywhere in the clip, face down, if only on the way."""
    lean, height = signals.series["trunk_lean_deg"], signals.series["hip_y_trunk"]
    prone = np.sort(height[(lean > PRONE_DEG[0]) & (lean < PRONE_DEG[1]) & np.isfinite(height)])
    if not len(prone):
        return float("nan")
    return float(prone[min(round(SINKS_S * signals.rate_hz), len(prone) - 1)])


def _to_ends(signals: Signals, held: list[Hold], ready: BoolArray) -> list[Hold]:
    """The holds, the first and the last carried on to the clip's ends where the body was up there too."""
    if not held:
        return held
    begins, ends = float(signals.time_s[0]), float(signals.time_s[-1])
    first, last = held[0], held[-1]
    if _stays_up(signals, replace(first, start_s=begins, end_s=begins), first, ready):
        held[0] = replace(first, start_s=begins, complete=False)
    if _stays_up(signals, last, replace(last, start_s=ends, end_s=ends), ready):
        held[-1] = replace(held[-1], end_s=ends, complete=False)
    return held


def _stays_up(signals: Signals, first: Hold, second: Hold, ready: BoolArray) -> bool:
    """Whether the line broke or was corrected between two levels, and the body did not go down in between.

    One of them may be a mere moment.
    """
    height = signals.series["hip_y_trunk"]
    between = _during(signals, replace(first, start_s=first.end_s, end_s=second.start_s))
    levels_of = [_usual(height, _during(signals, hold)) for hold in (first, second) if hold.end_s > hold.start_s]
    up = bool(ready[between].all()) and float(np.nanmin(height[between])) > min(levels_of) - DIPS_TRUNKS
    return up and second.start_s - first.end_s <= MAX_BREAK_S


def _smooth(values: FloatArray, rate_hz: float) -> FloatArray:
    seen = np.isfinite(values)
    if seen.sum() < MIN_FRAMES:
        return values
    index = np.arange(len(values))
    return low_pass(np.interp(index, index[seen], values[seen]), SLOW_HZ, rate_hz)


def _during(signals: Signals, hold: Hold) -> BoolArray:
    return np.asarray((signals.time_s >= hold.start_s) & (signals.time_s <= hold.end_s))


def dip_pct(signals: Signals, end: str) -> FloatArray:
    """How far the hip is below (+) or above (-) the line from shoulder to ``end``, in % of that line's length."""
    at = {
        f"{joint}_{axis}": signals.series[f"{joint}_{axis}_trunk"]
        for joint in ("shoulder", "hip", end)
        for axis in "xy"
    }
    along_x, along_y = at[f"{end}_x"] - at["shoulder_x"], at[f"{end}_y"] - at["shoulder_y"]
    off = along_x * (at["hip_y"] - at["shoulder_y"]) - along_y * (at["hip_x"] - at["shoulder_x"])
    return np.asarray(100.0 * off / np.maximum(along_x**2 + along_y**2, 1e-6))


def _usual(values: FloatArray, ready: BoolArray) -> float:
    inside = values[ready & np.isfinite(values)]
    return float(np.median(inside)) if len(inside) else float("nan")


def _worst_s(signals: Signals, dip: FloatArray, held: tuple[Hold, ...]) -> float | None:
    """When the hips were furthest out of the line, in the longest hold, against what is still a plank."""
    if not held:
        return None
    longest = max(held, key=lambda hold: hold.end_s - hold.start_s)
    inside = (signals.time_s >= longest.start_s) & (signals.time_s <= longest.end_s) & np.isfinite(dip)
    off = np.where(dip > 0, dip / SAG_PCT, -dip / PIKE_PCT)
    return float(signals.time_s[inside][np.argmax(off[inside])]) if inside.any() else None
