"""A series -> repetitions and holds. Pure functions: times and values in, records out, no body needed.

::

    value     top . . . . . . .________
                             /:        :\\
    90 %  . . . . . . . . . / :        : \\
                           /  :        :  \\
    50 %  . . . . . . . . /   :        :   \\
                         /    :        :    \\
    10 %  . . . . . . . /     :        :     \\
    rest  ____________ /      :        :      \\ ____________
                       S      H1   T   H2     E

    S rep_start, T rep_top, E rep_end, H1 hold_start, H2 hold_end. Lift time = H1 - S (T - S without a hold), lower
    time = E - H2 (E - T), repetition time = E - S.

A repetition goes out and comes back by at least ``HYSTERESIS`` of the usual range: a dip at the top or a twitch at
rest is none. People start and stop moving so softly that the moment itself cannot be seen; it is carried on from
where the curve passes 10 and 50 % of its way (``SOFT_START``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from formcheck.records import BoolArray, Event, FloatArray, Hold, Repetition
from formcheck.repair import runs
from formcheck.skeleton import Side

HYSTERESIS = 0.4
"""Of the usual range, both out and back: what lies between 30 and 70 % of it."""
SOFT_START = 0.98
"""Time from the start to 10 % over the time from 10 to 50 %: 0.69 for a cosine, 0.98 for the smoothest reach
(minimum jerk, Flash and Hogan 1985)."""
NOT_BACK, STILL_MOVING, MOVING_S = 0.15, 0.02, 0.15
"""Shares of the range: a movement that the clip's end (or beginning) finds further than the first from rest, and
changing by more than the second in the last ``MOVING_S``, is cut by it."""
SLOPE_S, RESTS_BELOW, FAR_OUT = 0.32, 0.1, 0.5
"""The rest before a rise is where the slope over the first, seconds, is last below the second share of the rise's
steepest, at least the third share of the usual range below its top. What came before may have been getting ready."""
LEVEL_S = 0.8
"""A change is looked at over this time: what comes more slowly is drift."""
MIN_REP_S = 0.6
MIN_HOLD_S = 0.4
NAN = float("nan")


@dataclass(frozen=True)
class Swing:
    """What counts as a repetition of some movement."""

    min_range: float
    """In the unit of the series; smaller movements are none."""
    min_rep_s: float = MIN_REP_S
    max_rep_s: float = 30.0
    max_gap_s: float = 0.5
    """Shorter stretches outside the set-up gate are bridged."""


def repetitions(
    time_s: FloatArray, values: FloatArray, swing: Swing, ready: BoolArray | None = None, side: Side | None = None
) -> tuple[Repetition, ...]:
    """Repetitions in time order.

    ``time_s`` (n,) is evenly spaced, ``values`` (n,) larger the further out, NaN where unseen; ``ready`` (n,) False
    while the body is not in the exercise's position (getting into it, standing up). A movement cut by the set-up gate
    is no repetition; one cut by the clip's beginning (``start_s`` NaN) or end (``end_s`` NaN) is incomplete.
    """
    usable = np.isfinite(values) if ready is None else np.isfinite(values) & ready
    usable = bridged(usable, time_s, swing.max_gap_s)
    if usable.sum() < 3:
        return ()
    filled = np.interp(time_s, time_s[np.isfinite(values)], values[np.isfinite(values)])
    low, high = np.percentile(filled[usable], [3, 97])
    if high - low < swing.min_range:
        return ()
    usual = _usual_range(filled, usable, float(high - low))
    least = max(0.7 * swing.min_range, HYSTERESIS * usual)
    found: list[Repetition] = []
    for start, stop in runs(usable):
        found += _in_stretch(time_s, filled, (start, stop), (least, usual), side)
    return tuple(r for r in found if _lasts(r, swing))


def holds(
    time_s: FloatArray, kept: BoolArray, min_s: float, max_gap_s: float, side: Side | None = None
) -> tuple[Hold, ...]:
    """Stretches in which ``kept`` (n,) is true, lapses of up to ``max_gap_s`` included, at least ``min_s`` long.

    A stretch that touches the clip's beginning or end is not complete: it may have lasted longer.
    """
    step = float(np.median(np.diff(time_s))) if len(time_s) > 1 else 0.0
    found = []
    for start, stop in runs(bridged(kept, time_s, max_gap_s)):
        begin_s, end_s = float(time_s[start]), float(time_s[stop - 1])
        inside = begin_s > time_s[0] + step / 2 and end_s < time_s[-1] - step / 2
        if end_s - begin_s >= min_s:
            clean = bool(kept[start:stop].mean() > 0.8)
            found.append(Hold(side, begin_s, end_s, complete=bool(inside), clean=clean))
    return tuple(found)


def levels(time_s: FloatArray, values: FloatArray, ready: BoolArray, step: float, min_s: float) -> tuple[Hold, ...]:
    """Stretches in which a value keeps its level, or drifts slowly, between changes of more than ``step`` a moment.

    ``values`` (n,), ``ready`` (n,) False where the body is not in position. Their ends are where the change into the
    level is over and that out of it begins (see ``SOFT_START``); at least ``min_s`` long.
    """
    half = max(1, round(LEVEL_S / float(np.median(np.diff(time_s)))) // 2) if len(time_s) > 1 else 1
    change = np.zeros(len(values))
    if len(values) > 2 * half:
        change[half:-half] = np.abs(values[2 * half :] - values[: -2 * half])
    quiet = ready & np.isfinite(values) & ~(np.nan_to_num(change) > step)
    found = []
    for start, stop in runs(quiet):
        begin_s = _settles(time_s, values, start, stop)
        end_s = -_settles(-time_s[::-1], values[::-1], len(values) - stop, len(values) - start)
        if end_s - begin_s >= min_s:
            found.append(Hold(None, begin_s, end_s, complete=start > 0 and stop < len(values)))
    return tuple(found)


def _settles(time_s: FloatArray, values: FloatArray, start: int, stop: int) -> float:
    """When the change into the level of ``start`` to ``stop`` is over."""
    window = float(time_s[start]) + LEVEL_S
    level = float(np.median(values[start:stop][time_s[start:stop] <= window]))
    before = max(0, int(np.searchsorted(time_s, time_s[start] - LEVEL_S)))
    if start == 0 or not np.isfinite(values[before]):
        return float(time_s[start])
    share = (values[before:stop] - values[before]) / ((level - values[before]) or 1.0)
    t50, t90 = (_crossing(time_s[before:stop], share, max(int(np.argmax(share >= x)) - 1, 0), x) for x in (0.5, 0.9))
    return min(t90 + SOFT_START * max(t90 - t50, 0.0), float(time_s[stop - 1]))


def up_for(time_s: FloatArray, values: FloatArray, hold: Hold, within_s: float) -> Hold:
    """The hold from where a value (n,) leaves its rest level before it to where it is back at one after it.

    ``values`` is larger within the hold; its rest is looked for within so long before and after.
    """
    seen = np.isfinite(values)
    if seen.sum() < 3:
        return hold
    filled = np.interp(time_s, time_s[seen], values[seen])
    middle = int(np.searchsorted(time_s, (hold.start_s + hold.end_s) / 2))
    high = float(np.median(filled[(time_s >= hold.start_s) & (time_s <= hold.end_s)]))
    first = int(np.searchsorted(time_s, hold.start_s - within_s))
    last = min(int(np.searchsorted(time_s, hold.end_s + within_s)), len(time_s) - 1)
    curve, n = _Curve(time_s, filled, high - float(filled[first : last + 1].min())), len(time_s) - 1
    low, back = first + int(np.argmin(filled[first : middle + 1])), middle + int(np.argmin(filled[middle : last + 1]))
    start_s, _ = _rise(curve, low, middle, high)
    end_s = -_rise(curve.reversed(), n - back, n - middle, high)[0]
    return replace(hold, start_s=start_s, end_s=end_s)


def events_of(reps: Sequence[Repetition], held: Sequence[Hold] = ()) -> tuple[Event, ...]:
    """The moments of repetitions and holds, in time order."""
    found: list[Event] = []
    for rep in reps:
        found += [
            Event("rep_start", rep.side, rep.start_s, rep.clean),
            Event("rep_top", rep.side, rep.top_s, rep.clean),
        ]
        found += [Event("hold_start", rep.side, rep.hold_start_s, rep.clean)]
        found += [Event("hold_end", rep.side, rep.hold_end_s, rep.clean)]
        found += [Event("rep_end", rep.side, rep.end_s, rep.clean)]
    for hold in held:
        found += [Event("hold_start", hold.side, hold.start_s, hold.clean)]
        found += [Event("hold_end", hold.side, hold.end_s, hold.clean)]
    return tuple(sorted((e for e in found if np.isfinite(e.time_s)), key=lambda e: e.time_s))


def bridged(mask: BoolArray, time_s: FloatArray, max_gap_s: float) -> BoolArray:
    """The mask (n,) with gaps of up to ``max_gap_s`` between true stretches filled."""
    out = mask.copy()
    for (_, end), (start, _) in pairwise(runs(mask)):
        if time_s[start] - time_s[end - 1] <= max_gap_s:
            out[end:start] = True
    return out


# ------------------------------------------------------------------------------------------------------- parts


def _usual_range(values: FloatArray, usable: BoolArray, whole: float) -> float:
    """Median swing from turn to turn among those of at least 0.4 of all that was seen."""
    swings: list[float] = []
    for start, stop in runs(usable):
        turns = turning_points(values[start:stop], HYSTERESIS * whole)
        swings += [abs(float(values[start + b] - values[start + a])) for a, b in pairwise(turns)]
    return float(np.median(swings)) if swings else whole


def turning_points(values: FloatArray, least: float) -> list[int]:
    """Indices of alternating lows and highs at least ``least`` apart, first and last extreme included."""
    turns: list[int] = []
    lowest = highest = 0
    way = 0
    for i, value in enumerate(values):
        if value > values[highest]:
            highest = i
        if value < values[lowest]:
            lowest = i
        if way <= 0 and value - values[lowest] >= least:
            turns.append(lowest)
            way, highest = 1, i
        elif way >= 0 and values[highest] - value >= least:
            turns.append(highest)
            way, lowest = -1, i
    if way:
        turns.append(highest if way > 0 else lowest)
    return turns


def _in_stretch(
    time_s: FloatArray,
    values: FloatArray,
    stretch: tuple[int, int],
    ranges: tuple[float, float],
    side: Side | None,
) -> list[Repetition]:
    """Repetitions within a stretch of samples; ``ranges``: the least of a turn, and the usual one."""
    start, stop = stretch
    turns = [start + k for k in turning_points(values[start:stop], ranges[0])]
    found = []
    for k, top in enumerate(turns):
        before, after = (turns[k - 1] if k > 0 else None), (turns[k + 1] if k + 1 < len(turns) else None)
        is_high = (
            values[top] > values[after] if after is not None else before is not None and values[top] > values[before]
        )
        if not is_high:
            continue
        cut_before, cut_after = before is None and start > 0, after is None and stop < len(values)
        if cut_before or cut_after:
            continue
        if after == len(values) - 1 and _is_cut(time_s, values, before, top, after):
            after = None
        if before == 0 and _is_cut(
            -time_s[::-1], values[::-1], _back(values, after), _back(values, top), len(values) - 1
        ):
            before = None
        found.append(_repetition(_Curve(time_s, values, ranges[1]), before, top, after, stretch, side))
    return found


def _back(values: FloatArray, index: int | None) -> int:
    """The index in the reversed series; where there is none, that of the lowest value."""
    return len(values) - 1 - (int(np.argmin(values)) if index is None else index)


def _is_cut(time_s: FloatArray, values: FloatArray, before: int | None, top: int, last: int) -> bool:
    """Whether the movement back from ``top`` is still going on at the clip's last sample."""
    rest = float(values[int(np.argmin(values)) if before is None else before])
    whole = float(values[top]) - rest
    earlier = float(np.interp(time_s[last] - MOVING_S, time_s, values))
    return float(values[last]) - rest > NOT_BACK * whole and abs(earlier - float(values[last])) > STILL_MOVING * whole


