"""Exercises on the back and face down, as pose over time: hip lift, draw-in, dead bug, plank, bird dog. NumPy only.

Every function takes the body, times (n,) and a plan, and gives the pose record; the numbers of a clip (``style``) are
angles in degrees in the sense of the truth file.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .body import Body
from .exercise_plan import Plan
from .figure import Figure, ball_to_ankle, hanging, trunk_vector, unit
from .pose import SIDE_SIGN, SIDES, Pose
from .rotations import Array, about_x, about_y, about_z

Style = dict[str, Any]


def _interior_deg(a: Array, b: Array, c: Array) -> Array:
    """Angle at b between a and c, (n, 2) sagittal points: 180 straight, above 180 where b bulges upward/forward."""
    u, v = a - b, c - b
    turn = np.degrees(np.arctan2(u[..., 1] * v[..., 0] - u[..., 0] * v[..., 1], np.sum(u * v, axis=-1)))
    return np.mod(turn, 360.0)


class _Bridge:
    """Sagittal chain of the hip lift: shoulders and feet stay, the trunk's rise ``phi`` follows from the hip line."""

    def __init__(self, body: Body, style: Style) -> None:
        self.body, d = body, body.dimensions
        figure = Figure(body, 1)
        self.shoulder_z, self.seat_z = figure.skin.back + 0.012, figure.skin.seat + 0.012
        self.arch = float(style.get("arch_deg", 0.0))
        self.foot_x = 0.0
        rest = self.rise_for_height(self.seat_z)
        flat = np.linspace(rest, np.radians(42.0), 400)
        knee = np.radians(180.0 - style["knee_top_deg"])
        self.reach = float(np.sqrt(d.thigh**2 + d.shank**2 + 2 * d.thigh * d.shank * np.cos(knee)))
        # At the top the knee has its angle: the foot's place follows from the hip's place for each rise.
        lines = np.array([self._line(phi, self._foot_for(phi)) for phi in flat])
        self.top = float(np.interp(style["top_hip_line_deg"], lines, flat))
        self.foot_x, self.rest = self._foot_for(self.top), rest

    def rise_for_height(self, hip_z: float) -> float:
        """Trunk's slope (radians) at which mid-hip is so high."""
        long = np.hypot(*trunk_vector(self.body, -90.0, 0.0))
        return float(np.arcsin(np.clip((hip_z - self.shoulder_z) / long, -0.9, 0.9)))

    def hip(self, phi: Array, bend: Array) -> tuple[Array, Array, Array]:
        """Pelvic tilt, X and Z of mid-hip with the shoulders at X 0."""
        x, z = trunk_vector(self.body, 0.0, bend)
        lean = np.degrees(np.arctan2(x, z))
        tilt = -90.0 - np.degrees(phi) - lean
        x, z = trunk_vector(self.body, tilt, bend)
        return tilt, -x, self.shoulder_z - z

    def _foot_for(self, phi: float) -> float:
        _, x, z = self.hip(np.array(phi), np.array(self.arch))
        drop = z - self.body.dimensions.ankle_height
        return float(x + np.sqrt(max(self.reach**2 - drop**2, 0.01)))

    def _line(self, phi: float, foot_x: float) -> float:
        _, x, z = self.hip(np.array(phi), np.array(self.arch))
        d, ankle = self.body.dimensions, np.array([foot_x, self.body.dimensions.ankle_height])
        gap = ankle - [x, z]
        far = float(np.hypot(*gap))
        along = (d.thigh**2 - d.shank**2 + far**2) / (2 * far)
        knee = (
            np.array([x, z])
            + gap / far * along
            + np.array([-gap[1], gap[0]]) / far * np.sqrt(max(d.thigh**2 - along**2, 0.0))
        )
        return float(_interior_deg(np.array([0.0, self.shoulder_z]), np.array([x, z]), knee))


