"""Clips from behind and in front: drop, lean, sway, width and arms drawn from one seed, each without the others.

Rows say who is filmed how; half of them are held out and not to be looked at while anything is tuned. NumPy only.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from .bench import LEG_PER_HEIGHT, BenchClip, Gait, Row, bench_clip, bench_folder
from .rear_running import RearParams, Sideways, foot_lines
from .samples import Clip
from .standing import Stand, askew

SEED = 20261


def _rows() -> list[tuple[Row, bool]]:
    """Every clip's row, and whether the runner travels over the ground."""
    rows: list[tuple[Row, bool]] = []

    def add(group: str, side: str, build: tuple, gait: Gait, *, travels: bool = False, **more: Any) -> None:
        name = f"{side}_{len(rows) + 1:02}"
        rows.append((Row(name, group, build, gait, side, **{"duration_s": 7.0, **more}), travels))

    tall, loose, gym, dark = {"size": (540, 960), "fill": 0.72}, {"cloth": "loose"}, {"room": "gym"}, {"room": "dark"}
    slow = {"frame_rate_hz": 30.0, "duration_s": 8.0}
    over = {"size": (720, 1280), "fill": 0.8, "distance_m": 4.0, "height_m": 1.2, "duration_s": 4.0}
    t, h = "tuning", "held_out"
    add(t, "rear", (178, 0.0, 0.45, 0.6), Gait(168, 2.9, 0.22, 9, 7, 3), height_m=0.95, **tall)
    add(t, "rear", (164, 1.0, 0.4, 0.5), Gait(176, 2.7, 0.18, 5, 8, 2.5), yaw_deg=6, height_m=1.1, **slow)
    add(t, "rear", (171, 0.9, 0.7, 0.4), Gait(164, 2.5, 0.20, 12, 5, 4), yaw_deg=-7, distance_m=3.2, **loose, **gym)
    add(t, "rear", (185, 0.0, 0.35, 0.7), Gait(160, 3.3, 0.24, 8, 9, 3), height_m=1.4, distance_m=5.0, **dark)
    add(t, "rear", (160, 1.0, 0.3, 0.6), Gait(184, 3.0, 0.17, -2, 8, 2), roll_deg=2.0, **slow, **gym)
    add(t, "rear", (175, 0.1, 0.85, 0.5), Gait(158, 2.6, 0.25, 15, 4, 5), height_m=0.7, yaw_deg=3, **loose)
    add(t, "rear", (168, 0.6, 0.5, 0.6), Gait(172, 3.4, 0.22, 3, 7, 3), distance_m=2.8, **tall, **dark)
    add(t, "front", (180, 0.0, 0.5, 0.6), Gait(166, 2.9, 0.22, 9, 6, 3), yaw_deg=-5, **tall)
    add(t, "front", (162, 1.0, 0.45, 0.5), Gait(178, 2.6, 0.17, 4, 8, 2.5), height_m=1.2, **slow, **gym)
    add(t, "rear", (173, 0.0, 0.4, 0.7), Gait(170, 2.8, 0.20, 6, 8, 3), travels=True, **over)
    add(t, "front", (169, 1.0, 0.5, 0.5), Gait(174, 2.9, 0.20, 6, 8, 3), frame_rate_hz=30.0, travels=True, **over)
    add(h, "rear", (176, 0.0, 0.5, 0.6), Gait(166, 2.8, 0.23, 10, 6, 4), yaw_deg=4, height_m=1.0, **tall)
    add(h, "rear", (167, 1.0, 0.55, 0.5), Gait(180, 2.9, 0.18, 2, 9, 2), yaw_deg=-6, **slow)
    add(h, "rear", (188, 0.0, 0.6, 0.6), Gait(156, 3.1, 0.26, 14, 5, 3), height_m=1.3, distance_m=4.6, **loose, **dark)
    add(h, "rear", (158, 1.0, 0.6, 0.4), Gait(172, 2.4, 0.16, 7, 7, 4), distance_m=3.0, **gym)
    add(h, "rear", (181, 0.1, 0.3, 0.7), Gait(174, 3.5, 0.23, -3, 9, 2.5), roll_deg=-2.0, height_m=0.6, **slow)
    add(h, "rear", (170, 0.9, 0.35, 0.6), Gait(169, 2.7, 0.20, 8, 7, 3), yaw_deg=8, **gym, **tall)
    add(h, "rear", (174, 0.0, 0.9, 0.5), Gait(162, 2.9, 0.24, 12, 4, 5), height_m=0.9, **loose)
    add(h, "front", (172, 0.8, 0.4, 0.6), Gait(171, 2.8, 0.20, 6, 7, 3), yaw_deg=6, **slow)
    add(h, "front", (183, 0.0, 0.55, 0.6), Gait(163, 3.2, 0.25, 11, 6, 4), height_m=1.1, **loose, **gym)
    add(h, "rear", (165, 1.0, 0.45, 0.5), Gait(177, 2.7, 0.19, 4, 8, 3), frame_rate_hz=30.0, travels=True, **over)
    add(h, "front", (179, 0.0, 0.4, 0.7), Gait(167, 3.0, 0.22, 9, 7, 3), travels=True, **over)
    rows += [(row, False) for row in _standing_rows()]
    return rows


