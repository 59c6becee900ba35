"""Standing on one leg, seen from the front or behind."""

from __future__ import annotations

from formcheck.activities.card import load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import Found, examine_exercise
from formcheck.activities.on_feet import stood_on_each_side
from formcheck.records import PoseTrack, Signals, Subject, View


def examine(pose: PoseTrack, subject: Subject, view: View = "front") -> Examined:
    """Holds. Raises InputError as ``examine_exercise``."""
    return examine_exercise(pose, subject, "single_leg_stance", view, find)


def find(signals: Signals) -> Found:
    """Each spell on one leg; the side is the leg stood on."""
    card = load_activity_cards()["single_leg_stance"]
    return Found(holds=stood_on_each_side(signals, card))