def hip_lift(body: Body, times: Array, plan: Plan, style: Style) -> Pose:
    """On the back, knees bent, the hips rise. ``style``: top_hip_line_deg, knee_top_deg, arch_deg, roll_deg (one hip
    lower at the top), lifted ("left", "right" or None: that leg stretched out); channel ``sit`` 1 = sitting up.
    """
    chain, n = _Bridge(body, style), len(times)
    p, sit = plan.channel("rep", times), plan.channel("sit", times)
    bend = plan.channel("bend", times) + chain.arch * p
    phi = chain.rest + p * (chain.top - chain.rest)
    tilt, x, z = chain.hip(phi, bend)
    # Sitting up: the trunk turns about the seat that stays where it is.
    tilt, bend = tilt + sit * 78.0, bend - 22.0 * sit
    z = z + sit * 0.0
    figure = Figure(body, n)
    pelvis = np.column_stack([x, np.zeros(n), z])
    figure.trunk(
        pelvis,
        tilt,
        bend,
        roll_deg=style.get("roll_deg", 0.0) * p,
        nod_deg=0.0,
        gaze=about_y(-84.0 + 62.0 * sit + np.degrees(chain.rest)),
    )
    wide = 0.9 * body.dimensions.hip_half_width
    lifted = style.get("lifted")
    for side in SIDES:
        sign = SIDE_SIGN[side]
        ankle = np.array([chain.foot_x, sign * wide, body.dimensions.ankle_height])
        pole = np.array([0.5, 0.06 * sign, 1.0])
        figure.leg_to(side, ankle, pole).foot(side, about_z(4.0 * sign))
        _arm_beside(figure, side, sit)
    if lifted:
        _stretched_leg(figure, lifted, plan.channel("out", times))
    return figure.pose(times)


def _stretched_leg(figure: Figure, side: str, out: Array) -> None:
    """That leg in line with the other thigh, the knee straightened by the channel 0..1."""
    other = figure.turn[f"{'left' if side == 'right' else 'right'}_thigh"]
    shank = figure.turn[f"{side}_shank"]
    bent = np.degrees(np.arccos(np.clip(np.sum(shank[:, :, 2] * other[:, :, 2], axis=1), -1, 1)))
    figure.turn[f"{side}_thigh"] = other
    figure.turn[f"{side}_shank"] = other @ about_y(bent * (1 - out) + 5.0 * out)
    figure.foot_on_shank(side, 20.0 * out)


def _arm_beside(figure: Figure, side: str, sit: Array) -> None:
    """Hands on the floor beside the hips; behind the seat when sitting."""
    sign, d = SIDE_SIGN[side], figure.d
    start = figure.shoulder(side)
    reach = 0.97 * (d.upper_arm + d.forearm)
    lying = start + np.array([reach * 0.96, sign * 0.10, 0.0])
    lying[:, 2] = 0.045
    seated = figure.pelvis_m + np.array([-0.16, sign * (d.hip_half_width + 0.16), 0.0])
    seated[:, 2] = 0.06
    share = sit[:, None]
    figure.arm_to(side, lying * (1 - share) + seated * share, np.array([-0.4, sign * 1.0, 0.25]))
    figure.hand(side, figure.turn[f"{side}_forearm"] @ about_z(-sign * 80.0))


# ------------------------------------------------------------------------------------------------------ face down


