"""How the camera beside the belt stands: is the picture level, and does it look square at the runner?

Points are (n, 33, 2) pixels with x forward (the way the runner faces) and y up.

Two things slope the belt in the picture: a phone that is not level, and a camera that has walked around the runner
and looks down on a belt that then runs toward it or away from it. The hips tell them apart. Seen square, the two hip
joints lie behind each other; seen from ahead, the near one appears behind the far one. Averaged over strides, the
pelvis of runners points straight ahead within 1.2 deg (SD; 7 runners at three speeds, motion capture).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from formcheck.geometry import rotate_deg
from formcheck.records import BoolArray, FloatArray
from formcheck.repair import runs
from formcheck.skeleton import SIDES, Side, index_of, leg_indices, other

MAX_LEVEL_DEG = 12.0
MAX_YAW_DEG = 30.0
BESIDE_MIDDLE_LEG: dict[str, float] = {"hip": 0.097, "knee": 0.080, "ankle": 0.048, "heel": 0.026, "foot_index": 0.062}
"""How far each joint is from the body's middle plane, in leg lengths: means of 7 runners on motion capture."""
YAW_TRUST = 0.8
"""Share of an estimated yaw that is believed: its error is some 2 deg (SD), and cameras stand some 5 deg off square."""
LENS_UP_PER_DISTANCE = 0.2
"""Height of the lens over its distance: at hip height and 4-5 m away. From 3 to 5 m and 0.7 to 1.2 m it is 0.14-0.4."""
PHONE_TILT_SD_DEG = 2.0
LEAST_ERROR_DEG, ONE_FOOT_ERROR_DEG = 0.6, 1.2
"""Of the slope, through the pose network: two feet that agree (0.5 deg on the sample runners, 1.4 on rendered clips of
real kinematics), one foot."""
STANCE_FROM, STANCE_TO = 0.05, 1.05
"""While a network's toe is on the belt, as shares of the contact time found."""
NEAR_SINKS_DEG, FAR_SINKS_DEG = -0.1, 0.9
"""In that time its path rises backward by so much on a level belt: means of 42 rendered runners (tuning clips of the
bench and others like them), SD 1.0 and 1.3. A whole stance is a longer path than what speed and height of the toe leave
of it (``ToeOnBelt``): with it the phone's tilt is wrong by 0.7 degrees (RMS; 1.5 at most) instead of 0.9 (3.2)."""
FEET_APART_DEG = 1.2
"""The two feet's slopes over whole stances usually differ by so much (mean of those runners): no reason for doubt."""
SHORTEST_STANCE_S = 0.1
_STEPS = 4


Stances = Sequence[tuple[float, float]]
"""Contact and toe-off of each, seconds."""


class ToeOnBelt(NamedTuple):
    """How a toe is known to be on the belt, and how it moves there."""

    slowest_share: float
    """Of the belt's speed: it goes backward with at least so much, ..."""
    low_pct: float
    """... lower than in this percentage of the clip."""
    sinks_deg: float
    """On a level belt its path rises backward by so much, as the heel lifts."""


EXACT_TOE = (ToeOnBelt(0.85, 45, 0.5),)
"""Of markers, whose path rises by 0.2 degrees."""
NETWORK_TOE = (ToeOnBelt(0.7, 55, 0.8),)
"""A network's toes scatter: with the limits for exact ones, stances were cut short in blur, in the dark and behind
rails. The phone's tilt is now wrong by (RMS, degrees; tuning clips of the bench, `fast`, `balanced`, `accurate`, and
the runners of ``tools/train_lumbar.py clips``) 1.8, 0.9, 1.2, 0.8 instead of 1.9, 1.3, 0.9, 0.9. The mean of several
limits does as well on these and worse on a sample that is turned."""


def belt_slope_deg(
    points: FloatArray, leg_px: float, rate_hz: float, toes: Sequence[ToeOnBelt] = EXACT_TOE
) -> tuple[float, float]:
    """Slope of the belt in the picture, forward end up +, and its error (SD): mean and difference of the two feet.

    NaN when no foot shows it. A heel rises while its toe stays down, and network landmarks of heel and ankle rise still
    earlier (1-4 deg of slope on rendered runners): only the toe is used.
    """
    paths = [points[:, index_of(side, "foot_index")] for side in SIDES]
    tried = [np.array([_slope_of_foot_deg(path, leg_px, rate_hz, toe) for toe in toes]) for path in paths]
    seen = [float(np.nanmean(slopes)) for slopes in tried if np.isfinite(slopes).any()]
    return _of_both_feet(seen)


def belt_slope_of_stances_deg(
    points: FloatArray, near: Side, leg_px: float, time_s: FloatArray, stances: Mapping[Side, Stances]
) -> tuple[float, float]:
    """The same from a network's toes over the whole of stances that are known."""
    seen = []
    for side, spans in stances.items():
        toe = points[:, index_of(side, "foot_index")]
        slope = _common_slope_deg([_toe_in_stance(toe, time_s, *span) for span in spans], leg_px)
        seen += [slope + (NEAR_SINKS_DEG if side == near else FAR_SINKS_DEG)] if np.isfinite(slope) else []
    return _of_both_feet(seen, FEET_APART_DEG)


def _of_both_feet(slopes_deg: list[float], usually_apart_deg: float = 0.0) -> tuple[float, float]:
    if len(slopes_deg) < len(SIDES):
        return (slopes_deg[0] if slopes_deg else float("nan")), ONE_FOOT_ERROR_DEG
    apart = abs(slopes_deg[0] - slopes_deg[1]) - usually_apart_deg
    return float(np.mean(slopes_deg)), max(apart / 2, LEAST_ERROR_DEG)


