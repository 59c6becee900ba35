"""Where a panel may stand in a clip without standing on the body: the places are weighed over the whole clip at once,
so that nothing jumps while it plays.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from formcheck.annotate.brush import Box
from formcheck.exercise_signals import trunk_length_px
from formcheck.records import FloatArray, Signals
from formcheck.skeleton import INDEX, SIDES, index_of

_LIMBS = (("ear", "shoulder", "elbow", "wrist"), ("shoulder", "hip", "knee", "ankle", "heel"), ("ankle", "foot_index"))
_ALONG = (0.0, 0.25, 0.5, 0.75, 1.0)
_HEAD, _FOOT = 0.42, 0.14
"""Crown and brow, and soles and toes, lie so far beyond ears and foot points; in trunk lengths."""
_MOST_TIMES = 240
HEAD_WEIGHS = 3.0
"""A covered head counts as three other parts."""


class Body:
    """Where a person was in the picture over a clip: points along the limbs, and about the head."""

    def __init__(self, signals: Signals, scale: float) -> None:
        chosen = slice(None, None, max(1, len(signals.time_s) // _MOST_TIMES))
        xy = signals.xy_px[chosen] * scale
        trunk = trunk_length_px(xy)
        self._limbs = _limb_points(xy, trunk)
        self._head = _around((xy[:, INDEX["nose"]] + 2 * _middle(xy, "ear")) / 3, _HEAD * trunk)

    def covered(self, box: Box) -> float:
        """How much of the body a rectangle covers, in mean points of it a picture; the head weighs more."""
        return _mean_inside(self._limbs, box) + HEAD_WEIGHS * _mean_inside(self._head, box)


def freest(body: Body, places: Sequence[Sequence[Box]]) -> Sequence[Box]:
    """The first of the places, each some rectangles, that covers least of the body."""
    return min(places, key=lambda boxes: round(sum(body.covered(box) for box in boxes), 2))


# ------------------------------------------------------------------------------------------------------- parts


def _limb_points(xy: FloatArray, trunk: float) -> FloatArray:
    """(n, k, 2) along every limb of both sides, and around the feet."""
    ends = [
        (xy[:, index_of(side, a)], xy[:, index_of(side, b)])
        for side in SIDES
        for limb in _LIMBS
        for a, b in pairwise(limb)
    ]
    points = [a + share * (b - a) for a, b in ends for share in _ALONG]
    feet = [_around(xy[:, index_of(side, joint)], _FOOT * trunk) for side in SIDES for joint in ("heel", "foot_index")]
    return np.concatenate([np.stack(points, axis=1), *feet], axis=1)


def _around(center: FloatArray, radius: float) -> FloatArray:
    """(n, 5, 2) a point, and those above, below and beside it."""
    steps = np.array([(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)]) * radius
    return np.asarray(center[:, None] + steps)


def _middle(xy: FloatArray, joint: str) -> FloatArray:
    return np.asarray((xy[:, index_of("left", joint)] + xy[:, index_of("right", joint)]) / 2)


def _mean_inside(points: FloatArray, box: Box) -> float:
    """How many of (n, k, 2) points lie within a rectangle, a picture."""
    left, top, right, bottom = box
    with np.errstate(invalid="ignore"):
        inside = (points[..., 0] >= left) & (points[..., 0] < right)
        inside &= (points[..., 1] >= top) & (points[..., 1] < bottom)
    return float(inside.sum() / max(len(points), 1))
