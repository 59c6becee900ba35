"""The exact answers of a clip, in the shape of analysis.json. NumPy only.

Angles are taken in the motion's sagittal plane from the joint centres (see ``pose.joints``): the sideways part is
dropped. Times are seconds from the first frame; frame i is exposed around i / frame rate.

- thigh: hip -> knee against vertical, knee behind +. shank: knee -> ankle, ankle ahead +.
- knee flexion 0 straight; foot angle heel -> toe against the belt, toes up +, 0 with the shoe flat.
- trunk lean: mid-hip -> mid-shoulder, forward +. upper arm: shoulder -> elbow, elbow behind +.
- lumbar extension: ribs against pelvis, backward +; pelvic tilt: forward +; both 0 in the body's own standing shape.
- midstance: the ankle passes below its hip. Values are medians over full strides inside the clip, spread their SD.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from . import frontal
from .camera import Camera
from .motion import Motion
from .pose import JOINTS, SIDES, Dimensions, Pose, Stance, joints
from .rotations import Array

REARFOOT_ABOVE_DEG, FOREFOOT_BELOW_DEG = 8.0, -1.6  # Altman and Davis 2012
STEP_S = 0.001


def _lean(lower: Array, upper: Array) -> Array:
    """Angle of lower -> upper against vertical in the sagittal plane, upper end ahead +, degrees."""
    d = upper - lower
    return np.degrees(np.arctan2(d[..., 0], d[..., 2]))


def angles(pose: Pose, body: Dimensions) -> dict[str, Array]:
    """All angle tracks (n,) of a pose record, degrees, named ``<angle>_<side>_deg`` or ``<angle>_deg``."""
    at = joints(pose, body)
    middle = {name: (at[f"left_{name}"] + at[f"right_{name}"]) / 2 for name in ("hip", "shoulder")}
    out = {
        "trunk_lean_deg": _lean(middle["hip"], middle["shoulder"]),
        "lumbar_extension_deg": pose.lumbar_extension_deg,
        "pelvic_tilt_deg": pose.pelvic_tilt_deg,
    }
    for side in SIDES:
        hip, knee, ankle, heel, toe, shoulder, elbow = (
            at[f"{side}_{name}"] for name in ("hip", "knee", "ankle", "heel", "foot_index", "shoulder", "elbow")
        )
        thigh, shank = _lean(knee, hip), -_lean(ankle, knee)
        foot = toe - heel
        pitch = np.degrees(np.unwrap(np.arctan2(foot[:, 2], foot[:, 0])))
        out |= {
            f"thigh_{side}_deg": thigh,
            f"shank_{side}_deg": shank,
            f"knee_flexion_{side}_deg": -shank - thigh,
            f"foot_angle_{side}_deg": pitch - 360.0 * np.round(np.median(pitch) / 360.0),
            f"upper_arm_{side}_deg": _lean(elbow, shoulder),
        }
    return out


@dataclass(frozen=True)
class _Fine:
    """Tracks at 1 kHz over the clip, to read values at exact times."""

    time: Array
    tracks: dict[str, Array]

    def at(self, name: str, time: float) -> float:
        return float(np.interp(time, self.time, self.tracks[name]))

    def within(self, name: str, start: float, end: float) -> Array:
        return self.tracks[name][(self.time >= start) & (self.time <= end)]


def _fine(motion: Motion, duration_s: float) -> _Fine:
    time = np.arange(0.0, duration_s + STEP_S / 2, STEP_S)
    pose = motion.pose(time)
    at = joints(pose, motion.body)
    tracks = angles(pose, motion.body)
    tracks["height_m"] = pose.pelvis_m[:, 2]
    for side in SIDES:
        tracks[f"ankle_ahead_{side}_m"] = at[f"{side}_ankle"][:, 0] - pose.pelvis_m[:, 0]
        tracks[f"ankle_behind_hip_{side}_m"] = at[f"{side}_hip"][:, 0] - at[f"{side}_ankle"][:, 0]
        tracks[f"hip_extension_{side}_deg"] = tracks[f"thigh_{side}_deg"] - tracks["pelvic_tilt_deg"]
    return _Fine(time, tracks)


def strike_name(foot_angle_deg: float) -> str:
    """Foot strike from the foot angle at contact."""
    if foot_angle_deg > REARFOOT_ABOVE_DEG:
        return "rearfoot"
    return "forefoot" if foot_angle_deg < FOREFOOT_BELOW_DEG else "midfoot"


def _midstance(fine: _Fine, step: Stance) -> float:
    """Time at which the ankle passes below its own hip, seconds."""
    inside = (fine.time >= step.contact_s) & (fine.time <= step.toe_off_s)
    behind = fine.tracks[f"ankle_behind_hip_{step.side}_m"][inside]
    return float(np.interp(0.0, behind, fine.time[inside]))


def _stride_values(fine: _Fine, motion: Motion, step: Stance, other: Stance, following: Stance) -> dict[str, Any]:
    """Every measure of one stride of one side: ``step`` up to the next contact of the same foot."""
    side, c, o, end = step.side, step.contact_s, step.toe_off_s, following.contact_s
    mid = _midstance(fine, step)
    foot = fine.at(f"foot_angle_{side}_deg", c)

    def change(name: str) -> float:
        return fine.at(name, o) - fine.at(name, mid)

    knee, arm = f"knee_flexion_{side}_deg", fine.within(f"upper_arm_{side}_deg", c, end)
    bend, hip = change("lumbar_extension_deg"), change(f"hip_extension_{side}_deg")
    return {
        "contact_time_s": o - c,
        "flight_time_s": other.contact_s - o,
        "duty_factor_pct": 100 * (o - c) / (end - c),
        "stride_length_m": motion.belt_speed_mps * (end - c),
        "foot_angle_at_contact_deg": foot,
        "foot_strike": strike_name(foot),
        "overstride_pct_leg": 100 * fine.at(f"ankle_ahead_{side}_m", c) / motion.body.leg,
        "shank_angle_at_contact_deg": fine.at(f"shank_{side}_deg", c),
        "knee_flexion_at_contact_deg": fine.at(knee, c),
        "peak_stance_knee_flexion_deg": float(fine.within(knee, c, o).max()),
        "peak_swing_knee_flexion_deg": float(fine.within(knee, o, end).max()),
        "thigh_extension_at_toe_off_deg": fine.at(f"thigh_{side}_deg", o),
        "peak_thigh_extension_deg": float(fine.within(f"thigh_{side}_deg", c, end).max()),
        "lumbar_extension_change_deg": bend,
        "hip_extension_change_deg": hip,
        "lumbar_share_pct": 100 * bend / (bend + hip),
        "arm_swing_deg": float(np.ptp(arm)),
    }


def _both_sides(fine: _Fine, step: Stance, following: Stance) -> dict[str, float]:
    """Measures without a side over one stride."""
    c, end = step.contact_s, following.contact_s
    return {
        "trunk_lean_deg": float(fine.within("trunk_lean_deg", c, end).mean()),
        "trunk_lean_range_deg": float(np.ptp(fine.within("trunk_lean_deg", c, end))),
        "lumbar_extension_range_deg": float(np.ptp(fine.within("lumbar_extension_deg", c, end))),
        "pelvic_tilt_range_deg": float(np.ptp(fine.within("pelvic_tilt_deg", c, end))),
    }


def _step_values(fine: _Fine, motion: Motion, step: Stance, following: Stance) -> dict[str, float]:
    """Measures of one step (contact to the next contact of the other foot)."""
    rise = float(np.ptp(fine.within("height_m", step.contact_s, following.contact_s)))
    return {
        "cadence_spm": 60.0 / (following.contact_s - step.contact_s),
        "vertical_oscillation_cm": 100 * rise,
        "vertical_oscillation_pct_leg": 100 * rise / motion.body.leg,
    }


_UNITS = (
    ("foot_strike", "class"),
    ("_deg", "deg"),
    ("_pct", "pct"),
    ("_pct_leg", "pct"),
    ("_spm", "spm"),
    ("_cm", "cm"),
    ("_m", "m"),
    ("_s", "s"),
)


def _unit(metric: str) -> str:
    return next((unit for end, unit in _UNITS if metric.endswith(end)), "")


def _entry(metric: str, side: str | None, rows: list[tuple[float, Any]]) -> dict[str, Any]:
    values = [value for _, value in rows]
    words = isinstance(values[0], str)
    value = max(set(values), key=values.count) if words else round(float(np.median(values)), 4)
    return {
        "metric": metric,
        "side": side,
        "unit": _unit(metric),
        "value": value,
        "spread": None if words else round(float(np.std(values)), 4),
        "n": len(values),
        "values": values if words else [round(float(v), 4) for v in values],
        "times_s": [round(time, 4) for time, _ in rows],
    }


def measurements(motion: Motion, duration_s: float, near_side: str | None) -> list[dict[str, Any]]:
    """All measures over the full strides (and steps) inside the clip."""
    fine = _fine(motion, duration_s)
    rows: dict[tuple[str, str | None], list[tuple[float, Any]]] = {}

    def note(step: Stance, side: str | None, values: dict[str, Any]) -> None:
        for metric, value in values.items():
            rows.setdefault((metric, side), []).append((step.contact_s, value))

    inside = [s for s in motion.steps if 0 <= s.contact_s <= duration_s]
    for step, other in pairwise(inside):
        note(step, None, _step_values(fine, motion, step, other))
    for step, other, following in zip(inside, inside[1:], inside[2:], strict=False):
        note(step, step.side, _stride_values(fine, motion, step, other, following))
        if step.side == (near_side or "left"):
            note(step, None, _both_sides(fine, step, following))
    if near_side is None:
        for metric, side, time, value in frontal.rows(motion, duration_s):
            rows.setdefault((metric, side), []).append((time, value))
    return [_entry(metric, side, found) for (metric, side), found in sorted(rows.items(), key=str)]


def events(motion: Motion, duration_s: float) -> list[dict[str, Any]]:
    """Every contact and toe-off inside the clip, in time order."""
    found = []
    for step in motion.steps:
        for kind, time in (("contact", step.contact_s), ("toe_off", step.toe_off_s)):
            if 0 <= time <= duration_s:
                found.append({"kind": kind, "side": step.side, "time_s": round(time, 5)})
    return sorted(found, key=lambda event: event["time_s"])


def _rounded(values: Array, digits: int) -> list:
    return np.round(np.asarray(values, float), digits).tolist()


def frames(pose: Pose, body: Dimensions, camera: Camera, across: bool) -> dict[str, Any]:
    """Angles and projected joints at every frame; ``across``: the frontal plane's too."""
    at = joints(pose, body)
    return {
        "time_s": _rounded(pose.time_s, 5),
        **{name: _rounded(track, 2) for name, track in angles(pose, body).items()},
        **{name: _rounded(track, 4) for name, track in (frontal.tracks(pose, body).items() if across else ())},
        "joints_px": {name: _rounded(camera.project(at[name]), 1) for name in JOINTS},
    }


def truth(
    motion: Motion, camera: Camera, frame_times: Array, frame_rate_hz: float, made_with: dict[str, Any]
) -> dict[str, Any]:
    """The whole truth record of a clip."""
    near_side = camera.side if camera.side in SIDES else None
    duration = len(frame_times) / frame_rate_hz
    return {
        "schema": 1,
        "activity": "running",
        "view": "side" if near_side else camera.side,
        "facing": camera.facing,
        "near_side": near_side,
        "height_cm": round(100 * motion.body.height, 1),
        "belt_speed_mps": motion.belt_speed_mps,
        "video": {
            "width_px": camera.width_px,
            "height_px": camera.height_px,
            "n_frames": len(frame_times),
            "duration_s": round(duration, 4),
            "frame_rate_hz": frame_rate_hz,
            "variable_frame_rate": False,
            "slow_motion": 1.0,
        },
        "leg_length_m": round(motion.body.leg, 4),
        "events": events(motion, duration),
        "measurements": measurements(motion, duration, near_side),
        "frames": frames(motion.pose(frame_times), motion.body, camera, near_side is None),
        "made_with": made_with,
    }
