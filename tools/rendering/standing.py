"""A runner who stands quietly for a while and then sets off, with a body that is not level at rest. NumPy only.

What a body shows standing still is its own: pelvis and shoulders a little askew, and whatever the camera adds. The same
tilt is in the running (``askew``), so that taking it off leaves what running does. Getting going is a mere change over
from one to the other; nothing is asked of a clip there, and its truth begins after it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from .curves import smoothstep
from .leg import foot_rotation, leg_angles, leg_rotations
from .motion import Motion, arm_rotations
from .pose import SEGMENTS, SIDE_SIGN, SIDES, Dimensions, Pose, Stance
from .rear_running import RearParams
from .rotations import Array, apply, blend
from .trunk import pelvic_tilt_for_lean, trunk_rotations


@dataclass(frozen=True)
class Stand:
    """Standing before the running.

    Attributes:
        stand_s, start_s: how long; and how long it takes to be running.
        pelvis_deg, ribs_deg: tilt of their own, left side up +.
        lean_deg: of the trunk, forward +.
        feet_apart_m, toe_out_deg: stance; wide apart on the belt's edges.
        arms_outward_deg: held away from the body.
    """

    stand_s: float = 2.6
    start_s: float = 0.8
    pelvis_deg: float = 0.0
    ribs_deg: float = 0.0
    lean_deg: float = 1.0
    feet_apart_m: float = 0.2
    toe_out_deg: float = 8.0
    arms_outward_deg: float = 9.0

    @property
    def ready_s(self) -> float:
        """When they run."""
        return self.stand_s + self.start_s

    def lumbar_extension_deg(self, times: Array) -> Array:
        """(n,) how the back is held, against the body's own standing shape."""
        return np.zeros(len(times))


@dataclass(frozen=True)
class ArchingStand(Stand):
    """Standing as usual, then arched on purpose, then flattened: what calibrates a person's own scale.

    Attributes:
        usual_deg, arched_deg, flat_deg: lumbar extension of the three, against the body's own standing shape.
        hold_s, change_s: how long each is held, and how long going over takes.
    """

    usual_deg: float = 0.0
    arched_deg: float = 10.0
    flat_deg: float = -8.0
    hold_s: float = 2.0
    change_s: float = 0.6

    def lumbar_extension_deg(self, times: Array) -> Array:
        """(n,) as usual, arched, flat and as usual again."""
        held = (self.usual_deg, self.arched_deg, self.flat_deg, self.usual_deg)
        step = self.hold_s + self.change_s
        out = np.full(len(times), held[0])
        for i, (before, after) in enumerate(pairwise(held)):
            out += (after - before) * smoothstep(np.clip((times - i * step - self.hold_s) / self.change_s, 0.0, 1.0))
        return out


def askew(params: RearParams, stand: Stand) -> RearParams:
    """The runner with the tilts of their own added to what they do."""
    left, right = params.sideways_left, params.sideways_right
    p, r = stand.pelvis_deg, stand.ribs_deg
    return replace(
        params,
        sideways_left=replace(left, pelvic_drop_deg=left.pelvic_drop_deg + p, ribs_lean_deg=left.ribs_lean_deg - r),
        sideways_right=replace(right, pelvic_drop_deg=right.pelvic_drop_deg - p, ribs_lean_deg=right.ribs_lean_deg + r),
    )


class StandThenRun:
    """Any runner who stands first."""

    def __init__(self, runner: Motion, stand: Stand) -> None:
        self._runner, self._stand = runner, stand
        self.body: Dimensions = runner.body
        self.belt_speed_mps = runner.belt_speed_mps
        self.steps: list[Stance] = [step for step in runner.steps if step.contact_s >= stand.ready_s]

    def pose(self, times: Array) -> Pose:
        """Poses at these times."""
        running, standing = self._runner.pose(times), self.standing(times)
        share = smoothstep(np.clip((times - self._stand.stand_s) / self._stand.start_s, 0.0, 1.0))

        def mixed(first: Array, second: Array) -> Array:
            return first + share.reshape(-1, *[1] * (first.ndim - 1)) * (second - first)

        changing = np.flatnonzero((share > 0) & (share < 1))
        rotation = {}
        for name in SEGMENTS:
            turn = np.where((share > 0)[:, None, None], running.rotation[name], standing.rotation[name])
            for i in changing:
                turn[i] = blend(standing.rotation[name][i], running.rotation[name][i], float(share[i]))
            rotation[name] = turn
        return Pose(
            times,
            mixed(standing.pelvis_m, running.pelvis_m),
            rotation,
            mixed(standing.lumbar_extension_deg, running.lumbar_extension_deg),
            mixed(standing.pelvic_tilt_deg, running.pelvic_tilt_deg),
        )

    def standing(self, times: Array) -> Pose:
        """The body at rest, swaying by a few millimetres."""
        s, body, n = self._stand, self.body, len(times)
        zero, bend = np.zeros(n), s.lumbar_extension_deg(times)
        tilt = pelvic_tilt_for_lean(np.full(n, s.lean_deg), bend, body)
        rotation = trunk_rotations(
            tilt, bend, pelvis_turn_deg=zero, ribs_turn_deg=zero, pelvis_roll_deg=zero + s.pelvis_deg,
            ribs_roll_deg=zero + s.ribs_deg,
        )  # fmt: skip
        pelvis = self._pelvis(times)
        for side in SIDES:
            rotation |= self._leg(side, pelvis, rotation["pelvis"])
            rotation |= arm_rotations(side, zero - 2.0, zero + 12.0, zero, outward_deg=s.arms_outward_deg)
        return Pose(times, pelvis, rotation, bend, tilt)

    def _pelvis(self, times: Array) -> Array:
        s, body = self._stand, self.body
        lower = body.hip_half_width * abs(np.sin(np.radians(s.pelvis_deg)))
        across = abs(s.feet_apart_m / 2 - body.hip_half_width) + 0.005
        height = body.ankle_height + np.sqrt((0.994 * body.leg) ** 2 - across**2) - lower
        sway = 0.002 * np.column_stack([np.sin(2.1 * times), np.sin(1.3 * times + 1.0), np.zeros(len(times))])
        return sway + np.array([0.0, 0.0, height])

    def _leg(self, side: str, pelvis: Array, turn: Array) -> dict[str, Array]:
        s, sign, body = self._stand, SIDE_SIGN[side], self.body
        hip = pelvis + apply(turn, [0.0, sign * body.hip_half_width, 0.0])
        ankle = np.broadcast_to([0.0, sign * s.feet_apart_m / 2, body.ankle_height], hip.shape)
        thigh, shank = leg_rotations(*leg_angles(hip, ankle, body))
        foot = foot_rotation(np.zeros(len(hip)), sign * s.toe_out_deg)
        return {f"{side}_thigh": thigh, f"{side}_shank": shank, f"{side}_foot": foot, f"{side}_toes": foot}
