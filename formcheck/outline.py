"""The line of the back: where the outline of the mask runs behind the trunk, from mid-thigh to neck.

Everything is told in the trunk's own frame, so that lean, size, place and facing of the person drop out::

            neck    1.15
      shoulders --- 1   middle of the shoulder landmarks
                |
       behind + |       station: how far up from mid-hip, in trunk lengths
                |       offset:  how far the outline lies behind the line, in trunk lengths
           hips --- 0   middle of the hip landmarks
       mid-thigh  -0.45

A station which an arm covers is NaN, not guessed. It stops being true where the mask does: a jacket's back is taken for
the back, and a trunk turned more than some 15 degrees shows a shoulder blade or a hip instead of the back's middle.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from formcheck.records import BoolArray, FloatArray, PoseTrack
from formcheck.skeleton import INDEX, SIDES, index_of

STATIONS: FloatArray = np.round(np.arange(-0.45, 1.151, 0.05), 2)
ARM_RADIUS = 0.11
"""An outline this near to the middle of upper arm, forearm or hand, in trunk lengths, is that of the arm."""
UPPER_ARM_FROM = 0.4
"""Nearer to the shoulder the upper arm lies in front of the back, not behind it."""
HAND_REACH = 1.3
"""The hand ends this much farther from the wrist than the landmark at the root of the index finger."""
ARM_THICKNESS, TRUNK_THICKNESS = 0.32, 0.25
"""Trunk lengths: an arm is never thicker, a trunk never thinner."""
SHORTEST_RUN = 3
"""Stations in a row: what is seen of the back between two covered parts is told only when it is this long."""
MIN_TRUNK_PX = 12.0


@dataclass(frozen=True)
class BackLine:
    """The back of one person at every picture looked at."""

    time_s: FloatArray
    """(n,)."""
    offset: FloatArray
    """(n, k) at STATIONS: behind the line from mid-hip to mid-shoulder, trunk lengths; NaN: covered or not seen."""
    covered: BoolArray
    """(n, k) True where an arm hides the back."""
    trunk_px: FloatArray
    """(n,) mid-hip to mid-shoulder; NaN where nobody was found."""
    midhip_px: FloatArray
    """(n, 2)."""
    up: FloatArray
    """(n, 2) unit vector from mid-hip to mid-shoulder, in the picture."""
    behind: FloatArray
    """(n, 2) unit vector square to it, to the back."""

    def xy_px(self, frame: int) -> FloatArray:
        """(k, 2) the line in the picture; NaN where it is missing."""
        along = STATIONS[:, None] * self.up[frame] + self.offset[frame][:, None] * self.behind[frame]
        return np.asarray(self.midhip_px[frame] + self.trunk_px[frame] * along)


def back_line(pose: PoseTrack, back_is_left: bool | None = None) -> BackLine:
    """The back line at every look; standing, running, bending or lying, seen from the side.

    ``back_is_left``: whether, for someone who stands upright, the back is on the picture's left; None finds out from
    nose and feet over the whole track.
    """
    if back_is_left is None:
        back_is_left = faces_right(pose.xy_px)
    midhip, up, trunk = _trunk(pose.xy_px)
    sign = 1.0 if back_is_left else -1.0
    behind = sign * np.stack([up[:, 1], -up[:, 0]], axis=1)
    offset = np.full((len(trunk), len(STATIONS)), np.nan)
    covered = np.zeros(offset.shape, dtype=bool)
    for i in np.flatnonzero((trunk > MIN_TRUNK_PX) & (pose.outline_qpx[:, 0, 0] >= 0)):
        axes = np.stack([up[i], behind[i]], axis=1)
        outline = (pose.outline_qpx[i] / 4.0 - midhip[i]) @ axes / trunk[i]
        arms = (pose.xy_px[i, _ARMS] - midhip[i]) @ axes / trunk[i]
        offset[i], covered[i] = _read(outline, arms)
    return BackLine(pose.time_s, offset, covered, trunk, midhip, up, behind)


def faces_right(xy_px: FloatArray) -> bool:
    """Whether someone upright would face the picture's right: nose before the ears, toes before the heels.

    ``xy_px`` (n, 33, 2); both are told against the trunk's axis, so that it holds lying down too.
    """
    _, up, trunk = _trunk(xy_px)
    ahead = np.stack([-up[:, 1], up[:, 0]], axis=1)
    ears = (xy_px[:, INDEX["left_ear"]] + xy_px[:, INDEX["right_ear"]]) / 2
    votes = [xy_px[:, INDEX["nose"]] - ears]
    votes += [xy_px[:, index_of(s, "foot_index")] - xy_px[:, index_of(s, "heel")] for s in SIDES]
    told = np.stack([np.einsum("ni,ni->n", vote, ahead) / trunk for vote in votes])
    seen = told[np.isfinite(told)]
    return bool(len(seen) == 0 or np.median(seen) >= 0)


_ARMS = [index_of(side, joint) for side in SIDES for joint in ("shoulder", "elbow", "wrist", "index")]


def _trunk(xy_px: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mid-hip (n, 2), unit vector to mid-shoulder (n, 2) and their distance (n,)."""
    midhip, midshoulder = (
        (xy_px[:, INDEX[f"left_{joint}"]] + xy_px[:, INDEX[f"right_{joint}"]]) / 2 for joint in ("hip", "shoulder")
    )
    along = midshoulder - midhip
    trunk = np.linalg.norm(along, axis=1)
    return midhip, along / np.maximum(trunk, 1e-9)[:, None], trunk


