"""Telling the left leg from the right over the whole clip.

A pose network names left and right in each frame alone, and from the side it exchanges the legs again and again
(in real treadmill clips 20-30 times in 20 s). Here the names are chosen for the whole clip at once: of all ways to
keep or exchange the two legs in each frame, the one in which the legs accelerate least, found exactly by dynamic
programming over pairs of neighbouring frames. The network's own names break ties, so the side named most often wins.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.records import BoolArray, FloatArray
from formcheck.skeleton import index_of

_LEG_JOINTS = ("knee", "ankle", "heel", "foot_index")
_NAME_COST = 0.01
"""Cost of contradicting the network for one frame, in leg lengths of unexplained movement."""
_CAP = 0.35
"""Movement beyond this many leg lengths counts no further: one wild point must not decide."""


@dataclass(frozen=True)
class Sides:
    """Landmarks with left and right put in order, and where they had to be exchanged."""

    xy_px: FloatArray
    """(n, 33, 2)."""
    exchanged: BoolArray
    """(n,) True where the network had the legs the other way round."""
    n_exchanges: int
    """Number of stretches that were exchanged."""


def tell_sides_apart(time_s: FloatArray, xy_px: FloatArray) -> Sides:
    """Landmarks (n, 33, 2) with the legs named consistently; frames without a person stay NaN."""
    left = [index_of("left", joint) for joint in ("hip", *_LEG_JOINTS)]
    right = [index_of("right", joint) for joint in ("hip", *_LEG_JOINTS)]
    seen = np.isfinite(xy_px[:, left + right, 0]).all(axis=1)
    exchanged = np.zeros(len(time_s), dtype=bool)
    if seen.sum() >= 3:
        legs = np.stack([xy_px[seen][:, left[1:]], xy_px[seen][:, right[1:]]], axis=1)
        midhip = xy_px[seen][:, [left[0], right[0]]].mean(axis=1)
        scale = _scale_px(xy_px[seen], left)
        exchanged[seen] = _best_names(time_s[seen], (legs - midhip[:, None, None]) / scale)
    out = xy_px.copy()
    rows = np.flatnonzero(exchanged)[:, None]
    out[rows, left], out[rows, right] = xy_px[rows, right], xy_px[rows, left]
    starts = int((np.diff(np.concatenate([[0], exchanged.astype(np.int8)])) == 1).sum())
    return Sides(out, exchanged, starts)


def _scale_px(xy: FloatArray, leg: list[int]) -> float:
    thigh = np.linalg.norm(xy[:, leg[0]] - xy[:, leg[1]], axis=1)
    shank = np.linalg.norm(xy[:, leg[1]] - xy[:, leg[2]], axis=1)
    return float(max(np.median(thigh) + np.median(shank), 1.0))


def _best_names(time_s: FloatArray, legs: FloatArray) -> BoolArray:
    """``legs`` (n, 2, joints, 2) in leg lengths. True where the two are to be exchanged.

    State: (exchanged in the frame before, exchanged now); the cost of a step is how far each joint lies from where
    its two predecessors point. Exact over the whole clip (Viterbi).
    """
    n = len(legs)
    named = np.stack([legs, legs[:, ::-1]], axis=1)  # (n, state, leg, joint, 2)
    step_cost = np.empty((n, 2, 2, 2))
    ratio = np.ones(n)
    ratio[2:] = np.clip(np.diff(time_s)[1:] / np.maximum(np.diff(time_s)[:-1], 1e-6), 0.2, 3.0)
    for a in (0, 1):
        for b in (0, 1):
            predicted = named[1:-1, b] + (named[1:-1, b] - named[:-2, a]) * ratio[2:, None, None, None]
            for c in (0, 1):
                off = np.linalg.norm(named[2:, c] - predicted, axis=-1)
                step_cost[2:, a, b, c] = np.minimum(off, _CAP).mean(axis=(1, 2))
    return _viterbi(step_cost)


def _viterbi(step_cost: FloatArray) -> BoolArray:
    n = len(step_cost)
    cost = np.array([[0.0, _NAME_COST], [_NAME_COST, 2 * _NAME_COST]])
    came_from = np.zeros((n, 2, 2), dtype=np.int8)
    for t in range(2, n):
        total = cost[:, :, None] + step_cost[t]
        total[:, :, 1] += _NAME_COST
        came_from[t] = np.argmin(total, axis=0)
        cost = np.min(total, axis=0)
    before, now = np.unravel_index(int(np.argmin(cost)), (2, 2))
    names = np.zeros(n, dtype=bool)
    for t in range(n - 1, 1, -1):
        names[t] = bool(now)
        before, now = came_from[t, before, now], before
    names[1], names[0] = bool(now), bool(before)
    return names
