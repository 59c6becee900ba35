"""Exercises and tests on the feet, as pose over time: squats, one leg, bends, posture, standing stretches. NumPy only.

Every function takes the body, times (n,), a plan and the clip's style, and gives the pose record.
"""

from __future__ import annotations

import numpy as np

from .body import Body
from .exercise_plan import Plan
from .exercises_lying import Style
from .figure import Figure, ball_to_ankle, trunk_vector, unit
from .pose import SIDE_SIGN, SIDES, Pose
from .rotations import Array, about_x, about_y, about_z


def lean_to_tilt(body: Body, lean_deg: Array, bend_deg: Array) -> Array:
    """Pelvic tilt at which mid-hip -> mid-shoulder leans so far forward with this bend."""
    x, z = trunk_vector(body, 0.0, bend_deg)
    return np.asarray(lean_deg) - np.degrees(np.arctan2(x, z))


def _foot_place(body: Body, x: float, y: float, heel_deg: Array, out_deg: Array) -> tuple[Array, Array]:
    """Ankle (n, 3) and foot turn with the bending line of the shoe at (x + ball, y), the heel raised so far."""
    foot = about_z(out_deg) @ about_y(heel_deg)
    ball = np.array([x + body.dimensions.ball_x, y, 0.0])
    return ball + ball_to_ankle(body, foot), foot


def squat(body: Body, times: Array, plan: Plan, style: Style) -> Pose:
    """Both feet stay; channel ``rep`` 0 standing .. 1 deepest.

    ``style``: knee_deg, shank_deg, lean_deg at the bottom (sagittal), stance (foot distance, shares of height),
    out_deg (toes), knees_in (0 over the feet .. 1 nearly touching), heel_deg (heels rise), shift_m (hips sideways), round_deg
    (lower back bends forward), arms ("ahead", "overhead", "sides"), fall_deg (raised arms come forward).
    """
    d, n = body.dimensions, len(times)
    p, figure = plan.channel("rep", times), Figure(body, len(times))
    knee, shank = 3.0 + p * (style["knee_deg"] - 3.0), 1.0 + p * (style["shank_deg"] - 1.0)
    heel = style.get("heel_deg", 0.0) * p
    shank, thigh = np.radians(shank + 0.0), np.radians(knee - shank)
    half = style.get("stance", 0.16) * d.height / 2
    out = style.get("out_deg", 10.0) + plan.channel("toes", times)
    places = {side: _foot_place(body, 0.0, SIDE_SIGN[side] * half, heel, SIDE_SIGN[side] * out) for side in SIDES}
    ankle_x, ankle_z = places["left"][0][:, 0], places["left"][0][:, 2]
    splay = np.cos(np.arctan2(half - d.hip_half_width, d.leg))
    x = ankle_x + d.shank * np.sin(shank) - d.thigh * np.sin(thigh)
    z = ankle_z + (d.shank * np.cos(shank) + d.thigh * np.cos(thigh)) * splay
    bend = plan.channel("bend", times) - style.get("round_deg", 0.0) * p + style.get("arch_deg", 0.0) * p
    lean = plan.channel("lean", times, 2.0) + (style["lean_deg"] - 2.0) * p
    shift = style.get("shift_m", 0.0) * p + plan.channel("sway", times)
    roll = style.get("roll_deg", 0.0) * p
    figure.trunk(np.column_stack([x, shift, z]), lean_to_tilt(body, lean, bend), bend, roll_deg=roll,
                 ribs_roll_deg=-0.6 * roll, nod_deg=-0.6 * lean)  # fmt: skip
    inward = style.get("knees_in", 0.0) * p
    for side in SIDES:
        sign = SIDE_SIGN[side]
        ankle, foot = places[side]
        yaw = np.radians((out + 6.0) * (1 - inward) - 15.0 * inward)
        figure.leg_to(side, ankle, np.column_stack([np.cos(yaw), sign * np.sin(yaw), 0.0 * yaw]))
        toes = about_z(sign * out)
        figure.foot(side, foot, toes)
        _squat_arm(figure, side, plan, times, style, lean)
    return figure.pose(times)


def _squat_arm(figure: Figure, side: str, plan: Plan, times: Array, style: Style, lean: Array) -> None:
    """Arms overhead (with the channel ``fall`` 1 = fallen by fall_deg), forward while down, or beside the body."""
    p, up = plan.channel("rep", times), plan.channel("arms", times, 1.0)
    kind = style.get("arms", "ahead")
    if kind == "overhead":
        figure.arm(side, up * (174.0 - style.get("fall_deg", 0.0) * p), 10.0 - 22.0 * up, 8.0 + 10.0 * (1 - up))
    elif kind == "ahead":
        figure.arm(side, 8.0 + p * (80.0 + 0.25 * lean), 9.0, 14.0, turn_deg=10.0 * p)
    else:
        figure.arm(side, 4.0 + 0.7 * lean * p, 12.0, 14.0)
