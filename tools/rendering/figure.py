"""Builds pose records limb by limb for any position: standing, kneeling, on all fours, lying. NumPy only.

World axes: X ahead of the standing person, Y to the left, Z up, floor at 0. Whole-body turns are given as the pitch of
the pelvis: 0 standing, -90 lying on the back with the feet toward +X, 90 face down with the head toward +X; lying on a
side is a whole-body turn about X before that (``whole``). Limbs take angles, or reach for a point (inverse
kinematics), the knee or the elbow pointing toward a pole.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from .body import Body
from .pose import SIDE_SIGN, SPINE, Pose
from .rotations import Array, about_x, about_y, about_z, apply
from .trunk import BEND_SHARES, TURN_SHARES

CLAVICLE_SHARE = 0.4
ARM_RAISED_DEG, GIRDLE_DEG = (0.0, 45.0, 90.0, 180.0), (-10.0, 0.0, 8.0, 42.0)
"""How far the shoulder blade turns upward with the raised arm, 0 at anny's rest pose."""


def unit(vector: Array) -> Array:
    """Vectors (..., 3) of length 1."""
    return vector / np.maximum(np.linalg.norm(vector, axis=-1, keepdims=True), 1e-12)


def hanging(direction: Array, left: Array) -> Array:
    """(n, 3, 3) turns of a segment that points along ``direction``, its hinge as near to ``left`` as it can be."""
    z = -unit(direction)
    left = np.broadcast_to(left, z.shape)
    y = unit(left - np.sum(left * z, axis=-1, keepdims=True) * z)
    return np.stack([np.cross(y, z), y, z], axis=-1)


def two_bones(start: Array, end: Array, first: float, second: float, pole: Array) -> tuple[Array, Array]:
    """Directions (n, 3) of two bones that join start to end, the joint between them toward ``pole``.

    Where the end is out of reach the bones point straight at it.
    """
    line = end - start
    away = np.linalg.norm(line, axis=-1, keepdims=True)
    axis = line / np.maximum(away, 1e-9)
    reach = np.clip(away, abs(first - second) + 1e-6, (first + second) * 0.9999)
    along = (first**2 - second**2 + reach**2) / (2 * reach)
    out = np.sqrt(np.maximum(first**2 - along**2, 0.0))
    pole = np.broadcast_to(pole, axis.shape)
    side = unit(pole - np.sum(pole * axis, axis=-1, keepdims=True) * axis)
    joint = axis * along + side * out
    return unit(joint), unit(axis * reach - joint)


class Surfaces:
    """How far (metres) the skin lies from the joints it covers: what touches the floor when lying."""

    def __init__(self, body: Body) -> None:
        points, weights = body.mesh.points, body.mesh.weights
        best = np.array([label.split(".")[0] for label in body.labels])[weights.argmax(axis=1)]
        middle = np.abs(points[:, 1]) < 0.16
        ribs = points[np.isin(best, ["spine01", "spine02", "clavicle", "shoulder01"]) & middle]
        pelvis = points[np.isin(best, ["root", "pelvis", "upperleg01", "spine05"]) & (np.abs(points[:, 2]) < 0.14)]
        shank = points[np.isin(best, ["lowerleg01", "upperleg02"])]
        knee = body.head_of("lowerleg01.L")
        near_knee = shank[np.abs(shank[:, 2] - knee[2]) < 0.05]
        chest = body.dimensions.spine[4]
        self.back = float(chest[0] + body.dimensions.shoulder[0] - ribs[:, 0].min())
        """Shoulder joint to the skin of the back."""
        self.seat = float(-pelvis[:, 0].min())
        self.under_seat = float(0.075 * body.dimensions.height / 1.7)
        """Mid-hip to the chair below."""
        self.belly = float(points[np.isin(best, ["spine03", "spine04", "spine05"])][:, 0].max())
        self.hip_side = float(np.abs(pelvis[:, 1]).max())
        self.knee = float(near_knee[:, 0].max() - knee[0])
        self.arm = 0.026 * body.dimensions.height
        """Elbow or shoulder to the skin."""