@dataclass(frozen=True)
class _Curve:
    """Time and values (n,), and the usual range of a repetition."""

    time_s: FloatArray
    values: FloatArray
    usual: float

    def reversed(self) -> _Curve:
        """The same played backwards: ends are starts."""
        return _Curve(-self.time_s[::-1], self.values[::-1], self.usual)


def _repetition(
    curve: _Curve, before: int | None, top: int, after: int | None, stretch: tuple[int, int], side: Side | None
) -> Repetition:
    """One repetition around its top, between the lows before and after; None where the clip cuts it."""
    values, n = curve.values, len(curve.values) - 1
    high = _plateau(values, before if before is not None else stretch[0], top, after or stretch[1] - 1)
    start_s = hold_start_s = end_s = hold_end_s = NAN
    if before is not None:
        start_s, hold_start_s = _rise(curve, before, top, high)
    if after is not None:
        end_s, hold_end_s = (-moment for moment in _rise(curve.reversed(), n - after, n - top, high))
    held = hold_end_s - hold_start_s >= MIN_HOLD_S
    top_s = (hold_start_s + hold_end_s) / 2 if held else float(curve.time_s[top])
    complete = before is not None and after is not None
    if not held:
        hold_start_s = hold_end_s = NAN
    return Repetition(side, start_s, top_s, end_s, hold_start_s, hold_end_s, complete)


