"""Side plank, facing the camera: told apart from the plank, and timed."""

from __future__ import annotations

from formcheck.activities.card import in_position, load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import Found, examine_exercise, settled
from formcheck.records import Note, PoseTrack, Signals, Subject, View
from formcheck.repetitions import holds

MIN_HOLD_S, MAX_LAPSE_S = 2.0, 1.0


def examine(pose: PoseTrack, subject: Subject, view: View) -> Examined:
    """The hold. Raises InputError as ``examine_exercise``."""
    return examine_exercise(pose, subject, "side_plank", view, find)


def find(signals: Signals) -> Found:
    """How long the body kept still on one forearm."""
    ready = in_position(signals, load_activity_cards()["side_plank"].position)
    found = holds(signals.time_s, ready & settled(signals), MIN_HOLD_S, MAX_LAPSE_S)
    return Found(holds=found, notes=(Note("side_plank_only_timed"),))
