"""Many bodies in exercises, some pictures of each: to learn what a picture tells about their pelvis or their back.

Other bodies, clothes, cameras and postures than the exercise clips: drawn from another seed. The first ``AT_REST``
pictures of each body are its rest: both feet down, or upright before the exercise. NumPy only, except ``draw``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from .body import Build
from .camera import Camera
from .clothes import Outfit
from .exercise_bench import FRAMES, Frame, _camera, _outfit, _room
from .exercise_plan import Plan
from .exercise_rows import ROWS
from .room import Room

SEED = 20277
PICTURES, AT_REST = 10, 2
REAR_SHARE, SITE_YAW_DEG = 0.4, 11.0
Each = Callable[[float, float], np.ndarray]
"""A number for each picture between two limits."""


def _stance(each: Each, rng: np.random.Generator) -> dict[str, Any]:
    return {"drop_deg": each(-5, 14), "lean_deg": each(-5, 14), "raise_deg": each(0, 70), "arms_deg": each(0, 45)}


def _deadlift(each: Each, rng: np.random.Generator) -> dict[str, Any]:
    return {
        "lean_deg": each(50, 86),
        "knee_deg": each(8, 32),
        "open_deg": each(-14, 34),
        "ribs_stay": each(0, 1),
        "drop_deg": each(0, 28),
        "knee_in_deg": each(0, 20),
    }


def _squat(each: Each, rng: np.random.Generator) -> dict[str, Any]:
    arms = str(rng.choice(["ahead", "overhead"]))
    knee = each(62, 118)
    bent = {"knee_deg": knee, "shank_deg": 0.24 * knee + each(-3, 16), "lean_deg": each(18, 62)}
    return {**bent, "arms": arms, "fall_deg": each(0, 40), "heel_deg": each(0, 6), "arch_deg": each(-38, 28)}


def _kneeling(each: Each, rng: np.random.Generator) -> dict[str, Any]:
    return {"thigh_deg": each(4, 30), "arch_deg": each(-10, 34), "lean_deg": each(-10, 9)}


def _quadriceps(each: Each, rng: np.random.Generator) -> dict[str, Any]:
    return {"knee_deg": each(105, 138), "thigh_deg": each(-8, 30), "arch_deg": each(-8, 30), "lean_deg": each(-2, 9)}


KINDS: dict[str, tuple[str, Callable[[Each, np.random.Generator], dict[str, Any]]]] = {
    "single_leg_stance": ("up", _stance),
    "single_leg_deadlift": ("rep", _deadlift),
    "squat": ("rep", _squat),
    "half_kneeling": ("in", _kneeling),
    "quadriceps_stretch": ("in", _quadriceps),
}
"""Motion -> the channel that leaves rest, and a style of which every picture has its own."""
ACROSS = ("single_leg_stance", "single_leg_deadlift")
"""Seen from the front and behind; the others from the side."""


def still_body(kind: str, number: int) -> tuple[Build, Outfit, Camera, Room]:
    """Who is in the pictures, and from where they are taken."""
    rng = np.random.default_rng([SEED, number])
    woman = bool(rng.random() < 0.5)
    build = Build(
        float(rng.normal(163, 6) if woman else rng.normal(177, 7)),
        gender=float(woman),
        age=float(rng.uniform(0.5, 0.75)),
        muscle=float(rng.uniform(0.35, 0.75)),
        weight=float(rng.uniform(0.3, 0.85)),
        proportions=float(rng.uniform(0.4, 0.65)),
    )
    row = next(row for row in ROWS if row.motion == kind and (row.view == "front") == (kind in ACROSS))
    camera = replace(
        _camera(row, _frame(kind), build, "square", rng),
        yaw_deg=float(rng.uniform(-SITE_YAW_DEG, SITE_YAW_DEG)),
        height_m=float(rng.uniform(0.7, 1.3)),
        roll_deg=float(rng.uniform(-2, 2)),
    )
    if kind in ACROSS:
        camera = replace(camera, side="rear" if rng.random() < REAR_SHARE else "front")
    return build, _outfit(build, rng), camera, _room(rng)


def _frame(kind: str) -> Frame:
    return FRAMES["single_leg_stance" if kind in ACROSS else "overhead" if kind == "squat" else kind]


def posture(kind: str, number: int) -> tuple[Plan, dict[str, Any]]:
    """What is done in each picture: a plan with a knot at every one, and the style."""
    rng = np.random.default_rng([SEED, number, list(KINDS).index(kind)])
    channel, styled = KINDS[kind]
    at = np.arange(PICTURES, dtype=float)
    sway = rng.uniform(-0.015, 0.015, PICTURES)
    plan = Plan(
        knots={channel: (at.tolist(), np.where(at < AT_REST, 0.0, 1.0).tolist()), "sway": (at.tolist(), sway.tolist())}
    )
    style = styled(lambda low, high: np.asarray(rng.uniform(low, high, PICTURES)), rng)
    return plan, {"side": str(rng.choice(["left", "right"])), **style}


def draw(kind: str, number: int, folder: Path) -> None:
    """Pictures and truth of one body, unless they are there already."""
    from PIL import Image

    from .body import make_body
    from .clothes import dress
    from .exercise_clip import motion
    from .exercise_truth import drawn_joints
    from .gym import GymScene
    from .props import Props

    answers = folder / f"{kind}_{number:03}.json"
    if answers.exists():
        return
    build, outfit, camera, room = still_body(kind, number)
    plan, style = posture(kind, number)
    body = make_body(build)
    pose = motion(kind)(body, np.arange(PICTURES, dtype=float), plan, style)
    scene = GymScene(body, dress(body, outfit), camera, room, Props())
    try:
        for i in range(PICTURES):
            Image.fromarray(scene.expose([pose.at(i)])).save(folder / f"{answers.stem}_{i:02}.jpg", quality=92)
    finally:
        scene.close()
    at = drawn_joints(body, pose)
    across = at["left_hip"] - at["right_hip"]
    told = {
        "view": camera.side,
        "size": [camera.width_px, camera.height_px],
        "side": style["side"],
        "tilt_deg": np.degrees(np.arctan2(across[:, 2], np.abs(across[:, 1]))).round(3).tolist(),
        "lumbar_deg": pose.lumbar_extension_deg.round(3).tolist(),
        "joints_px": {name: camera.project(place).round(1).tolist() for name, place in at.items()},
    }
    answers.write_text(json.dumps(told))
