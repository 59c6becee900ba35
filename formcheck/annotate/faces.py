"""The face made unrecognisable on every picture: what is left of it are a few patches of mean colour.

Where the head is comes from the landmarks that were found, before any smoothing. A picture that was not looked at is
covered by circles about the head in the looks around it, so that a head on the move stays inside; the longer the way to
the nearest look, the larger they grow. Landmarks that jumped to somewhere else cover that place *and* the head's usual
place. Where nobody was found for more than ``LOST_S``, nobody knows where a face might be: the whole picture is hidden.

Heads of others in the picture are hidden where they were found (``other_heads.py``); one that was not found stays, and
whoever asked is told so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import cv2
import numpy as np
import numpy.typing as npt
from scipy.ndimage import median_filter

from formcheck.annotate.other_heads import HeadLook, OtherHeads
from formcheck.annotate.rgb import RgbImage
from formcheck.planes import Planes
from formcheck.records import Analysis, FloatArray
from formcheck.skeleton import INDEX, SIDES

LOST_S = 1.0
"""Without a look for so long, before or after, the whole picture is hidden."""
NEAR_S = 0.08
"""All looks as near as this cover a picture, and always the last before and the first after it."""
GROWS_LEG_PER_S = 0.5
"""Heads of people who run or exercise move slower against their looks than this, in leg lengths."""
HEAD_LEG = 0.17
"""Radius that holds a head from its middle, in leg lengths: it is 0.13 of the height, the leg 0.49 (Winter 2009)."""
LEG_PER_TRUNK = 1.7
"""Hip to ankle over hip to shoulder (0.491 over 0.288 of the height, Winter 2009), for legs out of the picture."""
SPREAD = 1.7
"""Or so many times as far as the outermost point of the face lies from their middle, whichever is more."""
_FACE = range(INDEX["mouth_right"] + 1)
_CONTOUR = [
    (INDEX[f"{side}_{start}"], INDEX[f"{side}_{end}"])
    for side in SIDES
    for start, end in (
        ("shoulder", "elbow"), ("elbow", "wrist"), ("wrist", "index"), ("shoulder", "hip"), ("hip", "knee"),
        ("knee", "ankle"), ("ankle", "heel"), ("heel", "foot_index"),
    )
] + [(INDEX["left_shoulder"], INDEX["right_hip"]), (INDEX["right_shoulder"], INDEX["left_hip"])]  # fmt: skip
_THICK_LEG = 0.28
"""Width of a body's parts, in leg lengths, with some room."""
_MEDIAN_LOOKS = 9
_PATCHES = 4
"""Patches across a head: eyes, nose and mouth fall into one or two."""


def hiding(analysis: Analysis | None, looks: Sequence[HeadLook], width_px: int) -> Callable[[Planes, float], None]:
    """Hides faces on pictures ``width_px`` wide, given their times in the file; does nothing where nobody asked for it.

    ``looks`` are for the heads of others (``bystanders.py``). Times in the file are those of slow motion.
    """
    if analysis is None or not analysis.blur_face:
        return lambda picture, file_s: None
    faces, slow = Faces(analysis, width_px / analysis.video.width_px, looks), analysis.video.slow_motion
    return lambda picture, file_s: faces.hide(picture, file_s / slow)


class Faces:
    """Where the head of one analysed clip is; hides it on picture after picture, in place."""

    def __init__(self, analysis: Analysis, scale: float, looks: Sequence[HeadLook] = ()) -> None:
        """``scale``: width of the pictures to hide on over the width of those that were looked at.

        ``looks`` are for the heads of others.
        """
        track, leg_px = analysis.pose, _leg_px(analysis.pose.xy_px)
        seen = np.isfinite(track.xy_px[:, _FACE]).all(axis=(1, 2))
        found = [head_of(points, leg_px) for points in track.xy_px[seen]]
        self._time_s = track.time_s[seen]
        self._circles = scale * np.array(found, dtype=np.float64).reshape(-1, 3)
        self._usual = _steady(self._circles)
        self._leg_px = scale * leg_px
        self._others, self._scale = OtherHeads(looks, track, leg_px, analysis.video.slow_motion), scale

    def hide(self, picture: Planes, time_s: float) -> None:
        """Hide the head as it is at ``time_s`` seconds of real time."""
        circles = self._circles_at(time_s)
        if circles is None:
            _patch_all(picture.luma)
            _patch_all(picture.chroma)
            return
        for group in (circles, *self._others_at(time_s)):
            _patch(picture.luma, group)
            _patch(picture.chroma, group / 2)

    def hide_rgb(self, image: RgbImage, time_s: float) -> None:
        """The same on an RGB picture (h, w, 3)."""
        circles = self._circles_at(time_s)
        if circles is None:
            _patch_all(image)
            return
        for group in (circles, *self._others_at(time_s)):
            _patch(image, group)

    def _others_at(self, time_s: float) -> FloatArray:
        """(k, 1, 3) one circle for each of the others."""
        return self._scale * self._others.at(time_s)[:, None]

    def _circles_at(self, time_s: float) -> FloatArray | None:
        """(k, 3) x, y, radius in pixels; None where nobody knows."""
        if len(self._time_s) == 0:
            return None
        after = int(np.searchsorted(self._time_s, time_s))
        first, last = np.searchsorted(self._time_s, [time_s - NEAR_S, time_s + NEAR_S])
        chosen = np.arange(max(min(int(first), after - 1), 0), min(max(int(last), after + 1), len(self._time_s)))
        away_s = np.abs(self._time_s[chosen] - time_s)
        chosen, away_s = chosen[away_s <= LOST_S], away_s[away_s <= LOST_S]
        if len(chosen) == 0:
            return None
        circles = np.concatenate([self._circles[chosen], self._usual[chosen]])
        circles[:, 2] += GROWS_LEG_PER_S * self._leg_px * np.tile(away_s, 2)
        return circles


