"""What the exercise clips cover: every activity, well done and with each of its faults by a known amount."""

from __future__ import annotations

from .exercise_bench import Row

BRIDGE = {"knee_top_deg": 88.0}
SQUAT = {"knee_deg": 98.0, "shank_deg": 31.0, "lean_deg": 37.0}
OVERHEAD = {"knee_deg": 96.0, "shank_deg": 33.0, "lean_deg": 35.0, "arms": "overhead", "frame": "overhead"}

ROWS: tuple[Row, ...] = (
    Row("hip_lift", "full", "hip_lift", "side", ("hip_lift", {}), {**BRIDGE, "top_hip_line_deg": 176.0}, mode="full"),
    Row("hip_lift", "over_arch", "hip_lift", "side", ("hip_lift", {"hold_s": 0.6}),
        {**BRIDGE, "top_hip_line_deg": 192.0, "arch_deg": 22.0}, {"over_arch": 22.0}, mode="full"),
    Row("plank", "toes", "plank", "side", ("plank", {}), {"on": "toes"}, mode="toes"),
    Row("plank", "toes_sag", "plank", "side", ("plank", {"line": 194.0, "bend": 14.0}), {"on": "toes"},
        {"sag": 14.0}, mode="toes"),
    Row("squat", "good", "squat", "side", ("squat", {}), SQUAT),
    Row("overhead_squat", "good", "squat", "side", ("squat", {"arms": True}), OVERHEAD),
    Row("overhead_squat", "arms_fall", "squat", "side", ("squat", {"arms": True}),
        {**OVERHEAD, "fall_deg": 42.0, "lean_deg": 40.0}, {"arms_fall": 42.0}),
)  # fmt: skip
