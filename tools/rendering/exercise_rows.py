"""What the exercise clips cover: every activity, well done and with each of its faults by a known amount.

In the order in which they are best made. ``faults`` are those of the truth file: degrees, metres, or times.
"""

from __future__ import annotations

from typing import Any

from .exercise_bench import Row
from .exercise_rows_feet import FEET
from .exercise_rows_held import POSTURE, STILL, STRETCHES, Plan
from .exercise_rows_more import LATER

BRIDGE = {"knee_top_deg": 84.0}
SQUAT = {"knee_deg": 98.0, "shank_deg": 31.0, "lean_deg": 37.0}
OVERHEAD = {"knee_deg": 96.0, "shank_deg": 33.0, "lean_deg": 35.0, "arms": "overhead", "frame": "overhead"}
HINGE = {"lean_deg": 76.0, "knee_deg": 18.0}
FEW = {"n_casts": 3}


LIFT: Plan = ("hip_lift", {})
TOES, KNEES = {"on": "toes"}, {"on": "knees", "frame": "plank_knees"}
LYING: tuple[Row, ...] = (
    Row("hip_lift", "full", "hip_lift", "side", LIFT, {**BRIDGE, "top_hip_line_deg": 176.0}, mode="full"),
    Row(
        "hip_lift",
        "over_arch",
        "hip_lift",
        "side",
        ("hip_lift", {"hold_s": 0.6}),
        {**BRIDGE, "top_hip_line_deg": 192.0, "arch_deg": 22.0},
        {"over_arch": 22.0},
        mode="full",
    ),
    Row("plank", "toes", "plank", "side", ("plank", {}), TOES, mode="toes"),
    Row(
        "plank",
        "toes_sag",
        "plank",
        "side",
        ("plank", {"line": 194.0, "bend": 14.0}),
        TOES,
        {"sag": 14.0},
        mode="toes",
    ),
    Row(
        "hip_lift",
        "gentle",
        "hip_lift",
        "side",
        ("hip_lift", {"sit": False, "hold_s": 0.5, "cut": True}),
        {"knee_top_deg": 75.0, "top_hip_line_deg": 154.0},
        mode="gentle",
    ),
    Row(
        "hip_lift",
        "too_low",
        "hip_lift",
        "side",
        ("hip_lift", {"sit": False, "fade": 0.35, "pause_s": 1.0, "n": 4}),
        {"knee_top_deg": 80.0, "top_hip_line_deg": 157.0},
        {"too_low": 19.0, "fade": 0.35},
        mode="full",
    ),
    Row(
        "hip_lift",
        "single",
        "hip_lift",
        "side",
        ("hip_lift", {"sit": False, "lifted": True}),
        {**BRIDGE, "top_hip_line_deg": 174.0, "lifted": "left"},
        mode="single",
        **FEW,
    ),
    Row("plank", "knees", "plank", "side", ("plank", {"low": 196.0}), KNEES, mode="knees"),
    Row(
        "plank",
        "breaks_down",
        "plank",
        "side",
        ("plank", {"then": 195.0, "then_bend": 16.0}),
        TOES,
        {"sag": 15.0},
        mode="toes",
    ),
    Row(
        "plank",
        "pike",
        "plank",
        "side",
        ("plank", {"line": 158.0, "hold_s": 6.0}),
        TOES,
        {"pike": 22.0},
        mode="toes",
    ),
    Row(
        "plank",
        "knees_sag",
        "plank",
        "side",
        ("plank", {"line": 195.0, "bend": 15.0, "low": 199.0}),
        KNEES,
        {"sag": 15.0},
        mode="knees",
        **FEW,
    ),
    Row("side_plank", "held", "side_plank", "front", ("still", {"seconds": 5.0}), {"low": "right"}, **STILL),
    Row("clamshell", "good", "clamshell", "front", ("clamshell", {}), {"open_deg": 46.0}),
    Row(
        "clamshell",
        "roll",
        "clamshell",
        "front",
        ("clamshell", {}),
        {"open_deg": 44.0, "roll_deg": 26.0},
        {"roll": 26.0},
    ),
    Row(
        "clamshell",
        "good_right",
        "clamshell",
        "front",
        ("clamshell", {"side": "right", "cut": True, "up_s": 1.0}),
        {"open_deg": 36.0, "low": "left"},
        **FEW,
    ),
    Row("clamshell", "good", "clamshell", "feet", ("clamshell", {}), {"open_deg": 44.0}, **FEW),
    Row(
        "clamshell",
        "roll",
        "clamshell",
        "feet",
        ("clamshell", {}),
        {"open_deg": 44.0, "roll_deg": 26.0},
        {"roll": 26.0},
        **FEW,
    ),
    Row(
        "clamshell",
        "heels",
        "clamshell",
        "front",
        ("clamshell", {}),
        {"open_deg": 40.0, "heels_m": 0.14},
        {"heels_apart": 0.14},
        **FEW,
    ),
    Row("dead_bug", "good", "dead_bug", "side", ("alternate", {}), {}, **FEW),
    Row("dead_bug", "arch", "dead_bug", "side", ("alternate", {}), {"arch_deg": 20.0}, {"over_arch": 20.0}, **FEW),
    Row("bird_dog", "good", "bird_dog", "side", ("alternate", {}), {}, **FEW),
    Row(
        "bird_dog",
        "arch",
        "bird_dog",
        "side",
        ("alternate", {}),
        {"arch_deg": 22.0, "open_deg": 14.0},
        {"over_arch": 22.0},
        **FEW,
    ),
    Row("draw_in", "good", "draw_in", "side", ("draw_in", {}), {}, **FEW),
    Row("draw_in", "shallow", "draw_in", "side", ("draw_in", {"depth_m": 0.006}), {}, {"shallow": 0.006}, n_casts=2),
)