def _plateau(values: FloatArray, low: int, top: int, high: int) -> float:
    """The level of the top: median of what lies within a tenth of the range of the highest value."""
    around = values[low : high + 1]
    base = min(float(values[low]), float(values[high]))
    near = around[around >= values[top] - 0.1 * (float(values[top]) - base)]
    return float(np.median(near))


def _rise(curve: _Curve, low: int, top: int, high: float) -> tuple[float, float]:
    """When the value leaves its rest level, upwards from ``low`` to ``top``, and when it has come up to ``high``.

    See ``SOFT_START``.
    """
    time_s, values = curve.time_s, curve.values
    low = _last_rest(curve, low, top, high)
    rest = _rest_level(values, low, top, high)
    t10, t50 = (_last_below(time_s, values, low, top, rest + share * (high - rest)) for share in (0.1, 0.5))
    leaves = max(t10 - SOFT_START * max(t50 - t10, 0.0), float(time_s[low]))
    up = np.flatnonzero(values[low : top + 1] >= rest + 0.9 * (high - rest))
    after_half = [low + int(k) for k in up if time_s[low + int(k)] >= t50]
    if not after_half:
        return leaves, float(time_s[top])
    t90 = _crossing(time_s, values, max(after_half[0] - 1, 0), rest + 0.9 * (high - rest))
    return leaves, t90 + SOFT_START * max(t90 - t50, 0.0)


