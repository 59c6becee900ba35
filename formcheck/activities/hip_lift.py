"""Hip lift (bridge) seen from the side: on the back, knees bent, the pelvis goes up and comes down.

The seeds disagree on how high: "until the pelvis just leaves the floor" (gentle) and "a line from shoulder to knee"
(full). Which one is meant the person says; else it is taken from how high they go, and said. Over-arching is the
fault in both.
"""

from __future__ import annotations

import numpy as np

from formcheck.activities.card import load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import Found, examine_exercise, repetitions_of
from formcheck.exercise_signals import planted_side, with_series
from formcheck.metrics.by_repetition import at_top
from formcheck.records import FloatArray, Mode, Note, PoseTrack, Repetition, Signals, Subject

MIN_RANGE_DEG = 10.0
"""Of the shoulder-hip-knee line; lying down it is near 125."""
GENTLE_BELOW_PCT = 65.0
"""Of the full height: the gentle height asks for 20 to 50 % of it, the full one for all."""


def examine(pose: PoseTrack, subject: Subject) -> Examined:
    """Repetitions of the pelvis. Raises InputError as ``examine_exercise``."""
    return examine_exercise(pose, subject, "hip_lift", "side", lambda signals: find(signals, subject.mode))


def find(signals: Signals, mode: Mode | None = None) -> Found:
    """Up and down of the shoulder-hip-knee line while on the back with bent knees; ``mode`` None: by the height."""
    reps = repetitions_of(signals, load_activity_cards()["hip_lift"], MIN_RANGE_DEG)
    height = height_pct(signals, reps)
    is_gentle = mode == "gentle" if mode else usual(signals, height, reps) < GENTLE_BELOW_PCT
    one_leg = planted_side(signals.series) is not None
    seen_as = f"hip_lift_{'gentle' if is_gentle else 'full'}_{'chosen' if mode else 'mode'}"
    notes = [Note(seen_as)] if reps else []
    notes += [Note("hip_lift_one_leg")] if one_leg else []
    line = signals.series["planted_hip_line_deg"]
    return Found(
        reps,
        notes=tuple(notes),
        badness=lambda rep: abs(at_top(signals, line, rep) - 175.0),
        signals=with_series(signals, hip_lift_height_pct=height, gentle=np.full(len(line), float(is_gentle))),
    )


def height_pct(signals: Signals, reps: tuple[Repetition, ...]) -> FloatArray:
    """Height of the hips, 0 at rest and 100 where shoulder, hip and knee are in line at the same foot place.

    The line's height at the hip is that of the straight line from shoulder to knee, above where the hip is.
    """
    at = {name: signals.series[f"{name}_trunk"] for name in ("hip_x", "hip_y", "shoulder_x", "shoulder_y")}
    knee_x, knee_y = signals.series["knee_x_trunk"], signals.series["knee_y_trunk"]
    span = np.where(np.abs(knee_x - at["shoulder_x"]) < 0.2, np.nan, knee_x - at["shoulder_x"])
    line_y = at["shoulder_y"] + (knee_y - at["shoulder_y"]) * (at["hip_x"] - at["shoulder_x"]) / span
    rests = [float(np.interp(rep.start_s, signals.time_s, at["hip_y"])) for rep in reps if np.isfinite(rep.start_s)]
    rest = float(np.median(rests)) if rests else float("nan")
    return np.asarray(100.0 * (at["hip_y"] - rest) / np.where(line_y - rest < 0.1, np.nan, line_y - rest))


def usual(signals: Signals, series: FloatArray, reps: tuple[Repetition, ...]) -> float:
    """Median of a series at the tops; NaN without repetitions."""
    tops = [at_top(signals, series, rep) for rep in reps]
    tops = [value for value in tops if np.isfinite(value)]
    return float(np.median(tops)) if tops else float("nan")
