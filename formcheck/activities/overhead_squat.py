"""Overhead squat: arms up from beginning to end; seen from the side, the front or behind."""

from __future__ import annotations

from formcheck.activities.card import load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import Found, examine_exercise
from formcheck.activities.squat import squats
from formcheck.records import PoseTrack, Signals, Subject, View


def examine(pose: PoseTrack, subject: Subject, view: View = "side") -> Examined:
    """Repetitions of the knees with the arms up. Raises InputError as ``examine_exercise``."""
    return examine_exercise(pose, subject, "overhead_squat", view, lambda signals: find(signals, view))


def find(signals: Signals, view: View) -> Found:
    """Down and up with the arms up."""
    return squats(signals, view, load_activity_cards()["overhead_squat"])
