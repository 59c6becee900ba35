"""Landmarks of one runner seen from behind or in front -> evenly timed, repaired, zero-lag filtered series.

The person may come or go: every look is first brought into the body's own frame (middle of the trunk, one leg length
the unit, both averaged over a stride), filled and filtered there. Which leg is which is the network's word: from behind
and in front the legs stand beside each other and it hardly ever exchanges them (none in the looks of 11 rendered clips
with feet a hand apart; ``docs/accuracy_rear.md``). Every series' name ends in its unit; x is to the person's LEFT:

==============================  =========================================================================
``hip_line_deg``                right hip to left hip against the level as the network sees them, left end up +
``pelvis_tilt_deg``             the same of the pelvis, from all joints, without a zero (``pelvis.py``)
``pelvis_line_deg``             the same against standing, as the numbers have it (``activities/running_rear.py``)
``trunk_sway_deg``              the lean below from all joints, without a zero either
``shoulder_line_deg``           the same of the shoulders
``trunk_side_lean_deg``         mid-hip to mid-shoulder against the plumb line, to the left +
``midhip_x_pct_leg``            mid-hip against its path averaged over a stride, to the left +
``midhip_height_pct_leg``       up +, zero at its mean
``ankle_out_<side>_leg``        ankle outward of mid-hip's plumb line +
``ankle_x_<side>_leg``          ankle to the left of the slow body +
``ankle_height_<side>_leg``     ankle over the lowest place it has in the clip (and ``heel_``)
``knees_apart_pct``             left knee to the left of the right one, of the distance between the hips
``thigh_in_<side>_deg``         thigh against the plumb line, knee inward of the hip +
``arm_out_<side>_deg``          upper arm against the plumb line, elbow outward +
``wrist_across_<side>_leg``     wrist across mid-hip's plumb line +
==============================  =========================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from formcheck.geometry import length
from formcheck.legs import off_path, smoothed
from formcheck.pelvis import tilt_deg, trunk_sway_deg
from formcheck.records import BoolArray, FloatArray, InputError, PoseTrack, Signals, Standing, View
from formcheck.repair import MIN_FRAMES, count_runs, even_grid, filter_tracks, found_looks, frame_rate_hz_of, nearest
from formcheck.signals import slow_path
from formcheck.skeleton import INDEX, SIDES, Side, index_of, leg_indices

USUAL_STRIDE_S = 0.72
SLOWEST_HZ, FASTEST_HZ = 0.05, 2.4
"""Strides a second: below 0.8 only in slow motion."""
LEAST_LIFT_LEG = 0.06
"""Amplitude of left less right ankle height below which nobody runs."""
MIN_STEADY = 0.45
"""Share of that difference which swings steadily (0..1) below which nobody runs."""
LEG_OF_SEEN = 1.0
"""Leg length over the 90th percentile of hip-knee-ankle as seen from behind, where a bent knee points to the camera."""
STRIDING_LEG = 0.52
"""SD of left less right ankle along the way over a stride, in leg lengths as the network shows it to a camera that is
20 to 40 degrees off: skeletons of four rendered runners had 0.55 to 0.60."""
QUICKEST_WALK_HZ = 1.2
"""Strides a second: nobody walks 144 steps a minute for long."""


@dataclass(frozen=True)
class _Body:
    """Where the body is at each look, averaged over a stride."""

    middle: FloatArray
    """(n, 2) middle of the trunk, pixels with x to the person's left and y up."""
    leg_px: FloatArray
    """(n,) one leg length."""


