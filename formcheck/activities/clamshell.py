"""Clamshell: on the side with bent knees, the upper knee opens and closes; camera before the body or at its feet."""

from __future__ import annotations

import numpy as np

from formcheck.activities.card import load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import Found, examine_exercise, repetitions_of
from formcheck.records import PoseTrack, Signals, Subject, View
from formcheck.skeleton import Side

MIN_RANGE_DEG = 8.0


def examine(pose: PoseTrack, subject: Subject, view: View) -> Examined:
    """Repetitions of the upper knee. Raises InputError as ``examine_exercise``."""
    return examine_exercise(pose, subject, "clamshell", view, find)


def find(signals: Signals) -> Found:
    """Openings of the thighs while on the side."""
    reps = repetitions_of(signals, load_activity_cards()["clamshell"], MIN_RANGE_DEG, side=upper_side(signals))
    return Found(reps)


def upper_side(signals: Signals) -> Side:
    """The side whose shoulder and hip lie higher."""
    higher = [signals.series[f"{joint}s_tilt_deg"] for joint in ("hip", "shoulder")]
    return "left" if float(np.nanmedian(np.concatenate(higher))) > 0 else "right"
