"""The clips of the accuracy bench: many bodies, motions, cameras and rooms, all from one seed. NumPy only.

A row of ``_ROWS`` says what a clip is to cover; everything a row leaves open (colours, arms, lean, small differences)
is drawn from ``SEED`` and the row's number. Rows of the held-out group are not to be looked at while anything is
tuned; the runners in ``HELD_OUT_RUNNERS`` move held-out clips only.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from .body import Build
from .camera import Camera
from .clothes import Outfit
from .recorded import STARTS_S, Recorded, drawn_upper
from .room import Colour, Room
from .running_steps import PELVIC_DROP_LATE, PELVIS_TURN_LATE, LegStyle, RunnerParams
from .samples import Clip

SEED = 20260
LOOKS = 1
"""Raise when the drawing itself changes so that clips made before no longer show what their truth says."""
HELD_OUT_RUNNERS = ("RBDS020", "RBDS022", "RBDS024", "RBDS028")
LEG_PER_HEIGHT = 0.488
BLUR_SHUTTER_S, BLUR_SUBFRAMES = 1 / 70, 3
SKINS: tuple[Colour, ...] = ((236, 196, 170), (222, 172, 138), (198, 148, 112), (150, 102, 72), (96, 64, 46))
HAIRS: tuple[Colour, ...] = ((24, 20, 18), (70, 44, 28), (120, 84, 44), (176, 146, 96), (150, 148, 146))


@dataclass(frozen=True)
class Gait:
    """A parametric runner in the few numbers that matter; the rest follows."""

    cadence_spm: float
    speed_mps: float
    overstride_share: float
    foot_angle_deg: float
    lean_deg: float
    lean_swing_deg: float
    bend_change_deg: float = 5.0
    trail_share: float = 0.64
    left_more: float = 0.0
    """Share of leg by which the left foot lands farther ahead."""


@dataclass(frozen=True)
class Row:
    """What one clip covers. ``build``: height cm, woman 0..1, weight 0..1, muscle 0..1. ``motion``: runner and speed,
    or a gait. ``blur``: exposure of BLUR_SHUTTER_S. ``room``: "plain", "gym" or "dark"; ``cloth``: "close", "loose".
    """

    name: str
    group: str
    build: tuple[float, float, float, float]
    motion: tuple[str, float] | Gait
    side: str
    frame_rate_hz: float = 60.0
    duration_s: float = 5.0
    blur: bool = False
    size: tuple[int, int] = (406, 720)
    fill: float = 0.67
    yaw_deg: float = 0.0
    height_m: float = 0.95
    distance_m: float = 4.0
    roll_deg: float = 0.0
    room: str = "plain"
    cloth: str = "close"
    handrail: bool = False
    neighbour: bool = False


LOW = {"size": (360, 480), "fill": 0.45}
LARGE = {"size": (1080, 1440), "fill": 0.7, "duration_s": 4.0}
WIDE = {"size": (960, 540), "fill": 0.86}
LONG = {"frame_rate_hz": 30.0, "duration_s": 15.0}
"""A recording lasts 15 s and needs half a second either side: 14 s at most."""
BLURRED = {"frame_rate_hz": 30.0, "duration_s": 6.0, "blur": True, "size": (480, 854)}
FAST = {"frame_rate_hz": 120.0, "duration_s": 4.2}

_ROWS: tuple[Row, ...] = (
    Row("bench_01", "tuning", (181, 0.0, 0.35, 0.6), ("RBDS001", 2.5), "right", height_m=0.9),
    Row("bench_02", "tuning", (163, 1.0, 0.55, 0.5), Gait(172, 2.8, 0.20, 9, 8, 2.5), "left", yaw_deg=5, cloth="loose"),
    Row("bench_03", "tuning", (168, 0.9, 0.4, 0.6), ("RBDS010", 3.5), "left", **BLURRED, room="gym", handrail=True),
    Row("bench_04", "tuning", (178, 0.1, 0.5, 0.6), ("RBDS012", 2.5), "right", yaw_deg=-8, height_m=1.1, room="dark"),
    Row("bench_05", "tuning", (184, 0.0, 0.75, 0.5), Gait(160, 3.3, 0.28, 16, 5, 4, 7), "right", **BLURRED,
        handrail=True, distance_m=3.2),
    Row("bench_06", "tuning", (187, 0.0, 0.45, 0.7), ("RBDS014", 3.5), "left", **FAST, yaw_deg=3),
    Row("bench_07", "tuning", (176, 0.8, 0.35, 0.5), ("RBDS018", 2.5), "right", **LOW, room="gym"),
    Row("bench_08", "tuning", (171, 0.0, 0.4, 0.7), Gait(182, 3.6, 0.19, -6, 10, 2), "left", room="dark", height_m=0.7),
    Row("bench_09", "tuning", (175, 0.3, 0.6, 0.5), ("RBDS026", 3.5), "left", handrail=True, cloth="loose", yaw_deg=-4),
    Row("bench_10", "tuning", (168, 1.0, 0.35, 0.5), ("RBDS04", 4.5), "right", **LARGE, room="gym",
        neighbour=True),
    Row("bench_11", "tuning", (156, 1.0, 0.7, 0.4), Gait(172, 2.4, 0.13, 4, 12, 6, 9, 0.64), "right", yaw_deg=9,
        room="gym", height_m=1.2),
    Row("bench_12", "tuning", (183, 0.0, 0.5, 0.6), ("RBDS001", 4.5), "left", **{**LONG, "duration_s": 14.0}),
    Row("bench_13", "tuning", (192, 0.0, 0.5, 0.6), Gait(156, 3.0, 0.24, 12, 4, 3), "left", **FAST, cloth="loose"),
    Row("bench_14", "tuning", (174, 0.1, 0.8, 0.5), ("RBDS012", 4.5), "right", **BLURRED, cloth="loose", yaw_deg=6,
        roll_deg=2.5),
    Row("bench_15", "tuning", (166, 1.0, 0.45, 0.5), Gait(168, 2.6, 0.22, 7, 7, 3, left_more=0.02), "right", **LOW,
        room="gym", handrail=True),
    Row("bench_16", "tuning", (186, 0.0, 0.3, 0.6), ("RBDS018", 3.5), "left", yaw_deg=7, neighbour=True, height_m=1.3,
        distance_m=5.0),
    Row("bench_17", "tuning", (179, 0.0, 0.9, 0.5), Gait(151, 2.8, 0.28, 20, 2, 4, 8, 0.64), "right", height_m=1.5,
        roll_deg=-2.5, **WIDE),
    Row("bench_18", "tuning", (165, 1.0, 0.4, 0.5), ("RBDS010", 2.5), "right", room="dark", cloth="loose",
        distance_m=6.0, fill=0.55),
    Row("bench_19", "tuning", (173, 0.2, 0.5, 0.6), Gait(188, 3.2, 0.17, 1, 8, 3, trail_share=0.68), "left", **LONG,
        neighbour=True),
    Row("bench_20", "tuning", (169, 0.0, 0.3, 0.8), Gait(176, 4.3, 0.27, 5, 9, 4, 6, 0.68), "right", distance_m=2.6,
        height_m=0.45, cloth="loose"),
    Row("bench_21", "held_out", (174, 0.0, 0.45, 0.6), ("RBDS020", 2.5), "left", height_m=1.0),
    Row("bench_22", "held_out", (176, 0.1, 0.5, 0.6), ("RBDS022", 3.5), "right", **BLURRED, handrail=True, yaw_deg=-5),
    Row("bench_23", "held_out", (182, 0.0, 0.6, 0.6), ("RBDS024", 2.5), "right", room="dark", yaw_deg=6, height_m=0.8),
    Row("bench_24", "held_out", (160, 1.0, 0.6, 0.4), Gait(166, 2.5, 0.26, 14, 6, 5, 8), "left", room="gym",
        cloth="loose", neighbour=True),
    Row("bench_25", "held_out", (158, 1.0, 0.35, 0.5), ("RBDS028", 2.5), "left", **LOW, yaw_deg=-7),
    Row("bench_26", "held_out", (180, 0.0, 0.4, 0.7), ("RBDS024", 4.5), "left", **{**LONG, "duration_s": 14.0},
        cloth="loose"),
    Row("bench_27", "held_out", (170, 1.0, 0.5, 0.5), Gait(174, 3.0, 0.21, -3, 9, 2), "right", handrail=True,
        height_m=1.4),
    Row("bench_28", "held_out", (176, 0.0, 0.35, 0.6), ("RBDS020", 4.5), "right", **FAST, room="gym"),
    Row("bench_29", "held_out", (188, 0.0, 0.85, 0.5), Gait(158, 3.4, 0.30, 18, 3, 5, 9), "right", **BLURRED,
        yaw_deg=-9, room="dark"),
    Row("bench_30", "held_out", (164, 1.0, 0.3, 0.6), Gait(184, 3.7, 0.20, 6, 7, 3), "left", distance_m=2.8,
        height_m=0.6, roll_deg=2.0),
    Row("bench_31", "held_out", (172, 0.0, 0.55, 0.55), ("RBDS022", 4.5), "left", **{**LONG, "duration_s": 14.0},
        room="gym"),
    Row("bench_32", "held_out", (163, 1.0, 0.5, 0.4), ("RBDS028", 3.5), "right", **{**LONG, "duration_s": 14.0},
        yaw_deg=4, height_m=1.2),
    Row("bench_33", "held_out", (158, 1.0, 0.4, 0.5), Gait(186, 2.7, 0.16, 3, 9, 3), "left", **{**LONG,
        "duration_s": 15.5}, cloth="loose", yaw_deg=-6),
    Row("bench_34", "held_out", (168, 0.9, 0.8, 0.4), Gait(154, 2.5, 0.24, 11, 4, 5, 8), "right", **{**LONG,
        "duration_s": 16.0}, room="gym", handrail=True),
    Row("bench_35", "held_out", (185, 0.0, 0.65, 0.5), Gait(164, 3.1, 0.23, 9, 6, 4), "right", **{**BLURRED,
        "duration_s": 15.0}, roll_deg=-1.5),
    Row("bench_36", "held_out", (177, 0.1, 0.4, 0.6), Gait(174, 3.5, 0.20, 4, 8, 3), "left", frame_rate_hz=60.0,
        duration_s=15.5, room="dark", height_m=0.8),
)  # fmt: skip


@dataclass(frozen=True)
class BenchClip:
    """A clip of the bench with its group and what was filmed how."""

    clip: Clip
    group: str
    conditions: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """File name without ending."""
        return self.clip.name

    @property
    def about(self) -> str:
        """One line for a list."""
        told = ", ".join(f"{name} {value}" for name, value in self.conditions.items())
        return f"{self.group}, {self.motion}: {told}"

    @property
    def motion(self) -> str:
        """ "recorded" where a real runner moves the body, else "parametric"."""
        return "recorded" if self.clip.recorded else "parametric"

    @property
    def spec_hash(self) -> str:
        """Changes whenever the clip has to be made again."""
        told = asdict(self.clip)
        if told["stand"] is None:  # most clips were made before any could stand
            del told["stand"]
        for name in ("pelvis_turn_late", "pelvic_drop_late"):  # ... and before these could differ
            if told["params"][name] == getattr(RunnerParams(), name):
                del told["params"][name]
        text = json.dumps({"looks": LOOKS, **told}, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def truth(self) -> dict[str, Any]:
        """What the truth file says on top of the motion."""
        return {
            "group": self.group,
            "motion": self.motion,
            "conditions": self.conditions,
            "spec_hash": self.spec_hash,
        }


def bench_folder() -> Path:
    """Where the clips lie: ``.bench`` in the project, or where FORMCHECK_BENCH_DIR says."""
    named = os.environ.get("FORMCHECK_BENCH_DIR")
    return Path(named) if named else Path(__file__).resolve().parents[2] / ".bench"


def is_made(clip: BenchClip, folder: Path) -> bool:
    """True where the clip lies in the folder as it is described now."""
    answers = folder / f"{clip.name}.truth.json"
    if not answers.exists() or not (folder / f"{clip.name}.mp4").exists():
        return False
    return json.loads(answers.read_text(encoding="utf-8")).get("spec_hash") == clip.spec_hash


def bench() -> dict[str, BenchClip]:
    """All clips by name, in the order in which they are best made."""
    return {row.name: bench_clip(row, np.random.default_rng([SEED, i])) for i, row in enumerate(_ROWS)}


def bench_clip(row: Row, rng: np.random.Generator) -> BenchClip:
    """The clip of a row; what the row leaves open is drawn from ``rng``."""
    build = _build(row, rng)
    outfit = _outfit(row, rng)
    room = _room(row, rng)
    params = parametric(row, rng)
    clip = Clip(
        row.name,
        f"{row.group}: {row.motion if isinstance(row.motion, tuple) else 'parametric'}",
        build,
        outfit,
        params,
        _camera(row, rng),
        room,
        duration_s=row.duration_s,
        frame_rate_hz=row.frame_rate_hz,
        fill=row.fill,
        subframes=BLUR_SUBFRAMES if row.blur else 1,
        shutter_s=BLUR_SHUTTER_S,
        finer=1.0 if row.blur or row.size[0] > 1000 else 1.25,
        preset="fast",
        recorded=_recorded(row, rng),
    )
    return BenchClip(clip, row.group, _conditions(row))


def _conditions(row: Row) -> dict[str, Any]:
    return {
        "yaw_deg": row.yaw_deg,
        "camera_height_m": row.height_m,
        "distance_m": row.distance_m,
        "roll_deg": row.roll_deg,
        "frame_rate_hz": row.frame_rate_hz,
        "blur_s": BLUR_SHUTTER_S if row.blur else 0.0,
        "background": row.room,
        "clothes": row.cloth,
        "handrail": row.handrail,
        "person_px": round(row.fill * row.size[1]),
    }


def _build(row: Row, rng: np.random.Generator) -> Build:
    height, gender, weight, muscle = row.build
    return Build(
        height,
        gender=gender,
        age=float(rng.uniform(0.52, 0.75)),
        muscle=muscle,
        weight=weight,
        proportions=float(rng.uniform(0.4, 0.75)),
    )


def _pick(rng: np.random.Generator, choices: tuple[Colour, ...]) -> Colour:
    return choices[int(rng.integers(len(choices)))]


def _colour(rng: np.random.Generator, low: int, high: int) -> Colour:
    red, green, blue = (int(v) for v in rng.integers(low, high, 3))
    return red, green, blue


def _outfit(row: Row, rng: np.random.Generator) -> Outfit:
    loose, dark = row.cloth == "loose", row.room == "dark"
    woman = row.build[1] > 0.5
    tights = not loose and rng.random() < 0.35
    return Outfit(
        skin=_pick(rng, SKINS),
        hair_colour=_pick(rng, HAIRS),
        hair="long" if woman else "short",
        shirt=_colour(rng, 18, 48) if dark else _colour(rng, 40, 240),
        shorts=_colour(rng, 14, 40) if dark or rng.random() < 0.6 else _colour(rng, 40, 200),
        shoes=_colour(rng, 20, 60) if dark else _colour(rng, 60, 250),
        sole=_colour(rng, 30, 60) if dark else (238, 238, 236),
        socks=(36, 36, 38) if dark or rng.random() < 0.4 else (235, 235, 235),
        sleeve=float(rng.choice([0.12, 0.55, 0.65, 0.75])),
        shirt_loose_m=float(rng.uniform(0.024, 0.032) if loose else rng.uniform(0.008, 0.015)),
        shirt_hem_m=float(rng.uniform(-0.055, -0.035) if loose else rng.uniform(-0.03, 0.0)),
        shorts_loose_m=float(rng.uniform(0.035, 0.045) if loose else 0.003 if tights else rng.uniform(0.006, 0.020)),
        shorts_length=float(rng.uniform(0.72, 0.92) if loose else 1.85 if tights else rng.uniform(0.45, 0.65)),
        flap_m=float(rng.uniform(0.012, 0.02)) if loose else 0.0,
    )


def _room(row: Row, rng: np.random.Generator) -> Room:
    dark = row.room == "dark"
    wall = _colour(rng, 34, 56) if dark else _tinted(rng, 165, 225)
    return Room(
        wall=wall,
        wall_low=_colour(rng, 28, 46) if dark else _tinted(rng, 95, 165),
        floor=_colour(rng, 30, 52) if dark else _tinted(rng, 80, 140),
        machine=_colour(rng, 34, 66),
        trim=_colour(rng, 40, 230),
        style="gym" if row.room == "gym" else str(rng.choice(["panels", "brick", "plain"])),
        light=float(rng.uniform(0.42, 0.5)) if dark else float(rng.uniform(0.85, 1.1)),
        warm=float(rng.uniform(-0.5, 0.8)),
        noise=4.0 if dark else float(rng.choice([0.0, 1.5, 2.5])),
        seed=int(rng.integers(1000)),
        handrail=row.handrail,
        neighbour=row.neighbour,
    )


def _tinted(rng: np.random.Generator, low: int, high: int) -> Colour:
    """A greyish colour."""
    red, green, blue = (int(v) for v in np.clip(rng.uniform(low, high) + rng.uniform(-14, 14, 3), 0, 255))
    return red, green, blue


def _camera(row: Row, rng: np.random.Generator) -> Camera:
    """Aimed between the lens' own height and the runner's middle, as one tilts a phone less than all the way."""
    middle = 0.5 * row.build[0] / 100.0
    return Camera(
        row.side,
        distance_m=row.distance_m,
        height_m=row.height_m,
        aim_height_m=middle + 0.12 * (row.height_m - middle),
        aim_x_m=float(rng.uniform(0.0, 0.1)),
        yaw_deg=row.yaw_deg,
        roll_deg=row.roll_deg or float(rng.uniform(-0.6, 0.6)),
        width_px=row.size[0],
        height_px=row.size[1],
    )


def _recorded(row: Row, rng: np.random.Generator) -> Recorded | None:
    if isinstance(row.motion, Gait):
        return None
    start = 0.45 if row.duration_s > 10 else float(rng.uniform(*STARTS_S))
    return Recorded(row.motion[0], row.motion[1], round(start, 3), drawn_upper(rng))


def parametric(row: Row, rng: np.random.Generator) -> RunnerParams:
    """The runner of a row; the usual one where a real runner moves the body."""
    if not isinstance(row.motion, Gait):
        return RunnerParams()
    gait = row.motion
    leg = LEG_PER_HEIGHT * row.build[0] / 100.0
    style = LegStyle(
        contact_time_s=round((gait.overstride_share + gait.trail_share) * leg / gait.speed_mps, 4),
        overstride_share=gait.overstride_share,
        foot_angle_at_contact_deg=gait.foot_angle_deg,
        knee_flexion_at_contact_deg=float(np.interp(gait.overstride_share, [0.12, 0.34], [21.0, 10.0])),
        peak_stance_knee_flexion_deg=float(rng.uniform(41.0, 46.0)),
        knee_flexion_at_toe_off_deg=float(rng.uniform(15.0, 20.0)),
        peak_swing_knee_flexion_deg=float(np.interp(gait.speed_mps, [2.4, 4.4], [90.0, 113.0]) + rng.uniform(-4, 4)),
        peak_thigh_flexion_deg=float(np.interp(gait.speed_mps, [2.4, 4.4], [30.0, 40.0])),
        foot_angle_at_toe_off_deg=float(rng.uniform(-41.0, -36.0)),
        toe_out_deg=float(rng.uniform(2.0, 10.0)),
    )
    return RunnerParams(
        cadence_spm=gait.cadence_spm,
        belt_speed_mps=gait.speed_mps,
        right=style,
        left=replace(style, overstride_share=gait.overstride_share + gait.left_more),
        trunk_lean_deg=gait.lean_deg,
        trunk_lean_swing_deg=gait.lean_swing_deg,
        lumbar_extension_change_deg=gait.bend_change_deg,
        landing_slip_share=float(rng.uniform(0.34, 0.5)),
        trunk_sway_deg=float(rng.uniform(1.0, 4.0)),
        pelvic_drop_deg=float(rng.uniform(3.0, 6.0)),
        pelvis_turn_late=PELVIS_TURN_LATE[0],
        pelvic_drop_late=PELVIC_DROP_LATE[0],
        arm_swing_deg=float(rng.uniform(44.0, 66.0)),
        elbow_deg=float(rng.uniform(84.0, 100.0)),
        seed=int(rng.integers(10000)),
    )