def _last_rest(curve: _Curve, low: int, top: int, high: float) -> int:
    """``low``, or later: where the rest just before the rise is; see ``SLOPE_S``."""
    slope = _slope(curve)
    far_out = np.flatnonzero(curve.values[low : top + 1] < high - FAR_OUT * curve.usual)
    if len(far_out) == 0:
        return low
    last = low + int(far_out[-1])
    resting = np.flatnonzero(slope[low : last + 1] < RESTS_BELOW * float(slope[low : top + 1].max()))
    half = max(1, round(SLOPE_S / 2 / float(curve.time_s[1] - curve.time_s[0])))
    return max(low, low + int(resting[-1]) - half) if len(resting) else low


def _slope(curve: _Curve) -> FloatArray:
    """Change a second over ``SLOPE_S`` around each sample, (n,)."""
    ahead, back = (np.interp(curve.time_s + way * SLOPE_S / 2, curve.time_s, curve.values) for way in (1, -1))
    return np.asarray((ahead - back) / SLOPE_S)


def _rest_level(values: FloatArray, low: int, top: int, high: float) -> float:
    """Median of what lies within a tenth of the range of the lowest value before the rise."""
    around = values[low : top + 1]
    lowest = float(around.min())
    return float(np.median(around[around <= lowest + 0.1 * (high - lowest)]))


def _last_below(time_s: FloatArray, values: FloatArray, low: int, top: int, level: float) -> float:
    below = np.flatnonzero(values[low : top + 1] < level)
    return float(time_s[low]) if len(below) == 0 else _crossing(time_s, values, low + int(below[-1]), level)


def _crossing(time_s: FloatArray, values: FloatArray, k: int, level: float) -> float:
    """Where the straight line from sample ``k`` to the next passes ``level``."""
    if k + 1 >= len(values) or values[k + 1] == values[k]:
        return float(time_s[k])
    share = float(np.clip((level - values[k]) / (values[k + 1] - values[k]), 0.0, 1.0))
    return float(time_s[k] + share * (time_s[k + 1] - time_s[k]))


def _lasts(rep: Repetition, swing: Swing) -> bool:
    """True unless it is over sooner or later than such a movement can be."""
    return not rep.complete or swing.min_rep_s <= rep.end_s - rep.start_s <= swing.max_rep_s
