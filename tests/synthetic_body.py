"""A person on the feet, on a chair or on the floor whose joints are set exactly, as a perfect finder would give them.

``Side`` is seen from the side: every segment's angle is given, at rest and over time. ``across`` places the joints of
a person seen from the front or behind. Lengths are in leg lengths (hip to knee to ankle) until the camera turns them
into pixels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from formcheck.records import Facing, FloatArray, PoseTrack
from formcheck.skeleton import INDEX, LANDMARKS, SIDES, Side

TRUNK, UPPER_ARM, FOREARM, FOOT, NECK = 0.60, 0.33, 0.30, 0.26, 0.25
Angle = float | FloatArray
RATE_HZ = 30.0


def reach(share: FloatArray) -> FloatArray:
    """The smoothest way from 0 to 1 (minimum jerk)."""
    x = np.clip(share, 0.0, 1.0)
    return np.asarray(10 * x**3 - 15 * x**4 + 6 * x**5)


def repeated(n: int = 3, out_s: float = 1.4, back_s: float = 1.4, rest_s: float = 1.0) -> FloatArray:
    """0 at rest, 1 at the far end, n times, a rest before each and after the last; at ``RATE_HZ``."""
    one = [np.zeros(round(rest_s * RATE_HZ)), reach(np.linspace(0, 1, round(out_s * RATE_HZ)))]
    one.append(reach(np.linspace(1, 0, round(back_s * RATE_HZ))))
    return np.concatenate([*one * n, np.zeros(round(rest_s * RATE_HZ))])


@dataclass(frozen=True)
class SideBody:
    """Angles in degrees, each a number or (n,). Legs by side; missing sides take the other's."""

    trunk: Angle = 2.0
    """Forward +."""
    thigh: Mapping[Side, Angle] = field(default_factory=lambda: {"left": 0.0})
    """Knee ahead of the hip +."""
    knee: Mapping[Side, Angle] = field(default_factory=lambda: {"left": 0.0})
    """Flexion."""
    arm: Angle = 0.0
    """Shoulder to wrist against the trunk: 0 along it, 180 overhead, in front +."""
    neck: Angle = 0.0
    """Shoulder to ear against the trunk's line, forward +."""
    heel: Mapping[Side, Angle] = field(default_factory=dict)
    """Heel above the toes, degrees of the foot's slope."""
    pinned: Side = "left"
    """Whose ankle stays where it is."""
    facing: Facing = "right"

    def pose(self, n: int, leg_px: float = 400.0) -> PoseTrack:
        """The clip, ``n`` pictures at ``RATE_HZ``."""
        at = self._joints(n)
        at -= at[:, [INDEX[f"{self.pinned}_ankle"]]]
        ahead = -1.0 if self.facing == "left" else 1.0
        return track(at * [ahead * leg_px, -leg_px] + [640.0, 1000.0])

    def _joints(self, n: int) -> FloatArray:
        at = np.zeros((n, len(LANDMARKS), 2))
        trunk = np.broadcast_to(np.asarray(self.trunk, float), (n,))
        shoulder = TRUNK * _up(trunk)
        ear = shoulder + NECK * _up(trunk + self.neck)
        wrist_way = -_up(trunk - np.asarray(self.arm, float) + np.zeros(n))
        for side in SIDES:
            here = {"hip": 0.0 * shoulder, "shoulder": shoulder, "ear": ear}
            here["elbow"] = shoulder + UPPER_ARM * wrist_way
            here["wrist"] = here["elbow"] + FOREARM * wrist_way
            thigh = _of(self.thigh, side) + np.zeros(n)
            shin = thigh - _of(self.knee, side)
            here["knee"] = 0.5 * -_up(-thigh)
            here["ankle"] = here["knee"] + 0.5 * -_up(-shin)
            slope = np.radians(_of(self.heel, side, 0.0) + np.zeros(n))
            sole = np.stack([np.cos(slope), -np.sin(slope)], axis=1)
            here["heel"] = here["ankle"] - 0.06 * sole + [0.0, -0.07]
            here["foot_index"] = here["heel"] + FOOT * sole
            for finger in ("pinky", "index", "thumb"):
                here[finger] = here["wrist"] + 0.08 * wrist_way
            for name, where in here.items():
                at[:, INDEX[f"{side}_{name}"]] = where
        at[:, INDEX["nose"]] = ear + np.array([0.12, 0.0])
        at[:, [i for name, i in INDEX.items() if "eye" in name or "mouth" in name]] = ear[:, None] + np.array(
            [0.1, 0.03]
        )
        return at


def _of(table: Mapping[Side, Angle], side: Side, default: float | None = None) -> FloatArray:
    value = table.get(side, next(iter(table.values()), default))
    assert value is not None
    return np.asarray(value, float)


def _up(lean_deg: FloatArray) -> FloatArray:
    """(n, 2) direction upward, leaning forward by an angle; y up."""
    return np.stack([np.sin(np.radians(lean_deg)), np.cos(np.radians(lean_deg))], axis=-1)


ACROSS: Mapping[str, tuple[float, float]] = {
    "shoulder": (0.21, 1.68),
    "elbow": (0.28, 1.36),
    "wrist": (0.30, 1.06),
    "hip": (0.11, 1.08),
    "knee": (0.12, 0.58),
    "ankle": (0.13, 0.08),
    "heel": (0.13, 0.02),
    "foot_index": (0.16, -0.02),
    "ear": (0.09, 1.95),
}
"""Standing: away from the middle and up, leg lengths; the same on both sides."""


def across(moved: Mapping[str, tuple[Angle, Angle]], n: int, rear: bool = False, leg_px: float = 400.0) -> PoseTrack:
    """A person seen from the front (or behind), standing, with joints moved by (to the person's left, up)."""
    at = np.zeros((n, len(LANDMARKS), 2))
    for side, sign in (("left", 1.0), ("right", -1.0)):
        for joint, (out, up) in ACROSS.items():
            at[:, INDEX[f"{side}_{joint}"]] = (sign * out, up)
        for finger in ("pinky", "index", "thumb"):
            at[:, INDEX[f"{side}_{finger}"]] = at[:, INDEX[f"{side}_wrist"]] - [0.0, 0.08]
    at[:, [i for name, i in INDEX.items() if "eye" in name or "mouth" in name or name == "nose"]] = (0.0, 1.95)
    for name, (left, up) in moved.items():
        at[:, INDEX[name]] += np.stack([left + np.zeros(n), up + np.zeros(n)], axis=1)
    return track(at * [-leg_px if rear else leg_px, -leg_px] + [640.0, 1000.0])


def track(xy_px: FloatArray) -> PoseTrack:
    """Pixels (n, 33, 2) as a clip at ``RATE_HZ``."""
    n = len(xy_px)
    return PoseTrack(
        time_s=np.arange(n) / RATE_HZ,
        xy_px=xy_px,
        visibility=np.full((n, len(LANDMARKS)), 0.95),
        width_px=1280,
        height_px=1280,
        outline_qpx=np.full((n, 1, 2), -1, dtype=np.int16),
        finder="synthetic",
    )
