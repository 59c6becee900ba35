"""Plank seen from the side, on knees or toes: held in one line, until the hips sink or rise."""

from __future__ import annotations

import numpy as np

from formcheck.activities.card import in_position, load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import Found, examine_exercise, settled
from formcheck.exercise_signals import with_series
from formcheck.records import BoolArray, FloatArray, Hold, Note, PoseTrack, Signals, Subject
from formcheck.repetitions import holds

MIN_HOLD_S, MAX_LAPSE_S = 2.0, 1.0
KNEES_DOWN_TRUNKS = 0.30
"""Knees lower than this above the floor carry; on the toes they are near 0.5."""
SAG_PCT, PIKE_PCT = 5.0, 10.0
"""Of the distance from shoulder to foot: hips further below or above the line are not a plank any more. House rule."""


def examine(pose: PoseTrack, subject: Subject) -> Examined:
    """The hold. Raises InputError as ``examine_exercise``."""
    return examine_exercise(pose, subject, "plank", "side", find)


def find(signals: Signals) -> Found:
    """How long the body kept still in the plank, and where its line was worst."""
    card = load_activity_cards()["plank"]
    ready = in_position(signals, card.position)
    on_knees = _usual(signals.series["lower_knee_y_trunk"], ready) < KNEES_DOWN_TRUNKS
    end = "knee" if on_knees else "ankle"
    dip = dip_pct(signals, end)
    line = signals.series["hip_line_deg" if on_knees else "body_line_deg"]
    held = holds(signals.time_s, ready & settled(signals), MIN_HOLD_S, MAX_LAPSE_S)
    return Found(
        holds=held,
        notes=(Note("plank_on_knees" if on_knees else "plank_on_toes"),) if held else (),
        worst_s=_worst_s(signals, dip, held),
        signals=with_series(signals, line_deg=line, dip_pct=dip),
    )


def dip_pct(signals: Signals, end: str) -> FloatArray:
    """How far the hip is below (+) or above (-) the line from shoulder to ``end``, in % of that line's length."""
    at = {
        f"{joint}_{axis}": signals.series[f"{joint}_{axis}_trunk"]
        for joint in ("shoulder", "hip", end)
        for axis in "xy"
    }
    along_x, along_y = at[f"{end}_x"] - at["shoulder_x"], at[f"{end}_y"] - at["shoulder_y"]
    off = along_x * (at["hip_y"] - at["shoulder_y"]) - along_y * (at["hip_x"] - at["shoulder_x"])
    return np.asarray(100.0 * off / np.maximum(along_x**2 + along_y**2, 1e-6))


def _usual(values: FloatArray, ready: BoolArray) -> float:
    inside = values[ready & np.isfinite(values)]
    return float(np.median(inside)) if len(inside) else float("nan")


def _worst_s(signals: Signals, dip: FloatArray, held: tuple[Hold, ...]) -> float | None:
    """When the hips were furthest out of the line, in the longest hold, against what is still a plank."""
    if not held:
        return None
    longest = max(held, key=lambda hold: hold.end_s - hold.start_s)
    inside = (signals.time_s >= longest.start_s) & (signals.time_s <= longest.end_s) & np.isfinite(dip)
    off = np.where(dip > 0, dip / SAG_PCT, -dip / PIKE_PCT)
    return float(signals.time_s[inside][np.argmax(off[inside])]) if inside.any() else None
