"""The lines of back and front: where the outline of the mask runs behind and before the trunk, from mid-thigh to neck.

Everything is told in the trunk's own frame, so that lean, size, place and facing of the person drop out::

            neck    1.15
      shoulders --- 1   middle of the shoulder landmarks
                |
       behind + |       station: how far up from mid-hip, in trunk lengths
                |       offset:  how far the outline lies behind the line (front: before it), in trunk lengths
           hips --- 0   middle of the hip landmarks
       mid-thigh  -0.45

Which of the places where the outline crosses a station are the back, and which an arm, ``back_reading.py`` tells. It
stops being true where the mask does: a jacket's back is taken for the back, and a trunk turned more than some 15
degrees shows a shoulder blade or a hip instead of the back's middle.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from formcheck.records import FloatArray, PoseTrack
from formcheck.skeleton import INDEX, SIDES, index_of

FRONT_FROM, FRONT_TO = -0.01, 0.96
"""Of the front: lower lies the thigh that swings forward, higher the chin."""
STATIONS: FloatArray = np.round(np.arange(-0.45, 1.151, 0.05), 2)
FRONT_STATIONS: FloatArray = STATIONS[(STATIONS >= FRONT_FROM) & (STATIONS <= FRONT_TO)]
UPPER_ARM_FROM = 0.35
"""Nearer to the shoulder the upper arm lies beside the trunk, neither behind nor before it."""
HAND_REACH = 1.3
"""The hand ends this much farther from the wrist than the landmark at the root of the index finger."""
MIN_TRUNK_PX = 12.0
ARM_HALF_THICKNESS = 0.08
"""Trunk lengths: how far the outline of an arm lies from its middle."""
_ARM_STEPS = np.linspace(0.0, 1.0, 12)


@dataclass(frozen=True)
class BackLine:
    """The back of one person at every picture looked at."""

    time_s: FloatArray
    """(n,)."""
    crossings: FloatArray
    """(n, k, 2) where the outline crosses each of STATIONS coming from behind, in trunk lengths behind the line from
    mid-hip to mid-shoulder (front: before it, ``trunk_lines``): outermost, and behind the next gap; NaN: no such
    place."""
    arm_edge: FloatArray
    """(n, k) how far behind the arms reach by their landmarks; -inf where none is at that height."""
    trunk_px: FloatArray
    """(n,) mid-hip to mid-shoulder; NaN where nobody was found."""
    midhip_px: FloatArray
    """(n, 2)."""
    up: FloatArray
    """(n, 2) unit vector from mid-hip to mid-shoulder, in the picture."""
    behind: FloatArray
    """(n, 2) unit vector square to it, to the back."""

    def xy_px(self, frame: int, offset: FloatArray) -> FloatArray:
        """(k, 2) the line with these offsets (k,) in the picture; NaN where they are."""
        along = STATIONS[:, None] * self.up[frame] + offset[:, None] * self.behind[frame]
        return np.asarray(self.midhip_px[frame] + self.trunk_px[frame] * along)


def back_line(pose: PoseTrack, back_is_left: bool | None = None) -> BackLine:
    """The back line at every look; standing, running, bending or lying, seen from the side.

    ``back_is_left``: whether, for someone who stands upright, the back is on the picture's left; None finds out from
    nose and feet over the whole track.
    """
    if back_is_left is None:
        back_is_left = faces_right(pose.xy_px)
    midhip, up, behind, trunk = trunk_frame(pose.xy_px, back_is_left)
    crossings = np.full((len(trunk), len(STATIONS), 2), np.nan)
    arm_edge = np.full(crossings.shape[:2], -np.inf)
    for i in np.flatnonzero((trunk > MIN_TRUNK_PX) & (pose.outline_qpx[:, 0, 0] >= 0)):
        axes = np.stack([up[i], behind[i]], axis=1)
        outline = (pose.outline_qpx[i] / 4.0 - midhip[i]) @ axes / trunk[i]
        arms = (pose.xy_px[i, _ARMS] - midhip[i]) @ axes / trunk[i]
        crossings[i], arm_edge[i] = _from_behind(*_crossings(outline)), _arm_edge(arms)
    return BackLine(pose.time_s, crossings, arm_edge, trunk, midhip, up, behind)


def trunk_lines(pose: PoseTrack, back_is_left: bool) -> BackLine:
    """Back at STATIONS and then front at FRONT_STATIONS, as if they were stations of one line; outward + for both."""
    back, front = back_line(pose, back_is_left), back_line(pose, not back_is_left)
    here = np.isin(STATIONS, FRONT_STATIONS)
    return replace(
        back,
        crossings=np.concatenate([back.crossings, front.crossings[:, here]], axis=1),
        arm_edge=np.concatenate([back.arm_edge, front.arm_edge[:, here]], axis=1),
    )


def stations_apart() -> FloatArray:
    """(k, k) how many stations lie between two of ``trunk_lines``; between back and front: more than on either."""
    place = np.concatenate([STATIONS, FRONT_STATIONS + 100.0]) / (STATIONS[1] - STATIONS[0])
    return np.asarray(np.abs(np.subtract.outer(place, place)))


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


def trunk_frame(xy_px: FloatArray, back_is_left: bool) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Mid-hip (n, 2), unit vectors up the trunk and to the back (n, 2), and the trunk's length (n,), in pixels."""
    midhip, up, trunk = _trunk(xy_px)
    sign = 1.0 if back_is_left else -1.0
    return midhip, up, sign * np.stack([up[:, 1], -up[:, 0]], axis=1), trunk


