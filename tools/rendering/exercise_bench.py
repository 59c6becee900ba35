"""The exercise clips of the accuracy bench: which activity, how well done, by whom, filmed from where. One seed.

A row of ``ROWS`` (``exercise_rows.py``) is one way of doing an activity; ``CASTS`` films each row with several bodies
and cameras. Held-out clips, with bodies of their own, are not to be looked at while anything is tuned. NumPy only.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from .bench import bench_folder
from .body import Build
from .camera import Camera
from .clothes import Outfit
from .exercise_plan import Plan
from .exercise_plans import make
from .props import Props
from .room import Colour, Room

SEED = 5051
LOOKS = 1
"""Raise when drawing or motion changes so that clips made before no longer show what their truth says."""

BODIES: dict[str, tuple[Build, ...]] = {
    "tuning": (
        Build(166, gender=1.0, age=0.58, muscle=0.60, weight=0.40, proportions=0.65),
        Build(181, gender=0.0, age=0.60, muscle=0.60, weight=0.50, proportions=0.50),
        Build(172, gender=0.2, age=0.68, muscle=0.45, weight=0.85, proportions=0.45),
        Build(158, gender=1.0, age=0.70, muscle=0.40, weight=0.70, proportions=0.50),
    ),
    "held_out": (
        Build(170, gender=1.0, age=0.62, muscle=0.50, weight=0.55, proportions=0.60),
        Build(176, gender=0.1, age=0.55, muscle=0.75, weight=0.45, proportions=0.60),
        Build(162, gender=0.8, age=0.72, muscle=0.45, weight=0.80, proportions=0.45),
        Build(187, gender=0.0, age=0.66, muscle=0.50, weight=0.65, proportions=0.55),
    ),
}
SKINS: tuple[Colour, ...] = ((236, 196, 170), (222, 172, 138), (198, 148, 112), (150, 102, 72), (96, 64, 46))
HAIRS: tuple[Colour, ...] = ((24, 20, 18), (70, 44, 28), (120, 84, 44), (150, 148, 146))
CHAIR_SHARE = 0.262
"""Seat of the chair above the floor, share of body height."""
WALL_SHARE = 0.57
"""How far ahead the wall is that is leaned against, share of body height."""
FEET_YAW_DEG, FEET_HIGHER_M = 45.0, 0.5
"""Camera "from the feet": straight from there hardly a trunk is seen, and the pose network finds no body."""
CASTS = (("tuning", 0, "square"), ("held_out", 0, "turned"), ("tuning", 1, "turned"), ("held_out", 1, "square"))
"""Group, which of its bodies (moved on by the row's number), camera."""
FURTHER_CASTS = (
    ("held_out", 0, "turned"),
    ("tuning", 0, "square"),
    ("held_out", 1, "square"),
    ("tuning", 1, "turned"),
)
"""The bodies of each group that the first four casts leave out."""


@dataclass(frozen=True)
class Row:
    """One way of doing one activity. ``plan``: kind and what it asks for; ``faults``: name -> amount, degrees or m."""

    activity: str
    variant: str
    motion: str
    view: str
    plan: tuple[str, dict[str, Any]]
    style: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, float] = field(default_factory=dict)
    mode: str = ""
    frame_rate_hz: float = 15.0
    n_casts: int = 4


@dataclass(frozen=True)
class Frame:
    """What the picture has to hold, in body heights: along X (or Y from the front), up, where its middle is."""

    wide: float
    high: float
    middle: float = 0.0
    size: tuple[int, int] = (640, 360)
    mat: tuple[float, float, float, float] | None = None


