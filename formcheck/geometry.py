"""Angles and distances of landmark tracks. Arrays in, arrays out; NaN in, NaN out; nothing is filled or smoothed.

Points are (..., 2) with x forward (the way the runner faces) and y UP, any unit of length. ``signals.py`` turns
the picture's pixels into such coordinates.
"""

from __future__ import annotations

import numpy as np

from formcheck.records import FloatArray

NORMAL_MEDIAN = 0.6745
"""Median of the absolute values of a standard normal distribution: what a median of departures is divided by."""


def lean_deg(lower: FloatArray, upper: FloatArray) -> FloatArray:
    """Angle of the line from ``lower`` to ``upper`` against the vertical; upper end forward +. (...,) degrees.

    Within -180..180; for trunk lean pass mid-hip and mid-shoulder.
    """
    d = upper - lower
    return np.asarray(np.degrees(np.arctan2(d[..., 0], d[..., 1])))


def behind_deg(upper: FloatArray, lower: FloatArray) -> FloatArray:
    """Angle of the line from ``upper`` down to ``lower`` against the vertical; lower end BEHIND +. (...,) degrees.

    For the thigh pass hip and knee: extension of the thigh against the vertical, not of the hip joint.
    """
    d = lower - upper
    return np.asarray(np.degrees(np.arctan2(-d[..., 0], -d[..., 1])))


def flexion_deg(proximal: FloatArray, joint: FloatArray, distal: FloatArray) -> FloatArray:
    """Signed bend at ``joint``: 0 straight, + when the distal end is folded backward (a knee's flexion). Degrees."""
    bend = behind_deg(joint, distal) - behind_deg(proximal, joint)
    return np.asarray((bend + 180.0) % 360.0 - 180.0)


def slope_deg(rear: FloatArray, front: FloatArray) -> FloatArray:
    """Angle of the line from ``rear`` to ``front`` against the horizontal; front end up +. (...,) degrees."""
    d = front - rear
    return np.asarray(np.degrees(np.arctan2(d[..., 1], d[..., 0])))


def length(first: FloatArray, second: FloatArray) -> FloatArray:
    """Distance between two tracks, in their unit. (...,)."""
    return np.asarray(np.linalg.norm(second - first, axis=-1))


def rotate_deg(points: FloatArray, angle_deg: float) -> FloatArray:
    """Points turned by ``angle_deg``, counter-clockwise + (y up)."""
    c, s = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    return np.asarray(points @ np.array([[c, s], [-s, c]]))
