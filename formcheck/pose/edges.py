"""The outline of trunk and thighs, moved from where the network's mask ends to where the picture's colours change.

The mask is 256 pixels wide whatever the picture is, and its edge lies off by a third of a pixel of it, more beside an
arm, alike at the same moment of every stride. Whoever reads the bend of a back from it, reads that too: half of the
error of lumbar extension was the mask's (``docs/lumbar.md``). Across the edge the picture itself knows better. At each
point of the outline a small patch is taken along it; inner and outer part tell which mix of red, green and blue tells
body from background there (Fisher's linear discriminant, 1936), and along that mix the edge is where half of the way
from the one to the other is gone. Where the two look alike the mask's edge stays.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from formcheck.pose import Pixels
from formcheck.skeleton import INDEX

LOWEST, HIGHEST, FARTHEST = -0.6, 1.3, 0.8
"""Trunk lengths up from mid-hip, and beside the trunk's line: the part of the outline that is moved."""
REACH, STEP = 0.04, 0.0025
"""Trunk lengths across the edge, each way, and between samples."""
UNSURE = 0.01
"""So near to the mask's edge samples are neither inside nor outside."""
ALONG = (-0.03, -0.015, 0.0, 0.015, 0.03)
"""Rows of the patch, trunk lengths along the outline."""
LEAST_APART = 2.0
"""Standard deviations that body and background must be apart."""
FARTHEST_MOVE = 0.02
"""Trunk lengths. A change of colours farther off is another edge."""
COLOUR_NOISE = 3.0
"""Of 255: what a camera's noise and compression leave of an even colour."""
SMALLEST_TRUNK_PX = 30.0
_SHOULDERS, _HIPS = ([INDEX[f"{side}_{joint}"] for side in ("left", "right")] for joint in ("shoulder", "hip"))
_ACROSS = np.arange(-REACH, REACH + STEP / 2, STEP)


def at_edges(image_rgb: npt.NDArray[np.uint8], outline_px: Pixels, xy_px: Pixels) -> Pixels:
    """The closed outline (n, 2) of a person with landmarks (33, 2), trunk and thighs moved to the picture's edges.

    It stops being true where clothes and background look alike (the mask's edge stays) and where a stripe of the
    clothes runs along their edge.
    """
    midhip, midshoulder = (xy_px[joints].mean(axis=0, dtype=np.float64) for joints in (_HIPS, _SHOULDERS))
    trunk_px = float(np.linalg.norm(midshoulder - midhip))
    if not trunk_px >= SMALLEST_TRUNK_PX:
        return outline_px
    up = (midshoulder - midhip) / trunk_px
    from_hip = (outline_px - midhip) / trunk_px
    height, beside = from_hip @ up, from_hip @ np.array([up[1], -up[0]])
    near = np.flatnonzero((height > LOWEST) & (height < HIGHEST) & (np.abs(beside) < FARTHEST))
    if not len(near):
        return outline_px
    along, outward = _directions(outline_px.astype(np.float64))
    patches = _patches(image_rgb, outline_px[near], along[near] * trunk_px, outward[near] * trunk_px)
    move = _edges(patches)
    moved = outline_px.astype(np.float64)
    moved[near] += trunk_px * move[:, None] * outward[near]
    return moved.astype(np.float32)


def _directions(outline_px: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Unit vectors (n, 2) along a closed outline and out of what it encloses."""
    before, behind = np.roll(outline_px, 1, axis=0), np.roll(outline_px, -1, axis=0)
    along = behind - before
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    area = float(np.sum(outline_px[:, 0] * behind[:, 1] - outline_px[:, 1] * behind[:, 0]))
    outward = np.stack([along[:, 1], -along[:, 0]], axis=1)
    return along, outward if area > 0 else -outward


def _patches(
    image_rgb: npt.NDArray[np.uint8], points: Pixels, along: npt.NDArray[Any], outward: npt.NDArray[Any]
) -> npt.NDArray[np.float32]:
    """(m, rows, across, 3) colours around points (m, 2), across from the inside to the outside."""
    at = (
        points[:, None, None]
        + np.asarray(ALONG)[None, :, None, None] * along[:, None, None]
        + _ACROSS[None, None, :, None] * outward[:, None, None]
    ).astype(np.float32)
    m, rows, across = at.shape[:3]
    x, y = (np.ascontiguousarray(at[..., k]).reshape(m, rows * across) for k in (0, 1))
    colours = cv2.remap(image_rgb, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(colours, dtype=np.float32).reshape(m, rows, across, 3)


def _edges(patches: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """(m,) how far outward of the middle of each patch the edge lies, trunk lengths; 0 where none is told."""
    (inner, inner_covariance), (outer, outer_covariance) = (
        _colours(patches[:, :, chosen]) for chosen in (_ACROSS < -UNSURE, _ACROSS > UNSURE)
    )
    middle, difference = (inner + outer) / 2, outer - inner
    covariance = (inner_covariance + outer_covariance) / 2 + COLOUR_NOISE**2 * np.eye(3, dtype=np.float32)
    mix = np.linalg.solve(covariance, difference[..., None])[..., 0]
    apart_squared = np.maximum(np.einsum("mi,mi->m", difference, mix), 1e-9)
    from_middle = (patches.mean(axis=1) - middle[:, None]) @ mix[..., None]
    across = from_middle[..., 0] / apart_squared[:, None]  # -1/2 where all is body, 1/2 where all is background
    move = -STEP * np.clip(across, -0.5, 0.5).sum(axis=1)
    told = (apart_squared >= LEAST_APART**2) & (np.abs(move) <= FARTHEST_MOVE)
    return np.where(told, move, 0.0).astype(np.float64)


def _colours(part: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Mean (m, 3) and covariance (m, 3, 3) of the colours of parts of patches (m, rows, n, 3)."""
    colours = part.reshape(len(part), -1, 3)
    mean = np.asarray(colours.mean(axis=1))
    departure = colours - mean[:, None]
    return mean, np.asarray(departure.transpose(0, 2, 1) @ departure / np.float32(colours.shape[1]))
