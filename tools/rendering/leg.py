"""Leg geometry: inverse kinematics in the leg's plane, and rotations from plane angles. NumPy only.

The leg plane holds the hip, the ankle and the running direction. In it: thigh angle (degrees, knee behind the hip
+), knee flexion (0 straight, +) and ``side_lean_deg``, the plane's turn about X (foot to the left +). The foot is
given by its pitch against the belt (toes up +) and its toe-out turn; toes have their own pitch.
"""

from __future__ import annotations

import numpy as np

from .pose import Dimensions
from .rotations import Array, about_x, about_y, about_z


def leg_angles(hip: Array, ankle: Array, body: Dimensions) -> tuple[Array, Array, Array]:
    """Thigh angle, knee flexion and side lean (degrees) that join hip to ankle, both (n, 3) metres."""
    ahead, left, up = np.moveaxis(ankle - hip, -1, 0)
    side_lean = np.arctan2(left, -up)
    down = np.hypot(left, up)
    square = ahead**2 + down**2
    cosine = (square - body.thigh**2 - body.shank**2) / (2 * body.thigh * body.shank)
    if np.any(cosine > 1.0):
        reach = float(np.sqrt(square.max()))
        raise ValueError(f"leg of {body.leg:.3f} m cannot reach {reach:.3f} m: change contact time or speed")
    knee = np.arccos(np.clip(cosine, -1.0, 1.0))
    behind = np.arctan2(-ahead, down)
    thigh = behind - np.arctan2(body.shank * np.sin(knee), body.thigh + body.shank * np.cos(knee))
    return np.degrees(thigh), np.degrees(knee), np.degrees(side_lean)


def reach_for_knee(knee_flexion_deg: float, body: Dimensions) -> float:
    """Hip-ankle distance (metres) at this knee flexion."""
    return float(
        np.sqrt(body.thigh**2 + body.shank**2 + 2 * body.thigh * body.shank * np.cos(np.radians(knee_flexion_deg)))
    )


def leg_rotations(thigh_deg: Array, knee_deg: Array, side_lean_deg: Array) -> tuple[Array, Array]:
    """Rotations of thigh and shank from the plane angles."""
    plane = about_x(side_lean_deg)
    return plane @ about_y(thigh_deg), plane @ about_y(thigh_deg + knee_deg)


def foot_rotation(pitch_deg: Array, toe_out_deg: float) -> Array:
    """Rotation of foot or toes from pitch (toes up +) and turn (to the left +)."""
    return about_z(np.full(np.shape(pitch_deg), toe_out_deg)) @ about_y(-np.asarray(pitch_deg, float))