def hide_all_but_bodies(image: RgbImage, bodies: Iterable[npt.NDArray[np.float32]]) -> None:
    """Leave of the picture only the bodies of people just found (33, 2), without their heads, in place.

    For pictures that nobody has looked over for other people's heads.
    """
    filmed, shown = image.copy(), np.zeros(image.shape[:2], np.uint8)
    _patch_all(image)
    heads = []
    for body in bodies:
        leg_px = _leg_px(body[None])
        for start, end in _CONTOUR:
            ends = [tuple(int(value) for value in np.clip(body[i], -1e4, 1e4)) for i in (start, end)]
            cv2.line(shown, ends[0], ends[1], 255, max(round(_THICK_LEG * leg_px), 1))
        heads.append(head_of(np.asarray(body, np.float64), leg_px))
    image[shown > 0] = filmed[shown > 0]
    for head in heads:
        _patch(image, np.array([head]))


def head_of(points: FloatArray, leg_px: float) -> tuple[float, float, float]:
    """x, y and radius of a circle that holds the head, from one picture's landmarks (33, 2)."""
    face = points[_FACE]
    middle = (face.min(axis=0) + face.max(axis=0)) / 2
    spread = float(np.hypot(*(face - middle).T).max())
    return float(middle[0]), float(middle[1]), max(SPREAD * spread, HEAD_LEG * leg_px)


def _leg_px(xy_px: FloatArray | npt.NDArray[np.float32]) -> float:
    """Length of a leg: the longest of either side's own and of what the trunk tells, medians over the pictures.

    0 where none of them was ever seen.
    """
    at = {name: xy_px[:, index] for name, index in INDEX.items()}
    trunk = (at["left_shoulder"] + at["right_shoulder"] - at["left_hip"] - at["right_hip"]) / 2
    lengths = [LEG_PER_TRUNK * np.linalg.norm(trunk, axis=1)]
    for side in SIDES:
        hip, knee, ankle = (at[f"{side}_{joint}"] for joint in ("hip", "knee", "ankle"))
        lengths.append(np.linalg.norm(knee - hip, axis=1) + np.linalg.norm(ankle - knee, axis=1))
    return max(float(np.median(seen)) if len(seen := each[np.isfinite(each)]) else 0.0 for each in lengths)


def _steady(circles: FloatArray) -> FloatArray:
    """(k, 3) without single jumps."""
    return np.asarray(median_filter(circles, (_MEDIAN_LOOKS, 1), mode="nearest")) if len(circles) else circles


def _patch(plane: npt.NDArray[np.uint8], circles: FloatArray) -> None:
    """Discs (k, 3) of a picture or plane (h, w) or (h, w, c) made into few patches that run into one another."""
    radii = circles[:, 2:]
    left, top = np.maximum((circles[:, :2] - radii).min(axis=0).astype(int), 0)
    right, bottom = np.minimum((circles[:, :2] + radii).max(axis=0).astype(int) + 2, plane.shape[1::-1])
    if right <= left or bottom <= top:
        return
    view = plane[top:bottom, left:right]
    mask = np.zeros(view.shape[:2], np.uint8)
    for x, y, radius in circles:
        cv2.circle(mask, (round(x - left), round(y - top)), max(round(radius), 1), 255, -1)
    view[mask > 0] = _coarse(view, max(2 * float(radii.min()) / _PATCHES, 1.0))[mask > 0]


def _patch_all(plane: npt.NDArray[np.uint8]) -> None:
    plane[:] = _coarse(plane, max(plane.shape[:2]) / (2 * _PATCHES))


def _coarse(view: npt.NDArray[np.uint8], patch_px: float) -> npt.NDArray[np.uint8]:
    """Means of squares of that size, smoothed: nothing smaller is left in it."""
    high, wide = view.shape[:2]
    small = cv2.resize(
        view, (max(round(wide / patch_px), 1), max(round(high / patch_px), 1)), interpolation=cv2.INTER_AREA
    )
    return np.asarray(cv2.resize(small, (wide, high), interpolation=cv2.INTER_LINEAR), np.uint8).reshape(view.shape)