def _read(outline: FloatArray, arms: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Offset and covered (k,) of one outline (m, 2), both it and the arms (8, 2) as (up, behind) in trunk lengths."""
    station, behind = _crossings(outline)
    on_arm = _near_arm(np.stack([STATIONS[station], behind], axis=1), arms)
    offset = np.full(len(STATIONS), np.nan)
    covered = np.zeros(len(STATIONS), dtype=bool)
    order = np.lexsort((-behind, station))
    station, behind, on_arm = station[order], behind[order], on_arm[order]
    first = np.flatnonzero(np.diff(station, prepend=-1))
    for start, end in zip(first, np.append(first[1:], len(station)), strict=True):
        offset[station[start]], covered[station[start]] = _back_among(behind[start:end], on_arm[start:end])
    doubtful = _doubtful(np.isfinite(offset))
    return np.where(doubtful, np.nan, offset), covered | (doubtful & np.isfinite(offset))


def _doubtful(seen: BoolArray) -> BoolArray:
    """(k,) True beside what is covered, where the outline turns from arm to back, and in shreds between two arms."""
    missing = np.concatenate([[False], ~seen, [False]])
    beside: BoolArray = missing[:-2] | missing[2:] | ~seen
    edges = np.flatnonzero(np.diff(np.concatenate([[True], beside, [True]]).astype(np.int8)))
    out: BoolArray = beside.copy()
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        out[start:end] |= end - start < SHORTEST_RUN
    return out


def _back_among(behind: FloatArray, on_arm: BoolArray) -> tuple[float, bool]:
    """The back among the places where the outline crosses one station, from behind to the front; whether covered.

    They alternate: out of the body, into it, out of it ... What is as thin as an arm and where an arm is, is passed by.
    """
    here = 0
    while on_arm[here] and here + 3 < len(behind) and behind[here] - behind[here + 1] < ARM_THICKNESS:
        here += 2
    thin = here + 1 < len(behind) and behind[here] - behind[here + 1] < TRUNK_THICKNESS
    passed_an_arm = here > 0
    if (on_arm[here] and not passed_an_arm) or (passed_an_arm and thin):
        return np.nan, True
    return float(behind[here]), False


def _crossings(outline: FloatArray) -> tuple[npt.NDArray[np.intp], FloatArray]:
    """Where the closed outline (m, 2) crosses the height of each station: index of the station, how far behind."""
    low, low_behind = outline[:, 0], outline[:, 1]
    high, high_behind = np.roll(low, -1), np.roll(low_behind, -1)
    edge, station = np.nonzero((low[:, None] <= STATIONS) != (high[:, None] <= STATIONS))
    share = (STATIONS[station] - low[edge]) / (high[edge] - low[edge])
    return station, low_behind[edge] + share * (high_behind[edge] - low_behind[edge])


def _near_arm(points: FloatArray, arms: FloatArray) -> BoolArray:
    """(p,) True for points (p, 2) within ARM_RADIUS of an arm; ``arms``: shoulder to index, both sides."""
    near = np.zeros(len(points), dtype=bool)
    for shoulder, elbow, wrist, finger in (arms[:4], arms[4:]):
        start = shoulder + UPPER_ARM_FROM * (elbow - shoulder)
        for a, b in ((start, elbow), (elbow, wrist), (wrist, wrist + HAND_REACH * (finger - wrist))):
            along = b - a
            share = np.clip((points - a) @ along / max(float(along @ along), 1e-9), 0.0, 1.0)
            near |= np.linalg.norm(points - a - share[:, None] * along, axis=1) < ARM_RADIUS
    return near