STANDS = {"tuning": range(23, 29), "held_out": range(29, 35)}
"""Numbers of the clips that begin with quiet standing, of bodies that are not level at rest."""


def _standing_rows() -> list[Row]:
    slow, quick = {"frame_rate_hz": 30.0, "duration_s": 9.0}, {"duration_s": 8.0}
    gym, dark, loose = {"room": "gym"}, {"room": "dark"}, {"cloth": "loose"}
    t, h, rear, front = "tuning", "held_out", "rear", "front"
    return [
        Row("rear_23", t, (177, 0.0, 0.45, 0.6), Gait(167, 2.8, 0.22, 9, 7, 3), rear, roll_deg=2.5, **slow),
        Row("rear_24", t, (163, 1.0, 0.5, 0.5), Gait(178, 2.7, 0.18, 5, 8, 2.5), rear, roll_deg=-1.5, **slow, **gym),
        Row("rear_25", t, (172, 0.9, 0.6, 0.5), Gait(170, 2.6, 0.20, 8, 6, 3), rear, yaw_deg=5, **slow, **loose),
        Row("rear_26", t, (184, 0.0, 0.4, 0.7), Gait(160, 3.1, 0.24, 8, 8, 3), rear, height_m=1.2, **quick, **dark),
        Row("front_27", t, (168, 0.8, 0.45, 0.6), Gait(172, 2.9, 0.20, 6, 7, 3), front, roll_deg=1.0, **slow),
        Row("front_28", t, (180, 0.0, 0.55, 0.6), Gait(165, 3.0, 0.23, 9, 6, 4), front, yaw_deg=-4, **slow, **gym),
        Row("rear_29", h, (175, 0.0, 0.5, 0.6), Gait(169, 2.9, 0.22, 8, 7, 3), rear, roll_deg=-2.5, **slow),
        Row("rear_30", h, (166, 1.0, 0.4, 0.5), Gait(176, 2.7, 0.18, 4, 8, 2.5), rear, roll_deg=1.5, **slow, **dark),
        Row("rear_31", h, (170, 0.7, 0.65, 0.5), Gait(164, 2.6, 0.21, 10, 5, 4), rear, yaw_deg=-6, **slow, **loose),
        Row("rear_32", h, (186, 0.0, 0.35, 0.7), Gait(161, 3.2, 0.25, 9, 8, 3), rear, height_m=0.7, **quick, **gym),
        Row("front_33", h, (165, 1.0, 0.5, 0.5), Gait(175, 2.7, 0.19, 5, 8, 3), front, roll_deg=-1.0, **slow),
        Row("front_34", h, (178, 0.1, 0.5, 0.6), Gait(168, 2.9, 0.22, 8, 7, 3), front, yaw_deg=5, **slow, **loose),
    ]


