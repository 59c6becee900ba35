"""Exercises and tests on the feet, as pose over time: squats, one leg, bends, posture, standing stretches. NumPy only.

Every function takes the body, times (n,), a plan and the clip's style, and gives the pose record.
"""

from __future__ import annotations

import numpy as np

from .body import Body
from .exercise_bench import WALL_SHARE
from .exercise_plan import Plan
from .exercises_lying import Style
from .figure import Figure, ball_to_ankle, trunk_vector
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
    out_deg (toes), knees_in (0 over the feet .. 1 nearly touching), heel_deg (heels rise), shift_m (hips sideways),
    round_deg (lower back bends forward), arms ("ahead", "overhead", "sides"), fall_deg (raised arms come forward).
    """
    d = body.dimensions
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
    figure.trunk(
        np.column_stack([x, shift, z]),
        lean_to_tilt(body, lean, bend),
        bend,
        roll_deg=roll,
        ribs_roll_deg=-0.6 * roll,
        nod_deg=-0.6 * lean,
    )
    inward = style.get("knees_in", 0.0) * p
    for side in SIDES:
        sign = SIDE_SIGN[side]
        ankle, foot = places[side]
        yaw = np.radians((out + 6.0) * (1 - inward) - 15.0 * inward)
        figure.leg_to(side, ankle, np.column_stack([np.cos(yaw), sign * np.sin(yaw), 0.0 * yaw]))
        figure.foot(side, foot, about_z(sign * out))
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


# --------------------------------------------------------------------------------------------------------- one leg


def _hip_over(body: Body, ankle: Array, shank_deg: Array, knee_deg: Array) -> Array:
    """(n, 3) hip of a leg that stands on this ankle, the shank leaning forward +."""
    shank, thigh = np.radians(shank_deg), np.radians(knee_deg - shank_deg)
    d = body.dimensions
    x = d.shank * np.sin(shank) - d.thigh * np.sin(thigh)
    z = d.shank * np.cos(shank) + d.thigh * np.cos(thigh)
    return ankle + np.column_stack([x, np.zeros_like(z + x), z + 0 * x])


def _pelvis_for(body: Body, hip: Array, side: str, tilt: Array, roll: Array | float, turn: Array | float) -> Array:
    """Mid-hip (n, 3) for one hip's place."""
    n = len(hip)
    turn, roll = np.broadcast_to(turn, (n,)), np.broadcast_to(roll, (n,))
    whole = about_y(np.broadcast_to(tilt, (n,))) @ about_z(turn) @ about_x(roll)
    return hip - whole @ np.array([0.0, SIDE_SIGN[side] * body.dimensions.hip_half_width, 0.0])


def single_leg_deadlift(body: Body, times: Array, plan: Plan, style: Style) -> Pose:
    """One foot stands, the trunk tips and the other leg rises behind; channel ``rep`` 0 .. 1.

    ``style``: side (standing leg), lean_deg, knee_deg at the bottom, round_deg, open_deg (pelvis opens), ribs_stay (how
    little the chest follows, 0..1), drop_deg (the rear leg hangs below the trunk's line), knee_in_deg. Channel
    ``touch`` 1 puts the free foot down.
    """
    side, n = style.get("side", "left"), len(times)
    free, sign, d = ("right" if side == "left" else "left"), SIDE_SIGN[side], body.dimensions
    p, touch = plan.channel("rep", times), plan.channel("touch", times)
    figure = Figure(body, n)
    wander = plan.channel("sway", times)
    ankle = np.array([0.0, sign * 0.05, d.ankle_height])
    hip = _hip_over(body, ankle, 1.0 - 5.0 * p, 4.0 + (style.get("knee_deg", 18.0) - 4.0) * p)
    hip = hip + np.column_stack([0.3 * wander, wander + sign * 0.02, 0.0 * p])
    lean, bend = 2.0 + (style.get("lean_deg", 78.0) - 2.0) * p, -style.get("round_deg", 0.0) * p
    tilt, turn = lean_to_tilt(body, lean, bend), -sign * style.get("open_deg", 0.0) * p
    figure.trunk(
        _pelvis_for(body, hip, side, tilt, 0.0, turn),
        tilt,
        bend,
        turn_deg=turn,
        ribs_turn_deg=-style.get("ribs_stay", 0.6) * turn,
        nod_deg=-0.35 * lean,
    )
    inward = np.radians(8.0 - style.get("knee_in_deg", 0.0) * p)
    figure.leg_to(side, ankle, np.column_stack([np.cos(inward), sign * np.sin(inward), 0 * p]))
    figure.foot(side, about_z(sign * 6.0))
    rest = (1 - p) * (1 - touch)
    figure.leg(free, lean - style.get("drop_deg", 0.0) * p - 14.0 * rest + 2.0, 8.0 + 34.0 * rest, 2.0)
    figure.foot_on_shank(free, 10.0 * p)
    for arm in SIDES:
        figure.arm(arm, 4.0 * p, 6.0, 8.0, frame=np.broadcast_to(np.eye(3), (n, 3, 3)))
    return figure.pose(times)


