"""Exact answers in the frontal plane, for clips from behind or in front. NumPy only.

Everything is taken across and up (Y, Z) from the joint centres. Midstance is the lowest point of mid-hip while the
foot is on the ground: the moment that can be seen from behind. Lengths are shares of leg length.

- pelvic drop: hip line at midstance, swing side lower +. Trunk side lean: mid-hip -> mid-shoulder, to that foot +.
- trunk sway range, hip sway: largest less smallest over a stride (mid-hip against its straight path over the stride).
- step width: ankles of two steps in a row at their midstances, across. foot from midline: ankle outward of mid-hip.
- crossover: share of the steps with the ankle across mid-hip; knee window: knees apart against hips, at midstance.
- hip adduction: thigh against the normal of the hip line, knee towards the other side +.
- arm out: shoulder -> elbow against vertical, mean, outward +. arm cross: farthest the wrist gets across mid-hip +.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from .motion import Motion
from .pose import SIDE_SIGN, Dimensions, Pose, Stance, joints
from .rotations import Array

STEP_S = 0.001


def tracks(pose: Pose, body: Dimensions) -> dict[str, Array]:
    """Frontal tracks (n,): lines left end up +, leans to the runner's left +, places in shares of leg, left +."""
    at = joints(pose, body)
    middle = {name: (at[f"left_{name}"] + at[f"right_{name}"]) / 2 for name in ("hip", "shoulder")}
    trunk = middle["shoulder"] - middle["hip"]
    out = {
        "hip_line_deg": _line(at["right_hip"], at["left_hip"]),
        "shoulder_line_deg": _line(at["right_shoulder"], at["left_shoulder"]),
        "trunk_side_lean_deg": np.degrees(np.arctan2(trunk[:, 1], trunk[:, 2])),
        "midhip_y_leg": middle["hip"][:, 1] / body.leg,
        "midhip_z_leg": middle["hip"][:, 2] / body.leg,
        "knees_apart_pct": 100 * (at["left_knee"] - at["right_knee"])[:, 1] / (2 * body.hip_half_width),
    }
    for side, sign in SIDE_SIGN.items():
        hip, knee, ankle, shoulder, elbow, wrist = (
            at[f"{side}_{name}"] for name in ("hip", "knee", "ankle", "shoulder", "elbow", "wrist")
        )
        thigh = np.degrees(np.arctan2(sign * (knee - hip)[:, 1], (hip - knee)[:, 2]))
        out |= {
            f"ankle_out_{side}_leg": sign * (ankle - middle["hip"])[:, 1] / body.leg,
            f"ankle_y_{side}_leg": ankle[:, 1] / body.leg,
            f"hip_adduction_{side}_deg": sign * out["hip_line_deg"] - thigh,
            f"arm_out_{side}_deg": np.degrees(np.arctan2(sign * (elbow - shoulder)[:, 1], (shoulder - elbow)[:, 2])),
            f"wrist_across_{side}_leg": -sign * (wrist - middle["hip"])[:, 1] / body.leg,
        }
    return out


def _line(right: Array, left: Array) -> Array:
    d = left - right
    return np.degrees(np.arctan2(d[:, 2], d[:, 1]))


def rows(motion: Motion, duration_s: float) -> list[tuple[str, str | None, float, float]]:
    """Metric, side, time and value of every step and stride inside the clip."""
    time = np.arange(0.0, duration_s + STEP_S / 2, STEP_S)
    seen = tracks(motion.pose(time), motion.body)
    inside = [s for s in motion.steps if s.contact_s >= 0 and s.toe_off_s <= duration_s]
    out: list[tuple[str, str | None, float, float]] = []
    for step in inside:
        out += [(metric, step.side, step.contact_s, v) for metric, v in _of_step(time, seen, step).items()]
    for step, following in pairwise(inside):
        apart = abs(_at_midstance(time, seen, step, "ankle_y") - _at_midstance(time, seen, following, "ankle_y"))
        out.append(("step_width_pct_leg", None, step.contact_s, 100 * _signed(apart, time, seen, step, following)))
    for step, following in zip(inside, inside[2:], strict=False):
        span = (time >= step.contact_s) & (time <= following.contact_s)
        out += [(m, None, step.contact_s, v) for m, v in _of_stride(seen, span).items()]
        out += [(m, step.side, step.contact_s, v) for m, v in _of_arm(seen, span, step.side).items()]
    return out


def _midstance(time: Array, seen: dict[str, Array], step: Stance) -> int:
    on = np.flatnonzero((time >= step.contact_s) & (time <= step.toe_off_s))
    return int(on[np.argmin(seen["midhip_z_leg"][on])])


def _at_midstance(time: Array, seen: dict[str, Array], step: Stance, name: str) -> float:
    return float(seen[f"{name}_{step.side}_leg"][_midstance(time, seen, step)])


def _signed(apart: float, time: Array, seen: dict[str, Array], step: Stance, following: Stance) -> float:
    """Negative where the left foot stands to the right of the right one."""
    left, right = (step, following) if step.side == "left" else (following, step)
    return apart if _at_midstance(time, seen, left, "ankle_y") > _at_midstance(time, seen, right, "ankle_y") else -apart


def _of_step(time: Array, seen: dict[str, Array], step: Stance) -> dict[str, float]:
    i, side, sign = _midstance(time, seen, step), step.side, SIDE_SIGN[step.side]
    out = float(seen[f"ankle_out_{side}_leg"][i])
    return {
        "pelvic_drop_deg": sign * float(seen["hip_line_deg"][i]),
        "trunk_side_lean_deg": sign * float(seen["trunk_side_lean_deg"][i]),
        "foot_from_midline_pct_leg": 100 * out,
        "crossover_pct": 100.0 * (out < 0),
        "knee_window_pct": float(seen["knees_apart_pct"][i]),
        "hip_adduction_deg": float(seen[f"hip_adduction_{side}_deg"][i]),
    }


def _of_stride(seen: dict[str, Array], span: Array) -> dict[str, float]:
    path = seen["midhip_y_leg"][span]
    straight = np.linspace(path[0], path[-1], len(path))
    return {
        "trunk_sway_range_deg": float(np.ptp(seen["trunk_side_lean_deg"][span])),
        "hip_sway_pct_leg": 100 * float(np.ptp(path - straight)),
        "shoulder_tilt_deg": float(seen["shoulder_line_deg"][span].mean()),
    }


def _of_arm(seen: dict[str, Array], span: Array, side: str) -> dict[str, float]:
    return {
        "arm_out_deg": float(seen[f"arm_out_{side}_deg"][span].mean()),
        "arm_cross_pct_leg": 100 * float(seen[f"wrist_across_{side}_leg"][span].max()),
    }
