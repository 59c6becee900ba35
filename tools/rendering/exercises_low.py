"""Exercises on the side, kneeling and seated, as pose over time: clamshell, half-kneeling, sitting. NumPy only."""

from __future__ import annotations

import numpy as np

from .body import Body
from .exercise_bench import CHAIR_SHARE
from .exercise_plan import Plan
from .exercises_lying import Style
from .exercises_standing import lean_to_tilt
from .figure import Figure, unit
from .pose import SIDE_SIGN, SIDES, Pose
from .rotations import Array, about_x, about_y, about_z


def clamshell(body: Body, times: Array, plan: Plan, style: Style) -> Pose:
    """On the side, hips and knees bent, the upper knee opens by channel ``rep`` x open_deg.

    ``style``: low (side below), open_deg (turn of the upper leg about the line hip-ankle), roll_deg (the pelvis rolls
    back), heels_m (heels part), hip_deg, knee_deg.
    """
    low, n, d = style.get("low", "right"), len(times), body.dimensions
    top, sign = ("left" if low == "right" else "right"), (1.0 if low == "right" else -1.0)
    p, figure = plan.channel("rep", times), Figure(body, len(times))
    whole = about_x(sign * 90.0)
    hip_deg, knee_deg = style.get("hip_deg", 48.0), style.get("knee_deg", 88.0)
    roll = plan.channel("roll", times) + style.get("roll_deg", 0.0) * p
    pelvis = np.column_stack([0 * p, np.full(n, 0.08 * sign * d.height / 1.7), np.full(n, figure.skin.hip_side + 0.01)])
    figure.trunk(
        pelvis, 0.0, 0.0, whole=whole, turn_deg=sign * roll, ribs_turn_deg=-0.35 * sign * roll, roll_deg=-4.0 * sign
    )
    figure.leg(low, -hip_deg, knee_deg, 0.0, frame=whole).foot_on_shank(low, 8.0)
    rest = figure.ankle_at(low)
    apart = np.column_stack([0 * p, 0 * p, 0.085 + style.get("heels_m", 0.0) * p])
    open_rad = np.radians(4.0 + style.get("open_deg", 45.0) * p)
    away = unit(figure.knee_at(low) - (figure.hip(low) + rest) / 2)
    pole = away * np.cos(open_rad)[:, None] + np.array([0.0, 0.0, 1.0]) * np.sin(open_rad)[:, None]
    figure.leg_to(top, rest + apart, pole).foot_on_shank(top, 8.0)
    figure.arm(low, 120.0, 6.0, 100.0, turn_deg=0.0)
    shoulder = figure.shoulder(top)
    hand = shoulder * [0, 1, 0] + np.array([0.34, 0.05 * sign, 0.05])
    figure.arm_to(top, hand, np.array([-0.3, -0.6 * sign, 1.0]))
    return figure.pose(times)


def half_kneeling(body: Body, times: Array, plan: Plan, style: Style) -> Pose:
    """One knee on the floor behind, the other foot ahead; ``style``: side (kneeling), thigh_deg (rear thigh behind),
    arch_deg, lean_deg. Channel ``in`` moves the hips forward; ``bounce`` the thigh.
    """
    side, d, n = style.get("side", "left"), body.dimensions, len(times)
    front, sign = ("right" if side == "left" else "left"), SIDE_SIGN[side]
    p, figure = plan.channel("in", times), Figure(body, len(times))
    thigh = np.radians(style.get("thigh_deg", 18.0) * p - 2.0 + plan.channel("bounce", times))
    floor = figure.skin.knee + 0.01
    hip = np.column_stack([d.thigh * np.sin(thigh), np.full(n, sign * 0.07), floor + d.thigh * np.cos(thigh)])
    bend = style.get("arch_deg", 0.0) * p
    lean = 2.0 + style.get("lean_deg", 0.0) * p
    pelvis = hip - np.array([0.0, sign * d.hip_half_width, 0.0])
    figure.trunk(pelvis, lean_to_tilt(body, lean, bend), bend)
    figure.turn[f"{side}_thigh"] = about_y(np.degrees(thigh))
    figure.turn[f"{side}_shank"] = np.broadcast_to(about_y(93.0), (n, 3, 3))
    figure.foot_on_shank(side, 60.0)
    ankle = np.array([0.43 * d.leg + 0.09, -sign * 0.09, d.ankle_height])
    figure.leg_to(front, ankle, np.array([1.0, -0.1 * sign, 0.4])).foot(front, np.eye(3))
    for arm in SIDES:
        wrist = figure.hip(arm) + figure.turn["pelvis"] @ np.array([0.0, SIDE_SIGN[arm] * 0.10, 0.10])
        figure.arm_to(arm, wrist, np.array([-0.7, SIDE_SIGN[arm], 0.0]))
    return figure.pose(times)