def _trunk(xy_px: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mid-hip (n, 2), unit vector to mid-shoulder (n, 2) and their distance (n,)."""
    midhip, midshoulder = (
        (xy_px[:, INDEX[f"left_{joint}"]] + xy_px[:, INDEX[f"right_{joint}"]]) / 2 for joint in ("hip", "shoulder")
    )
    along = midshoulder - midhip
    trunk = np.linalg.norm(along, axis=1)
    return midhip, along / np.maximum(trunk, 1e-9)[:, None], trunk


def _from_behind(station: npt.NDArray[np.intp], behind: FloatArray) -> FloatArray:
    """(k, 2) at each station the outermost crossing and the third: into the body again behind a gap."""
    out = np.full((len(STATIONS), 2), np.nan)
    for k in range(len(STATIONS)):
        inward = np.sort(behind[station == k])[::-1][:3:2]
        out[k, : len(inward)] = inward
    return out


def _arm_edge(arms: FloatArray) -> FloatArray:
    """(k,) how far behind two arms (8, 2) of even thickness would reach at each station; -inf: none there."""
    middles = []
    for shoulder, elbow, wrist, finger in (arms[:4], arms[4:]):
        start = shoulder + UPPER_ARM_FROM * (elbow - shoulder)
        for a, b in ((start, elbow), (elbow, wrist), (wrist, wrist + HAND_REACH * (finger - wrist))):
            middles.append(a + _ARM_STEPS[:, None] * (b - a))
    middle = np.concatenate(middles)
    square = ARM_HALF_THICKNESS**2 - (STATIONS - middle[:, :1]) ** 2
    reach = np.where(square > 0, middle[:, 1:] + np.sqrt(np.maximum(square, 0.0)), -np.inf)
    return np.asarray(reach.max(axis=0))


def _crossings(outline: FloatArray) -> tuple[npt.NDArray[np.intp], FloatArray]:
    """Where the closed outline (m, 2) crosses the height of each station: index of the station, how far behind."""
    low, low_behind = outline[:, 0], outline[:, 1]
    high, high_behind = np.roll(low, -1), np.roll(low_behind, -1)
    edge, station = np.nonzero((low[:, None] <= STATIONS) != (high[:, None] <= STATIONS))
    share = (STATIONS[station] - low[edge]) / (high[edge] - low[edge])
    return station, low_behind[edge] + share * (high_behind[edge] - low_behind[edge])
