"""Heads of others than the one analysed, from looks at some pictures: where they are at any time between.

Looks are joined into people by where they are, and between two looks a head is on the straight way from one to the
other. A head that was seen once only counts where the detector was sure of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from formcheck.records import FloatArray, PoseTrack
from formcheck.skeleton import INDEX, SIDES, index_of

SURE = 0.65
"""A head seen once only counts from this score on."""
STAYS_S = 3.0
"""Unseen for so long, somebody in the same place is taken to have been there all the time."""
WALKS_S, WALKS_RADII_PER_S = 1.2, 8.0
"""And for so long, somebody who went at most so far. A walker's head goes 1.4 m a second, its radius is 0.15 m."""
HOLDS_S, GROWS_RADII_PER_S = 0.75, 2.0
"""Before the first and after the last look at somebody the place stays hidden so long, larger all the time."""
ROOM = 1.15
_ON_LIMB_LEG, _ON_TRUNK_LEG = 0.1, 0.2
"""What is found so near to a limb, or to trunk and head, of the one analysed is part of that body: a shoe, a fist."""


@dataclass(frozen=True)
class HeadLook:
    """The heads found in one picture, anybody's."""

    time_s: float
    """As the clip plays."""
    heads: FloatArray
    """(k, 4) x, y, radius in pixels of the upright clip, and how sure 0..1."""


@dataclass
class _Other:
    """One head over the looks at it."""

    time_s: list[float] = field(default_factory=list)
    seen: list[FloatArray] = field(default_factory=list)

    def counts(self) -> bool:
        return len(self.seen) > 1 or bool(self.seen[0][3] >= SURE)

    def reaches(self, time_s: float, head: FloatArray) -> float | None:
        """How far away in radii, where it can be the same head."""
        away_s, last = time_s - self.time_s[-1], self.seen[-1]
        radius = max(float(last[2]), float(head[2]))
        apart = float(np.hypot(*(head - last)[:2])) / radius
        stayed = away_s <= STAYS_S and apart <= 1.0
        walked = away_s <= WALKS_S and apart <= 1.0 + WALKS_RADII_PER_S * away_s
        return apart if stayed or walked else None

    def at(self, time_s: float) -> FloatArray | None:
        """x, y, radius; None where it was not seen around that time."""
        beyond_s = max(self.time_s[0] - time_s, time_s - self.time_s[-1], 0.0)
        if beyond_s > HOLDS_S:
            return None
        seen = np.array(self.seen)
        x, y, radius = (np.interp(time_s, self.time_s, seen[:, k]) for k in range(3))
        return np.array([x, y, radius * (ROOM + GROWS_RADII_PER_S * beyond_s)])


class OtherHeads:
    """Where the heads of others are in one analysed clip."""

    def __init__(self, looks: Sequence[HeadLook], track: PoseTrack, leg_px: float, slow_motion: float) -> None:
        """``track`` is of the one analysed, whose own body does not count; times are real time from here on."""
        self._others: list[_Other] = []
        for look in looks:
            time_s = look.time_s / slow_motion
            body = _body_at(track, time_s)
            self._follow(time_s, [head for head in look.heads if body is None or not _belongs(head, body, leg_px)])
        self._others = [other for other in self._others if other.counts()]

    def at(self, time_s: float) -> FloatArray:
        """(k, 3) x, y, radius in pixels of the upright clip at ``time_s`` seconds of real time."""
        found = [circle for other in self._others if (circle := other.at(time_s)) is not None]
        return np.array(found, dtype=np.float64).reshape(-1, 3)

    def _follow(self, time_s: float, heads: list[FloatArray]) -> None:
        pairs = [
            (apart, n, other)
            for other in self._others
            for n, head in enumerate(heads)
            if (apart := other.reaches(time_s, head)) is not None
        ]
        waiting = set(range(len(heads)))
        for _, n, other in sorted(pairs, key=lambda pair: pair[0]):
            if n in waiting and other.time_s[-1] < time_s:
                waiting.remove(n)
                other.time_s.append(time_s)
                other.seen.append(heads[n])
        self._others += [_Other([time_s], [heads[n]]) for n in sorted(waiting)]


def _body_at(track: PoseTrack, time_s: float) -> FloatArray | None:
    """(33, 2) of the nearest look at the one analysed; None where there was none near."""
    seen = np.flatnonzero(np.isfinite(track.xy_px).all(axis=(1, 2)))
    if len(seen) == 0:
        return None
    nearest = seen[int(np.argmin(np.abs(track.time_s[seen] - time_s)))]
    return track.xy_px[nearest] if abs(track.time_s[nearest] - time_s) <= HOLDS_S else None


def _belongs(head: FloatArray, body: FloatArray, leg_px: float) -> bool:
    """Whether a head was found on the body of the one analysed."""
    place = head[:2]
    limbs, trunk = _bones(body)
    return _distance(place, limbs) <= _ON_LIMB_LEG * leg_px or _distance(place, trunk) <= _ON_TRUNK_LEG * leg_px


def _bones(body: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(k, 2, 2) ends of the bones of arms and legs, and of the trunk with neck and head."""
    joints = ("shoulder", "elbow", "wrist", "index"), ("hip", "knee", "ankle", "foot_index")
    chains = [[body[index_of(side, joint)] for joint in chain] for side in SIDES for chain in joints]
    limbs = [ends for chain in chains for ends in pairwise(chain)]
    shoulders, hips = (
        (body[INDEX[f"left_{joint}"]] + body[INDEX[f"right_{joint}"]]) / 2 for joint in ("shoulder", "hip")
    )
    return np.array(limbs), np.array([(shoulders, hips), (body[INDEX["nose"]], shoulders)])


def _distance(place: FloatArray, bones: FloatArray) -> float:
    """From a point to the nearest of the bones (k, 2, 2), pixels."""
    start, along = bones[:, 0], bones[:, 1] - bones[:, 0]
    length_2: npt.NDArray[np.float64] = np.maximum((along**2).sum(axis=1), 1e-9)
    share = np.clip(((place - start) * along).sum(axis=1) / length_2, 0.0, 1.0)
    return float(np.hypot(*(place - start - share[:, None] * along).T).min())
