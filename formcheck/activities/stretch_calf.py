"""Calf stretch at a wall, seen from the side."""

from __future__ import annotations

from formcheck.activities.card import load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import Found, examine_exercise
from formcheck.activities.on_feet import behind, held_on_each_side, of_both
from formcheck.records import PoseTrack, Signals, Subject


def examine(pose: PoseTrack, subject: Subject) -> Examined:
    """Holds. Raises InputError as ``examine_exercise``."""
    return examine_exercise(pose, subject, "stretch_calf", "side", find)


def find(signals: Signals) -> Found:
    """Each spell in the stretch; the side is that of the leg behind."""
    card = load_activity_cards()["stretch_calf"]
    return Found(holds=held_on_each_side(signals, card, behind(signals, "ankle"), of_both(signals, "shank")))