def plank(body: Body, times: Array, plan: Plan, style: Style) -> Pose:
    """On forearms and toes or knees. ``style``: on ("toes", "knees"), elbow_ahead_m (elbow ahead of the shoulder).

    Channel ``line`` is the angle shoulder-hip-ankle (knee) on the belly's side: above 180 the hips sag, below they are
    too high; ``bend`` the lower back's; ``nod`` the head's (+ looks at the feet, - forward).
    """
    d, n = body.dimensions, len(times)
    figure = Figure(body, n)
    line, bend = plan.channel("line", times, 180.0), plan.channel("bend", times)
    knees = style.get("on") == "knees"
    slack = 4.0
    leg = (
        d.thigh
        if knees
        else float(np.sqrt(d.thigh**2 + d.shank**2 + 2 * d.thigh * d.shank * np.cos(np.radians(slack))))
    )
    pointed = about_y(72.0)
    ball = np.array([0.0, 0.0, 0.012])
    foot_end = np.array([0.0, 0.0, figure.skin.knee + 0.01]) if knees else ball + ball_to_ankle(body, pointed)
    end = foot_end[[0, 2]]
    tx, tz = trunk_vector(body, 0.0, bend)
    trunk, lean = np.hypot(tx, tz), np.degrees(np.arctan2(tx, tz))
    shoulder = _plank_shoulder(figure, end, leg, style)
    far = np.sqrt(trunk**2 + leg**2 - 2 * trunk * leg * np.cos(np.radians(line)))
    shoulder = _on_circle(shoulder["elbow"], shoulder["arm"], end, far)
    hip = _hip_between(shoulder, end, trunk, leg, line)
    up = shoulder - hip
    tilt = np.degrees(np.arctan2(up[:, 0], up[:, 1])) - lean
    pelvis = np.column_stack([hip[:, 0], np.zeros(n), hip[:, 1]])
    figure.trunk(pelvis, tilt, bend, nod_deg=plan.channel("nod", times) - 8.0)
    for side in SIDES:
        _plank_leg(figure, side, foot_end, pointed, knees)
        _plank_arm(figure, side, style, plan.channel("shift", times))
    return figure.pose(times)


def _plank_shoulder(figure: Figure, end: Array, leg: float, style: Style) -> dict[str, Any]:
    """Where the elbows stand so that with a straight line the shoulders are above them as the style says."""
    d, skin = figure.d, figure.skin
    tx, tz = trunk_vector(figure.body, 0.0, 0.0)
    ahead = float(style.get("elbow_ahead_m", 0.0))
    arm = float(d.upper_arm)
    height = skin.arm + np.sqrt(max(arm**2 - ahead**2, 0.01))
    long = float(np.hypot(tx, tz)) + leg
    x = end[0] + np.sqrt(long**2 - (height - end[1]) ** 2)
    return {"elbow": np.array([x + ahead, skin.arm]), "arm": arm}


def _on_circle(centre: Array, radius: float, end: Array, far: Array) -> Array:
    """(n, 2) points at ``radius`` from centre and ``far`` from end, the upper one."""
    gap = centre - end
    apart = float(np.hypot(*gap))
    along = (far**2 - radius**2 + apart**2) / (2 * apart)
    out = np.sqrt(np.maximum(far**2 - along**2, 0.0))
    axis = gap / apart
    return end + along[:, None] * axis + out[:, None] * np.array([-axis[1], axis[0]])


def _hip_between(shoulder: Array, end: Array, trunk: Array, leg: float, line: Array) -> Array:
    """(n, 2) hip with these distances, below the line shoulder-end where ``line`` is above 180."""
    gap = shoulder - end
    far = np.linalg.norm(gap, axis=1)
    along = (leg**2 - trunk**2 + far**2) / (2 * far)
    out = np.sqrt(np.maximum(leg**2 - along**2, 0.0)) * np.where(line > 180.0, -1.0, 1.0)
    axis = gap / far[:, None]
    return end + along[:, None] * axis + out[:, None] * np.column_stack([-axis[:, 1], axis[:, 0]])


def _plank_leg(figure: Figure, side: str, end: Array, pointed: Array, knees: bool) -> None:
    sign = SIDE_SIGN[side]
    at = end + np.array([0.0, sign * 0.09, 0.0])
    if not knees:
        figure.leg_to(side, at, np.array([0.0, 0.0, -1.0]))
        figure.foot(side, pointed, np.broadcast_to(about_y(8.0), (figure.n, 3, 3)))
        return
    thigh = unit(at - figure.hip(side))
    figure.turn[f"{side}_thigh"] = _turn(thigh)
    figure.turn[f"{side}_shank"] = np.broadcast_to(about_y(108.0), (figure.n, 3, 3))
    figure.foot_on_shank(side, 35.0)


