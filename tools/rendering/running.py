"""A parametric treadmill runner whose motion obeys physics. NumPy only.

Built in this order, each from the ones before:

1. *Steps*: contact and toe-off times, from cadence, contact time, left/right difference and seeded variation.
2. *Mid-hip*: exact free fall between toe-off and contact. In stance the vertical force is a smooth hump (two sine
   terms make it broader or narrower, one shifts it), so height, velocity and acceleration are continuous. Its
   height at contact follows from knee flexion and overstride there, at toe-off from knee flexion there.
3. *Stance foot*: fixed to the belt. Heel edge, then flat, then the shoe's bending line, at last the toe edge is the
   point that does not slip. Leg angles by inverse kinematics.
4. *Swing leg*: splines of thigh angle, knee flexion and ankle angle. At toe-off they take over value and rate; at
   contact they arrive with the value but their own rate, for a real foot is stopped by the ground (impact).
5. *Trunk, arms*: lean and lumbar extension ease between midstance and toe-off values; the pelvis takes the tilt
   that makes the joints lean as asked.

          contact R      toe-off R     contact L      toe-off L     contact R
    right |---- stance ----|----------------- swing ------------------|
    left  --- swing -------|- flight -|---- stance ----|-- flight ----|
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .curves import ClampedSpline, eased_through, smoothstep
from .leg import foot_rotation, leg_angles, leg_rotations, reach_for_knee
from .motion import arm_rotations
from .pose import SIDE_SIGN, SIDES, Dimensions, Pose, sole_points
from .rotations import Array, about_y, about_z, apply
from .running_steps import LegStyle, RunnerParams, Step, plan_steps
from .trunk import pelvic_tilt_for_lean, trunk_rotations

GRAVITY = 9.81
ROLL_FROM = 0.78
"""Share of stance at which the toes begin to roll over the front edge of the shoe."""


class Runner:
    """One runner on one body; ``pose(times)`` gives the poses, ``steps`` the exact events."""

    def __init__(self, params: RunnerParams, body: Dimensions, duration_s: float) -> None:
        self.params, self.body = params, body
        self.steps = plan_steps(params, 0.0, duration_s)
        self._contacts = np.array([step.contact_s for step in self.steps])
        self._toe_offs = np.array([step.toe_off_s for step in self.steps])
        self._left_first = self.steps[0].side == "left"
        self._prepare_phase()
        self._prepare_trunk()
        self._prepare_heights()
        self.breadth = dict.fromkeys(SIDES, 0.0)
        self._fit_force_breadth()
        self._prepare_swings()

    @property
    def belt_speed_mps(self) -> float:
        """Speed of the belt."""
        return self.params.belt_speed_mps

    # --- timing -------------------------------------------------------------------------------------------------

    def _prepare_phase(self) -> None:
        """Stride phase in half turns: even at left contacts, odd at right contacts, smooth in time."""
        count = np.arange(len(self.steps)) + (0 if self._left_first else 1)
        rate = 1.0 / np.diff(self._contacts)
        self._phase = ClampedSpline(self._contacts, count.astype(float), rate[0], rate[-1])
        self._middles = (self._contacts + self._toe_offs) / 2

    def stride_wave(self, times: Array, late: float = 0.0) -> Array:
        """+1 at about left midstance, -1 at about right midstance; ``late`` delays it, in steps."""
        return np.cos(np.pi * (self._phase(times) - 0.35 - late))

    def _step_index(self, times: Array) -> Array:
        return np.clip(np.searchsorted(self._contacts, times, side="right") - 1, 0, len(self.steps) - 1)

    # --- trunk --------------------------------------------------------------------------------------------------

    def _prepare_trunk(self) -> None:
        """Knots of lean and lumbar extension: midstance and toe-off of every step, each a little different."""
        p = self.params
        rng = np.random.default_rng(p.seed + 1)
        n = len(self.steps)
        noise = p.variation * np.clip(rng.normal(size=(3, n)), -2, 2)
        self._knots = np.ravel(np.column_stack([self._middles, self._toe_offs + 0.01]))
        swing = p.trunk_lean_swing_deg + 0.4 * noise[0]
        mean = p.trunk_lean_deg + 0.5 * noise[1]
        self._lean_knots = np.ravel(np.column_stack([mean + swing / 2, mean - swing / 2]))
        peak = p.lumbar_extension_deg + p.lumbar_extension_change_deg + 0.5 * noise[2]
        self._bend_knots = np.ravel(np.column_stack([np.full(n, p.lumbar_extension_deg), peak]))

    def lumbar_extension_deg(self, times: Array) -> Array:
        """Backward bend of the ribs against the pelvis, against standing."""
        return eased_through(self._knots, self._bend_knots, times)

    def pelvic_tilt_deg(self, times: Array) -> Array:
        """Forward tilt of the pelvis against standing, so that the trunk leans as asked."""
        lean = eased_through(self._knots, self._lean_knots, times)
        return pelvic_tilt_for_lean(lean, self.lumbar_extension_deg(times), self.body)

    def turns(self, times: Array) -> dict[str, Array]:
        """How pelvis and ribs turn and roll, degrees, as ``trunk.trunk_rotations`` takes them."""
        p = self.params
        return {
            "pelvis_turn_deg": p.pelvis_turn_deg * self.stride_wave(times, late=p.pelvis_turn_late),
            "ribs_turn_deg": -p.ribs_turn_deg * self.stride_wave(times, late=0.5),
            "pelvis_roll_deg": p.pelvic_drop_deg * self.stride_wave(times, late=p.pelvic_drop_late),
            "ribs_roll_deg": -p.trunk_sway_deg * self.stride_wave(times),
        }

    def _trunk(self, times: Array) -> dict[str, Array]:
        return trunk_rotations(self.pelvic_tilt_deg(times), self.lumbar_extension_deg(times), **self.turns(times))

    # --- mid-hip ------------------------------------------------------------------------------------------------

    def _horizontal(self, times: Array) -> Array:
        """(n, 2) mid-hip x and y: braking and pushing in stance, steady in flight, slow drift, side sway."""
        p = self.params
        i = np.clip(self._step_index(times), 0, len(self.steps) - 2)
        since = times - self._contacts[i]
        stance = (self._toe_offs - self._contacts)[i]
        step = (self._contacts[1:] - self._contacts[:-1])[i]
        # Braking is scaled so that every step ends where it began: no wandering from step to step.
        brake = p.speed_change_mps * step / stance
        s = np.clip(since / stance, 0.0, 1.0)
        lost = brake * stance * (s - np.sin(2 * np.pi * s) / (2 * np.pi))
        x = p.speed_change_mps * since - lost
        slow = 0.7 * np.sin(2 * np.pi * times / 5.3 + p.seed) + 0.3 * np.sin(2 * np.pi * times / 2.1)
        return np.column_stack([x + p.drift_m * slow, p.hip_sway_m * self.stride_wave(times)])

    def _hip(self, times: Array, side: str, pelvis_m: Array) -> Array:
        offset = [0.0, SIDE_SIGN[side] * self.body.hip_half_width, 0.0]
        return pelvis_m + apply(self._trunk(times)["pelvis"], offset)

    def _foot_home(self, step: Step) -> Array:
        """World place (3,) of the flat shoe's bending line at the step's contact time."""
        body = self.body
        mid = self._horizontal(np.array([step.contact_s]))[0]
        rotation, _ = self._stance_foot(step, np.array([0.0]))
        lowest = self._pivot_offset(step.style.foot_angle_at_contact_deg)
        to_ankle = -apply(rotation, lowest)[0]
        pivot_x = mid[0] + step.style.overstride_share * body.leg - to_ankle[0]
        y = SIDE_SIGN[step.side] * self.params.step_width_m / 2
        turn = foot_rotation(np.array([0.0]), self._toe_out(step))
        ball_from_pivot = apply(turn, [body.ball_x - lowest[0], 0.0, 0.0])[0]
        return np.array([pivot_x, y, 0.0]) + ball_from_pivot

    def _pivot_offset(self, pitch_deg: float) -> Array:
        x = self.body.heel_x if pitch_deg > 0 else self.body.ball_x
        return np.array([x, 0.0, -self.body.ankle_height])

    def _toe_out(self, step: Step) -> float:
        return SIDE_SIGN[step.side] * step.style.toe_out_deg

    def _stance_pitch(self, style: LegStyle, s: Array) -> tuple[Array, Array]:
        """Pitch of rear shoe and toes (degrees, toes up +) at stance share s."""
        landing = np.clip(1 - s / style.flat_share, 0.0, 1.0) ** 2 * style.foot_angle_at_contact_deg
        rise = np.clip((s - style.heel_rise_share) / (1 - style.heel_rise_share), 0.0, None)
        pitch = landing + style.foot_angle_at_toe_off_deg * rise**2.1
        # The toes stay flat until late, then roll over the front edge.
        roll = -style.toe_roll_deg * np.clip((s - ROLL_FROM) / (1 - ROLL_FROM), 0.0, None) ** 2
        return pitch, np.where(landing > 0, landing, 0.0) + roll

    def _stance_foot(self, step: Step, s: Array) -> tuple[Array, Array]:
        pitch, toes = self._stance_pitch(step.style, s)
        turn = self._toe_out(step)
        return foot_rotation(pitch, turn), foot_rotation(toes, turn)

    def _stance_ankle(self, step: Step, times: Array, home: Array) -> Array:
        """(n, 3) ankle while the shoe is fixed to the belt."""
        body = self.body
        s = (times - step.contact_s) / step.contact_time_s
        pitch, _ = self._stance_pitch(step.style, s)
        foot, toes = self._stance_foot(step, s)
        ball = home + np.outer(self._landing_slip(times - step.contact_s), [1.0, 0.0, 0.0])
        ball -= np.outer(times - step.contact_s, [self.params.belt_speed_mps, 0.0, 0.0])
        flat = foot_rotation(np.zeros(len(times)), self._toe_out(step))
        toe_length = body.toe_x - body.ball_x
        toe_edge = ball + apply(flat, [toe_length, 0.0, 0.0])
        heel_edge = ball + apply(flat, [body.heel_x - body.ball_x, 0.0, 0.0])
        on_heel = heel_edge - apply(foot, self._pivot_offset(1.0))
        lifted_ball = toe_edge - apply(toes, [toe_length, 0.0, 0.0])
        on_ball = np.where((s < 0.5)[:, None], ball, lifted_ball) - apply(foot, self._pivot_offset(-1.0))
        return np.where((pitch > 0)[:, None], on_heel, on_ball)

    def _landing_slip(self, since_contact_s: Array) -> Array:
        """How far (m) the shoe has moved forward on the belt until its speed is the belt's."""
        p = self.params
        left = np.clip(1.0 - since_contact_s / p.landing_slip_s, 0.0, 1.0)
        return p.landing_slip_share * p.belt_speed_mps * p.landing_slip_s / 2 * (1.0 - left**2)

    def _height_for_knee(self, step: Step, time: float, knee_deg: float, home: Array) -> float:
        """Mid-hip height (m) at which the stance knee has this flexion at this time of the step."""
        at = np.array([time])
        level = np.column_stack([self._horizontal(at), [0.0]])
        hip = self._hip(at, step.side, level)[0]
        ankle = self._stance_ankle(step, at, home)[0]
        flat = np.hypot(*(ankle - hip)[:2])
        reach = reach_for_knee(knee_deg, self.body)
        if flat >= reach:
            raise ValueError("the foot is too far ahead or behind for this leg: slower belt or shorter contact")
        return float(ankle[2] + np.sqrt(reach**2 - flat**2) - hip[2])

    def _prepare_heights(self) -> None:
        self._homes = [self._foot_home(step) for step in self.steps]
        pairs = list(zip(self.steps, self._homes, strict=True))
        self._z_contact = np.array(
            [self._height_for_knee(s, s.contact_s, s.style.knee_flexion_at_contact_deg, h) for s, h in pairs]
        )
        self._z_toe_off = np.array(
            [self._height_for_knee(s, s.toe_off_s, s.style.knee_flexion_at_toe_off_deg, h) for s, h in pairs]
        )
        flight = self._contacts[1:] - self._toe_offs[:-1]
        rise = self._z_contact[1:] - self._z_toe_off[:-1]
        leaving = rise / flight + GRAVITY * flight / 2
        landing = leaving - GRAVITY * flight
        # The first landing and the last take-off have no neighbour; they lie outside every clip.
        self._v_toe_off = np.append(leaving, leaving[-1])
        self._v_contact = np.insert(landing, 0, landing[0])

    def _height(self, times: Array) -> Array:
        """Mid-hip height: free fall in flight, smooth force hump in stance."""
        i = self._step_index(times)
        since = times - self._contacts[i]
        stance = (self._toe_offs - self._contacts)[i]
        breadth = np.array([self.breadth[step.side] for step in self.steps])[i]
        v0, v1 = self._v_contact[i], self._v_toe_off[i]
        z0, z1 = self._z_contact[i], self._z_toe_off[i]
        hump = (v1 - v0 + GRAVITY * stance) / (stance * (2 / np.pi + breadth * 2 / (3 * np.pi)))
        plain = v0 * stance - GRAVITY * stance**2 / 2 + hump * stance**2 * (1 + breadth / 3) / np.pi
        shift = (z1 - z0 - plain) * 2 * np.pi / stance**2
        s = np.clip(since / stance, 0.0, 1.0)

        def twice(n: int) -> Array:
            return s / (n * np.pi) - np.sin(n * np.pi * s) / (n * np.pi) ** 2

        in_stance = z0 + v0 * s * stance - GRAVITY * (s * stance) ** 2 / 2
        in_stance += stance**2 * (hump * (twice(1) + breadth * twice(3)) + shift * twice(2))
        after = np.maximum(since - stance, 0.0)
        return in_stance + v1 * after - GRAVITY * after**2 / 2

    def pelvis(self, times: Array) -> Array:
        """(n, 3) mid-hip."""
        return np.column_stack([self._horizontal(times), self._height(times)])

    def _peak_stance_knee(self, side: str) -> float:
        """Median over the steps of this side of the largest knee flexion in stance, degrees."""
        peaks = []
        for step, home in zip(self.steps, self._homes, strict=True):
            if step.side == side:
                at = np.linspace(step.contact_s, step.toe_off_s, 40)
                peaks.append(self._stance_leg(step, home, at)[1].max())
        return float(np.median(peaks))

    def _fit_force_breadth(self) -> None:
        """Choose how broad the force hump is so that the stance knee bends as far as asked.

        A broader hump (knee straighter) has its limit where the force would dip in the middle.
        """
        for side in SIDES:
            goal = getattr(self.params, side).peak_stance_knee_flexion_deg
            low, high = -0.12, 0.6
            for _ in range(12):
                self.breadth[side] = (low + high) / 2
                if self._peak_stance_knee(side) > goal:
                    low = self.breadth[side]
                else:
                    high = self.breadth[side]

    # --- legs ---------------------------------------------------------------------------------------------------

    def _stance_leg(self, step: Step, home: Array, times: Array) -> tuple[Array, Array, Array]:
        hip = self._hip(times, step.side, self.pelvis(times))
        return leg_angles(hip, self._stance_ankle(step, times, home), self.body)

    def _end_state(self, index: int, at_end: bool) -> dict[str, tuple[float, float]]:
        """Value and rate (per second) of thigh, knee, side lean, ankle and toe angle at a stance's edge."""
        step, h = self.steps[index], 1e-4
        edge = step.toe_off_s - h if at_end else step.contact_s + h
        at = np.array([edge - h, edge, edge + h])
        thigh, knee, lean = self._stance_leg(step, self._homes[index], at)
        pitch, toes = self._stance_pitch(step.style, (at - step.contact_s) / step.contact_time_s)
        tracks = {
            "thigh": thigh,
            "knee": knee,
            "lean": lean,
            "ankle": pitch + thigh + knee,
            "toes": toes - pitch,
        }
        sign = 1.0 if at_end else -1.0
        return {
            name: (float(y[1] + sign * (y[2] - y[0]) / 2), float((y[2] - y[0]) / (2 * h))) for name, y in tracks.items()
        }

    def _prepare_swings(self) -> None:
        """Swing splines; where a foot would come near the belt the knee is picked up sooner or kept bent longer,
        and the thigh comes a little higher.
        """
        self._early_knee = np.full(len(self.steps), 0.42)
        self._late_knee = np.full(len(self.steps), 0.57)
        self._more_lift = np.zeros(len(self.steps))
        for _ in range(10):
            self._swings = [self._swing(i) for i in range(len(self.steps) - 2)]
            for i in range(len(self._swings)):
                early, late = self._clearance(i)
                self._early_knee[i] += 0.05 * (early < 0.003)
                self._late_knee[i] += 0.015 * (late < 0.008)
                self._more_lift[i] += 0.7 * (late < 0.008)

    def _clearance(self, index: int) -> tuple[float, float]:
        """Lowest sole point (m) in the first half and in the later part of the swing after stance ``index``."""
        step, contact = self.steps[index], self.steps[index + 2].contact_s
        at = step.toe_off_s + (contact - step.toe_off_s) * np.linspace(0.06, 0.84, 48)
        low = sole_points(self.pose(at), self.body)[step.side][..., 2].min(axis=1)
        return float(low[:24].min()), float(low[24:].min())

    def _swing(self, index: int) -> dict[str, ClampedSpline]:
        """Splines over the swing that follows stance ``index`` and ends with the next stance of that side."""
        start, end = self._end_state(index, True), self._end_state(index + 2, False)
        step, following = self.steps[index], self.steps[index + 2]
        t0, span = step.toe_off_s, following.contact_s - step.toe_off_s
        style = following.style

        def spline(name: str, shares: list[float], values: list[float], last_rate: float) -> ClampedSpline:
            x = t0 + span * np.array([0.0, *shares, 1.0])
            return ClampedSpline(x, np.array([start[name][0], *values, end[name][0]]), start[name][1], last_rate)

        top, lift = -style.peak_thigh_flexion_deg - self._more_lift[index], start["thigh"][0]
        pick = style.peak_swing_knee_flexion_deg
        off, on = start["knee"][0], end["knee"][0]
        early = off + self._early_knee[index] * (pick - off)
        late = on + self._late_knee[index] * (pick - on)
        low_knee = max(on - 2.0, 5.0)
        return {
            "thigh": spline("thigh", [0.36, 0.76], [top + 0.53 * (lift - top), top], 40.0),
            "knee": spline(
                "knee",
                [0.25, 0.48, 0.77, 0.96],
                [early, pick, late, low_knee],
                60.0,
            ),
            "lean": spline("lean", [0.5], [(start["lean"][0] + end["lean"][0]) / 2], 0.0),
        }

    def _leg(self, times: Array, side: str) -> dict[str, Array]:
        """Thigh, shank, foot and toes rotations of one side."""
        n = len(times)
        thigh, knee, lean, pitch, toes, turn = np.zeros((6, n))
        mine = [i for i, step in enumerate(self.steps) if step.side == side]
        for i in mine[:-1]:
            step = self.steps[i]
            turn[:] = self._toe_out(step)
            on = (times >= step.contact_s) & (times <= step.toe_off_s)
            if on.any():
                thigh[on], knee[on], lean[on] = self._stance_leg(step, self._homes[i], times[on])
                share = (times[on] - step.contact_s) / step.contact_time_s
                pitch[on], toes[on] = self._stance_pitch(step.style, share)
            contact = self.steps[i + 2].contact_s
            off = (times > step.toe_off_s) & (times < contact)
            if off.any():
                at, curve = times[off], self._swings[i]
                thigh[off], knee[off], lean[off] = (curve[k](at) for k in ("thigh", "knee", "lean"))
                ankle, bend = self._swing_ankle(i, at)
                pitch[off] = ankle - thigh[off] - knee[off]
                toes[off] = pitch[off] + bend
        upper, lower = leg_rotations(thigh, knee, lean)
        return {
            f"{side}_thigh": upper,
            f"{side}_shank": lower,
            f"{side}_foot": about_z(turn) @ about_y(-pitch),
            f"{side}_toes": about_z(turn) @ about_y(-toes),
        }

    def _swing_ankle(self, index: int, times: Array) -> tuple[Array, Array]:
        """Ankle angle (toes up against the shank +) and bend of the toes in the swing after stance ``index``.

        Both leave with the rate they had at toe-off, which dies away within some hundredths of a second.
        """
        step, contact = self.steps[index], self.steps[index + 2].contact_s
        start, end = self._end_state(index, True), self._end_state(index + 2, False)
        last = end["ankle"][0]
        since, span = times - step.toe_off_s, contact - step.toe_off_s
        left_over = since * np.exp(-since / 0.035) * (1 - smoothstep(since / (0.5 * span)))
        value, rate = start["ankle"]
        knots = step.toe_off_s + span * np.array([0.0, 0.3, 0.62, 0.84, 1.0])
        # Toes are held up while the foot passes low over the belt.
        angles = np.array([value, -9.0, 8.0, max(last + 1.0, 8.0), last])
        ankle = eased_through(knots, angles, times) + rate * left_over
        bend, bend_rate = start["toes"]
        bend = bend * (1 - smoothstep(since / (0.4 * span))) + bend_rate * left_over
        # A forefoot landing meets the belt with the toes already bent flat.
        return ankle, bend + end["toes"][0] * smoothstep((since / span - 0.75) / 0.25)

    # --- arms ---------------------------------------------------------------------------------------------------

    def _arm(self, times: Array, side: str, ribs: Array) -> dict[str, Array]:
        """Upper arm, forearm and hand: opposite to the leg of the same side, elbow bent more in front."""
        p, sign = self.params, SIDE_SIGN[side]
        # The left arm is farthest back when the left leg is farthest forward, about at left contact.
        back = sign * self.stride_wave(times, late=-0.42)
        swing = p.arm_middle_deg + p.arm_swing_deg / 2 * back
        elbow = p.elbow_deg - 9.0 * back
        turn = np.degrees(np.arctan2(ribs[:, 1, 0], ribs[:, 0, 0]))
        return arm_rotations(side, swing, elbow, turn, inward_turn_deg=24.0 - 10.0 * back)

    # --- everything ---------------------------------------------------------------------------------------------

    def pose(self, times: Array) -> Pose:
        """Poses at these times (seconds, any spacing, within the planned duration)."""
        times = np.asarray(times, float)
        rotation: dict[str, Any] = self._trunk(times)
        for side in SIDES:
            rotation |= self._leg(times, side)
            rotation |= self._arm(times, side, rotation["spine5"])
        return Pose(times, self.pelvis(times), rotation, self.lumbar_extension_deg(times), self.pelvic_tilt_deg(times))
