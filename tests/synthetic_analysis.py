"""Real records of a runner on a treadmill whose every joint is known: no mocks, no model, no video.

Segment angles are periodic splines over the stride; the hip's height follows from the foot that is on the belt.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.interpolate import CubicSpline

from formcheck.comparisons import compare
from formcheck.records import (
    Analysis,
    Event,
    Facing,
    FloatArray,
    KeyMoment,
    Measurement,
    PoseTrack,
    Signals,
    Stride,
    Subject,
    VideoFacts,
)
from formcheck.skeleton import INDEX, LANDMARKS, SIDES, Side, other

STRIDE_S = 0.70
STANCE_SHARE = 0.36
FIRST_CONTACT_S: dict[Side, float] = {"right": 0.10, "left": 0.10 + STRIDE_S / 2}
TRUNK_LEAN_DEG = 6.0

_Table = tuple[list[float], list[float]]
# Share of the stride after the foot's own contact, and degrees there.
_THIGH_BACK: _Table = ([0, 0.15, 0.36, 0.48, 0.62, 0.80, 0.92, 1], [-25, -18, 21, 17, -8, -36, -33, -25])
_KNEE: _Table = ([0, 0.15, 0.36, 0.50, 0.64, 0.80, 0.94, 1], [16, 40, 17, 68, 98, 62, 16, 16])
_FOOT_UP: _Table = ([0, 0.06, 0.22, 0.36, 0.50, 0.66, 0.84, 1], [9, 0, 0, -48, -72, -55, -4, 9])
_ARM_BACK: _Table = ([0, 0.25, 0.5, 0.75, 1], [48, 18, -15, 18, 48])


def _curve(table: _Table, share: FloatArray) -> FloatArray:
    return np.asarray(CubicSpline(*table, bc_type="periodic")(share % 1.0), dtype=np.float64)


def _swung(length: float, back_deg: FloatArray) -> FloatArray:
    """(m, 2) of a segment hanging down, swung backward by an angle; x forward, y down."""
    angle = np.deg2rad(back_deg)
    return length * np.stack([-np.sin(angle), np.cos(angle)], axis=1)


def _leg(share: FloatArray, leg: float) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Joints relative to the hip in leg lengths, x forward, y down; and the leg's angles."""
    thigh, knee_deg, foot_up = _curve(_THIGH_BACK, share), _curve(_KNEE, share), _curve(_FOOT_UP, share)
    shank_back = thigh + knee_deg
    knee = _swung(0.5 * leg, thigh)
    ankle = knee + _swung(0.5 * leg, shank_back)
    tilt = np.deg2rad(foot_up)
    sole = np.stack([np.cos(tilt), -np.sin(tilt)], axis=1)
    down = np.stack([np.sin(tilt), np.cos(tilt)], axis=1)
    heel = ankle + leg * (-0.06 * sole + 0.08 * down)
    toe = ankle + leg * (0.19 * sole + 0.09 * down)
    joints = {"knee": knee, "ankle": ankle, "heel": heel, "foot_index": toe}
    angles = {"thigh": thigh, "shank": -shank_back, "knee_flexion": knee_deg, "foot": foot_up}
    return joints, angles


def _arm(share: FloatArray, leg: float) -> tuple[dict[str, FloatArray], FloatArray]:
    """Elbow and wrist relative to the shoulder, and the upper arm's angle, elbow behind +; it mirrors the leg."""
    back = _curve(_ARM_BACK, share)
    elbow = _swung(0.33 * leg, back)
    return {"elbow": elbow, "wrist": elbow + _swung(0.3 * leg, back - 95)}, back