def sitting(body: Body, times: Array, plan: Plan, style: Style) -> Pose:
    """On a chair; channel ``in``: lean_deg, round_deg (slump), knee_deg of the style; crossed: the leg above."""
    d, n = body.dimensions, len(times)
    p, figure = plan.channel("in", times), Figure(body, len(times))
    bend = -style.get("round_deg", 0.0) * p
    lean = 2.0 + (style.get("lean_deg", 2.0) - 2.0) * p + plan.channel("sway_x", times) * 60
    seat = CHAIR_SHARE * d.height + figure.skin.under_seat
    pelvis = np.column_stack([0 * p, 0 * p, np.full(n, seat)])
    figure.trunk(pelvis, lean_to_tilt(body, lean, bend), bend, nod_deg=0.35 * style.get("round_deg", 0.0) * p)
    thigh_x = d.thigh * 0.995
    for side in SIDES:
        sign = SIDE_SIGN[side]
        knee_back = style.get("knee_deg", 90.0) - 90.0
        ankle = np.array([thigh_x - d.shank * np.sin(np.radians(knee_back)), sign * 0.10, d.ankle_height])
        figure.leg_to(side, ankle, np.array([1.0, 0.0, 0.6]))
        figure.foot(side, about_z(sign * 6.0))
        if style.get("crossed") == side:
            up = np.array([thigh_x + 0.10, -sign * 0.16, d.ankle_height + 0.21])
            figure.leg_to(side, up, np.array([0.6, 0.0, 1.0])).foot_on_shank(side, 18.0)
        wrist = figure.hip(side) + np.array([0.25, sign * 0.02, 0.10])
        figure.arm_to(side, wrist, np.array([-0.8, sign * 0.7, -0.3]))
    return figure.pose(times)


def seated_hamstring(body: Body, times: Array, plan: Plan, style: Style) -> Pose:
    """On the floor, one leg straight, the other sole at its thigh; ``style``: side (straight), lean_deg, round_deg,
    knee_deg (the straight leg's bend). Channel ``in`` leans into it; ``bounce`` the lean.
    """
    side, d, n = style.get("side", "left"), body.dimensions, len(times)
    bent, sign = ("right" if side == "left" else "left"), SIDE_SIGN[side]
    p, figure = plan.channel("in", times), Figure(body, len(times))
    bend = -style.get("round_deg", 0.0) * p - 4.0
    lean = 4.0 + (style.get("lean_deg", 40.0) - 4.0) * p + plan.channel("bounce", times)
    pelvis = np.column_stack([0 * p, 0 * p, np.full(n, figure.skin.under_seat + 0.012)])
    figure.trunk(pelvis, lean_to_tilt(body, lean, bend), bend, nod_deg=-4.0 + 0.3 * style.get("round_deg", 0.0) * p)
    knee = np.radians(style.get("knee_deg", 3.0))
    reach = np.sqrt(d.thigh**2 + d.shank**2 + 2 * d.thigh * d.shank * np.cos(knee))
    drop = figure.skin.under_seat + 0.012 - 0.066
    ankle = np.array([np.sqrt(reach**2 - drop**2), sign * (d.hip_half_width + 0.02), 0.066])
    figure.leg_to(side, ankle, np.array([0.2, 0.0, 1.0])).foot(side, about_y(-84.0))
    inner = np.array([0.40 * d.leg, sign * 0.01, 0.075])
    figure.leg_to(bent, inner, np.array([0.3, -sign * 1.0, 0.12])).foot_on_shank(bent, 30.0)
    for arm in SIDES:
        far = ankle * [0.62 + 0.30 * style.get("lean_deg", 40.0) / 60.0, 0.0, 0.0] + np.array(
            [0.0, sign * d.hip_half_width + SIDE_SIGN[arm] * 0.08, 0.10]
        )
        near = np.array([0.22, SIDE_SIGN[arm] * 0.16, 0.16])
        share = np.clip(p, 0, 1)[:, None]
        figure.arm_to(arm, near * (1 - share) + far * share, np.array([-0.4, SIDE_SIGN[arm] * 1.0, -0.2]))
    return figure.pose(times)


def towel_hamstring(body: Body, times: Array, plan: Plan, style: Style) -> Pose:
    """On the back, one leg raised with a towel round the foot; ``style``: side, raise_deg, knee_deg, other_deg (the
    other leg's thigh above the floor). Channel ``in`` raises; ``bounce`` the angle.
    """
    side, d, n = style.get("side", "left"), body.dimensions, len(times)
    p, figure = plan.channel("in", times), Figure(body, len(times))
    z = figure.skin.seat + 0.012
    figure.trunk(np.array([0.42 * d.height / 1.7, 0.0, z]), np.full(n, -92.0), 2.0, gaze=about_y(-80.0))
    angle = style.get("raise_deg", 75.0) * p + 2.0 * (1 - p) + plan.channel("bounce", times)
    for leg in SIDES:
        sign = SIDE_SIGN[leg]
        if leg == side:
            figure.leg(leg, -90.0 - angle, 3.0 + (style.get("knee_deg", 6.0) - 3.0) * p, 0.0).foot_on_shank(leg, -4.0)
            continue
        other = style.get("other_deg", 0.0)
        reach = d.leg * 0.999 if not other else d.leg * np.cos(np.radians(other) * 0.9)
        ankle = figure.hip(leg) * [1, 1, 0] + np.array([np.sqrt(reach**2 - (z - 0.066) ** 2), sign * 0.03, 0.066])
        figure.leg_to(leg, ankle, np.array([0.1, 0.05 * sign, 1.0])).foot(leg, about_y(-78.0))
    along = unit(figure.knee_at(side) - figure.hip(side))
    for arm in SIDES:
        held = (
            figure.hip(side) + along * 0.30 + np.array([-0.06, 0.0, 0.05]) + np.array([0.0, SIDE_SIGN[arm] * 0.09, 0.0])
        )
        held = held + np.array([0.0, -figure.hip(side)[0, 1] * 0.4, 0.0])
        floor = figure.shoulder(arm) + np.array([0.5, SIDE_SIGN[arm] * 0.1, 0.0])
        floor[:, 2] = 0.05
        share = np.clip(2 * p, 0, 1)[:, None]
        figure.arm_to(arm, floor * (1 - share) + held * share, np.array([-0.3, SIDE_SIGN[arm] * 1.0, -0.4]))
    return figure.pose(times)
