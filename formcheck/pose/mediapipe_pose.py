"""MediaPipe's PoseLandmarker as a pose finder: every picture alone.

Each picture alone (IMAGE mode) because the tracking of VIDEO mode smooths and lags: it doubled the error of the
near shank and delayed the thigh by 13 ms on rendered runners. Smoothing is done later with zero lag.
The import of MediaPipe takes most of a second and happens only when a finder is made.

MediaPipe's own library reports its use to its makers when a network is opened. Nothing may leave this machine, and the
library has no switch for it; what it does obey is the proxy in the process's environment (``keep_to_this_machine``).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
import numpy.typing as npt

from formcheck.models import model_bytes
from formcheck.pose import N_OUTLINE_POINTS, Person, Pixels
from formcheck.pose.edges import at_edges
from formcheck.records import FloatArray
from formcheck.skeleton import INDEX

Network = Literal["lite", "full", "heavy"]
_NOBODY = "http://127.0.0.1:9"
"""The discard port of this machine: whoever is sent there reaches nobody."""
_MIN_CONFIDENCE = 0.5
_OUTLINE_LEVEL = 0.5
_FINE_MASK_PX = 1024
_LEAST_HOLE = 0.001
"""Of the blob: smaller holes are left out of its outline."""
_TORSO = [INDEX[name] for name in ("left_shoulder", "right_shoulder", "left_hip", "right_hip")]


@dataclass(frozen=True)
class MediaPipeSettings:
    """What to build. ``n_people`` above 1 costs one more landmark pass for each person found."""

    network: Network = "heavy"
    n_people: int = 1
    with_outline: bool = True


class MediaPipePose:
    """A pose finder for one thread. Raises InputError ``model_missing`` or ``model_damaged``."""

    def __init__(self, settings: MediaPipeSettings) -> None:
        self._settings = settings
        self._landmarker = _make_landmarker(settings)

    def describe(self) -> str:
        """Network, mode and passes, as written into ``made_with``."""
        import mediapipe

        return f"mediapipe {mediapipe.__version__} {self._settings.network}, each picture alone"

    def find(self, image_rgb: npt.NDArray[np.uint8]) -> list[Person]:
        """People in the picture (h, w, 3), most prominent first."""
        import mediapipe as mp

        height, width = image_rgb.shape[:2]
        image_rgb = np.ascontiguousarray(image_rgb)  # MediaPipe ignores strides: padded rows would shear the picture
        result = self._landmarker.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=image_rgb))
        people = []
        for i, landmarks in enumerate(result.pose_landmarks):
            xy = np.array([(point.x * width, point.y * height) for point in landmarks], dtype=np.float32)
            visibility = np.array([point.visibility for point in landmarks], dtype=np.float32)
            mask = result.segmentation_masks[i] if result.segmentation_masks else None
            outline = None if mask is None else outline_of_mask(mask.numpy_view(), xy)
            people.append(Person(xy, visibility, None if outline is None else at_edges(image_rgb, outline, xy)))
        return people

    def close(self) -> None:
        """Free the network."""
        self._landmarker.close()


def keep_to_this_machine() -> None:
    """Send MediaPipe's reports to nobody, whatever proxy the user has set.

    The library's environment only (``os.putenv``): ``os.environ`` stays as it is.
    """
    for name in ("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        os.putenv(name, _NOBODY)
    for name in ("no_proxy", "NO_PROXY"):
        os.putenv(name, "nobody.invalid")


def _make_landmarker(settings: MediaPipeSettings) -> Any:
    keep_to_this_machine()
    import mediapipe  # noqa: F401  (the tasks package alone fails with a circular import)
    from mediapipe.tasks.python import BaseOptions, vision

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_buffer=model_bytes(settings.network)),
        running_mode=vision.RunningMode.IMAGE,
        num_poses=settings.n_people,
        min_pose_detection_confidence=_MIN_CONFIDENCE,
        min_pose_presence_confidence=_MIN_CONFIDENCE,
        output_segmentation_masks=settings.with_outline,
    )
    return vision.PoseLandmarker.create_from_options(options)


def outline_of_mask(mask: npt.NDArray[np.float32], xy_px: Pixels) -> Pixels | None:
    """Closed outline (N_OUTLINE_POINTS, 2) of the blob of the mask that holds the torso, evenly spaced.

    ``mask`` is (h, w) or (h, w, 1) in 0..1. None when there is no blob. A small mask, as the network makes it, is
    drawn larger first: where it crosses its level lies between its pixels, and the back is some hundred pixels long.
    """
    whole: npt.NDArray[Any] = np.squeeze(mask)
    finer = max(1, _FINE_MASK_PX // max(whole.shape))
    fine, corner = _around_person(whole)
    if finer > 1:
        fine = cv2.resize(fine, None, fx=finer, fy=finer, interpolation=cv2.INTER_LINEAR)
    inside = (fine > _OUTLINE_LEVEL).astype(np.uint8)
    found, tree = cv2.findContours(inside, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    contours: list[npt.NDArray[Any]] = [np.asarray(contour) for contour in found]
    outer = [i for i in range(len(contours)) if tree[0][i][3] < 0]
    if not outer:
        return None
    middle = tuple(float((value + 0.5) * finer - 0.5) for value in xy_px[_TORSO].mean(axis=0) - corner)
    best = max(outer, key=lambda i: (cv2.pointPolygonTest(contours[i], middle, False) >= 0, _area(contours[i])))
    if _area(contours[best]) <= finer**2:
        return None
    holes = [c for c, branch in zip(contours, tree[0], strict=True) if branch[3] == best]
    joined = _with_holes(
        contours[best][:, 0], [c[:, 0] for c in holes if _area(c) > _LEAST_HOLE * _area(contours[best])]
    )
    return _resample_closed((joined + 0.5) / finer - 0.5 + corner, N_OUTLINE_POINTS)


def _around_person(mask: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[np.float32]]:
    """The part of the mask with all that is inside, and a pixel or two more; (2,) its left upper corner (x, y)."""
    inside = mask > _OUTLINE_LEVEL
    (left, right), (top, bottom) = (_ends(np.asarray(inside.any(axis=axis))) for axis in (0, 1))
    return mask[top:bottom, left:right], np.array([left, top], np.float32)


def _ends(taken: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """From before the first to behind the last, with room for what a larger drawing makes of the neighbours."""
    indices = np.flatnonzero(taken)
    if not len(indices):
        return 0, len(taken)
    return max(int(indices[0]) - 2, 0), min(int(indices[-1]) + 3, len(taken))


def _area(contour: npt.NDArray[Any]) -> float:
    return float(cv2.contourArea(contour))


def _with_holes(outer: npt.NDArray[Any], holes: list[npt.NDArray[Any]]) -> FloatArray:
    """One closed line round a blob (n, 2) and its holes, each reached and left again where it is nearest.

    An arm that rests on the hip encloses the small of the back: only the hole's edge shows it.
    """
    line = outer.astype(np.float64)
    for hole in holes:
        coarse = hole[::4].astype(np.float64)
        apart = np.linalg.norm(line[::4, None] - coarse[None], axis=2)
        i, j = (4 * int(k) for k in np.unravel_index(int(apart.argmin()), apart.shape))
        line = np.concatenate([line[: i + 1], hole[j:], hole[: j + 1], line[i:]])
    return line


def _resample_closed(points: FloatArray, n: int) -> Pixels | None:
    closed = np.vstack([points, points[:1]])
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(closed, axis=0), axis=1))])
    if along[-1] <= 0:
        return None
    wanted = np.linspace(0, along[-1], n, endpoint=False)
    return np.stack([np.interp(wanted, along, closed[:, k]) for k in (0, 1)], axis=1).astype(np.float32)
