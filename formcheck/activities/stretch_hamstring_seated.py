"""Seated hamstring stretch, seen from the side."""

from __future__ import annotations

from formcheck.activities.card import load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import Found, examine_exercise
from formcheck.activities.on_feet import held_on_each_side, larger
from formcheck.records import PoseTrack, Signals, Subject
from formcheck.skeleton import SIDES


def examine(pose: PoseTrack, subject: Subject) -> Examined:
    """Holds. Raises InputError as ``examine_exercise``."""
    return examine_exercise(pose, subject, "stretch_hamstring_seated", "side", find)


def find(signals: Signals) -> Found:
    """Each spell folded forward; the side is that of the straighter knee."""
    card = load_activity_cards()["stretch_hamstring_seated"]
    return Found(
        holds=held_on_each_side(
            signals, card, ~larger(signals, "knee_flexion"), dict.fromkeys(SIDES, signals.series["trunk_lean_deg"])
        )
    )