def _turn(direction: Array) -> Array:
    return hanging(direction, np.array([0.0, 1.0, 0.0]))


def _plank_arm(figure: Figure, side: str, style: Style, shift: Array) -> None:
    """Elbow on the floor below the shoulder, forearm forward on the floor."""
    sign, d = SIDE_SIGN[side], figure.d
    start = figure.shoulder(side, 90.0)
    elbow = np.column_stack([start[:, 0], start[:, 1] * 0.9, np.full(figure.n, figure.skin.arm)])
    drop = start[:, 2] - elbow[:, 2]
    across = np.sqrt(np.maximum(d.upper_arm**2 - drop**2, 0.0)) * (1 if style.get("elbow_ahead_m", 0.0) >= 0 else -1)
    elbow[:, 0] += across
    wrist = elbow + d.forearm * unit(np.array([1.0, -0.28 * sign, -0.06]))
    upper, lower = unit(elbow - start), unit(wrist - elbow)
    left = np.array([0.0, 1.0, 0.0])
    figure.turn[f"{side}_upper_arm"], figure.turn[f"{side}_forearm"] = hanging(upper, left), hanging(lower, left)
    figure.hand(side, figure.turn[f"{side}_forearm"])
    del shift


def side_plank(body: Body, times: Array, plan: Plan, style: Style) -> Pose:
    """On one forearm and the edge of the feet, chest toward +X; channel ``drop`` lowers the hips (metres)."""
    d, n = body.dimensions, len(times)
    low = style.get("low", "right")
    sign = SIDE_SIGN[low]
    figure = Figure(body, n)
    # Upright turned onto the low side: the head toward -Y (low right) or +Y, the shoulder above the elbow.
    drop = plan.channel("drop", times)
    long = float(np.hypot(*trunk_vector(body, 0.0, 0.0)))
    edge = 0.05
    rise = figure.skin.arm + d.upper_arm + 0.098 * d.height - edge - d.hip_half_width
    slope = np.degrees(np.arcsin(rise / (long + d.leg)))
    whole = about_x(sign * -(90.0 - slope))
    trunk_turn = about_x(-sign * np.degrees(drop / d.leg) * 0.9)
    leg_turn = about_x(sign * np.degrees(drop / d.leg) * 0.9)
    z = edge + d.hip_half_width + d.leg * np.sin(np.radians(slope)) - drop
    figure.trunk(np.column_stack([np.zeros((n, 2)), z]), 0.0, 0.0, whole=trunk_turn @ whole)
    for side in SIDES:
        figure.leg(
            side, 1.0 if side == low else -5.0, 4.0, 0.0 if side == low else -9.0, leg_turn @ whole
        ).foot_on_shank(side, 0.0)
    start = figure.shoulder(low, 90.0)
    elbow = start * [1, 1, 0] + np.array([0.0, 0.0, figure.skin.arm])
    upper, lower = unit(elbow - start), np.broadcast_to(np.array([1.0, 0.0, -0.03]), (n, 3))
    hinge = np.array([0.0, -sign, 0.0]) * -1.0
    figure.turn[f"{low}_upper_arm"], figure.turn[f"{low}_forearm"] = hanging(upper, hinge), hanging(unit(lower), hinge)
    figure.hand(low, figure.turn[f"{low}_forearm"])
    figure.arm("left" if low == "right" else "right", -4.0, 12.0, 8.0)
    return figure.pose(times)


# ---------------------------------------------------------------------------------------------- limbs that move


def draw_in(body: Body, times: Array, plan: Plan, style: Style) -> Pose:
    """On the back with bent knees; the belly itself is moved by ``belly_m`` of the scene."""
    return hip_lift(body, times, plan, {"top_hip_line_deg": 150.0, "knee_top_deg": 80.0, **style})