def build_signals(
    width_px: int = 720,
    height_px: int = 1280,
    rate_hz: float = 60.0,
    duration_s: float = 3.0,
    facing: Facing = "right",
    near_side: Side = "right",
) -> Signals:
    """The runner's signals; with facing "unknown" the joints look right and the series are NaN."""
    time_s = np.arange(round(duration_s * rate_hz) + 1) / rate_hz
    leg = 0.40 * min(height_px, 1.4 * width_px)
    parts, series = _limbs(time_s, leg)
    xy = _assemble(parts, time_s, leg, near_side)
    hip_y = xy[:, INDEX["left_hip"], 1]
    series["trunk_lean_deg"] = np.full(len(time_s), TRUNK_LEAN_DEG)
    series["midhip_height_pct_leg"] = -100 * (hip_y - hip_y.mean()) / leg
    if facing == "unknown":
        series = {name: np.full(len(time_s), np.nan) for name in series}
    xy = xy * [-1.0 if facing == "left" else 1.0, 1.0] + [0.5 * width_px, 0.90 * height_px]
    return Signals(
        time_s=time_s,
        rate_hz=rate_hz,
        frame_rate_hz=rate_hz,
        xy_px=xy,
        visibility=np.tile(_visibility(near_side), (len(time_s), 1)),
        doubtful=np.zeros((len(time_s), 2), dtype=np.bool_),
        facing=facing,
        near_side=near_side,
        level_deg=0.0,
        leg_length_px=leg,
        stride_rate_hz=None,
        gait="running",
        finder="synthetic",
        n_exchanges=0,
        n_jumps=0,
        n_gaps=0,
        pose_rate=1.0,
        camera="static",
        series=series,
    )


def _limbs(time_s: FloatArray, leg: float) -> tuple[dict[Side, dict[str, FloatArray]], dict[str, FloatArray]]:
    """Where the joints of both sides are, and the series that go with them."""
    parts: dict[Side, dict[str, FloatArray]] = {}
    series: dict[str, FloatArray] = {}
    for side in SIDES:
        share = (time_s - FIRST_CONTACT_S[side]) / STRIDE_S
        joints, angles = _leg(share, leg)
        arm, upper = _arm(share, leg)
        parts[side] = joints | arm
        series |= {f"{name}_{side}_deg": values for name, values in angles.items()}
        series[f"upper_arm_{side}_deg"] = upper
        series[f"ankle_ahead_{side}_pct_leg"] = 100 * joints["ankle"][:, 0] / leg
    return parts, series


def _assemble(parts: dict[Side, dict[str, FloatArray]], time_s: FloatArray, leg: float, near: Side) -> FloatArray:
    """(m, 33, 2) with the belt at y = 0 and the hips about x = 0; x forward."""
    height = _hip_height(parts, leg)
    xy = np.full((len(time_s), len(LANDMARKS), 2), np.nan)
    lean = np.deg2rad(TRUNK_LEAN_DEG)
    trunk = 0.58 * leg * np.array([np.sin(lean), -np.cos(lean)])
    for side in SIDES:
        aside = 0.025 * leg * (1.0 if side == near else -1.0)
        hip = np.stack([np.full(len(time_s), -aside), -height], axis=1)
        shoulder = hip + trunk + [2.4 * aside, 0.0]
        xy[:, INDEX[f"{side}_hip"]], xy[:, INDEX[f"{side}_shoulder"]] = hip, shoulder
        for name, offset in parts[side].items():
            base = shoulder if name in ("elbow", "wrist") else hip
            xy[:, INDEX[f"{side}_{name}"]] = base + offset
    neck = np.stack([np.zeros(len(time_s)), -height], axis=1) + trunk
    for i in range(11):
        forward = 0.17 if LANDMARKS[i] == "nose" else 0.05 if "ear" in LANDMARKS[i] else 0.13
        xy[:, i] = neck + leg * np.array([forward, -0.24])
    for name in ("pinky", "index", "thumb"):
        for side in SIDES:
            xy[:, INDEX[f"{side}_{name}"]] = xy[:, INDEX[f"{side}_wrist"]] + 0.04 * leg
    return xy


def _hip_height(parts: dict[Side, dict[str, FloatArray]], leg: float) -> FloatArray:
    """(m,) above the belt: the lower foot touches it, smoothed so that the body does not jerk."""
    soles = [parts[side][name][:, 1] for side in SIDES for name in ("heel", "foot_index")]
    lowest = np.max(soles, axis=0)
    kernel = np.hanning(9)
    padded = np.pad(lowest, 4, mode="edge")
    return np.convolve(padded, kernel / kernel.sum(), mode="valid") + 0.004 * leg


def _visibility(near: Side) -> FloatArray:
    far = other(near)
    return np.array([0.62 if name.startswith(far) else 0.97 for name in LANDMARKS])


def build_events(duration_s: float = 3.0) -> tuple[Event, ...]:
    """All contacts and toe-offs inside the clip, in order."""
    events: list[Event] = []
    for side in SIDES:
        for contact_s in np.arange(FIRST_CONTACT_S[side], duration_s, STRIDE_S):
            events.append(Event("contact", side, float(contact_s)))
            toe_off_s = float(contact_s) + STANCE_SHARE * STRIDE_S
            if toe_off_s <= duration_s:
                events.append(Event("toe_off", side, toe_off_s))
    return tuple(sorted(events, key=lambda e: e.time_s))


