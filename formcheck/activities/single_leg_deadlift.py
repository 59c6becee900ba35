"""Single-leg deadlift without weights, seen from the side, the front or behind."""

from __future__ import annotations

import numpy as np

from formcheck.activities.card import in_position, load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import Found, examine_exercise
from formcheck.activities.on_feet import not_square, stood_on, upright
from formcheck.exercise_signals import with_series
from formcheck.records import FloatArray, PoseTrack, Repetition, Signals, Subject, View
from formcheck.repetitions import Swing, repetitions

MIN_RANGE_DEG = 25.0
"""Of the trunk."""


def examine(pose: PoseTrack, subject: Subject, view: View = "side") -> Examined:
    """Repetitions of the trunk. Raises InputError as ``examine_exercise``."""
    return examine_exercise(pose, subject, "single_leg_deadlift", view, lambda signals: find(signals, view))


def find(signals: Signals, view: View) -> Found:
    """The trunk tips forward and comes up; each repetition is of the leg stood on."""
    card = load_activity_cards()["single_leg_deadlift"]
    tip = signals.series["trunk_lean_deg"] if view == "side" else tip_deg(signals)
    reps = repetitions(signals.time_s, tip, Swing(MIN_RANGE_DEG), in_position(signals, card.position))
    sided = tuple(stood_on(signals, rep, view) for rep in reps)
    seen = with_series(signals, curve_deg=tip, trunk_lean_deg=tip)
    notes = not_square(signals) if view == "side" else ()
    return Found(sided, notes=notes, badness=lambda rep: badness(signals, rep), signals=seen)


def tip_deg(signals: Signals) -> FloatArray:
    """How far the trunk has tipped toward the camera or away from it, from how low the shoulders have come. (m,)"""
    height = signals.series["shoulder_y_trunk"] - signals.series["hip_y_trunk"]
    if not np.isfinite(height).any():
        return height
    return np.asarray(np.degrees(np.arccos(np.clip(height / upright(height, signals.rate_hz), -1.0, 1.0))))


def badness(signals: Signals, rep: Repetition) -> float:
    """How far the line from shoulder to rear ankle is bent at the bottom, degrees."""
    free = "right" if rep.side == "left" else "left"
    k = int(np.argmin(np.abs(signals.time_s - rep.top_s)))
    return float(abs(180.0 - signals.series[f"body_line_{free}_deg"][k]))
