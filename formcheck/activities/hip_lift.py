"""Hip lift (bridge) seen from the side: on the back, knees bent, the pelvis goes up and comes down."""

from __future__ import annotations

from formcheck.activities.card import load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import Found, examine_exercise, repetitions_of
from formcheck.records import PoseTrack, Signals, Subject

MIN_RANGE_DEG = 12.0
"""Of the shoulder-hip-knee line; lying down it is near 125."""


def examine(pose: PoseTrack, subject: Subject) -> Examined:
    """Repetitions of the pelvis. Raises InputError as ``examine_exercise``."""
    return examine_exercise(pose, subject, "hip_lift", "side", find)


def find(signals: Signals) -> Found:
    """Up and down of the shoulder-hip-knee line while on the back with bent knees."""
    return Found(repetitions_of(signals, load_activity_cards()["hip_lift"], MIN_RANGE_DEG))
