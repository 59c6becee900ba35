"""Which of the places where the outline crosses a station are the back: told station by station, by all of them.

From the side one elbow or the other is behind the back at nearly every moment of a stride, and where an arm's edge lies
near the back's the two look alike. What tells them apart is how backs are shaped: how the stations of rendered backs
vary together (``BackModel``) says where the back must be at one station when it is known at others.

1. Stations far from any arm are taken, but for those that do not go with the rest.
2. The others are tried, the most foreseeable first: a crossing is taken where the back can be, else the next behind a
   gap, else none. Arms reach outward only, so less is allowed outward than inward.

Where a station is near an arm all the time, the arm's place is easily taken for the person's own middle there. Where
the back is drawn, the middles of the other stations say what it must be (``Shape``).

Of 720 rendered looks with half of the back covered, 1 % of what was read lay more than 3 % of the trunk's length off
the back; by landmarks of the arms alone it was 8 %. It stops being true where clothes hang or flutter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.outline import BackLine
from formcheck.records import BoolArray, FloatArray

CLEAR = 0.12
"""Trunk lengths: an outline this far behind any arm is no arm's."""
NEAR_CLEAR, LOW_SHARE = 0.03, 25.0
"""Where hardly any look is clear: the low quarter of looks this far behind any arm."""
MIN_SEEN, MIN_SEEN_SHARE = 5, 0.05
FARTHEST = 0.06
"""Trunk lengths from the person's own middle: no back of a runner moves farther."""
OUTWARD_SDS, INWARD_SDS = 2.0, 3.5
"""A station that is clear and yet farther off what the others say is none."""
ADDED_OUTWARD_SDS, ADDED_INWARD_SDS = 1.0, 3.0
LEAST_FORESEEABLE = 0.03
"""Trunk lengths: SD of a station, told by the others, beyond which an arm cannot be told from the back."""
FEWEST = 3
UNLIKE_SDS = 2.0
"""A person's middle that lies farther off what the other stations' make of it is an arm's."""


@dataclass(frozen=True)
class Shape:
    """How people's middles differ."""

    mean: FloatArray
    """(k,)."""
    covariance: FloatArray
    """(k, k)."""


def read_back(
    line: BackLine,
    covariance: FloatArray,
    expected: FloatArray | None = None,
    farthest: float = FARTHEST,
    shape: Shape | None = None,
) -> FloatArray:
    """(n, k) the back at STATIONS, trunk lengths behind the trunk's line; NaN where it is not seen or not told.

    ``covariance`` (k, k): how stations vary about a person's own middle. ``expected`` (n, k): by how much the back is
    off its middle at each look as far as is known already. ``farthest``: how far it may be off. ``shape``: what tells
    the middle of stations that are always near an arm; None: the looks at which they are farthest from it.
    """
    shift = np.zeros(line.arm_edge.shape) if expected is None else expected
    crossings = line.crossings - shift[..., None]
    outer, edge = crossings[..., 0], line.arm_edge - shift
    clear = edge < outer - CLEAR
    middle = _middle(outer, edge, clear, shape)
    departure = crossings - middle[:, None]
    out = np.full(outer.shape, np.nan)
    for i in range(len(out)):
        out[i] = _read_look(departure[i], clear[i] & (np.abs(departure[i, :, 0]) < farthest), covariance)
    return np.asarray(out + middle + shift)


def _middle(outer: FloatArray, edge: FloatArray, clear: BoolArray, shape: Shape | None) -> FloatArray:
    """(k,) the person's own middle at each station; NaN where the back is never seen and no shape tells it."""
    surely, likely = (np.full(outer.shape[1], np.nan) for _ in range(2))
    for k in range(len(surely)):
        seen = outer[clear[:, k], k]
        near = outer[edge[:, k] < outer[:, k] - NEAR_CLEAR, k]
        if len(seen) >= max(MIN_SEEN, MIN_SEEN_SHARE * len(outer)):
            surely[k] = np.median(seen)
        elif len(near):
            likely[k] = np.percentile(near, LOW_SHARE)
    known = np.isfinite(surely)
    if shape is None or known.sum() < FEWEST:
        return np.where(known, surely, likely)
    rest, left = _told_by((surely - shape.mean)[known], known, shape.covariance)
    off = np.abs(likely - shape.mean - rest)
    like = off < UNLIKE_SDS * np.sqrt(np.maximum(np.diag(left), 0.0))
    return np.where(known, surely, np.where(like, likely, shape.mean + rest))


def _read_look(departure: FloatArray, clear: BoolArray, covariance: FloatArray) -> FloatArray:
    """(k,) departures of the back at one look from ``departure`` (k, 2) of the outline's crossings."""
    outer = departure[:, 0]
    taken = _going_together(outer, clear, covariance)
    out = np.where(taken, outer, np.nan)
    if taken.sum() < FEWEST:
        return np.full(len(out), np.nan)
    mean, left = _told_by(outer[taken], taken, covariance)
    rest = ~taken & np.isfinite(outer)
    while rest.any():
        sd = np.sqrt(np.maximum(np.diag(left), 1e-12))
        k = int(np.argmin(np.where(rest, sd, np.inf)))
        if sd[k] > LEAST_FORESEEABLE:
            break
        rest[k] = False
        off = (departure[k] - mean[k]) / sd[k]
        fits = np.flatnonzero((off > -ADDED_INWARD_SDS) & (off < ADDED_OUTWARD_SDS))
        if len(fits):
            out[k] = departure[k, fits[0]]
            gain = left[:, k] / left[k, k]
            mean, left = mean + gain * (out[k] - mean[k]), left - np.outer(gain, left[k])
    return out


def _going_together(outer: FloatArray, taken: BoolArray, covariance: FloatArray) -> BoolArray:
    """Of the stations taken those that agree; the one farthest off what the others say goes first."""
    taken = taken.copy()
    while taken.sum() > FEWEST:
        index = np.flatnonzero(taken)
        precision = np.linalg.inv(covariance[np.ix_(index, index)])
        off = precision @ outer[index] / np.sqrt(np.diag(precision))
        share = np.where(off > 0, off / OUTWARD_SDS, -off / INWARD_SDS)
        if share.max() < 1:
            break
        taken[index[int(np.argmax(share))]] = False
    return taken


def _told_by(values: FloatArray, taken: BoolArray, covariance: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean (k,) and covariance (k, k) of all stations, told by those taken."""
    gain = np.linalg.solve(covariance[np.ix_(taken, taken)], covariance[taken]).T
    return np.asarray(gain @ values), np.asarray(covariance - gain @ covariance[taken])
