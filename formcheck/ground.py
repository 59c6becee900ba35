"""The belt under a runner filmed from the side: where it lies in the picture.

Points are (n, 33, 2) pixels with x forward and y up.
"""

from __future__ import annotations

import numpy as np

from formcheck.records import BoolArray, FloatArray
from formcheck.skeleton import Side, index_of

LEVEL_NOISE_DEG, MAX_LEVEL_DEG = 2.0, 12.0
"""On the rendered samples, all level within 0.6 deg, the toes' path slopes by up to 1.1 deg."""


def belt_level_deg(points: FloatArray, side: Side, leg_px: float, rate_hz: float) -> float:
    """Slope of the path of the near toe while it moves backward at the belt's speed; forward end up +.

    0 when the stance foot covers less than a third of a leg length of the picture (nothing to fit), when the slope is
    within what the landmarks themselves make on a level belt, or when it is too steep for a camera beside a treadmill.
    """
    toe = points[:, index_of(side, "foot_index")]
    in_stance = stance_like(toe, rate_hz)
    if in_stance.sum() < 10 or np.ptp(toe[in_stance, 0]) < leg_px / 3:
        return 0.0
    x, y = toe[in_stance, 0], toe[in_stance, 1]
    slope = 0.0
    for _ in range(4):
        slope, offset = np.polyfit(x, y, 1)
        residual = np.abs(y - slope * x - offset)
        keep = residual <= max(2.0 * float(np.median(residual)), 0.005 * leg_px)
        x, y = x[keep], y[keep]
    level = float(np.degrees(np.arctan(slope)))
    return level if LEVEL_NOISE_DEG <= abs(level) <= MAX_LEVEL_DEG else 0.0


def stance_like(toe: FloatArray, rate_hz: float) -> BoolArray:
    """Frames in which the toe is low and moves backward near its most usual backward speed. (m,) bool."""
    vx = np.gradient(toe[:, 0]) * rate_hz
    good = np.isfinite(vx)
    if good.sum() < 10:
        return np.zeros(len(vx), dtype=bool)
    low = good & (toe[:, 1] < np.nanpercentile(toe[:, 1], 35))
    backward = low & (vx < 0)
    if backward.sum() < 10:
        return np.zeros(len(vx), dtype=bool)
    usual = np.median(vx[backward])
    return np.asarray(backward & (np.abs(vx - usual) < 0.2 * abs(usual)))
