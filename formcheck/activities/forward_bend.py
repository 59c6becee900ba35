"""Standing forward bend, seen from the side."""

from __future__ import annotations

from formcheck.activities.card import load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import Found, examine_exercise, repetitions_of
from formcheck.activities.on_feet import not_square
from formcheck.records import PoseTrack, Signals, Subject

MIN_RANGE_DEG = 25.0
"""Of the trunk."""


def examine(pose: PoseTrack, subject: Subject) -> Examined:
    """Repetitions of the trunk. Raises InputError as ``examine_exercise``."""
    return examine_exercise(pose, subject, "forward_bend", "side", find)


def find(signals: Signals) -> Found:
    """The trunk goes forward and down, and comes up."""
    return Found(
        repetitions_of(signals, load_activity_cards()["forward_bend"], MIN_RANGE_DEG), notes=not_square(signals)
    )
