"""Squat, seen from the side, the front or behind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.activities.card import ActivityCard, in_position, load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import Found, examine_exercise
from formcheck.activities.on_feet import leg_bend_deg, not_square
from formcheck.exercise_signals import with_series
from formcheck.records import PoseTrack, Repetition, Signals, Subject, View
from formcheck.repetitions import Swing, repetitions
from formcheck.skeleton import SIDES

MIN_RANGE_DEG = 30.0
"""Of the knees; standing they are near 0."""
ARMS = "arms_up_trunk"
"""Tells squats from overhead squats, and nothing of when one begins."""


def examine(pose: PoseTrack, subject: Subject, view: View = "side") -> Examined:
    """Repetitions of the knees. Raises InputError as ``examine_exercise``."""
    return examine_exercise(pose, subject, "squat", view, lambda signals: find(signals, view))


def find(signals: Signals, view: View) -> Found:
    """Down and up, wherever the arms are: held out before a trunk that leans they point overhead along it."""
    card = load_activity_cards()["squat"]
    position = {name: ends for name, ends in card.position.items() if name != ARMS}
    return squats(signals, view, replace(card, position=position))


def squats(signals: Signals, view: View, card: ActivityCard) -> Found:
    """Repetitions while in the card's position; across, the bend of the legs is told from the height of the hips."""
    bend = leg_bend_deg(signals)
    if view == "side":
        # A leg that the network loses for a moment is outvoted.
        knees = [signals.series[f"knee_flexion_{side}_deg"] for side in SIDES]
        bend = np.median([*knees, bend], axis=0)
    seen = with_series(signals, curve_deg=bend, knee_flexion_deg=bend)
    reps = repetitions(signals.time_s, bend, Swing(MIN_RANGE_DEG), in_position(signals, card.position))
    notes = not_square(signals) if view == "side" else ()
    return Found(reps, notes=notes, badness=lambda rep: badness(signals, view, rep), signals=seen)


def badness(signals: Signals, view: View, rep: Repetition) -> float:
    """For choosing what to look at: trunk over shin from the side (deg), knees in across (% of the ankles)."""
    k = int(np.argmin(np.abs(signals.time_s - rep.top_s)))
    if view == "side":
        return float(signals.series["trunk_lean_deg"][k] + signals.series["shank_deg"][k])
    knees, ankles = (
        float(np.subtract(*(signals.series[f"{joint}_x_{side}_trunk"][k] for side in SIDES)))
        for joint in ("knee", "ankle")
    )
    return -100 * knees / ankles if abs(ankles) > 1e-3 else 0.0
