"""Standing back extension, seen from the side."""

from __future__ import annotations

from formcheck.activities.card import load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import Found, examine_exercise, repetitions_of
from formcheck.activities.on_feet import not_square
from formcheck.records import PoseTrack, Signals, Subject

MIN_RANGE_DEG = 8.0
"""Of the trunk."""


def examine(pose: PoseTrack, subject: Subject) -> Examined:
    """Repetitions of the trunk. Raises InputError as ``examine_exercise``."""
    return examine_exercise(pose, subject, "back_extension", "side", find)


def find(signals: Signals) -> Found:
    """The trunk goes backward and comes back."""
    return Found(
        repetitions_of(signals, load_activity_cards()["back_extension"], MIN_RANGE_DEG, sign=-1.0),
        notes=not_square(signals),
    )
