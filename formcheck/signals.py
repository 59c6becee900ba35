"""Landmarks of one runner seen from the side -> evenly timed, repaired, zero-lag filtered series.

Order: left and right legs told apart over the whole clip (``legs.py``), gaps and jumps out, even grid, filter
(``repair.py``), facing, level and yaw of the camera
(``camera_angle.py``), series. Every series' name ends in its unit:

=============================  ==========================================================================
``thigh_<side>_deg``           against the vertical, knee behind the hip +
``shank_<side>_deg``           against the vertical, ankle ahead of the knee +
``knee_flexion_<side>_deg``    0 straight, flexion +
``foot_<side>_deg``            heel to toe against the belt, toes up +, the flat foot's own angle not yet taken off
``upper_arm_<side>_deg``       against the vertical, elbow behind the shoulder +
``trunk_lean_deg``             mid-hip to mid-shoulder against the vertical, forward +
``ankle_ahead_<side>_pct_leg`` ankle ahead of mid-hip +
``midhip_height_pct_leg``      up +, zero at its mean over the clip; as the trunk carries it
``<joint>_<x|y>_<side>_leg``    heel, toe, ankle in leg lengths: x forward against the slow body, y up from the belt
=============================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import numpy as np
from scipy.ndimage import median_filter, uniform_filter1d

from formcheck.camera_angle import (
    EXACT_TOE,
    MAX_LEVEL_DEG,
    NETWORK_TOE,
    Stances,
    belt_slope_deg,
    belt_slope_of_stances_deg,
    squared,
    tilt_deg,
    yaw_deg_of,
)
from formcheck.geometry import behind_deg, flexion_deg, lean_deg, length, rotate_deg, slope_deg
from formcheck.leg_angles import Network, Which, ankle_ahead_off_pct, thigh_and_shank_off_deg
from formcheck.legs import Legs, sort_legs
from formcheck.records import BoolArray, Facing, FloatArray, InputError, PoseTrack, Signals
from formcheck.repair import (
    LEGS,
    MIN_FRAMES,
    SPARSE_FRAMES,
    count_runs,
    even_grid,
    filter_tracks,
    found_looks,
    frame_rate_hz_of,
    nearest,
    rough_leg_px,
    without_jumps,
)
from formcheck.skeleton import INDEX, LEG, SIDES, Side, index_of, leg_indices

TURN_MIN_S = 1.5
NETWORK, LEAN_OF_NETWORK_DEG = "mediapipe", 1.7
"""The line between the middles of MediaPipe's hips and shoulders leans so much less forward than that between the
joints of rendered runners: mean over the tuning clips of the bench, SD 1.3 (``docs/accuracy.md``)."""
MIN_GAIT_CORRELATION = 0.15


def build_signals(pose: PoseTrack) -> Signals:
    """All series of one runner filmed from the side.

    Raises InputError ``no_person`` when no frame has a person, ``hardly_seen`` or ``too_few_frames`` below 12 frames.
    """
    found = found_looks(pose)
    frame_rate = pose.frame_rate_hz or frame_rate_hz_of(pose.time_s)
    legs = sort_legs(pose.time_s, pose.xy_px)
    cleaned, jumped = _without_jumps(legs, frame_rate_hz_of(pose.time_s), frame_rate)
    time_s, even, bridged = even_grid(pose.time_s, cleaned, frame_rate, legs.phase)
    filtered = filter_tracks(even, frame_rate)
    facing = facing_of(filtered)
    near: Side = "left" if facing == "left" else "right"
    forward_up = _forward_up(filtered, facing)
    leg_px = _leg_length_px(forward_up, near)
    level, yaw = _how_camera_stands(pose, forward_up, near, leg_px, frame_rate)
    series = _seen_squarely(forward_up, level, yaw, near, leg_px, frame_rate, pose.finder)
    return Signals(
        time_s=time_s,
        rate_hz=frame_rate,
        frame_rate_hz=frame_rate,
        xy_px=filtered,
        visibility=nearest(pose.time_s, pose.visibility, time_s),
        doubtful=bridged,
        facing=facing,
        near_side=near,
        level_deg=level,
        leg_length_px=leg_px,
        stride_rate_hz=legs.stride_rate_hz,
        gait=_gait(series, legs.stride_rate_hz, frame_rate),
        finder=pose.finder,
        n_exchanges=legs.n_exchanges,
        n_jumps=count_runs(jumped[:, LEGS].any(axis=1)),
        n_gaps=count_runs(~found),
        pose_rate=float(found.mean()),
        camera=pose.camera,
        series=series,
        yaw_deg=yaw,
    )


def _without_jumps(legs: Legs, look_rate_hz: float, frame_rate_hz: float) -> tuple[FloatArray, BoolArray]:
    """Landmarks without those no body could reach, and which these were, (n, 33).

    Looks far apart say nothing about speed; what is off the leg's own path through the stride is out already.
    """
    if legs.phase is not None and look_rate_hz * SPARSE_FRAMES < frame_rate_hz:
        return legs.xy_px, legs.jumped
    cleaned, jumped = without_jumps(legs.xy_px, look_rate_hz)
    return cleaned, jumped | legs.jumped


# ------------------------------------------------------------------------------------------- facing, level, scale


def facing_of(xy_px: FloatArray) -> Facing:
    """Which way the feet of landmarks (n, 33, 2) point, heel to toe, over the whole clip; "unknown" for no way."""
    pointing = [xy_px[:, index_of(s, "foot_index"), 0] - xy_px[:, index_of(s, "heel"), 0] for s in SIDES]
    feet = np.stack(pointing)
    feet = feet[np.isfinite(feet)]
    if len(feet) == 0 or abs(np.median(feet)) < 0.02 * rough_leg_px(xy_px):
        return "unknown"
    return "right" if np.median(feet) > 0 else "left"


def turns_s(time_s: FloatArray, xy_px: FloatArray) -> list[float]:
    """When the person of landmarks (n, 33, 2) turns round to face the other way for longer than a second."""
    pointing = [xy_px[:, index_of(s, "foot_index"), 0] - xy_px[:, index_of(s, "heel"), 0] for s in SIDES]
    ahead = np.mean(pointing, axis=0)
    good = np.isfinite(ahead)
    if good.sum() < MIN_FRAMES:
        return []
    size = max(3, round(TURN_MIN_S * frame_rate_hz_of(time_s)) | 1)
    facing = np.sign(median_filter(ahead[good], size, mode="nearest"))
    changes = np.flatnonzero((facing[1:] != facing[:-1]) & (facing[1:] != 0))
    return [float(t) for t in time_s[good][changes + 1]]


def _forward_up(xy_px: FloatArray, facing: Facing) -> FloatArray:
    """Pixels with x forward and y up."""
    return np.asarray(xy_px * np.array([-1.0 if facing == "left" else 1.0, -1.0]))


def _how_camera_stands(
    pose: PoseTrack, points: FloatArray, near: Side, leg_px: float, rate_hz: float
) -> tuple[float, float]:
    """Level and yaw of the camera, degrees; 0 where it or the runner moves: neither can be told then."""
    if pose.camera != "static" or not _stays(points, leg_px):
        return 0.0, 0.0
    toes = NETWORK_TOE if NETWORK in pose.finder else EXACT_TOE
    yaw = yaw_deg_of(points, near, leg_px)
    return tilt_deg(*belt_slope_deg(points, leg_px, rate_hz, toes), yaw), yaw


def levelled(signals: Signals, stances: Mapping[Side, Stances]) -> Signals:
    """The signals with the phone's tilt told by the toes of a network over whole ``stances``.

    As they are where the camera or the runner moves, for markers, and where no foot shows the belt.
    """
    points = _forward_up(signals.xy_px, signals.facing)
    if NETWORK not in signals.finder or signals.camera != "static" or not _stays(points, signals.leg_length_px):
        return signals
    near, leg_px, rate_hz = signals.near_side, signals.leg_length_px, signals.rate_hz
    slope, error = belt_slope_of_stances_deg(points, near, leg_px, signals.time_s, stances)
    if not abs(slope) <= MAX_LEVEL_DEG:
        return signals
    level = tilt_deg(slope, error, signals.yaw_deg)
    series = _seen_squarely(points, level, signals.yaw_deg, near, leg_px, rate_hz, signals.finder)
    return replace(signals, level_deg=level, series=series)


def _seen_squarely(
    points: FloatArray, level_deg: float, yaw_deg: float, near: Side, leg_px: float, rate_hz: float, finder: str
) -> dict[str, FloatArray]:
    """All series as a level camera square to the belt would show them."""
    square = squared(rotate_deg(points, -level_deg), yaw_deg, near, leg_px)
    return _put_right(_series(square, leg_px, rate_hz, near), square / leg_px, near, finder)


def _leg_length_px(points: FloatArray, side: Side) -> float:
    """Hip to knee to ankle, median over the clip. Raises InputError ``hardly_seen`` where no look has them all."""
    whole = np.isfinite(points[:, leg_indices(side)]).all(axis=(1, 2))
    if not whole.any():
        raise InputError("hardly_seen", n=0, needed=MIN_FRAMES)
    hip, knee, ankle = (points[:, index_of(side, joint)] for joint in ("hip", "knee", "ankle"))
    return float(np.nanmedian(length(hip, knee)) + np.nanmedian(length(knee, ankle)))


def stride_period_s(forward_px: FloatArray, rate_hz: float) -> float | None:
    """Period of a leg's swing, 0.4-2.0 s, from the autocorrelation of ankle against hip (n,); None where none is."""
    values = forward_px[np.isfinite(forward_px)]
    values = values - values.mean() if len(values) else values
    low, high = int(0.4 * rate_hz), min(int(2.0 * rate_hz), len(values) // 2)
    if high - low < 3:
        return None
    size = 1 << (2 * len(values) - 1).bit_length()
    power = np.abs(np.fft.rfft(values, size)) ** 2
    correlation = np.fft.irfft(power, size)[: high + 1] / (len(values) - np.arange(high + 1))
    peaks = [
        k for k in range(low, high) if correlation[k] >= correlation[k - 1] and correlation[k] > correlation[k + 1]
    ]
    strong = [k for k in peaks if correlation[k] > 0.75 * max(correlation[p] for p in peaks)]
    if not strong or correlation[strong[0]] < 0.2 * correlation[0]:
        return None
    return float(strong[0] / rate_hz)


def slow_path(values: FloatArray, period_s: float, rate_hz: float) -> FloatArray:
    """A track (n,) averaged over one stride, twice: where the body is, without its to and fro. NaN-safe."""
    good = np.isfinite(values)
    if not good.any():
        return values
    index = np.arange(len(values))
    filled = np.interp(index, index[good], values[good])
    size = max(3, round(period_s * rate_hz) | 1)
    half = min(size, len(values) - 1)
    left = 2 * filled[0] - filled[half:0:-1]
    right = 2 * filled[-1] - filled[-2 : -half - 2 : -1]
    padded = np.concatenate([left, filled, right])
    for _ in range(2):
        padded = uniform_filter1d(padded, size)
    return np.asarray(padded[half : half + len(values)])


def _stays(points: FloatArray, leg_px: float) -> bool:
    """True for a runner who stays in one place of the picture, as on a treadmill: only there is a belt to level."""
    hip = (points[:, INDEX["left_hip"], 0] + points[:, INDEX["right_hip"], 0]) / 2
    return bool(np.nanmax(hip) - np.nanmin(hip) < 2.0 * leg_px)


# ------------------------------------------------------------------------------------------------------ series


def _series(points: FloatArray, leg_px: float, rate_hz: float, near: Side) -> dict[str, FloatArray]:
    at = {name: points[:, i] for name, i in INDEX.items()}
    midhip = (at["left_hip"] + at["right_hip"]) / 2
    midshoulder = (at["left_shoulder"] + at["right_shoulder"]) / 2
    period = stride_period_s(at[f"{near}_ankle"][:, 0] - at[f"{near}_hip"][:, 0], rate_hz) or 0.7
    body_x = slow_path(midhip[:, 0], period, rate_hz)
    out = {
        "trunk_lean_deg": lean_deg(midhip, midshoulder),
        "midhip_height_pct_leg": 100 * _height(midhip, midshoulder) / leg_px,
        "body_x_leg": body_x / leg_px,
    }
    for side in SIDES:
        out |= _leg_series(at, side, midhip, leg_px)
        out |= _foot_series(at, side, body_x, leg_px)
        out[f"upper_arm_{side}_deg"] = behind_deg(at[f"{side}_shoulder"], at[f"{side}_elbow"])
    return out


def _height(midhip: FloatArray, midshoulder: FloatArray) -> FloatArray:
    """Height of mid-hip about its mean: a third as the hips show it, two thirds as a trunk of constant length does.

    Networks guess hips under clothes and mostly let them bounce too little, shoulders too much. On 30 clips of rendered
    runners oscillation from the hips alone was wrong by 0.7 cm (mean), from the trunk alone by 0.5, from both by 0.5
    with the least bias. By the hips alone where no shoulders were seen.
    """
    trunk = np.nanmedian(length(midhip, midshoulder))
    upright = np.sqrt(np.maximum(trunk**2 - (midshoulder[:, 0] - midhip[:, 0]) ** 2, 0.0))
    carried = midshoulder[:, 1] - upright
    seen = np.isfinite(carried).sum() > 0.8 * np.isfinite(midhip[:, 1]).sum()
    height = (midhip[:, 1] + 2 * carried) / 3 if seen else midhip[:, 1]
    return np.asarray(height - np.nanmean(height))


def _gait(
    series: dict[str, FloatArray], stride_rate_hz: float | None, rate_hz: float
) -> Literal["running", "walking", "unknown"]:
    """Running or walking, from how hip height goes with the distance of the feet.

    Correlations seen in real clips: running 0.24-0.75, walking -0.44 to -0.65.
    """
    if stride_rate_hz is None:
        return "unknown"
    apart = np.abs(series["ankle_ahead_left_pct_leg"] - series["ankle_ahead_right_pct_leg"])
    height = series["midhip_height_pct_leg"]
    good = np.isfinite(apart) & np.isfinite(height)
    if good.sum() < MIN_FRAMES:
        return "unknown"
    within = [(s - slow_path(s, 1.0 / stride_rate_hz, rate_hz))[good] for s in (apart, height)]
    together = float(np.asarray(np.corrcoef(within))[0, 1])
    if abs(together) < MIN_GAIT_CORRELATION:
        return "unknown"
    return "running" if together > 0 else "walking"


def network_of(finder: str) -> Network:
    """Which of MediaPipe's networks a finder describes; the larger one where it does not say."""
    return "full" if "full" in finder.replace(",", " ").split() else "heavy"


def _put_right(series: dict[str, FloatArray], points_leg: FloatArray, near: Side, finder: str) -> dict[str, FloatArray]:
    """Angles and ankles less what the network is known to see wrongly of them; another finder's stay as they are."""
    if NETWORK not in finder:
        return series
    out = series | {"trunk_lean_deg": series["trunk_lean_deg"] + LEAN_OF_NETWORK_DEG}
    for side in SIDES:
        leg: tuple[Side, Which, Network] = (side, "near" if side == near else "far", network_of(finder))
        off = np.nan_to_num(thigh_and_shank_off_deg(points_leg, *leg))  # 0 where another joint was not seen
        ahead, name = np.nan_to_num(ankle_ahead_off_pct(points_leg, *leg)), f"ankle_ahead_{side}_pct_leg"
        out[f"thigh_{side}_deg"] = series[f"thigh_{side}_deg"] + off[:, 0]
        out[f"shank_{side}_deg"] = series[f"shank_{side}_deg"] + off[:, 1]
        out[f"knee_flexion_{side}_deg"] = series[f"knee_flexion_{side}_deg"] - off.sum(axis=1)
        out[name] = series[name] + ahead
    return out


def _leg_series(at: dict[str, FloatArray], side: Side, midhip: FloatArray, leg_px: float) -> dict[str, FloatArray]:
    hip, knee, ankle, heel, toe = (at[f"{side}_{joint}"] for joint in LEG)
    return {
        f"thigh_{side}_deg": behind_deg(hip, knee),
        f"shank_{side}_deg": -behind_deg(knee, ankle),
        f"knee_flexion_{side}_deg": flexion_deg(hip, knee, ankle),
        f"foot_{side}_deg": slope_deg(heel, toe),
        f"ankle_ahead_{side}_pct_leg": 100 * (ankle[:, 0] - midhip[:, 0]) / leg_px,
    }


def _foot_series(at: dict[str, FloatArray], side: Side, body_x: FloatArray, leg_px: float) -> dict[str, FloatArray]:
    """Heel and toe in leg lengths; y from where the toe lies in stance (its low decile over the clip)."""
    toe_y = at[f"{side}_foot_index"][:, 1]
    floor = np.nanpercentile(toe_y, 10) if np.isfinite(toe_y).any() else 0.0
    out: dict[str, FloatArray] = {}
    for short, joint in (("heel", "heel"), ("toe", "foot_index"), ("ankle", "ankle")):
        out[f"{short}_x_{side}_leg"] = (at[f"{side}_{joint}"][:, 0] - body_x) / leg_px
        out[f"{short}_y_{side}_leg"] = (at[f"{side}_{joint}"][:, 1] - floor) / leg_px
    return out
