"""What was added to the exercise clips later: more faults, and more bodies for those told from few clips.

New rows stand after all others, so that no clip made before changes; see ``exercise_rows.py``.
"""

from __future__ import annotations

from .exercise_bench import Row

SQUAT = {"knee_deg": 98.0, "shank_deg": 31.0, "lean_deg": 37.0}
OVERHEAD = {"knee_deg": 96.0, "shank_deg": 33.0, "lean_deg": 35.0, "arms": "overhead", "frame": "overhead"}
LATER: tuple[Row, ...] = (
    Row(
        "squat",
        "round",
        "squat",
        "side",
        ("squat", {"n": 2}),
        {**SQUAT, "round_deg": 28.0},
        {"rounded": 28.0},
    ),
    Row("squat", "arch", "squat", "side", ("squat", {"n": 2}), {**SQUAT, "arch_deg": 20.0}, {"over_arch": 20.0}),
    Row(
        "overhead_squat",
        "round",
        "squat",
        "side",
        ("squat", {"n": 2, "arms": True}),
        {**OVERHEAD, "round_deg": 26.0},
        {"rounded": 26.0},
    ),
    Row(
        "overhead_squat",
        "arch",
        "squat",
        "side",
        ("squat", {"n": 2, "arms": True}),
        {**OVERHEAD, "arch_deg": 22.0},
        {"over_arch": 22.0},
    ),
    Row(
        "single_leg_stance",
        "sinks",
        "single_leg_stance",
        "front",
        ("one_leg", {"side": "left"}),
        {"side": "left", "drop_deg": 9.0},
        {"drop": 9.0},
    ),
    Row(
        "single_leg_deadlift",
        "turn",
        "single_leg_deadlift",
        "front",
        ("single_leg_deadlift", {"side": "right"}),
        {"lean_deg": 74.0, "knee_deg": 18.0, "side": "right", "open_deg": 22.0},
        {"opens": 22.0},
    ),
    Row(
        "plank",
        "sinks",
        "plank",
        "side",
        ("plank", {"then": 197.0, "then_bend": 15.0}),
        {"on": "toes"},
        {"sag": 17.0},
        mode="toes",
    ),
    Row(
        "plank",
        "lies_after",
        "plank",
        "side",
        ("plank", {"then": 196.0, "then_bend": 15.0, "good_s": 2.0, "hold_s": 5.5, "rest_s": 4.0}),
        {"on": "toes"},
        {"sag": 16.0},
        mode="toes",
    ),
    Row(
        "plank",
        "ends_low",
        "plank",
        "side",
        ("plank", {"then": 196.0, "then_bend": 15.0, "down": False}),
        {"on": "toes"},
        {"sag": 16.0},
        mode="toes",
    ),
)
"""Faults that no clip showed, and planks that sink nearly to the floor."""

WIDER = (
    "hip_lift_over_arch_side",
    "plank_pike_side",
    "plank_toes_sag_side",
    "clamshell_roll_front",
    "squat_knees_in_front",
    "overhead_squat_knees_in_front",
    "overhead_squat_arms_fall_side",
    "single_leg_stance_good_front",
    "single_leg_stance_drop_front",
    "single_leg_deadlift_good_front",
    "dead_bug_good_side",
    "dead_bug_arch_side",
    "bird_dog_good_side",
    "bird_dog_arch_side",
    "stretch_hip_flexor_good_side",
    "stretch_hip_flexor_arch_side",
    "stretch_calf_straight_side",
    "stretch_calf_heel_up_side",
    "clamshell_good_feet",
    "clamshell_roll_feet",
    "clamshell_end_feet",
    "clamshell_end_roll_feet",
    "clamshell_end_heels_feet",
    "clamshell_end_small_feet",
    "clamshell_heels_feet",
    "clamshell_wide_feet",
)
"""Rows filmed with the bodies left of each group too; of those with two clips some bodies stay left."""
