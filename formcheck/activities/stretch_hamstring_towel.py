"""Hamstring stretch with a towel, lying on the back, seen from the side."""

from __future__ import annotations

from formcheck.activities.card import load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import Found, examine_exercise
from formcheck.activities.on_feet import held_on_each_side, lower, of_both
from formcheck.records import PoseTrack, Signals, Subject


def examine(pose: PoseTrack, subject: Subject) -> Examined:
    """Holds. Raises InputError as ``examine_exercise``."""
    return examine_exercise(pose, subject, "stretch_hamstring_towel", "side", find)


def find(signals: Signals) -> Found:
    """Each spell with one leg raised; the side is that leg."""
    card = load_activity_cards()["stretch_hamstring_towel"]
    return Found(holds=held_on_each_side(signals, card, ~lower(signals, "ankle"), of_both(signals, "thigh")))
