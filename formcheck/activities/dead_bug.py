"""Dead bug: on the back with the legs up, an arm and the opposite leg reach out in turn while the trunk keeps still."""

from __future__ import annotations

from formcheck.activities.card import load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import Found, examine_exercise
from formcheck.activities.reaching import reaches
from formcheck.records import PoseTrack, Signals, Subject

MIN_RANGE_DEG = 15.0


def examine(pose: PoseTrack, subject: Subject) -> Examined:
    """Repetitions of either leg. Raises InputError as ``examine_exercise``."""
    return examine_exercise(pose, subject, "dead_bug", "side", find)


def find(signals: Signals) -> Found:
    """Hip openings of either leg while on the back."""
    return reaches(signals, load_activity_cards()["dead_bug"], MIN_RANGE_DEG)