class Figure:
    """One body over n times; set trunk, then arms and legs, then take ``pose``."""

    def __init__(self, body: Body, n: int) -> None:
        self.body, self.n, self.d = body, n, body.dimensions
        self.turn: dict[str, Array] = {}
        self.pelvis_m = np.zeros((n, 3))
        self.tilt_deg = self.bend_deg = np.zeros(n)

    @cached_property
    def skin(self) -> Surfaces:
        """Where the skin lies."""
        return Surfaces(self.body)

    # ------------------------------------------------------------------------------------------------------ trunk

    def trunk(
        self,
        pelvis_m: Array,
        tilt_deg: Array,
        bend_deg: Array | float = 0.0,
        *,
        whole: Array | None = None,
        roll_deg: Array | float = 0.0,
        turn_deg: Array | float = 0.0,
        ribs_roll_deg: Array | float = 0.0,
        ribs_turn_deg: Array | float = 0.0,
        nod_deg: Array | float = 0.0,
        gaze: Array | None = None,
    ) -> Figure:
        """Pelvis and spine: pitch forward +, backward bend +, roll left side up +, turn to the left + (own axes).

        Ribs' roll and turn come on top of the pelvis'. The head nods (+ down) against the ribs, or takes ``gaze``.
        """
        whole = np.eye(3) if whole is None else whole
        tilt, bend, roll, turn, ribs_roll, ribs_turn, nod = (
            np.broadcast_to(np.asarray(a, float), (self.n,))
            for a in (tilt_deg, bend_deg, roll_deg, turn_deg, ribs_roll_deg, ribs_turn_deg, nod_deg)
        )
        self.pelvis_m = np.broadcast_to(np.asarray(pelvis_m, float), (self.n, 3)).copy()
        self.tilt_deg, self.bend_deg = tilt, bend
        self.turn["pelvis"] = whole @ about_y(tilt) @ about_z(turn) @ about_x(roll)
        for name, share, twist in zip(SPINE, BEND_SHARES, TURN_SHARES, strict=True):
            yaw, side = turn + twist * ribs_turn, roll + twist * ribs_roll
            self.turn[name] = whole @ about_y(tilt - share * bend) @ about_z(yaw) @ about_x(side)
        self.turn["head"] = self.turn["spine5"] @ about_y(nod) if gaze is None else gaze
        self.turn["head"] = np.broadcast_to(self.turn["head"], (self.n, 3, 3))
        return self

    @cached_property
    def chest(self) -> Array:
        """(n, 3) joint below the ribs' bone."""
        spine = self.d.spine
        at = self.pelvis_m + apply(self.turn["pelvis"], spine[0])
        for i in range(1, 5):
            at = at + apply(self.turn[SPINE[i - 1]], spine[i] - spine[i - 1])
        return at

    def hip(self, side: str) -> Array:
        """(n, 3) centre of a hip joint."""
        return self.pelvis_m + apply(self.turn["pelvis"], [0.0, SIDE_SIGN[side] * self.d.hip_half_width, 0.0])

    # ------------------------------------------------------------------------------------------------------- legs

    def leg(
        self,
        side: str,
        thigh_deg: Array | float,
        knee_deg: Array | float,
        out_deg: Array | float = 0.0,
        frame: Array | None = None,
    ) -> Figure:
        """Thigh against the world's vertical (knee behind +), knee flexion, and the leg's plane turned outward.

        With ``frame`` (n, 3, 3) the angles are in that frame instead.
        """
        frame = np.eye(3) if frame is None else frame
        n = (self.n,)
        plane = frame @ about_x(SIDE_SIGN[side] * np.broadcast_to(out_deg, n))
        thigh = np.broadcast_to(np.asarray(thigh_deg, float), n)
        self.turn[f"{side}_thigh"] = plane @ about_y(thigh)
        self.turn[f"{side}_shank"] = plane @ about_y(thigh + np.broadcast_to(knee_deg, n))
        return self

    def leg_to(self, side: str, ankle: Array, pole: Array) -> Figure:
        """The ankle at a place (n, 3), the knee toward ``pole``."""
        hip = self.hip(side)
        thigh, shank = two_bones(hip, np.broadcast_to(ankle, hip.shape), self.d.thigh, self.d.shank, pole)
        left = np.cross(-unit(np.broadcast_to(ankle, hip.shape) - hip), np.broadcast_to(pole, hip.shape))
        self.turn[f"{side}_thigh"], self.turn[f"{side}_shank"] = hanging(thigh, left), hanging(shank, left)
        return self

    def foot(self, side: str, turn: Array, toes: Array | None = None) -> Figure:
        """Rotation of the foot, and of the toes where they differ."""
        whole = (self.n, 3, 3)
        self.turn[f"{side}_foot"] = np.broadcast_to(turn, whole)
        self.turn[f"{side}_toes"] = np.broadcast_to(turn if toes is None else toes, whole)
        return self

    def foot_on_shank(self, side: str, pointed_deg: Array | float = 0.0) -> Figure:
        """The foot held against the shank, toes pointed + (0: square to it)."""
        turn = np.broadcast_to(np.asarray(pointed_deg, float), (self.n,))
        return self.foot(side, self.turn[f"{side}_shank"] @ about_y(turn))

    def knee_at(self, side: str) -> Array:
        """(n, 3)."""
        return self.hip(side) + apply(self.turn[f"{side}_thigh"], [0.0, 0.0, -self.d.thigh])

    def ankle_at(self, side: str) -> Array:
        """(n, 3)."""
        return self.knee_at(side) + apply(self.turn[f"{side}_shank"], [0.0, 0.0, -self.d.shank])

    # ------------------------------------------------------------------------------------------------------- arms

    def shoulder(self, side: str, raised_deg: Array | float = 45.0) -> Array:
        """(n, 3) shoulder joint with the arm raised so far; sets the shoulder girdle."""
        tag = {"left": "L", "right": "R"}[side]
        clavicle, blade, arm = (self.body.head_of(f"{b}.{tag}") for b in ("clavicle", "shoulder01", "upperarm01"))
        up = SIDE_SIGN[side] * np.interp(np.broadcast_to(raised_deg, (self.n,)), ARM_RAISED_DEG, GIRDLE_DEG)
        ribs = self.turn["spine5"]
        self.turn[f"{side}_clavicle"] = ribs @ about_x(CLAVICLE_SHARE * up)
        self.turn[f"{side}_shoulder01"] = ribs @ about_x(up)
        at = self.chest + apply(ribs, clavicle - self.body.head_of("spine01"))
        at = at + apply(self.turn[f"{side}_clavicle"], blade - clavicle)
        return at + apply(self.turn[f"{side}_shoulder01"], arm - blade)

    def _raised(self, direction: Array) -> Array:
        """Angle between the arm and the ribs' downward axis, degrees."""
        down = -self.turn["spine5"][:, :, 2]
        return np.degrees(np.arccos(np.clip(np.sum(unit(direction) * down, axis=-1), -1, 1)))

    def arm(
        self,
        side: str,
        flex_deg: Array | float,
        out_deg: Array | float,
        elbow_deg: Array | float,
        frame: Array | None = None,
        turn_deg: Array | float = 0.0,
    ) -> Figure:
        """Upper arm raised forward and held outward against the ribs (or ``frame``), elbow flexed.

        ``turn_deg`` turns the upper arm inward about itself, so that a bent elbow brings the hand to the middle.
        """
        n, sign = (self.n,), SIDE_SIGN[side]
        frame = self.turn["spine5"] if frame is None else frame
        upper = frame @ about_x(sign * np.broadcast_to(out_deg, n)) @ about_y(-np.broadcast_to(flex_deg, n))
        upper = upper @ about_z(-sign * np.broadcast_to(turn_deg, n))
        self.turn[f"{side}_upper_arm"] = upper
        self.turn[f"{side}_forearm"] = upper @ about_y(-np.broadcast_to(np.asarray(elbow_deg, float), n))
        self.shoulder(side, self._raised(-upper[:, :, 2]))
        self.turn[f"{side}_hand"] = self.turn[f"{side}_forearm"]
        return self

    def arm_to(self, side: str, wrist: Array, pole: Array) -> Figure:
        """The wrist at a place (n, 3), the elbow toward ``pole``."""
        start = self.shoulder(side)
        wrist = np.broadcast_to(wrist, start.shape)
        for _ in range(2):
            upper, lower = two_bones(start, wrist, self.d.upper_arm, self.d.forearm, pole)
            start = self.shoulder(side, self._raised(upper))
        left = np.cross(-unit(wrist - start), -np.broadcast_to(pole, start.shape))
        self.turn[f"{side}_upper_arm"], self.turn[f"{side}_forearm"] = hanging(upper, left), hanging(lower, left)
        self.turn[f"{side}_hand"] = self.turn[f"{side}_forearm"]
        return self

    def hand(self, side: str, turn: Array) -> Figure:
        """Rotation of the hand: its fingers point along its -Z, its palm faces the body's middle."""
        self.turn[f"{side}_hand"] = np.broadcast_to(turn, (self.n, 3, 3))
        return self

    def pose(self, time_s: Array) -> Pose:
        """The pose record."""
        return Pose(np.asarray(time_s, float), self.pelvis_m, self.turn, self.bend_deg, self.tilt_deg)


def ball_to_ankle(body: Body, foot: Array) -> Array:
    """From the bending line of the shoe's sole to the ankle (n, 3), the foot turned so."""
    return apply(foot, np.array([-body.dimensions.ball_x, 0.0, body.dimensions.ankle_height]))


def trunk_vector(body: Body, tilt_deg: Array, bend_deg: Array) -> tuple[Array, Array]:
    """Sagittal X and Z (n,) from mid-hip to mid-shoulder with this pitch and bend."""
    points = [*body.dimensions.spine, body.dimensions.spine[4] + body.dimensions.shoulder]
    tilt, bend = np.broadcast_arrays(np.asarray(tilt_deg, float), np.asarray(bend_deg, float))
    total = apply(about_y(tilt), points[0] * [1, 0, 1])
    for i, share in enumerate(BEND_SHARES):
        total = total + apply(about_y(tilt - share * bend), (points[i + 1] - points[i]) * [1, 0, 1])
    return total[..., 0], total[..., 2]