def dead_bug(body: Body, times: Array, plan: Plan, style: Style) -> Pose:
    """On the back, arms and legs up; channels ``left``/``right`` stretch that leg and the other arm."""
    n, figure = len(times), Figure(body, len(times))
    chain = _Bridge(body, {"top_hip_line_deg": 150.0, "knee_top_deg": 85.0})
    bend = plan.channel("bend", times) + style.get("arch_deg", 0.0) * np.maximum(
        plan.channel("left", times), plan.channel("right", times)
    )
    tilt, x, z = chain.hip(np.full(n, chain.rest), bend)
    z = chain.seat_z + np.maximum(0.0, bend) * 0.0004
    figure.trunk(np.column_stack([x, np.zeros(n), np.broadcast_to(z, n)]), tilt, bend, gaze=about_y(-84.0))
    for side in SIDES:
        out = plan.channel(side, times)
        figure.leg(side, -176.0 + 72.0 * out, 88.0 - 78.0 * out, 3.0).foot_on_shank(side, 0.0)
        across = plan.channel("left" if side == "right" else "right", times)
        figure.arm(side, 88.0 + 72.0 * across, 4.0, 6.0)
    return figure.pose(times)


def bird_dog(body: Body, times: Array, plan: Plan, style: Style) -> Pose:
    """On all fours; channels ``left``/``right`` lift that leg back and the other arm forward.

    ``style``: arch_deg (the back hollows at the top), open_deg (the pelvis turns up on the lifted side).
    """
    d, n = body.dimensions, len(times)
    figure = Figure(body, n)
    lifted = {side: plan.channel(side, times) for side in SIDES}
    most = np.maximum(lifted["left"], lifted["right"])
    bend = plan.channel("bend", times) + style.get("arch_deg", 0.0) * most
    tx, tz = trunk_vector(body, 0.0, bend)
    reach = 0.985 * (d.upper_arm + d.forearm) + 0.03
    hip_z = d.thigh + figure.skin.knee + 0.012
    rise = reach - hip_z
    lean = 90.0 - np.degrees(np.arcsin(np.clip(rise / np.hypot(tx, tz), -0.5, 0.5)))
    tilt = lean - np.degrees(np.arctan2(tx, tz))
    turn = style.get("open_deg", 0.0) * (lifted["right"] - lifted["left"])
    pelvis = np.column_stack([0.02 * most, 0.02 * (lifted["left"] - lifted["right"]) * -1.0, np.full(n, hip_z)])
    figure.trunk(pelvis, tilt, bend, turn_deg=-turn, ribs_turn_deg=0.7 * turn, nod_deg=-6.0)
    for side in SIDES:
        out, sign = lifted[side], SIDE_SIGN[side]
        figure.leg(side, 94.0 * out - 2.0 * (1 - out), 95.0 * (1 - out) + 4.0 * out, 1.5)
        figure.foot_on_shank(side, 72.0 - 20.0 * out)
        other = lifted["left" if side == "right" else "right"]
        start = figure.shoulder(side, 90.0 + 70.0 * other)
        down = np.column_stack([start[:, 0] * 0 + start[0, 0] + 0.01, np.full(n, sign * 0.17), np.full(n, 0.05)])
        ahead = start + np.array([reach * 0.96, sign * 0.04, 0.02])
        share = other[:, None]
        arc = np.array([0.12, 0.0, 0.10]) * (4 * share * (1 - share))
        figure.arm_to(side, down * (1 - share) + ahead * share + arc, np.array([-1.0, sign * 0.3, -0.2]))
        flat = about_y(-90.0)
        figure.hand(
            side,
            _mixed(np.broadcast_to(flat @ about_z(-sign * 90.0), (n, 3, 3)), figure.turn[f"{side}_forearm"], other),
        )
    return figure.pose(times)


def _mixed(first: Array, second: Array, share: Array) -> Array:
    """Turns between two (n, 3, 3), by shares (n,); near each other."""
    u, _, vt = np.linalg.svd((1 - share)[:, None, None] * first + share[:, None, None] * second + 1e-9)
    return u @ vt
