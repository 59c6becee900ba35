"""Sitting on a chair, seen from the side."""

from __future__ import annotations

from formcheck.activities.card import load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import Found, examine_exercise
from formcheck.activities.on_feet import held, not_square
from formcheck.records import PoseTrack, Signals, Subject


def examine(pose: PoseTrack, subject: Subject) -> Examined:
    """Holds. Raises InputError as ``examine_exercise``."""
    return examine_exercise(pose, subject, "sitting", "side", find)


def find(signals: Signals) -> Found:
    """The longest spell of sitting one way."""
    card = load_activity_cards()["sitting"]
    return Found(holds=held(signals, card, signals.series["trunk_lean_deg"]), notes=not_square(signals))
