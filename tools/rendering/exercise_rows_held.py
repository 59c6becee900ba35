"""What the exercise clips cover of stretches and posture; see ``exercise_rows.py``."""

from __future__ import annotations

from typing import Any

from .exercise_bench import Row

Plan = tuple[str, dict[str, Any]]
"""Name of the plan and what it is given."""
STILL: dict[str, Any] = {"frame_rate_hz": 12.0, "n_casts": 3}


def keep(side: str, **more: Any) -> Plan:
    """A stretch held on that side."""
    return ("hold", {"side": side, **more})


CALF = {"shank_deg": 27.0}
STRETCHES: tuple[Row, ...] = (
    Row("stretch_hip_flexor", "good", "half_kneeling", "side", keep("left"), {"side": "left"}, **STILL),
    Row(
        "stretch_hip_flexor",
        "arch",
        "half_kneeling",
        "side",
        keep("right"),
        {"side": "right", "arch_deg": 26.0, "thigh_deg": 22.0, "lean_deg": -6.0},
        {"over_arch": 26.0},
        **STILL,
    ),
    Row(
        "stretch_quadriceps",
        "good",
        "quadriceps_stretch",
        "side",
        keep("left"),
        {"side": "left", "knee_deg": 130.0},
        **STILL,
    ),
    Row(
        "stretch_quadriceps",
        "arch",
        "quadriceps_stretch",
        "side",
        keep("right"),
        {"side": "right", "knee_deg": 122.0, "arch_deg": 20.0, "thigh_deg": 26.0},
        {"over_arch": 20.0, "thigh_ahead": 26.0},
        **STILL,
    ),
    Row(
        "stretch_hamstring_seated",
        "good",
        "seated_hamstring",
        "side",
        keep("right"),
        {"side": "right", "lean_deg": 40.0},
        **STILL,
    ),
    Row(
        "stretch_hamstring_seated",
        "bounce",
        "seated_hamstring",
        "side",
        keep("left", bounce=5.0, bounce_hz=1.1),
        {"side": "left", "lean_deg": 44.0, "round_deg": 30.0},
        {"bounce": 5.0, "rounded": 30.0},
        frame_rate_hz=15.0,
        n_casts=3,
    ),
    Row(
        "stretch_hamstring_towel",
        "good",
        "towel_hamstring",
        "side",
        keep("right"),
        {"side": "right", "raise_deg": 76.0},
        **STILL,
    ),
    Row(
        "stretch_hamstring_towel",
        "bent",
        "towel_hamstring",
        "side",
        keep("left"),
        {"side": "left", "raise_deg": 62.0, "knee_deg": 32.0, "other_deg": 20.0},
        {"knee_bent": 32.0},
        **STILL,
    ),
    Row(
        "stretch_calf",
        "straight",
        "calf_stretch",
        "side",
        keep("left"),
        {"side": "left", **CALF},
        mode="straight",
        **STILL,
    ),
    Row(
        "stretch_calf",
        "bent",
        "calf_stretch",
        "side",
        keep("right"),
        {"side": "right", "shank_deg": 33.0, "knee_deg": 30.0, "step": 0.28},
        mode="bent",
        **STILL,
    ),
    Row(
        "stretch_calf",
        "heel_up",
        "calf_stretch",
        "side",
        keep("left", bounce=4.0),
        {"side": "left", **CALF, "heel_deg": 16.0},
        {"heel_up": 16.0, "bounce": 4.0},
        mode="straight",
        frame_rate_hz=15.0,
        n_casts=3,
    ),
)
"""Six stretches and what spoils them."""

BEND: Plan = ("squat", {"n": 2, "down_s": 2.0, "up_s": 1.8, "hold_s": 1.0, "shuffle": False})
STAY: Plan = ("still", {})
BACK = {"lean_deg": -26.0, "bend_deg": 22.0, "hip_ahead_m": 0.11, "hands": "hips", "nod_deg": -14.0}
POSTURE: tuple[Row, ...] = (
    Row("standing", "good", "standing", "side", STAY, {}, **STILL),
    Row(
        "standing",
        "sway_back",
        "standing",
        "side",
        STAY,
        {"lean_deg": -9.0, "bend_deg": 7.0, "hip_ahead_m": 0.095},
        {"sway_back": 0.095},
        **STILL,
    ),
    Row(
        "standing",
        "bent_knees",
        "standing",
        "side",
        STAY,
        {"knee_deg": 19.0, "lean_deg": 4.0, "bend_deg": -10.0},
        {"knees_bent": 19.0},
        n_casts=3,
        frame_rate_hz=12.0,
    ),
    Row("standing", "good", "standing", "front", STAY, {}, **STILL),
    Row(
        "standing",
        "one_leg",
        "standing",
        "front",
        STAY,
        {"shift_m": 0.07, "roll_deg": 5.0, "shoulder_roll_deg": -2.0},
        {"weight_on_one_leg": 0.07},
        **STILL,
    ),
    Row("sitting", "good", "sitting", "side", STAY, {}, **STILL),
    Row("sitting", "slump", "sitting", "side", STAY, {"round_deg": 32.0, "lean_deg": 9.0}, {"slump": 32.0}, **STILL),
    Row("sitting", "crossed", "sitting", "side", STAY, {"crossed": "right"}, {"crossed": 1.0}, **STILL),
    Row(
        "forward_bend",
        "far",
        "standing",
        "side",
        BEND,
        {"lean_deg": 108.0, "bend_deg": -38.0, "hip_ahead_m": -0.14},
        **STILL,
    ),
    Row(
        "forward_bend",
        "stiff",
        "standing",
        "side",
        BEND,
        {"lean_deg": 62.0, "bend_deg": -14.0, "hip_ahead_m": -0.11, "knee_deg": 20.0},
        {"knees_bent": 20.0},
        **STILL,
    ),
    Row("back_extension", "far", "standing", "side", BEND, BACK, **STILL),
    Row(
        "back_extension",
        "little",
        "standing",
        "side",
        BEND,
        {**BACK, "lean_deg": -13.0, "bend_deg": 9.0, "hip_ahead_m": 0.07},
        **STILL,
    ),
)
"""Standing, sitting, bending forward and back."""
