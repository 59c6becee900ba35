"""Motion from angle curves: drives a body by joint angles from anywhere (motion capture, exercises, tests).

What truth and scene need of a motion is small: ``body``, ``belt_speed_mps``, ``steps`` and ``pose(times)``
(``Motion``). The parametric runner has them; ``RecordedMotion`` has them for given curves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from .pose import SIDE_SIGN, SIDES, Dimensions, Pose, Stance
from .rotations import Array, about_x, about_y, about_z
from .trunk import trunk_rotations


class Motion(Protocol):
    """Anything that can be rendered and measured."""

    body: Dimensions
    steps: list[Stance]

    @property
    def belt_speed_mps(self) -> float:
        """Speed of the belt."""

    def pose(self, times: Array) -> Pose:
        """Poses at these times."""


@dataclass(frozen=True)
class AngleCurves:
    """Curves over time (n,), degrees and metres; signs as in the truth file. Sides are dictionaries.

    Attributes:
        time_s: increasing.
        pelvis_m: (n, 3) mid-hip; for another body scale it by leg length first.
        thigh_deg: knee behind +. shank_deg: ankle ahead +. foot_deg: toes up +.
        pelvic_tilt_deg: forward +. lumbar_extension_deg: backward +; both 0 in the body's standing shape.
        upper_arm_deg: elbow behind +. elbow_deg: flexion.
        toes_deg: pitch of the toes; None = in line with the foot.
        pelvis_turn_deg, ribs_turn_deg: to the left +. pelvis_roll_deg, ribs_roll_deg: left side up +.
        side_lean_deg: leg plane's turn about X, foot to the left +.
    """

    time_s: Array
    pelvis_m: Array
    thigh_deg: dict[str, Array]
    shank_deg: dict[str, Array]
    foot_deg: dict[str, Array]
    pelvic_tilt_deg: Array
    lumbar_extension_deg: Array
    upper_arm_deg: dict[str, Array]
    elbow_deg: dict[str, Array]
    toes_deg: dict[str, Array] | None = None
    pelvis_turn_deg: Array | None = None
    ribs_turn_deg: Array | None = None
    pelvis_roll_deg: Array | None = None
    ribs_roll_deg: Array | None = None
    side_lean_deg: dict[str, Array] | None = None


@dataclass
class RecordedMotion:
    """A body that follows angle curves; events come with them."""

    curves: AngleCurves
    body: Dimensions
    belt_speed_mps: float = 0.0
    steps: list[Stance] = field(default_factory=list)

    def turns(self, times: Array) -> dict[str, Array]:
        """How pelvis and ribs turn and roll, degrees, as ``trunk.trunk_rotations`` takes them."""
        names = ("pelvis_turn_deg", "ribs_turn_deg", "pelvis_roll_deg", "ribs_roll_deg")
        return {name: self._at(times, getattr(self.curves, name)) for name in names}

    def _at(self, times: Array, track: Array | None) -> Array:
        return np.zeros(len(times)) if track is None else np.interp(times, self.curves.time_s, track)

    def pose(self, times: Array) -> Pose:
        """Poses at these times, curves read by straight lines between their samples."""
        times, c = np.asarray(times, float), self.curves

        def at(track: Array | None) -> Array:
            return self._at(times, track)

        tilt, bend = at(c.pelvic_tilt_deg), at(c.lumbar_extension_deg)
        rotation = trunk_rotations(tilt, bend, **self.turns(times))
        for side in SIDES:
            plane = about_x(at(c.side_lean_deg[side] if c.side_lean_deg else None))
            toes = c.toes_deg[side] if c.toes_deg else c.foot_deg[side]
            rotation |= {
                f"{side}_thigh": plane @ about_y(at(c.thigh_deg[side])),
                f"{side}_shank": plane @ about_y(-at(c.shank_deg[side])),
                f"{side}_foot": about_y(-at(c.foot_deg[side])),
                f"{side}_toes": about_y(-at(toes)),
            }
            rotation |= arm_rotations(side, at(c.upper_arm_deg[side]), at(c.elbow_deg[side]), at(c.ribs_turn_deg))
        pelvis = np.column_stack([at(c.pelvis_m[:, axis]) for axis in range(3)])
        return Pose(times, pelvis, rotation, bend, tilt)


def arm_rotations(
    side: str,
    upper_arm_deg: Array,
    elbow_deg: Array,
    ribs_turn_deg: Array,
    *,
    outward_deg: float = 13.0,
    inward_turn_deg: Array | float = 24.0,
) -> dict[str, Array]:
    """Rotations of one arm: elbow behind +, elbow flexion, held outward, the forearm turned across the body."""
    sign, n = SIDE_SIGN[side], len(upper_arm_deg)
    upper = about_z(ribs_turn_deg) @ about_x(np.full(n, sign * outward_deg)) @ about_y(upper_arm_deg)
    upper = upper @ about_z(-sign * np.broadcast_to(inward_turn_deg, n))
    lower = upper @ about_y(-elbow_deg)
    return {f"{side}_upper_arm": upper, f"{side}_forearm": lower, f"{side}_hand": lower}