def single_leg_stance(body: Body, times: Array, plan: Plan, style: Style) -> Pose:
    """Stands on one leg while channel ``up`` is 1. ``style``: side, drop_deg (free side of the pelvis sinks), lean_deg
    (trunk toward the standing leg), raise_deg (free thigh), arms_deg (further from the body). Channel ``sway`` (metres)
    moves the hips sideways.
    """
    side, n, d = style.get("side", "left"), len(times), body.dimensions
    free, sign = ("right" if side == "left" else "left"), SIDE_SIGN[side]
    up, sway = plan.channel("up", times), plan.channel("sway", times)
    figure = Figure(body, n)
    roll = sign * style.get("drop_deg", 0.0) * up
    ribs = -sign * style.get("lean_deg", 0.0) * up - roll
    foot_y = 0.085
    y = sign * (foot_y - 0.03) * up + sway
    z = d.ankle_height + d.leg * 0.9985 - 0.012 * up * 0
    figure.trunk(
        np.column_stack([0 * y - 0.01, y, np.full(n, z) - 0.006]),
        lean_to_tilt(body, 1.0, 0.0) + 0 * y,
        0.0,
        roll_deg=roll,
        ribs_roll_deg=ribs,
    )
    figure.leg_to(side, np.array([0.0, sign * foot_y, d.ankle_height]), np.array([1.0, 0.12 * sign, 0.0]))
    figure.foot(side, about_z(sign * 7.0))
    floor = np.array([0.0, -sign * foot_y, d.ankle_height])
    raised = np.radians(np.broadcast_to(style.get("raise_deg", np.degrees(0.75)), (n,)))
    high = figure.hip(free) + np.column_stack(
        [d.thigh * np.sin(raised) - d.shank * 0.62, 0 * raised, -d.thigh * np.cos(raised) - d.shank * 0.78]
    )
    share = up[:, None]
    figure.leg_to(free, floor * (1 - share) + high * share, np.array([1.0, -0.1 * sign, 0.15]))
    figure.foot(free, about_z(-sign * 7.0) @ about_y(24.0 * up))
    for arm in SIDES:
        figure.arm(arm, 2.0, 9.0 + (9.0 + style.get("arms_deg", 0.0)) * up + 120.0 * np.abs(sway), 10.0)
    return figure.pose(times)


# --------------------------------------------------------------------------------------------------- standing still


def _stand(figure: Figure, x: Array, y: Array, knee_deg: dict[str, Array], half: float) -> dict[str, Array]:
    """Ankles of both feet below a pelvis at x, y; the pelvis height that the straighter leg asks for."""
    d = figure.d
    reach = {
        side: np.sqrt(d.thigh**2 + d.shank**2 + 2 * d.thigh * d.shank * np.cos(np.radians(knee_deg[side])))
        for side in SIDES
    }
    heights = []
    for side in SIDES:
        across = SIDE_SIGN[side] * (half - d.hip_half_width) - y
        heights.append(np.sqrt(np.maximum(reach[side] ** 2 - x**2 - across**2, 0.04)))
    return {"z": d.ankle_height + np.maximum(*heights)}


def standing(body: Body, times: Array, plan: Plan, style: Style) -> Pose:
    """Stands; channel ``in`` 0 upright .. 1 as the style says: hip_ahead_m, lean_deg, bend_deg, knee_deg, shift_m (hips
    toward the left leg), roll_deg, shoulder_roll_deg, nod_deg, hands ("sides", "hips").

    Forward bends and back extensions are the same with a large lean and bend; arms hang.
    """
    n, d = len(times), body.dimensions
    p, figure = plan.channel("rep", times) + plan.channel("in", times), Figure(body, len(times))
    x = 0.01 + style.get("hip_ahead_m", 0.0) * p + plan.channel("sway_x", times)
    y = style.get("shift_m", 0.0) * p + plan.channel("sway", times)
    knee = 3.0 + (style.get("knee_deg", 3.0) - 3.0) * p
    half = style.get("stance", 0.13) * d.height / 2
    z = _stand(figure, x, y, {"left": knee, "right": knee}, half)["z"] - 0.001
    lean, bend = 1.0 + (style.get("lean_deg", 1.0) - 1.0) * p, style.get("bend_deg", 0.0) * p
    roll = style.get("roll_deg", 0.0) * p
    figure.trunk(
        np.column_stack([x, y, z]),
        lean_to_tilt(body, lean, bend),
        bend,
        roll_deg=roll,
        ribs_roll_deg=style.get("shoulder_roll_deg", 0.0) * p - roll,
        nod_deg=style.get("nod_deg", 0.0) * p,
    )
    for side in SIDES:
        sign = SIDE_SIGN[side]
        figure.leg_to(side, np.array([0.0, sign * half, d.ankle_height]), np.array([1.0, 0.15 * sign, 0.0]))
        figure.foot(side, about_z(sign * 8.0))
        if style.get("hands") == "hips":
            wrist = figure.hip(side) + figure.turn["pelvis"] @ np.array([-0.03, sign * 0.10, 0.07])
            figure.arm_to(side, wrist, np.array([-0.8, sign * 1.0, 0.0]))
        else:
            level = np.broadcast_to(np.eye(3), (n, 3, 3))
            figure.arm(side, 2.0 + style.get("reach_deg", 0.0) * p, 9.0, 8.0, frame=level)
    return figure.pose(times)