LYING = Frame(1.25, 0.62, 0.17, mat=(-0.45, 0.85, -0.2, 0.2))
PRONE = Frame(1.25, 0.62, 0.50, mat=(-0.1, 1.25, -0.2, 0.2))
TABLE = Frame(1.40, 0.72, 0.10, mat=(-0.6, 0.7, -0.2, 0.2))
ACROSS = Frame(1.20, 0.68, mat=(-0.35, 0.4, -0.6, 0.6))
FLOOR = Frame(1.10, 0.62, 0.14, mat=(-0.3, 0.75, -0.25, 0.25))
UPRIGHT = Frame(0.72, 1.18, size=(406, 720))
RAISED = Frame(0.80, 1.36, size=(406, 720))
HINGED = Frame(1.24, 1.16, size=(600, 562))
UPRIGHT_SIDE = Frame(0.95, 1.16, size=(480, 586))
KNEELING = Frame(0.80, 0.92, 0.05, size=(480, 540), mat=(-0.4, 0.5, -0.2, 0.2))
SEATED = Frame(0.60, 0.92, 0.12, size=(406, 540))
WALL = Frame(0.95, 1.16, 0.20, size=(480, 640))
FEET = Frame(0.98, 0.64, mat=(-0.35, 0.4, -0.6, 0.6))
FRAMES: dict[str, Frame] = {
    "hip_lift": LYING,
    "draw_in": LYING,
    "dead_bug": TABLE,
    "bird_dog": TABLE,
    "plank": PRONE,
    "plank_knees": Frame(1.25, 0.62, 0.26, mat=(-0.4, 0.95, -0.2, 0.2)),
    "side_plank": ACROSS,
    "clamshell": ACROSS,
    "towel_hamstring": Frame(1.15, 0.75, 0.22, mat=(-0.3, 0.75, -0.2, 0.2)),
    "seated_hamstring": FLOOR,
    "squat": UPRIGHT,
    "overhead": RAISED,
    "single_leg_deadlift": HINGED,
    "single_leg_stance": UPRIGHT,
    "standing": UPRIGHT_SIDE,
    "quadriceps_stretch": UPRIGHT,
    "calf_stretch": WALL,
    "half_kneeling": KNEELING,
    "sitting": SEATED,
}


