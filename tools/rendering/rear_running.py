"""The parametric runner with a frontal plane of its own: everything sideways set side by side and step by step.

Pelvis, ribs and the body's sideways path rest at each midstance and ease from one to the next, so that what a clip is
to show at midstance is there exactly, whatever the other numbers are. NumPy only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .curves import eased_through
from .motion import arm_rotations
from .pose import SIDE_SIGN, SIDES, Pose
from .rotations import Array
from .running import Runner
from .running_steps import RunnerParams, Step
from .trunk import trunk_rotations


@dataclass(frozen=True)
class Sideways:
    """One side's frontal plane, while that foot is on the ground.

    Attributes:
        pelvic_drop_deg: swing side of the pelvis below the stance side.
        ribs_lean_deg: ribs tilted towards the stance side.
        hip_sway_m: mid-hip towards the stance side of the runner's line.
        foot_line_m: line of this side's feet, outward of the runner's line (negative: across it).
        arm_outward_deg, arm_inward_turn_deg: upper arm held away; forearm turned across the body.
        arm_swing_deg: range of the upper arm.
    """

    pelvic_drop_deg: float = 4.0
    ribs_lean_deg: float = 2.0
    hip_sway_m: float = 0.01
    foot_line_m: float = 0.025
    arm_outward_deg: float = 13.0
    arm_inward_turn_deg: float = 24.0
    arm_swing_deg: float = 55.0


@dataclass(frozen=True)
class RearParams(RunnerParams):
    """A runner seen from behind or in front.

    Attributes:
        sideways_left, sideways_right: while the left, the right foot is on the ground.
        ribs_late: how much later than the pelvis the ribs tilt, in steps.
        travels: runs over the ground instead of on a belt: away from a camera behind, towards one in front.
        starts_at_m: with ``travels``, how far ahead of the place the camera is set up for the clip begins.
    """

    sideways_left: Sideways = Sideways()
    sideways_right: Sideways = Sideways()
    ribs_late: float = 0.05
    travels: bool = False
    starts_at_m: float = 0.0


class RearRunner(Runner):
    """``Runner`` with the frontal plane of ``RearParams``."""

    params: RearParams

    def _prepare_trunk(self) -> None:
        super()._prepare_trunk()
        rng = np.random.default_rng(self.params.seed + 2)
        off = self.params.variation * np.clip(rng.normal(size=(4, len(self.steps))), -2, 2)
        mine = [self._style(step.side) for step in self.steps]
        sign = np.array([SIDE_SIGN[step.side] for step in self.steps])
        self._roll_knots = sign * (np.array([s.pelvic_drop_deg for s in mine]) + 0.5 * off[0])
        self._ribs_knots = -sign * (np.array([s.ribs_lean_deg for s in mine]) + 0.5 * off[1])
        self._sway_knots = sign * (np.array([s.hip_sway_m for s in mine]) + 0.0015 * off[2])
        self._line_off = 0.006 * off[3]

    def _style(self, side: str) -> Sideways:
        return self.params.sideways_left if side == "left" else self.params.sideways_right

    def _trunk(self, times: Array) -> dict[str, Array]:
        p = self.params
        turn = self.stride_wave(times, late=0.5)
        late_s = p.ribs_late * 60.0 / p.cadence_spm
        return trunk_rotations(
            self.pelvic_tilt_deg(times),
            self.lumbar_extension_deg(times),
            pelvis_turn_deg=p.pelvis_turn_deg * turn,
            ribs_turn_deg=-p.ribs_turn_deg * turn,
            pelvis_roll_deg=eased_through(self._middles, self._roll_knots, times),
            ribs_roll_deg=eased_through(self._middles + late_s, self._ribs_knots, times),
        )

    def _horizontal(self, times: Array) -> Array:
        out = super()._horizontal(times)
        slow = 0.25 * self.params.drift_m * np.sin(2 * np.pi * times / 4.1 + self.params.seed)
        out[:, 1] = eased_through(self._middles, self._sway_knots, times) + slow
        return out

    def _foot_home(self, step: Step) -> Array:
        home = super()._foot_home(step)
        line = self._style(step.side).foot_line_m + self._line_off[self.steps.index(step)]
        home[1] += SIDE_SIGN[step.side] * (line - self.params.step_width_m / 2)
        return home

    def _arm(self, times: Array, side: str, ribs: Array) -> dict[str, Array]:
        p, style = self.params, self._style(side)
        back = SIDE_SIGN[side] * self.stride_wave(times, late=-0.42)
        swing = p.arm_middle_deg + style.arm_swing_deg / 2 * back
        turn = np.degrees(np.arctan2(ribs[:, 1, 0], ribs[:, 0, 0]))
        return arm_rotations(
            side,
            swing,
            p.elbow_deg - 9.0 * back,
            turn,
            outward_deg=style.arm_outward_deg,
            inward_turn_deg=style.arm_inward_turn_deg - 10.0 * back,
        )

    def pose(self, times: Array) -> Pose:
        """Poses at these times; over the ground where the runner travels."""
        pose = super().pose(times)
        if not self.params.travels:
            return pose
        ahead = self.belt_speed_mps * pose.time_s + self.params.starts_at_m
        return replace(pose, pelvis_m=pose.pelvis_m + np.outer(ahead, [1.0, 0.0, 0.0]))


def foot_lines(width_m: float, offset_m: float) -> dict[str, float]:
    """``foot_line_m`` of both sides for a step width, with the whole track moved to the runner's left."""
    return {side: width_m / 2 + SIDE_SIGN[side] * offset_m for side in SIDES}