def build_strides(duration_s: float = 3.0) -> tuple[Stride, ...]:
    """All whole strides inside the clip."""
    strides = [
        Stride(side, float(t), float(t) + STANCE_SHARE * STRIDE_S, float(t) + STRIDE_S, True)
        for side in SIDES
        for t in np.arange(FIRST_CONTACT_S[side], duration_s - STRIDE_S, STRIDE_S)
    ]
    return tuple(sorted(strides, key=lambda s: s.contact_s))


def build_key_moments(side: Side = "right") -> tuple[KeyMoment, ...]:
    """Contact, midstance and toe-off of that side's second stance."""
    start = FIRST_CONTACT_S[side] + STRIDE_S
    return (
        KeyMoment("contact", side, start),
        KeyMoment("midstance", side, start + STANCE_SHARE * STRIDE_S / 2),
        KeyMoment("toe_off", side, start + STANCE_SHARE * STRIDE_S),
    )


def build_measurements(side: Side = "right") -> tuple[Measurement, ...]:
    """A few numbers that agree with the runner's curves, and one that could not be had."""
    return (
        Measurement("cadence_spm", None, "spm", 120.0 / STRIDE_S, 1.2, 8, 0.6),
        Measurement("knee_flexion_at_contact_deg", side, "deg", 16.0, 1.5, 4, 2.1),
        Measurement("overstride_pct_leg", side, "pct", 28.9, 1.1, 4, 1.4),
        Measurement("thigh_extension_at_toe_off_deg", side, "deg", 21.0, 0.9, 4, 1.8),
        Measurement("trunk_lean_deg", None, "deg", TRUNK_LEAN_DEG, 0.4, 8, 1.1),
        Measurement("stride_length_m", None, "m", None, status="not_measurable"),
    )


def build_video(width_px: int, height_px: int, rate_hz: float, duration_s: float, slow_motion: float) -> VideoFacts:
    """The facts of the clip that would have shown this runner."""
    n_frames = round(duration_s * rate_hz) + 1
    return VideoFacts("runner.mp4", width_px, height_px, n_frames, duration_s, rate_hz, False, slow_motion)


def build_pose(signals: Signals, width_px: int, height_px: int) -> PoseTrack:
    """The raw track: the same points, as if the finder had been exact."""
    return PoseTrack(
        time_s=signals.time_s.copy(),
        xy_px=signals.xy_px.copy(),
        visibility=signals.visibility.copy(),
        width_px=width_px,
        height_px=height_px,
        outline_qpx=np.full((len(signals.time_s), 64, 2), -1, dtype=np.int16),
        finder="synthetic",
    )


def build_analysis(
    width_px: int = 720,
    height_px: int = 1280,
    rate_hz: float = 60.0,
    duration_s: float = 3.0,
    facing: Facing = "right",
    near_side: Side = "right",
    slow_motion: float = 1.0,
) -> Analysis:
    """A whole analysis of the synthetic runner."""
    signals = build_signals(width_px, height_px, rate_hz, duration_s, facing, near_side)
    return Analysis(
        activity="running",
        view="side",
        video=build_video(width_px, height_px, rate_hz, duration_s, slow_motion),
        subject=Subject(),
        pose=build_pose(signals, width_px, height_px),
        signals=signals,
        events=build_events(duration_s),
        strides=build_strides(duration_s),
        measurements=build_measurements(near_side),
        comparisons=compare(build_measurements(near_side), rate_hz),
        findings=(),
        key_moments=build_key_moments(near_side),
        warnings=(),
        made_with={"formcheck": "test"},
    )


def without_body(analysis: Analysis) -> Analysis:
    """The same clip with nobody found: every position and series NaN, no events."""
    signals = analysis.signals
    lost = replace(
        signals,
        xy_px=np.full_like(signals.xy_px, np.nan),
        visibility=np.full_like(signals.visibility, np.nan),
        series={name: np.full_like(values, np.nan) for name, values in signals.series.items()},
        leg_length_px=float("nan"),
        facing="unknown",
        pose_rate=0.0,
    )
    return replace(analysis, signals=lost, events=(), strides=(), key_moments=(), measurements=())