@dataclass(frozen=True)
class ExerciseClip:
    """One clip, all that makes it."""

    name: str
    group: str
    row: Row
    build: Build
    outfit: Outfit
    camera: Camera
    room: Room
    props: Props
    plan: Plan
    camera_kind: str

    @property
    def about(self) -> str:
        """One line for a list."""
        told = ", ".join(f"{name} {amount:g}" for name, amount in self.row.faults.items()) or "good form"
        return f"{self.group}, {self.row.activity} {self.row.mode} {self.row.view}: {told}"

    @property
    def spec_hash(self) -> str:
        """Changes whenever the clip has to be made again."""
        text = json.dumps({"looks": LOOKS, **asdict(self)}, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def exercise_folder() -> Path:
    """Where the clips lie."""
    return bench_folder() / "exercise"


def is_made(clip: ExerciseClip, folder: Path) -> bool:
    """True where the clip lies in the folder as it is described now."""
    answers = folder / f"{clip.name}.truth.json"
    if not answers.exists() or not (folder / f"{clip.name}.mp4").exists():
        return False
    return bool(json.loads(answers.read_text(encoding="utf-8")).get("spec_hash") == clip.spec_hash)


def exercise_clips(rows: tuple[Row, ...], wider: tuple[str, ...] = ()) -> dict[str, ExerciseClip]:
    """All clips by name, in the order in which they are best made: every row once, then every row again.

    ``wider``: rows ("plank_pike_side") that are filmed with ``FURTHER_CASTS`` too.
    """
    found = {}
    for cast in range(len(CASTS) + len(FURTHER_CASTS)):
        for number, row in enumerate(rows):
            is_further = cast >= len(CASTS) and f"{row.activity}_{row.variant}_{row.view}" in wider
            if cast < row.n_casts or is_further:
                clip = _clip(row, number, cast)
                found[clip.name] = clip
    return found


def _clip(row: Row, number: int, cast: int) -> ExerciseClip:
    name = f"{row.activity}_{row.variant}_{row.view}_{cast + 1}"
    seed = int(hashlib.sha256(name.encode()).hexdigest()[:8], 16)
    rng = np.random.default_rng([SEED, seed])
    group, body, camera = (*CASTS, *FURTHER_CASTS)[cast]
    build = BODIES[group][(number + 2 * body + cast // 2) % len(BODIES[group])]
    plan = make(row.plan[0], rng, row.plan[1])
    frame = FRAMES[row.style.get("frame", row.motion)]
    if (row.motion, row.view) in (("standing", "front"), ("single_leg_deadlift", "front")):
        frame = UPRIGHT
    if row.view == "feet":
        frame = FEET
    return ExerciseClip(
        name=name,
        group=group,
        row=row,
        build=build,
        outfit=_outfit(build, rng),
        camera=_camera(row, frame, build, camera, rng),
        room=_room(rng),
        props=_props(row, frame, build, rng),
        plan=plan,
        camera_kind=camera,
    )


def _camera(row: Row, frame: Frame, build: Build, kind: str, rng: np.random.Generator) -> Camera:
    """Beside the middle of the body; "turned": some degrees off and higher up."""
    tall, (width, height) = build.height_cm / 100.0, frame.size
    distance = float(rng.uniform(3.0, 4.2))
    metre_px = min(width / (frame.wide * tall), height / (frame.high * tall)) * float(rng.uniform(0.86, 0.97))
    lying = width > height
    lens = float(rng.uniform(0.35, 0.6) if lying else rng.uniform(0.85, 1.05))
    yaw = float(rng.uniform(-3.0, 3.0))
    if kind == "turned":
        lens += float(rng.uniform(0.35, 0.6) if lying else rng.uniform(0.15, 0.35))
        yaw = float(rng.choice([-1.0, 1.0]) * rng.uniform(8.0, 13.0))
    side = str(rng.choice(["right", "left"])) if row.view == "side" else "front"
    if row.view == "feet":  # half-way round to the feet; who lies on the right side has them toward +Y
        round_deg = row.style.get("feet_yaw_deg", FEET_YAW_DEG)
        yaw += round_deg * (-1.0 if row.style.get("low", "right") == "right" else 1.0)
        lens += row.style.get("feet_higher_m", FEET_HIGHER_M)
    return Camera(
        side,
        distance_m=round(distance, 3),
        height_m=round(lens, 3),
        aim_height_m=round(0.5 * frame.high * tall * 0.92, 3),
        aim_x_m=0.0 if row.view in ("front", "feet") else round(frame.middle * tall, 3),
        yaw_deg=round(yaw, 2),
        roll_deg=round(float(rng.uniform(-1.0, 1.0)), 2),
        fov_deg=round(float(2 * np.degrees(np.arctan(height / metre_px / 2 / distance))), 3),
        width_px=width,
        height_px=height,
    )


def _props(row: Row, frame: Frame, build: Build, rng: np.random.Generator) -> Props:
    tall = build.height_cm / 100.0
    colour, wood = _colour(rng, 40, 170), _colour(rng, 60, 190)
    mat = None if frame.mat is None else tuple(round(v * tall, 3) for v in frame.mat)
    boxes: list[Any] = []
    if row.motion == "calf_stretch":
        at = WALL_SHARE * tall
        boxes = [((at, at + 0.12), (-0.9, 0.9), (0.0, 2.2), wood)]
    if row.motion == "sitting":
        seat = CHAIR_SHARE * tall
        boxes = [((-0.2, 0.22), (-0.21, 0.21), (seat - 0.035, seat), wood)]
        boxes += [((x, x + 0.035), (y, y + 0.035), (0.0, seat), wood) for x in (-0.2, 0.185) for y in (-0.21, 0.175)]
    return Props(
        mat=mat,  # type: ignore[arg-type]
        mat_colour=colour,
        boxes=tuple(boxes),
        towel=row.style["side"] if row.motion == "towel_hamstring" else None,
        things=bool(rng.random() < 0.4),
    )


def _colour(rng: np.random.Generator, low: int, high: int) -> Colour:
    red, green, blue = (int(v) for v in rng.integers(low, high, 3))
    return red, green, blue


def _outfit(build: Build, rng: np.random.Generator) -> Outfit:
    tights = rng.random() < 0.55
    return Outfit(
        skin=SKINS[int(rng.integers(len(SKINS)))],
        hair_colour=HAIRS[int(rng.integers(len(HAIRS)))],
        hair="long" if build.gender > 0.5 and rng.random() < 0.6 else "short",
        shirt=_colour(rng, 40, 240),
        shorts=_colour(rng, 18, 80) if rng.random() < 0.7 else _colour(rng, 60, 200),
        shoes=_colour(rng, 60, 250),
        socks=(36, 36, 38) if rng.random() < 0.4 else (235, 235, 235),
        sleeve=float(rng.choice([0.2, 0.55, 0.65])),
        shirt_loose_m=float(rng.uniform(0.006, 0.016)),
        shirt_hem_m=float(rng.uniform(-0.03, 0.0)),
        shorts_loose_m=0.003 if tights else float(rng.uniform(0.006, 0.018)),
        shorts_length=1.85 if tights else float(rng.uniform(0.45, 0.65)),
    )


def _room(rng: np.random.Generator) -> Room:
    def tinted(low: int, high: int) -> Colour:
        red, green, blue = (int(v) for v in np.clip(rng.uniform(low, high) + rng.uniform(-14, 14, 3), 0, 255))
        return red, green, blue

    return Room(
        wall=tinted(165, 225),
        wall_low=tinted(95, 165),
        floor=tinted(85, 150),
        trim=_colour(rng, 40, 230),
        style=str(rng.choice(["panels", "brick", "plain", "gym"])),
        light=float(rng.uniform(0.8, 1.1)),
        warm=float(rng.uniform(-0.5, 0.8)),
        noise=float(rng.choice([0.0, 1.5, 3.0])),
        seed=int(rng.integers(1000)),
    )
