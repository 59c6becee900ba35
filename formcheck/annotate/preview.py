"""The picture being worked on, small, with whoever was found in it: something to see while an analysis runs."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from formcheck.annotate.body import draw_body, line_size
from formcheck.annotate.brush import Brush
from formcheck.annotate.rgb import RgbImage, planes_of, rgb_of
from formcheck.annotate.timeline import Pose
from formcheck.annotate.typeface import Typeface
from formcheck.records import FloatArray
from formcheck.skeleton import INDEX, SIDES, Side, index_of

PREVIEW_SIDE_PX = 640
_JPEG_QUALITY = 75
_LEG = ("hip", "knee", "ankle")

Body = npt.NDArray[np.float32]
"""Landmarks (33, 2) in pixels of the whole picture."""


def preview_jpeg(image_rgb: RgbImage, bodies: Sequence[Body]) -> bytes:
    """A JPEG of ``image_rgb`` (h, w, 3), which is left as it is, at most ``PREVIEW_SIDE_PX`` on its longer side.

    What is drawn are raw landmarks of this one picture; the near leg is told by where nose and toes point.
    """
    small = _shrunk(image_rgb, PREVIEW_SIDE_PX)
    scale = small.shape[1] / image_rgb.shape[1]
    picture, face = planes_of(small), Typeface()
    for xy_px in bodies:
        near = _near_side(xy_px)
        pose = _pose(scale * np.asarray(xy_px, dtype=np.float64), near)
        draw_body(Brush(picture, face, line_size(pose, min(small.shape[:2]))), pose, near)
    shown = rgb_of(picture, *small.shape[1::-1])
    _, encoded = cv2.imencode(".jpg", shown[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return encoded.tobytes()


def _shrunk(image_rgb: RgbImage, side_px: int) -> RgbImage:
    """A copy, no larger than that."""
    height, width = image_rgb.shape[:2]
    scale = min(1.0, side_px / max(height, width))
    small = np.empty((max(round(scale * height), 1), max(round(scale * width), 1), 3), np.uint8)
    cv2.resize(image_rgb, small.shape[1::-1], dst=small, interpolation=cv2.INTER_AREA)
    return small


def _near_side(xy_px: Body) -> Side:
    """A camera on the runner's right sees a runner who faces right."""
    ears, toes, heels = ([INDEX[f"{side}_{name}"] for side in SIDES] for name in ("ear", "foot_index", "heel"))
    ahead_px = float(xy_px[INDEX["nose"], 0] - xy_px[ears, 0].mean() + (xy_px[toes, 0] - xy_px[heels, 0]).mean())
    return "right" if ahead_px > 0 else "left"


def _pose(xy_px: FloatArray, near: Side) -> Pose:
    bones = np.diff(xy_px[[index_of(near, joint) for joint in _LEG]], axis=0)
    leg_px = float(np.hypot(*bones.T).sum())
    return Pose(xy_px, np.ones(len(xy_px)), np.array([0.0, -1.0]), np.full(2, np.nan), leg_px)
