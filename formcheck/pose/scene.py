"""What the pictures as a whole tell, from thumbnails: cuts, whether the camera moves, whether there is light."""

from __future__ import annotations

from collections import deque
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

RgbImage = npt.NDArray[np.uint8]
Thumbnail = npt.NDArray[np.float64]
_THUMBNAIL_PX = 24
_CUT_WITHIN_S = 0.4
"""A cut or cross-fade changes the picture within this time."""
_CUT_GREY_LEVELS = 40.0
"""Mean difference of two thumbnails ``_CUT_WITHIN_S`` apart. Real clips: cuts 59-80, a camera following a runner up to
33, treadmills up to 10."""
_MOVING_GREY_LEVELS = 5.0
"""SD over time of the quietest quarter of the thumbnail. Real clips: tripods and steady hands 0-3, moving ones 6-15."""
_DARK_GREY_LEVEL = 9.0
"""Mean of all pictures. A sample clip darkened to 12 still shows its runner in every picture, to 6 in none."""
_BLACK_GREY_LEVEL = 2.0
"""Rows and columns nowhere brighter are bars around the picture."""


class Scene:
    """What the pictures as a whole tell, from thumbnails: cuts, camera, light."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, Thumbnail]] = deque()
        self._changing_s: list[float] = []
        self._n = 0
        self._mean = np.zeros((_THUMBNAIL_PX, _THUMBNAIL_PX))
        self._square = np.zeros((_THUMBNAIL_PX, _THUMBNAIL_PX))

    def add(self, time_s: float, image: RgbImage) -> None:
        """The next picture."""
        size = (_THUMBNAIL_PX, _THUMBNAIL_PX)
        grey = cv2.resize(image[::2, ::2], size, interpolation=cv2.INTER_AREA).astype(np.float64).mean(axis=2)
        self._n += 1
        change = grey - self._mean
        self._mean += change / self._n
        self._square += change * (grey - self._mean)
        self._recent.append((time_s, grey))
        while len(self._recent) > 1 and self._recent[1][0] <= time_s - _CUT_WITHIN_S:
            self._recent.popleft()
        if float(np.abs(grey - self._recent[0][1]).mean()) > _CUT_GREY_LEVELS:
            self._changing_s.append(time_s)

    def camera(self) -> Literal["static", "moving"]:
        """Whether even the quietest quarter of the picture changes over the clip."""
        sd = np.sqrt(self._square / max(self._n, 1))
        return "moving" if float(np.percentile(sd, 25)) > _MOVING_GREY_LEVELS else "static"

    def is_dark(self) -> bool:
        """Whether the pictures are so dark that nobody in them could be found; False before the first."""
        if self._n == 0:
            return False
        lit = self._mean > _BLACK_GREY_LEVEL
        inside = self._mean[lit.any(axis=1)][:, lit.any(axis=0)]  # bars around the picture are no darkness
        return inside.size == 0 or float(inside.mean()) < _DARK_GREY_LEVEL

    def cuts_s(self) -> tuple[float, ...]:
        """Begin and end of every change of scene, seconds, increasing."""
        half = _CUT_WITHIN_S / 2
        edges: list[float] = []
        for time_s in self._changing_s:
            if edges and time_s - half <= edges[-1] + half:
                edges[-1] = time_s - half
            else:
                edges += [time_s - half, time_s - half]
        return tuple(edges)