PLAIN: Plan = ("squat", {})
OVER: Plan = ("squat", {"arms": True})
SQUATS: tuple[Row, ...] = (
    Row("squat", "good", "squat", "side", PLAIN, SQUAT),
    Row("overhead_squat", "good", "squat", "side", OVER, OVERHEAD),
    Row(
        "overhead_squat",
        "arms_fall",
        "squat",
        "side",
        OVER,
        {**OVERHEAD, "fall_deg": 42.0, "lean_deg": 40.0},
        {"arms_fall": 42.0},
    ),
    Row("overhead_squat", "good", "squat", "front", OVER, OVERHEAD),
    Row("overhead_squat", "knees_in", "squat", "front", OVER, {**OVERHEAD, "knees_in": 0.8}, {"knees_in": 0.8}),
    Row(
        "overhead_squat",
        "lean",
        "squat",
        "side",
        ("squat", {"arms": True, "cut": True}),
        {**OVERHEAD, "lean_deg": 60.0, "shank_deg": 27.0},
        {"forward_lean": 33.0},
    ),
    Row("squat", "good", "squat", "front", PLAIN, SQUAT),
    Row("squat", "knees_in", "squat", "front", PLAIN, {**SQUAT, "knees_in": 0.7}, {"knees_in": 0.7}),
    Row(
        "squat",
        "lean",
        "squat",
        "side",
        ("squat", {"cut": True, "shuffle": False}),
        {**SQUAT, "lean_deg": 60.0, "shank_deg": 22.0},
        {"forward_lean": 38.0},
    ),
    Row(
        "overhead_squat",
        "heels",
        "squat",
        "side",
        OVER,
        {**OVERHEAD, "heel_deg": 17.0, "shank_deg": 39.0},
        {"heel_rise": 17.0},
        **FEW,
    ),
    Row(
        "overhead_squat",
        "shift",
        "squat",
        "front",
        OVER,
        {**OVERHEAD, "shift_m": 0.075, "roll_deg": 6.0},
        {"shift": 0.075},
        **FEW,
    ),
    Row(
        "squat",
        "shallow",
        "squat",
        "side",
        ("squat", {"n": 4, "down_s": 0.9, "up_s": 0.8, "fade": 0.2}),
        {"knee_deg": 66.0, "shank_deg": 23.0, "lean_deg": 27.0},
        {"shallow": 66.0, "fade": 0.2},
        **FEW,
    ),
)


def tip(side: str, **more: Any) -> Plan:
    """A single-leg deadlift on that leg."""
    return ("single_leg_deadlift", {"side": side, **more})


ONE_LEG: tuple[Row, ...] = (
    Row("single_leg_deadlift", "good", "single_leg_deadlift", "side", tip("left"), {**HINGE, "side": "left"}),
    Row(
        "single_leg_deadlift",
        "round",
        "single_leg_deadlift",
        "side",
        tip("right"),
        {**HINGE, "side": "right", "round_deg": 30.0, "drop_deg": 24.0},
        {"rounded": 30.0, "leg_drops": 24.0},
    ),
    Row(
        "single_leg_deadlift",
        "good",
        "single_leg_deadlift",
        "front",
        tip("right"),
        {**HINGE, "side": "right"},
        **FEW,
    ),
    Row(
        "single_leg_deadlift",
        "open",
        "single_leg_deadlift",
        "front",
        tip("left", wobble_m=0.014, touches=1),
        {**HINGE, "side": "left", "open_deg": 24.0, "knee_in_deg": 26.0},
        {"knee_in": 26.0, "touches": 1},
        **FEW,
    ),
    Row("single_leg_stance", "good", "single_leg_stance", "front", ("one_leg", {"side": "left"}), {"side": "left"}),
    Row(
        "single_leg_stance",
        "drop",
        "single_leg_stance",
        "front",
        ("one_leg", {"side": "right"}),
        {"side": "right", "drop_deg": 10.0, "lean_deg": 9.0},
        {"drop": 10.0},
    ),
    Row(
        "single_leg_stance",
        "touches",
        "single_leg_stance",
        "front",
        ("one_leg", {"side": "left", "stand_s": (2.2, 2.8), "sway_m": 0.018}),
        {"side": "left"},
        {"touches": 1},
        **FEW,
    ),
)


def _in_turn(*groups: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows of several groups, the first of each, then the second of each, and so on."""
    longest = max(len(group) for group in groups)
    return tuple(group[i] for i in range(longest) for group in groups if i < len(group))


ROWS: tuple[Row, ...] = (
    *LYING[:4],
    *SQUATS[:3],
    *_in_turn(SQUATS[3:], LYING[4:], ONE_LEG, STRETCHES, POSTURE),
    *LATER,
    *FEET,
)

SAMPLES = {
    "hip_lift_over_arched": "hip_lift_over_arch_side_1",
    "plank_sagging": "plank_toes_sag_side_1",
    "overhead_squat": "overhead_squat_arms_fall_side_1",
}
"""Clips that ship with the project: name there -> clip."""