def quadriceps_stretch(body: Body, times: Array, plan: Plan, style: Style) -> Pose:
    """Stands on one leg, holds the other foot behind; ``style``: side (stretched), knee_deg, thigh_deg (ahead +),
    arch_deg, lean_deg. Channel ``in``; ``bounce`` moves the knee angle.
    """
    side, n, d = style.get("side", "left"), len(times), body.dimensions
    stand, sign = ("right" if side == "left" else "left"), SIDE_SIGN[side]
    p, figure = plan.channel("in", times), Figure(body, len(times))
    bend = style.get("arch_deg", 0.0) * p
    lean = 1.0 + style.get("lean_deg", 2.0) * p
    y = -sign * 0.05 * p
    figure.trunk(
        np.column_stack([0.01 + 0 * p, y, np.full(n, d.ankle_height + 0.997 * d.leg)]),
        lean_to_tilt(body, lean, bend),
        bend,
    )
    figure.leg_to(stand, np.array([0.0, -sign * 0.08, d.ankle_height]), np.array([1.0, -0.1 * sign, 0.0]))
    figure.foot(stand, about_z(-sign * 7.0))
    knee = 16.0 + (style.get("knee_deg", 128.0) - 16.0) * p + plan.channel("bounce", times)
    figure.leg(side, -style.get("thigh_deg", 0.0) * p - 7.0 * (1 - p), knee, 1.0).foot_on_shank(side, 25.0 * p)
    hold = figure.ankle_at(side) + figure.turn[f"{side}_foot"] @ np.array([0.03, 0.0, 0.02])
    start = figure.shoulder(side)
    hanging_at = start + np.array([0.0, sign * 0.08, -0.97 * (d.upper_arm + d.forearm)])
    share = np.clip(p, 0, 1)[:, None]
    figure.arm_to(side, hanging_at * (1 - share) + hold * share, np.array([-1.0, sign * 0.5, 0.0]))
    figure.arm(stand, 30.0 * p, 10.0 + 26.0 * p, 12.0)
    return figure.pose(times)


def calf_stretch(body: Body, times: Array, plan: Plan, style: Style) -> Pose:
    """At a wall ahead, one foot behind; ``style``: side (rear), shank_deg (rear shank forward), knee_deg (rear),
    heel_deg (heel off). Channel ``in`` leans into it; ``bounce`` moves the shank.
    """
    side, d, n = style.get("side", "left"), body.dimensions, len(times)
    front, sign = ("right" if side == "left" else "left"), SIDE_SIGN[side]
    p, figure = plan.channel("in", times), Figure(body, len(times))
    shank = 15.0 + (style.get("shank_deg", 28.0) - 15.0) * p + plan.channel("bounce", times)
    ankle, foot = _foot_place(body, -d.ball_x, sign * 0.08, style.get("heel_deg", 0.0) * p, 0.0 * p)
    knee = 4.0 + (style.get("knee_deg", 4.0) - 4.0) * np.clip(p, 0, 1)
    hip = _hip_over(body, ankle, shank, knee)
    lean = 6.0 + style.get("lean_deg", 10.0) * p
    tilt = lean_to_tilt(body, lean, 0.0 * p)
    figure.trunk(_pelvis_for(body, hip, side, tilt, 0.0, 0.0), tilt, 0.0)
    figure.leg_to(side, ankle, np.array([1.0, 0.0, 0.0])).foot(side, foot, about_z(0.0))
    step = style.get("step", 0.30) * d.leg
    figure.leg_to(front, np.array([step, -sign * 0.08, d.ankle_height]), np.array([1.0, 0.0, 0.0]))
    figure.foot(front, np.eye(3))
    wall = wall_ahead(body)
    for arm in SIDES:
        at = np.column_stack([np.full(n, wall - 0.09), np.full(n, SIDE_SIGN[arm] * 0.17), np.full(n, 0.80 * d.height)])
        figure.arm_to(arm, at, np.array([0.0, SIDE_SIGN[arm] * 0.6, -1.0]))
        figure.hand(arm, np.broadcast_to(about_y(180.0) @ about_z(SIDE_SIGN[arm] * 90.0), (n, 3, 3)))
    return figure.pose(times)


def wall_ahead(body: Body) -> float:
    """X of the wall that is leaned against."""
    return WALL_SHARE * body.dimensions.height
