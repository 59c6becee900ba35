"""The exact answers of an exercise clip: joints of the drawn body, angles, repetitions, holds, faults. NumPy only.

Joint places are the turning points of the drawn mesh's bones, at every frame, in the world's axes (X ahead, Y left, Z
up, metres) and as pixels. Angles of a side clip are taken in the world's X-Z plane, of a front clip in Y-Z, whatever
the camera's yaw: the person exercises square to them.

- ``hip_line_<side>_deg``: mid-shoulder, hip, knee; ``body_line_<side>_deg``: mid-shoulder, hip, ankle. On the belly's
  side: 180 straight, below it the hip is bent, above it the hip has passed the line toward the belly.
- ``knee_flexion`` 0 straight. ``thigh`` against the vertical, knee ahead +. ``shank``: ankle to knee, knee ahead +.
- ``trunk_lean``: mid-hip to mid-shoulder against the vertical, forward +; ``trunk_lean_left``: toward the left +.
- ``arm_ahead_<side>_deg``: shoulder to wrist ahead of the trunk's line carried on; 0 in line with it.
- ``lumbar_extension``: ribs against pelvis, backward +, 0 in the body's own standing shape.
- ``pelvis_level``, ``shoulder_level``: left side higher + (front). ``pelvis_turn``: pelvis about its own long axis.
- ``thighs_apart``: angle between the thighs in space; ``knees_pct_ankles``: sideways distance of the knees, ankles 100.
- ``heel_up_<side>_m``: heel mark above where it is with the sole flat.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .body import Body
from .camera import Camera
from .pose import JOINTS, SIDES, Pose, joints
from .rotations import Array

BONES = {
    "shoulder": "upperarm01",
    "elbow": "lowerarm01",
    "wrist": "wrist",
    "hip": "upperleg01",
    "knee": "lowerleg01",
    "ankle": "foot",
}


def drawn_joints(body: Body, pose: Pose) -> dict[str, Array]:
    """World positions (n, 3) of JOINTS where the drawn mesh turns, and of both ears."""
    at = joints(pose, body.dimensions)
    where = {
        f"{side}_{name}": body.index(f"{bone}.{tag}")
        for name, bone in BONES.items()
        for side, tag in (("left", "L"), ("right", "R"))
    }
    head = body.index("head")
    at |= {name: np.empty((len(pose), 3)) for name in (*where, "left_ear", "right_ear")}
    heads = body.heads[list(where.values())]
    for i in range(len(pose)):
        rotation, shift = body.transforms(pose.at(i))
        bones = list(where.values())
        places = np.einsum("bij,bj->bi", rotation[bones], heads) + shift[bones]
        for name, place in zip(where, places, strict=True):
            at[name][i] = place
        for side, sign in (("left", 1.0), ("right", -1.0)):
            ear = body.heads[head] * [1, 0, 1] + np.array([0.005, sign * 0.044, 0.024]) * body.dimensions.height
            at[f"{side}_ear"][i] = rotation[head] @ ear + shift[head]
    return at


def _lean(lower: Array, upper: Array, across: int) -> Array:
    d = upper - lower
    return np.degrees(np.arctan2(d[..., across], d[..., 2]))


def _line(a: Array, b: Array, c: Array, front: Array) -> Array:
    """Angle at b on the side the front vector points to, sagittal."""
    a, b, c, front = (v[..., [0, 2]] for v in (a, b, c, front))
    u, v = a - b, c - b
    cosine = np.sum(u * v, axis=-1) / (np.linalg.norm(u, axis=-1) * np.linalg.norm(v, axis=-1))
    angle = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    bulge = np.sum((b - (a + c) / 2) * front, axis=-1)
    return np.where(bulge > 0, 360.0 - angle, angle)


def tracks(body: Body, pose: Pose, at: dict[str, Array]) -> dict[str, Array]:
    """All angle tracks (n,)."""
    front = pose.rotation["pelvis"][:, :, 0]
    mid = {name: (at[f"left_{name}"] + at[f"right_{name}"]) / 2 for name in ("hip", "shoulder", "ear")}
    trunk = _lean(mid["hip"], mid["shoulder"], 0)
    out = {
        "trunk_lean_deg": trunk,
        "trunk_lean_left_deg": _lean(mid["hip"], mid["shoulder"], 1),
        "lumbar_extension_deg": pose.lumbar_extension_deg,
        "pelvic_tilt_deg": pose.pelvic_tilt_deg,
        "pelvis_level_deg": _level(at, "hip"),
        "shoulder_level_deg": _level(at, "shoulder"),
        "hip_height_m": mid["hip"][:, 2],
        "knees_pct_ankles": _apart(at, "knee") / np.maximum(np.abs(_apart(at, "ankle")), 0.02) * 100.0,
        "thighs_apart_deg": _between(at["left_knee"] - at["left_hip"], at["right_knee"] - at["right_hip"]),
        "pelvis_turn_deg": _turn_about_trunk(pose),
    }
    for side in SIDES:
        hip, knee, ankle, heel, wrist, shoulder = (
            at[f"{side}_{n}"] for n in ("hip", "knee", "ankle", "heel", "wrist", "shoulder")
        )
        thigh, shank = -_lean(knee, hip, 0), _lean(ankle, knee, 0)
        arm = _lean(shoulder, wrist, 0) - trunk
        out |= {
            f"hip_line_{side}_deg": _line(mid["shoulder"], hip, knee, front),
            f"body_line_{side}_deg": _line(mid["shoulder"], hip, ankle, front),
            f"thigh_{side}_deg": thigh,
            f"shank_{side}_deg": shank,
            f"knee_flexion_{side}_deg": _between(hip - knee, ankle - knee, straight=True),
            f"arm_ahead_{side}_deg": (arm + 180.0) % 360.0 - 180.0,
            f"heel_up_{side}_m": heel[:, 2] - (body.dimensions.heel_mark[2] + body.dimensions.ankle_height),
        }
    return out


def _level(at: dict[str, Array], joint: str) -> Array:
    d = at[f"left_{joint}"] - at[f"right_{joint}"]
    return np.degrees(np.arctan2(d[:, 2], np.maximum(np.hypot(d[:, 0], d[:, 1]), 1e-6)))


def _apart(at: dict[str, Array], joint: str) -> Array:
    return at[f"left_{joint}"][:, 1] - at[f"right_{joint}"][:, 1]


def _between(u: Array, v: Array, straight: bool = False) -> Array:
    cosine = np.sum(u * v, axis=-1) / (np.linalg.norm(u, axis=-1) * np.linalg.norm(v, axis=-1))
    angle = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    return 180.0 - angle if straight else angle


def _turn_about_trunk(pose: Pose) -> Array:
    """How far the pelvis has turned about its own long axis since the first frame, to the left +."""
    first = pose.rotation["pelvis"][0]
    turn = first.T @ pose.rotation["pelvis"]
    return np.degrees(np.arctan2(turn[:, 1, 0], turn[:, 0, 0]))


def frames(body: Body, pose: Pose, camera: Camera) -> dict[str, Any]:
    """Angles, joints in the world and in the picture at every frame."""
    at = drawn_joints(body, pose)
    kept = (*JOINTS, "left_ear", "right_ear")
    return {
        "time_s": np.round(pose.time_s, 5).tolist(),
        **{name: np.round(track, 2).tolist() for name, track in tracks(body, pose, at).items()},
        "joints_m": {name: np.round(at[name], 4).tolist() for name in kept},
        "joints_px": {name: np.round(camera.project(at[name]), 1).tolist() for name in kept},
    }


def spans(time_s: Array, inside: Array, least_s: float = 0.3) -> list[list[float]]:
    """Start and end of every stretch in which ``inside`` is true."""
    edge = np.flatnonzero(np.diff(np.concatenate([[0], inside.astype(int), [0]])))
    found = [(time_s[a], time_s[b - 1]) for a, b in edge.reshape(-1, 2)]
    return [[round(float(a), 3), round(float(b), 3)] for a, b in found if b - a >= least_s]