def build_frontal(pose: PoseTrack, view: View) -> Signals:
    """All series of one runner filmed from behind ("rear") or in front ("front").

    Raises InputError ``no_person``, ``hardly_seen`` or ``too_few_frames``, and ``not_running`` where the feet are not
    lifted in turn.
    """
    found = found_looks(pose)
    look_hz = frame_rate_hz_of(pose.time_s)
    frame_rate = pose.frame_rate_hz or look_hz
    toward_left = _toward_left(view)
    points = pose.xy_px * toward_left
    phase, stride_hz = _stride_phase(pose.time_s, points, _body(points, USUAL_STRIDE_S, look_hz))
    body = _body(points, 1.0 / stride_hz, look_hz)
    own = (points - body.middle[:, None]) / body.leg_px[:, None, None]
    jumped = _jumps(own, phase, found)
    own[jumped] = np.nan
    time_s, even, bridged = even_grid(pose.time_s, own, frame_rate, phase)
    own = filter_tracks(even, frame_rate)
    middle, leg_px = _followed(body, pose.time_s, found, time_s)
    series = frontal_series(own, time_s, stride_hz, frame_rate)
    return Signals(
        time_s=time_s,
        rate_hz=frame_rate,
        frame_rate_hz=frame_rate,
        xy_px=(own * leg_px[:, None, None] + middle[:, None]) * toward_left,
        visibility=nearest(pose.time_s, pose.visibility, time_s),
        doubtful=bridged,
        facing="camera" if view == "front" else "away",
        near_side="left",
        level_deg=0.0,
        leg_length_px=float(np.median(leg_px)),
        stride_rate_hz=stride_hz,
        gait=_gait(series, stride_hz, frame_rate),
        finder=pose.finder,
        n_exchanges=0,
        n_jumps=count_runs(jumped.any(axis=1)),
        n_gaps=count_runs(~found),
        pose_rate=float(found.mean()),
        camera=pose.camera,
        series=series,
    )


