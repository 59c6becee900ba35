"""Clamshells from the foot end: half-way round and nearly straight from the feet, on both sides, and little opening.

Knees and hips are bent by different amounts, for the product takes knees for right angles. ``feet_yaw_deg``: how far
round from the belly toward the feet the camera stands; ``feet_higher_m``: its lens above that of clips from the front.
"""

from __future__ import annotations

from .exercise_bench import Row

PLAN = ("clamshell", {"n": 2})
RIGHT = ("clamshell", {"n": 2, "side": "right"})
END = {"feet_yaw_deg": 78.0, "feet_higher_m": 0.25}
LEFT, ONCE = {"low": "left"}, {"n_casts": 2}
FEET: tuple[Row, ...] = (
    Row("clamshell", "end", "clamshell", "feet", PLAN, {"open_deg": 42.0, "knee_deg": 76.0, **END}),
    Row(
        "clamshell",
        "end_roll",
        "clamshell",
        "feet",
        PLAN,
        {"open_deg": 42.0, "roll_deg": 26.0, **END},
        {"roll": 26.0},
    ),
    Row("clamshell", "small", "clamshell", "feet", RIGHT, {"open_deg": 15.0, "knee_deg": 100.0, **LEFT}, **ONCE),
    Row(
        "clamshell",
        "end_heels",
        "clamshell",
        "feet",
        RIGHT,
        {"open_deg": 38.0, "heels_m": 0.14, **LEFT, **END},
        {"heels_apart": 0.14},
        **ONCE,
    ),
    Row(
        "clamshell",
        "heels",
        "clamshell",
        "feet",
        RIGHT,
        {"open_deg": 40.0, "heels_m": 0.14, "hip_deg": 38.0, **LEFT},
        {"heels_apart": 0.14},
        **ONCE,
    ),
    Row("clamshell", "end_small", "clamshell", "feet", PLAN, {"open_deg": 15.0, "knee_deg": 96.0, **END}, **ONCE),
    Row(
        "clamshell",
        "wide",
        "clamshell",
        "feet",
        RIGHT,
        {"open_deg": 60.0, "hip_deg": 58.0, "knee_deg": 80.0, **LEFT},
        **ONCE,
    ),
)
