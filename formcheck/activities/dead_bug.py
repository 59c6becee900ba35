"""Dead bug: on the back with the legs up, an arm and the opposite leg reach out in turn while the trunk keeps still."""

from __future__ import annotations

from dataclasses import replace

from formcheck.activities.card import load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import Found, examine_exercise
from formcheck.activities.floor_gap import floor_gap_pct, over_time
from formcheck.activities.reaching import reaches
from formcheck.exercise_signals import with_series
from formcheck.records import FloatArray, PoseTrack, Signals, Subject

MIN_RANGE_DEG = 15.0


def examine(pose: PoseTrack, subject: Subject) -> Examined:
    """Repetitions of either leg. Raises InputError as ``examine_exercise``."""
    gap = floor_gap_pct(pose)
    return examine_exercise(pose, subject, "dead_bug", "side", lambda signals: find(signals, pose.time_s, gap))


def find(signals: Signals, time_s: FloatArray, gap: FloatArray) -> Found:
    """Hip openings of either leg while on the back, and how far the back is off the floor (``gap`` (n,) at looks)."""
    found = reaches(signals, load_activity_cards()["dead_bug"], MIN_RANGE_DEG)
    seen = with_series(found.signals or signals, floor_gap_pct=over_time(signals, time_s, gap))
    return replace(found, signals=seen)
