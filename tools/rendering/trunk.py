"""Pelvis, spine and head rotations from a few angles, shared by every motion source."""

from __future__ import annotations

import numpy as np

from .pose import SPINE, Dimensions
from .rotations import Array, about_x, about_y, about_z, blend

# Share of the whole lumbar bend that is done below and including each spine bone; the ribs' bone has all of it.
BEND_SHARES = (0.22, 0.52, 0.82, 1.0, 1.0)
# Share of the way from the pelvis' to the ribs' axial turn and side bend, bone by bone.
TURN_SHARES = (0.05, 0.2, 0.4, 0.7, 1.0)


def resting_lean_deg(lumbar_extension_deg: Array, body: Dimensions) -> Array:
    """Lean of mid-hip -> mid-shoulder (forward +, degrees) with the pelvis at 0 and this lumbar extension."""
    points = [*body.spine, body.spine[4] + body.shoulder]
    x = np.full(np.shape(lumbar_extension_deg), points[0][0])
    z = np.full(np.shape(lumbar_extension_deg), points[0][2])
    for i, share in enumerate(BEND_SHARES):
        dx, dz = (points[i + 1] - points[i])[[0, 2]]
        pitch = np.radians(-share * np.asarray(lumbar_extension_deg))
        x = x + dx * np.cos(pitch) + dz * np.sin(pitch)
        z = z - dx * np.sin(pitch) + dz * np.cos(pitch)
    return np.degrees(np.arctan2(x, z))


def pelvic_tilt_for_lean(lean_deg: Array, lumbar_extension_deg: Array, body: Dimensions) -> Array:
    """Forward tilt of the pelvis (degrees) at which the trunk leans as asked with this lumbar extension."""
    return np.asarray(lean_deg) - resting_lean_deg(lumbar_extension_deg, body)


def trunk_rotations(
    pelvic_tilt_deg: Array,
    lumbar_extension_deg: Array,
    *,
    pelvis_turn_deg: Array,
    ribs_turn_deg: Array,
    pelvis_roll_deg: Array,
    ribs_roll_deg: Array,
    gaze_pitch_deg: float = 4.0,
    head_follow: float = 0.25,
) -> dict[str, Array]:
    """Rotations of pelvis, five spine bones and head.

    Tilt forward +, extension backward +, turn to the left +, roll left side up +. The head keeps most of its
    direction: it takes ``head_follow`` of the ribs' pitch and turn on top of ``gaze_pitch_deg`` (down +).
    """
    pelvis = about_z(pelvis_turn_deg) @ about_y(pelvic_tilt_deg) @ about_x(pelvis_roll_deg)
    out = {"pelvis": pelvis}
    for name, bend, turn in zip(SPINE, BEND_SHARES, TURN_SHARES, strict=True):
        yaw = (1 - turn) * pelvis_turn_deg + turn * ribs_turn_deg
        roll = (1 - turn) * pelvis_roll_deg + turn * ribs_roll_deg
        out[name] = about_z(yaw) @ about_y(pelvic_tilt_deg - bend * lumbar_extension_deg) @ about_x(roll)
    level = about_y(np.full(np.shape(pelvic_tilt_deg), gaze_pitch_deg))
    out["head"] = blend(level, out["spine5"], head_follow)
    return out