def _toe_in_stance(toe: FloatArray, time_s: FloatArray, contact_s: float, toe_off_s: float) -> FloatArray:
    """(10, 2) points of the toe's path while it is on the belt; NaN beyond the clip and where it was not seen."""
    share = np.linspace(STANCE_FROM, STANCE_TO, 10)
    at = contact_s + share * (toe_off_s - contact_s)
    return np.stack([np.interp(at, time_s, toe[:, k], left=np.nan, right=np.nan) for k in (0, 1)], axis=1)


def _slope_of_foot_deg(path: FloatArray, leg_px: float, rate_hz: float, toe: ToeOnBelt) -> float:
    """One foot's, NaN when it covers less than a third of a leg length. Which frames are stance depends on the slope:
    found in turn."""
    total = 0.0
    for _ in range(_STEPS):
        step = _toe_slope_deg(rotate_deg(path, -total), leg_px, rate_hz, toe)
        total += step
        if not abs(total) <= MAX_LEVEL_DEG:
            return float("nan")
        if abs(step) < 0.01:
            break
    return total + toe.sinks_deg


def _toe_slope_deg(path: FloatArray, leg_px: float, rate_hz: float, toe: ToeOnBelt) -> float:
    """Slope common to the toe's paths of all stances, each about its own middle."""
    return _common_slope_deg([_resampled(path[start:stop]) for start, stop in _stances(path, rate_hz, toe)], leg_px)


def _common_slope_deg(paths: list[FloatArray], leg_px: float) -> float:
    """Slope of whole paths (n, 2), each about its own middle; NaN when they cover less than a third of a leg length."""
    whole = [path for path in paths if np.isfinite(path).all()]
    if not whole or np.ptp(np.concatenate(whole)[:, 0]) < leg_px / 3:
        return float("nan")
    about_middle = np.concatenate([path - path.mean(axis=0) for path in whole])
    x, y = about_middle[:, 0], about_middle[:, 1]
    return float(np.degrees(np.arctan((x @ y) / (x @ x))))


def _resampled(path: FloatArray) -> FloatArray:
    """(10, 2) points of the stance without its first and last tenth."""
    at = np.linspace(0.1, 0.9, 10) * (len(path) - 1)
    return np.stack([np.interp(at, np.arange(len(path)), path[:, k]) for k in (0, 1)], axis=1)


def _stances(path: FloatArray, rate_hz: float, toe: ToeOnBelt) -> list[tuple[int, int]]:
    """First and one past the last frame of every stance: the toe low, going backward, for part of it with the belt."""
    with_belt = stance_like(path, rate_hz)
    if not with_belt.any():
        return []
    speed = np.gradient(path[:, 0]) * rate_hz
    low = np.isfinite(speed) & (path[:, 1] < np.nanpercentile(path[:, 1], toe.low_pct))
    spans = runs(low & (speed < toe.slowest_share * np.median(speed[with_belt])))
    return [(a, b) for a, b in spans if (b - a) / rate_hz > SHORTEST_STANCE_S and with_belt[a:b].sum() >= 2]


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


def yaw_deg_of(points: FloatArray, near: Side, leg_px: float) -> float:
    """How far the camera has walked around the runner, toward the front +; 0 when the hips were not seen.

    From how far the near hip appears behind the far one, averaged over the clip. Error against rendered runners through
    the pose network and against motion capture some 2 deg (SD).
    """
    behind = points[:, index_of(other(near), "hip"), 0] - points[:, index_of(near, "hip"), 0]
    if not np.isfinite(behind).any():
        return 0.0
    share = float(np.nanmean(behind)) / (2 * BESIDE_MIDDLE_LEG["hip"] * leg_px)
    limit = np.sin(np.radians(MAX_YAW_DEG))
    return float(np.degrees(np.arcsin(np.clip(share, -limit, limit))))


def tilt_deg(slope_deg: float, error_deg: float, yaw_deg: float) -> float:
    """Turn of the phone, forward end up +: the belt's slope less what the yaw explains of it; NaN gives 0.

    A slope on which the feet disagree is believed in part, as far as phones beside a treadmill are tilted
    (``PHONE_TILT_SD_DEG``). Where they agree, 92 % of it is taken out.
    """
    if not np.isfinite(slope_deg):
        return 0.0
    by_yaw = -LENS_UP_PER_DISTANCE * np.sin(np.radians(YAW_TRUST * yaw_deg))
    trust = PHONE_TILT_SD_DEG**2 / (PHONE_TILT_SD_DEG**2 + error_deg**2)
    return trust * (slope_deg - float(np.degrees(np.arctan(by_yaw))))


def squared(points: FloatArray, yaw_deg: float, near: Side, leg_px: float) -> FloatArray:
    """Points (n, 33, 2) as a camera square to the belt would see them, each joint as far from the middle as usual.

    Perspective within the body is left: at 3-5 m it moves angles by less than 0.3 deg.
    """
    yaw = np.radians(YAW_TRUST * yaw_deg)
    out = points.copy()
    for side in SIDES:
        toward_camera = leg_px * (1.0 if side == near else -1.0) * np.array(list(BESIDE_MIDDLE_LEG.values()))
        out[:, leg_indices(side), 0] += np.sin(yaw) * toward_camera
    out[..., 0] /= np.cos(yaw)
    return out