def _followed(body: _Body, look_s: FloatArray, found: BoolArray, time_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Middle (m, 2) and leg length (m,) of the body at other times, straight between the looks that found it."""
    middle = np.stack([np.interp(time_s, look_s[found], body.middle[found, k]) for k in (0, 1)], axis=1)
    return middle, np.interp(time_s, look_s[found], body.leg_px[found])


def strides_hz(pose: PoseTrack, view: View) -> float | None:
    """Strides a second of somebody whose feet are lifted in turn; None where they are not."""
    points = pose.xy_px * _toward_left(view)
    if np.isfinite(points[:, INDEX["left_hip"], 0]).sum() < MIN_FRAMES:
        return None
    try:
        return _stride_phase(pose.time_s, points, _body(points, USUAL_STRIDE_S, frame_rate_hz_of(pose.time_s)))[1]
    except InputError:
        return None


def off_line_deg(signals: Signals) -> float:
    """How far the camera seems to stand off straight behind or in front, 0 to 90 degrees, without a sign.

    Feet that go back and forth along the way then go from side to side in the picture: 0.02 of a leg from straight
    behind, 0.21 from 25 degrees off (rendered). Who runs on the spot shows nothing of it, a sprinter more.
    """
    apart = signals.series["ankle_x_left_leg"] - signals.series["ankle_x_right_leg"]
    return float(np.degrees(np.arcsin(min(float(np.nanstd(apart)) / STRIDING_LEG, 1.0))))


def tilt_at_rest_deg(standing: Standing, line: Callable[[FloatArray], FloatArray]) -> float:
    """Median of a line's tilt (``line`` of landmarks (n, 33, 2), left end up +) while the person stands quietly."""
    return float(np.nanmedian(line(standing.pose.xy_px * _toward_left(standing.view))))


def shoulder_line_deg(points: FloatArray) -> FloatArray:
    """(n,) tilt of the line between the shoulders, left end up +, from landmarks with x to the left and y up."""
    return _line_deg(points, "shoulder")


def _toward_left(view: View) -> FloatArray:
    """(2,) signs that turn pixels into x to the person's left and y up."""
    return np.array([1.0 if view == "front" else -1.0, -1.0])


# ----------------------------------------------------------------------------------------------- the body's own frame


def _body(points: FloatArray, stride_s: float, rate_hz: float) -> _Body:
    """Middle of the trunk and leg length in pixels at each look, both averaged over a stride.

    The trunk gives the scale, since it neither bends nor points at the camera as legs do; legs give its unit.
    """
    shoulders, hips = _middle(points, "shoulder"), _middle(points, "hip")
    trunk = length(hips, shoulders)
    legs = [
        length(points[:, index_of(s, "hip")], points[:, index_of(s, "knee")])
        + length(points[:, index_of(s, "knee")], points[:, index_of(s, "ankle")])
        for s in SIDES
    ]
    leg_per_trunk = LEG_OF_SEEN * float(np.nanmedian([np.nanpercentile(leg / trunk, 90) for leg in legs]))
    centre = (shoulders + hips) / 2
    path = np.stack([slow_path(centre[:, k], stride_s, rate_hz) for k in (0, 1)], axis=1)
    return _Body(path, np.maximum(leg_per_trunk * slow_path(trunk, stride_s, rate_hz), 1.0))


def _middle(points: FloatArray, joint: str) -> FloatArray:
    return np.asarray((points[:, INDEX[f"left_{joint}"]] + points[:, INDEX[f"right_{joint}"]]) / 2)


def _stride_phase(time_s: FloatArray, points: FloatArray, body: _Body) -> tuple[FloatArray, float]:
    """Phase of the stride (n,) in radians, 0 with the left ankle highest against the right, and strides a second.

    The network's feet are lifted in turn: left less right ankle height is a wave of the stride. Raises InputError
    ``not_running`` where it is none.
    """
    lift = (points[:, INDEX["left_ankle"], 1] - points[:, INDEX["right_ankle"], 1]) / body.leg_px
    seen = np.isfinite(lift)
    if seen.sum() < MIN_FRAMES:
        raise InputError("not_running")
    rate_hz = frame_rate_hz_of(time_s)
    grid = np.arange(time_s[seen][0], time_s[seen][-1] + 0.5 / rate_hz, 1.0 / rate_hz)
    even = np.interp(grid, time_s[seen], np.clip(lift[seen], *np.percentile(lift[seen], (2, 98))))
    even = even - even.mean()
    stride_hz = _strongest_hz(even, rate_hz)
    carried = even * np.exp(-2j * np.pi * stride_hz * grid)
    slow = 2 * smoothed(carried, max(3, round(rate_hz / stride_hz)))
    lifted = float(np.median(np.abs(slow)))
    if lifted < LEAST_LIFT_LEG or lifted < MIN_STEADY * np.sqrt(2) * float(even.std()):
        raise InputError("not_running")
    phase = np.unwrap(np.angle(slow)) + 2 * np.pi * stride_hz * grid
    turns = float(phase[-1] - phase[0]) / (2 * np.pi)
    return np.interp(time_s, grid, phase), max(turns / float(grid[-1] - grid[0]), SLOWEST_HZ)


def _strongest_hz(even: FloatArray, rate_hz: float) -> float:
    size = 8 * (1 << len(even).bit_length())
    spectrum = np.abs(np.fft.rfft(even * np.hanning(len(even)), size))
    rates = np.fft.rfftfreq(size, 1.0 / rate_hz)
    spectrum[(rates < max(SLOWEST_HZ, 1.5 * rate_hz / len(even))) | (rates > min(FASTEST_HZ, 0.45 * rate_hz))] = 0.0
    return float(rates[int(np.argmax(spectrum))]) or 1.0


def _jumps(own: FloatArray, phase: FloatArray, found: BoolArray) -> BoolArray:
    """(n, 33) leg joints far off their leg's usual path through the stride."""
    jumped = np.zeros(own.shape[:2], dtype=bool)
    for side in SIDES:
        leg = leg_indices(side)
        seen = found & np.isfinite(own[:, leg, 0]).all(axis=1)
        if seen.sum() >= MIN_FRAMES:
            jumped[np.ix_(np.flatnonzero(seen), np.array(leg))] = off_path(phase[seen], own[seen], side, 1.0)
    return jumped


# ------------------------------------------------------------------------------------------------------------ series


def frontal_series(own: FloatArray, time_s: FloatArray, stride_hz: float, rate_hz: float) -> dict[str, FloatArray]:
    """Every series (m,) from landmarks (m, 33, 2) in the body's own frame: leg lengths, x to the left, y up."""
    hips, shoulders = _middle(own, "hip"), _middle(own, "shoulder")
    trunk = shoulders - hips
    hip_x = hips[:, 0] - slow_path(hips[:, 0], 1.0 / stride_hz, rate_hz)
    apart = own[:, INDEX["left_knee"], 0] - own[:, INDEX["right_knee"], 0]
    wide = float(np.nanmedian(np.abs(own[:, INDEX["left_hip"], 0] - own[:, INDEX["right_hip"], 0])))
    out = {
        "hip_line_deg": _line_deg(own, "hip"),
        "pelvis_tilt_deg": tilt_deg(own),
        "trunk_sway_deg": trunk_sway_deg(own),
        "shoulder_line_deg": _line_deg(own, "shoulder"),
        "trunk_side_lean_deg": np.degrees(np.arctan2(trunk[:, 0], trunk[:, 1])),
        "midhip_x_pct_leg": 100 * hip_x,
        "midhip_height_pct_leg": 100 * (_height(hips, shoulders) - float(np.nanmean(_height(hips, shoulders)))),
        "knees_apart_pct": 100 * apart / max(wide, 1e-6),
    }
    for side, sign in (("left", 1.0), ("right", -1.0)):
        out |= _side_series(own, hips, side, sign)  # type: ignore[arg-type]
    return out


def _line_deg(own: FloatArray, joint: str) -> FloatArray:
    d = own[:, INDEX[f"left_{joint}"]] - own[:, INDEX[f"right_{joint}"]]
    return np.asarray(np.degrees(np.arctan2(d[:, 1], d[:, 0])))


def _height(hips: FloatArray, shoulders: FloatArray) -> FloatArray:
    """Height of the trunk: hips and shoulders together scatter less than either."""
    return np.asarray((hips[:, 1] + shoulders[:, 1]) / 2)


def _side_series(own: FloatArray, hips: FloatArray, side: Side, sign: float) -> dict[str, FloatArray]:
    at = {
        joint: own[:, index_of(side, joint)] for joint in ("hip", "knee", "ankle", "heel", "shoulder", "elbow", "wrist")
    }
    out = {
        f"ankle_out_{side}_leg": sign * (at["ankle"][:, 0] - hips[:, 0]),
        f"ankle_x_{side}_leg": at["ankle"][:, 0],
        f"thigh_in_{side}_deg": _against_plumb_deg(at["hip"], at["knee"], -sign),
        f"arm_out_{side}_deg": _against_plumb_deg(at["shoulder"], at["elbow"], sign),
        f"wrist_across_{side}_leg": -sign * (at["wrist"][:, 0] - hips[:, 0]),
    }
    for joint in ("ankle", "heel"):
        height = at[joint][:, 1]
        floor = np.nanpercentile(height, 5) if np.isfinite(height).any() else 0.0
        out[f"{joint}_height_{side}_leg"] = height - floor
    return out


def _against_plumb_deg(upper: FloatArray, lower: FloatArray, sign: float) -> FloatArray:
    d = lower - upper
    return np.asarray(np.degrees(np.arctan2(sign * d[:, 0], -d[:, 1])))


def _gait(series: dict[str, FloatArray], stride_hz: float, rate_hz: float) -> Literal["running", "walking", "unknown"]:
    """By the steps, and of slow ones by the trunk: lowest while one foot is lifted high in runners, highest in walkers.

    Quick steps are running whatever the trunk seems to do: looking down on it, a camera in front shows a foot that
    swings forward as sinking.
    """
    lifted = np.abs(series["ankle_height_left_leg"] - series["ankle_height_right_leg"])
    height = series["midhip_height_pct_leg"]
    good = np.isfinite(lifted) & np.isfinite(height)
    if good.sum() < MIN_FRAMES:
        return "unknown"
    if stride_hz >= QUICKEST_WALK_HZ:
        return "running"
    within = [(s - slow_path(s, 1.0 / stride_hz, rate_hz))[good] for s in (lifted, height)]
    together = float(np.asarray(np.corrcoef(within))[0, 1])
    if abs(together) < 0.15:
        return "unknown"
    return "walking" if together > 0 else "running"
