"""When a whole body comes to rest in a position and when it leaves it. Pure functions on an exercise's signals.

Single angles flicker and bounce; here every joint that moves on the way into the position votes, with the length of
its way, how much of the way is done. A joint that the network loses for a moment is outvoted.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.exercise_signals import trunk_length_px
from formcheck.records import BoolArray, FloatArray, Hold, Signals
from formcheck.repetitions import SOFT_START, bridged
from formcheck.skeleton import SIDES, index_of

JOINTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
LOOK_BACK_S = 3.0
"""The way into a position is looked for within so long before it."""
FAR_OUT, ARRIVED, THERE = 0.9, 0.9, 0.99
"""Where the way begins, of the furthest; where it is nearly done; and where it is over for certain, of all of it."""
SETTLES_S = 1.0
"""The position as it is in so long after it is reached: afterwards people sink deeper, slowly."""
LEAST_TRUNKS = 0.08
"""Way of the joints that move; less is sway."""
SWAYS = 1.5
AWAY, LAPSE_S = 0.3, 1.0
"""Of the way: further from the position than this, for longer, the hold is over."""


def settled_holds(signals: Signals, rough: tuple[Hold, ...]) -> tuple[Hold, ...]:
    """The holds, each grown over moments in which single joints were lost, with its ends where the body rests.

    ``rough`` holds that turn out to be part of a longer one go. A hold that reaches the clip's beginning or end stays
    incomplete.
    """
    where = _joints(signals)
    found: list[Hold] = []
    for hold in sorted(rough, key=lambda hold: hold.start_s - hold.end_s):
        middle = (hold.start_s + hold.end_s) / 2
        if not any(other.start_s < middle < other.end_s for other in found):
            found.append(_settled(signals.time_s, where, hold))
    return tuple(sorted(found, key=lambda hold: hold.start_s))


def _settled(time_s: FloatArray, where: FloatArray, hold: Hold) -> Hold:
    trim = (hold.end_s - hold.start_s) / 4
    held = _median(where[(time_s >= hold.start_s + trim) & (time_s <= hold.end_s - trim)])
    grown = _grown(time_s, where, held, _shrunk(time_s, where, held, hold))
    start_s = _arrives(time_s, where, held, grown)
    backwards = replace(grown, start_s=-grown.end_s, end_s=-grown.start_s)
    end_s = -_arrives(-time_s[::-1], where[::-1], held, backwards)
    if end_s - start_s < 0.5 * (hold.end_s - hold.start_s):
        return hold
    step = float(np.median(np.diff(time_s)))
    inside = start_s > time_s[0] + step / 2 and end_s < time_s[-1] - step / 2
    return replace(hold, start_s=start_s, end_s=end_s, complete=bool(inside))


def _shrunk(time_s: FloatArray, where: FloatArray, held: FloatArray, hold: Hold) -> Hold:
    """The hold without what goes before and after in which the body is further from it than it ever sways in it."""
    far = np.nanmean(np.minimum(np.linalg.norm(where - held, axis=2), 1.0), axis=1)
    quarter = (hold.end_s - hold.start_s) / 4
    middle = (time_s >= hold.start_s + quarter) & (time_s <= hold.end_s - quarter)
    near: BoolArray = far <= max(SWAYS * float(np.nanpercentile(far[middle], 95)), LEAST_TRUNKS)
    near = bridged(near, time_s, LAPSE_S) & (time_s >= hold.start_s) & (time_s <= hold.end_s)
    if not near.any():
        return hold
    return replace(hold, start_s=float(time_s[near][0]), end_s=float(time_s[near][-1]))


def _grown(time_s: FloatArray, where: FloatArray, held: FloatArray, hold: Hold) -> Hold:
    """The hold with all that follows or goes before in which the body is as it was held."""
    begins = [_way(time_s, where, held, hold.start_s), _way(-time_s[::-1], where[::-1], held, -hold.end_s)]
    longest = max((_length(way, held) for way in begins if way is not None), default=0.0)
    ways = [way for way in begins if way is not None and _length(way, held) > longest / 2]
    if not ways:
        return hold
    close: list[BoolArray] = [np.abs(1.0 - _share(where, way, held)) < AWAY for way in ways]
    kept = bridged(np.all(close, axis=0), time_s, LAPSE_S)
    middle = int(np.searchsorted(time_s, (hold.start_s + hold.end_s) / 2))
    if not kept[middle]:
        return hold
    before, after = np.flatnonzero(~kept[:middle]), np.flatnonzero(~kept[middle:])
    first = int(before[-1]) + 1 if len(before) else 0
    last = middle + int(after[0]) - 1 if len(after) else len(kept) - 1
    return replace(hold, start_s=float(time_s[first]), end_s=float(time_s[last]))


def _arrives(time_s: FloatArray, where: FloatArray, held: FloatArray, hold: Hold) -> float:
    """When the body has come to rest where it is held."""
    start_s = hold.start_s
    way = _way(time_s, where, held, start_s)
    if way is None:
        return start_s
    window = (time_s >= start_s - LOOK_BACK_S) & (time_s <= (hold.start_s + hold.end_s) / 2)
    times, share = time_s[window], _share(where[window], way, held)
    t90 = _first_above(times, share, ARRIVED)
    share = share / max(float(np.nanmedian(share[(times >= t90) & (times <= t90 + SETTLES_S)])), ARRIVED)
    t90 = _first_above(times, share, ARRIVED)
    before = times < t90
    low = np.flatnonzero(share[before] < 0.5)
    if len(low) == 0:
        return start_s
    k = int(low[-1])
    t50 = float(np.interp(0.5, share[k : k + 2], times[k : k + 2]))
    there = _first_above(times, np.where(times >= t90, share, -np.inf), THERE)
    return min(t90 + SOFT_START * (t90 - t50), there)


def _first_above(time_s: FloatArray, share: FloatArray, level: float) -> float:
    above = np.flatnonzero(share >= level)
    if len(above) == 0:
        return float(time_s[-1])
    k = int(above[0])
    if k == 0 or not np.isfinite(share[k - 1]):
        return float(time_s[k])
    return float(np.interp(level, share[k - 1 : k + 1], time_s[k - 1 : k + 1]))


def _way(time_s: FloatArray, where: FloatArray, held: FloatArray, start_s: float) -> FloatArray | None:
    """(k, 2) where every joint was before it went into the position; None where the clip begins in it."""
    before = np.flatnonzero((time_s >= start_s - LOOK_BACK_S) & (time_s <= start_s + 0.1))
    far = np.nanmean(np.minimum(np.linalg.norm(where[before] - held, axis=2), 1.0), axis=1)
    if len(before) < 3 or not np.isfinite(far).any():
        return None
    out = np.flatnonzero(far >= FAR_OUT * np.nanmax(far))
    k = int(before[out[-1]])
    begin = _median(where[max(0, k - 1) : k + 2])
    moved = np.linalg.norm(held - begin, axis=1)
    return begin if np.nanmax(moved) >= LEAST_TRUNKS else None


def _length(begin: FloatArray, held: FloatArray) -> float:
    """Mean way of the joints; one whose left and right the network exchanged does not count for more than a limb."""
    return float(np.nanmean(np.minimum(np.linalg.norm(held - begin, axis=1), 0.6)))


def _share(where: FloatArray, begin: FloatArray, held: FloatArray) -> FloatArray:
    """(n,) how much of the way from ``begin`` to ``held`` is done: weighted median over the joints that move."""
    way = held - begin
    long = np.nan_to_num(np.linalg.norm(way, axis=1))
    moving = long >= max(LEAST_TRUNKS / 2, 0.3 * float(long.max()))
    done = ((where[:, moving] - begin[moving]) * way[moving]).sum(axis=2) / long[moving] ** 2
    weight = np.where(np.isfinite(done), np.minimum(long[moving], 1.5 * np.median(long[moving])), 0.0)
    order = np.argsort(np.nan_to_num(done, nan=np.inf), axis=1)
    ordered, heavy = (np.take_along_axis(values, order, axis=1) for values in (done, weight))
    total = np.cumsum(heavy, axis=1)
    middle = np.argmax(total >= total[:, -1:] / 2, axis=1)
    return np.asarray(np.take_along_axis(ordered, middle[:, None], axis=1)[:, 0])


def _joints(signals: Signals) -> FloatArray:
    """(n, 12, 2) both sides' joints in trunk lengths."""
    which = [index_of(side, joint) for side in SIDES for joint in JOINTS]
    return np.asarray(signals.xy_px[:, which] / trunk_length_px(signals.xy_px))


def _median(where: FloatArray) -> FloatArray:
    with np.errstate(all="ignore"):
        return np.asarray(np.nanmedian(where, axis=0))
