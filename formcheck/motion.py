"""A clip -> small pictures of it and what moves from each to the next, for what no pose network can follow.

Dense flow by inverse search (Kroeger et al. 2016, 10.1007/978-3-319-46493-0_29), some 10 ms a picture.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from formcheck.records import Motion
from formcheck.to_and_fro import Scene, to_and_fro
from formcheck.video import VideoInfo, read_frames

SIDE_PX, CELL_PX = 384, 16
RATE_HZ = 15.0
"""Pictures a second that are looked at: a knee needs a second to open."""
SMOOTH_PX, BLUR_PX = 1.2, 2.0
ABOVE_NOISE, LEAST_CHANGE = 2.0, 1.0
"""What moves changes the picture by so many times as much as most of it changes, by noise, and by so many grey levels.
Flow elsewhere is that of noise."""
_Grey = npt.NDArray[np.uint8]


def motion_in(
    path: Path, info: VideoInfo, slow_motion: float = 1.0, report: Callable[[float], None] | None = None
) -> Motion | None:
    """What goes up and comes down in the pictures of a clip, in real time; None without a clear movement of that kind.

    ``report`` is told the share done and may raise. Raises InputError as ``read_frames``.
    """
    step = max(1, round(info.frame_rate_hz * slow_motion / RATE_HZ))
    finder: Any = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    times, pictures, flow = [], [], []
    before: _Grey | None = None
    with read_frames(path, SIDE_PX, wanted=lambda index: index % step == 0) as frames:
        for frame in frames:
            if report is not None:
                report(min(frame.time_s / max(info.duration_s, 1e-9), 1.0))
            grey: Any = cv2.GaussianBlur(cv2.cvtColor(frame.image, cv2.COLOR_RGB2GRAY), (0, 0), SMOOTH_PX)
            times.append(frame.time_s / slow_motion)
            pictures.append(_in_cells(grey.astype(np.float32)))
            if before is not None:
                flow.append(_flow(finder, before, grey))
            before = grey
    if len(times) < 2:
        return None
    return to_and_fro(Scene(np.array(times), np.array(pictures, np.float64), np.array(flow)))


def _flow(finder: Any, before: _Grey, after: _Grey) -> npt.NDArray[np.float32]:
    """(h, w, 2) motion of each cell, shares of the longer side; what the whole picture does is the camera's."""
    found = finder.calc(before, after, None)
    changed = cv2.GaussianBlur(cv2.absdiff(before, after).astype(np.float32), (0, 0), BLUR_PX)
    found = found - np.median(found.reshape(-1, 2), axis=0)
    found[changed < np.maximum(ABOVE_NOISE * float(np.median(changed)), LEAST_CHANGE)] = 0.0
    return _in_cells(found) / np.float32(max(before.shape))


def _in_cells(picture: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Means of squares of ``CELL_PX``."""
    height, width = picture.shape[:2]
    size = max(width // CELL_PX, 1), max(height // CELL_PX, 1)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.float32)
