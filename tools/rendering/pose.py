"""The pose record: what every motion source hands over and what body, truth and camera read.

A segment's rotation is its turn from *neutral standing*: upright, legs straight down, feet flat and pointing
forward, arms hanging with the palms inward. Neutral is the identity for every segment, so a rendered body of any
build takes the same record. Spine bones are listed from the lowest (``spine1``) to the one that carries the ribs,
shoulders and neck (``spine5``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .rotations import Array, apply, blend

SIDES = ("left", "right")
SIDE_SIGN = {"left": 1.0, "right": -1.0}
SPINE = ("spine1", "spine2", "spine3", "spine4", "spine5")
LIMBS = ("upper_arm", "forearm", "hand", "thigh", "shank", "foot", "toes")
SEGMENTS = ("pelvis", *SPINE, "head", *(f"{side}_{limb}" for side in SIDES for limb in LIMBS))

JOINTS = (
    "nose",
    *(
        f"{side}_{name}"
        for name in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index")
        for side in SIDES
    ),
)


@dataclass(frozen=True)
class Dimensions:
    """Lengths of one body in metres. Offsets are in the neutral axes (X forward, Y left, Z up).

    Attributes:
        height: standing height without shoes.
        hip_half_width: mid-hip to one hip joint centre.
        thigh, shank: hip to knee centre, knee to ankle centre.
        ankle_height: ankle centre above the bottom of the shoe.
        heel_x, ball_x, toe_x: ahead of the ankle (+): rear edge of the flat sole, the line where shoe and toes
            bend, front edge of the flat sole.
        heel_mark, toe_mark: what is called heel and foot_index, from the ankle, foot flat.
        spine: (5, 3) joint below each spine bone, from mid-hip, standing.
        shoulder: left shoulder joint, from the fifth spine joint; the right one is its mirror image.
        neck: neck base, from the fifth spine joint.
        head: skull base, from the neck base.
        nose: tip of the nose, from the skull base.
        upper_arm, forearm: shoulder to elbow, elbow to wrist.
    """

    height: float
    hip_half_width: float
    thigh: float
    shank: float
    ankle_height: float
    heel_x: float
    ball_x: float
    toe_x: float
    heel_mark: Array
    toe_mark: Array
    spine: Array
    shoulder: Array
    neck: Array
    head: Array
    nose: Array
    upper_arm: float
    forearm: float

    @property
    def leg(self) -> float:
        """Hip-knee plus knee-ankle, metres: the length that shares of leg length refer to."""
        return self.thigh + self.shank


@dataclass(frozen=True)
class Stance:
    """One foot on the belt: first and last instant (seconds) any sole point touches."""

    side: str
    contact_s: float
    toe_off_s: float

    @property
    def contact_time_s(self) -> float:
        """Seconds on the belt."""
        return self.toe_off_s - self.contact_s


@dataclass(frozen=True)
class Pose:
    """Poses at n times: times (n,), mid-hip position (n, 3) and one rotation (n, 3, 3) per name in SEGMENTS.

    ``lumbar_extension_deg`` and ``pelvic_tilt_deg`` (n,) are kept because no joint shows them: backward bend of
    the ribs against the pelvis (+) and forward tilt of the pelvis (+), both 0 in the body's own standing shape.
    """

    time_s: Array
    pelvis_m: Array
    rotation: dict[str, Array]
    lumbar_extension_deg: Array
    pelvic_tilt_deg: Array

    def __post_init__(self) -> None:
        missing = set(SEGMENTS) - set(self.rotation)
        if missing:
            raise ValueError(f"pose lacks segments: {sorted(missing)}")

    def __len__(self) -> int:
        return len(self.time_s)

    def at(self, index: int) -> Pose:
        """The single pose number ``index``, still as arrays of length 1."""
        pick = slice(index, index + 1)
        return Pose(
            self.time_s[pick],
            self.pelvis_m[pick],
            {name: matrix[pick] for name, matrix in self.rotation.items()},
            self.lumbar_extension_deg[pick],
            self.pelvic_tilt_deg[pick],
        )


def spine_joints(pose: Pose, body: Dimensions) -> Array:
    """(n, 5, 3) world positions of the joints below the five spine bones."""
    points = [pose.pelvis_m + apply(pose.rotation["pelvis"], body.spine[0])]
    for i in range(1, 5):
        points.append(points[-1] + apply(pose.rotation[SPINE[i - 1]], body.spine[i] - body.spine[i - 1]))
    return np.stack(points, axis=1)


def _mirrored(offset: Array, side: str) -> Array:
    return offset * np.array([1.0, SIDE_SIGN[side], 1.0])


def joints(pose: Pose, body: Dimensions) -> dict[str, Array]:
    """World positions (n, 3) of JOINTS, and of the shoes' bending line ``<side>_ball``."""
    turn = pose.rotation
    chest = spine_joints(pose, body)[:, 4]
    neck = chest + apply(turn["spine5"], body.neck)
    # The neck bends half way between ribs and head.
    half = blend(turn["spine5"], turn["head"], 0.5)
    out = {"nose": neck + apply(half, body.head) + apply(turn["head"], body.nose)}
    for side in SIDES:
        shoulder = chest + apply(turn["spine5"], _mirrored(body.shoulder, side))
        elbow = shoulder + apply(turn[f"{side}_upper_arm"], [0.0, 0.0, -body.upper_arm])
        hip = pose.pelvis_m + apply(turn["pelvis"], [0.0, SIDE_SIGN[side] * body.hip_half_width, 0.0])
        knee = hip + apply(turn[f"{side}_thigh"], [0.0, 0.0, -body.thigh])
        ankle = knee + apply(turn[f"{side}_shank"], [0.0, 0.0, -body.shank])
        ball_offset = np.array([body.ball_x, 0.0, -body.ankle_height])
        ball = ankle + apply(turn[f"{side}_foot"], ball_offset)
        out |= {
            f"{side}_shoulder": shoulder,
            f"{side}_elbow": elbow,
            f"{side}_wrist": elbow + apply(turn[f"{side}_forearm"], [0.0, 0.0, -body.forearm]),
            f"{side}_hip": hip,
            f"{side}_knee": knee,
            f"{side}_ankle": ankle,
            f"{side}_heel": ankle + apply(turn[f"{side}_foot"], body.heel_mark),
            f"{side}_ball": ball,
            f"{side}_foot_index": ball + apply(turn[f"{side}_toes"], body.toe_mark - ball_offset),
        }
    return out


def sole_points(pose: Pose, body: Dimensions) -> dict[str, Array]:
    """World positions (n, 3, 3) of heel edge, bending line and toe edge of each sole: all that can touch the belt."""
    where = joints(pose, body)
    out = {}
    for side in SIDES:
        heel = where[f"{side}_ankle"] + apply(pose.rotation[f"{side}_foot"], [body.heel_x, 0.0, -body.ankle_height])
        ball = where[f"{side}_ball"]
        toe = ball + apply(pose.rotation[f"{side}_toes"], [body.toe_x - body.ball_x, 0.0, 0.0])
        out[side] = np.stack([heel, ball, toe], axis=1)
    return out