def rear_folder() -> Path:
    """Where the clips lie: ``rear`` in the bench's folder."""
    return bench_folder() / "rear"


def rear_clips() -> dict[str, BenchClip]:
    """All clips by name, tuning half first."""
    return {row.name: with_sideways(row, on, np.random.default_rng([SEED, i])) for i, (row, on) in enumerate(_rows())}


def with_sideways(row: Row, travels: bool, rng: np.random.Generator) -> BenchClip:
    """The clip of a row with a frontal plane drawn from ``rng``."""
    made = bench_clip(row, rng)
    drawn = _drawn(rng)
    params = _params(made.clip, drawn, travels, rng)
    camera = replace(made.clip.camera, aim_x_m=0.0)
    clip = replace(made.clip, params=params, camera=camera, about=f"{row.group}: {row.side}")
    conditions = {**made.conditions, **drawn, "travels": travels}
    if int(row.name.rpartition("_")[2]) in STANDS.get(row.group, ()):
        stand = _stand(rng)
        clip = replace(clip, params=askew(params, stand), stand=stand)
        conditions |= {"own_pelvis_deg": stand.pelvis_deg, "own_ribs_deg": stand.ribs_deg}
    return replace(made, clip=clip, conditions=conditions)


def _stand(rng: np.random.Generator) -> Stand:
    return Stand(
        pelvis_deg=round(float(rng.uniform(-4, 4)), 3),
        ribs_deg=round(float(rng.uniform(-3, 3)), 3),
        lean_deg=float(rng.uniform(-1, 3)),
        feet_apart_m=float(rng.choice([0.15, 0.22, 0.3])),
        arms_outward_deg=float(rng.uniform(6, 14)),
    )


def _drawn(rng: np.random.Generator) -> dict[str, float]:
    """What is seen sideways, each number without the others; shares are of leg length."""
    ranges = {
        "drop_deg": (0.0, 8.0),
        "drop_left_more_deg": (-3.0, 3.0),
        "lean_deg": (-1.0, 7.0),
        "lean_left_more_deg": (-3.0, 3.0),
        "sway_share": (0.003, 0.03),
        "width_share": (-0.01, 0.15),
        "line_offset_share": (-0.015, 0.015),
        "arm_outward_deg": (6.0, 26.0),
        "arm_left_more_deg": (-10.0, 10.0),
        "arm_inward_deg": (10.0, 48.0),
    }
    return {name: round(float(rng.uniform(low, high)), 4) for name, (low, high) in ranges.items()}


def _params(clip: Clip, drawn: dict[str, float], travels: bool, rng: np.random.Generator) -> RearParams:
    leg = LEG_PER_HEIGHT * clip.build.height_cm / 100.0
    line = foot_lines(drawn["width_share"] * leg, drawn["line_offset_share"] * leg)
    plain = {name: getattr(clip.params, name) for name in clip.params.__dataclass_fields__}
    way_m = clip.params.belt_speed_mps * clip.duration_s
    return RearParams(
        **plain,
        sideways_left=_sideways(drawn, 0.5, leg, line["left"], rng),
        sideways_right=_sideways(drawn, -0.5, leg, line["right"], rng),
        ribs_late=float(rng.uniform(0.0, 0.12)),
        travels=travels,
        starts_at_m=-way_m if travels and clip.camera.side == "front" else 0.0,
    )


def _sideways(drawn: dict[str, float], half: float, leg_m: float, line_m: float, rng: np.random.Generator) -> Sideways:
    return Sideways(
        pelvic_drop_deg=drawn["drop_deg"] + half * drawn["drop_left_more_deg"],
        ribs_lean_deg=drawn["lean_deg"] + half * drawn["lean_left_more_deg"],
        hip_sway_m=drawn["sway_share"] * leg_m,
        foot_line_m=line_m,
        arm_outward_deg=drawn["arm_outward_deg"] + half * drawn["arm_left_more_deg"],
        arm_inward_turn_deg=drawn["arm_inward_deg"] + half * drawn["arm_left_more_deg"],
        arm_swing_deg=float(rng.uniform(40.0, 66.0)),
    )
