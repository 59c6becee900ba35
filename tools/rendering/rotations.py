"""Rotation matrices for arrays of angles (degrees), and small matrix helpers. NumPy only."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def _blank(angle_deg: ArrayLike) -> tuple[Array, Array, Array]:
    angle = np.radians(np.asarray(angle_deg, float))
    return np.zeros((*angle.shape, 3, 3)), np.cos(angle), np.sin(angle)


def about_x(angle_deg: ArrayLike) -> Array:
    """(..., 3, 3) rotation about X (forward): + lifts the left side."""
    matrix, c, s = _blank(angle_deg)
    matrix[..., 0, 0] = 1.0
    matrix[..., 1, 1], matrix[..., 1, 2] = c, -s
    matrix[..., 2, 1], matrix[..., 2, 2] = s, c
    return matrix


def about_y(angle_deg: ArrayLike) -> Array:
    """(..., 3, 3) rotation about Y (left): + tips the top forward and swings a hanging limb backward."""
    matrix, c, s = _blank(angle_deg)
    matrix[..., 1, 1] = 1.0
    matrix[..., 0, 0], matrix[..., 0, 2] = c, s
    matrix[..., 2, 0], matrix[..., 2, 2] = -s, c
    return matrix


def about_z(angle_deg: ArrayLike) -> Array:
    """(..., 3, 3) rotation about Z (up): + turns to the left."""
    matrix, c, s = _blank(angle_deg)
    matrix[..., 2, 2] = 1.0
    matrix[..., 0, 0], matrix[..., 0, 1] = c, -s
    matrix[..., 1, 0], matrix[..., 1, 1] = s, c
    return matrix


def apply(matrix: Array, vector: ArrayLike) -> Array:
    """Rotate one vector (3,) or one per matrix (..., 3) by (..., 3, 3)."""
    return np.einsum("...ij,...j->...i", matrix, np.broadcast_to(np.asarray(vector, float), matrix.shape[:-1]))


def blend(first: Array, second: Array, share: float) -> Array:
    """Rotation part way from first to second (share 0..1); good for angles well below 180 degrees."""
    u, _, vt = np.linalg.svd((1.0 - share) * first + share * second)
    return u @ vt


def frame(down: Array, left: Array) -> Array:
    """(3, 3) matrix whose columns are the X, Y, Z axes of a segment that hangs along ``down``.

    ``left`` is only a hint: the part of it along the segment is taken off.
    """
    z = -down / np.linalg.norm(down)
    y = left - (left @ z) * z
    y /= np.linalg.norm(y)
    return np.stack([np.cross(y, z), y, z], axis=1)
