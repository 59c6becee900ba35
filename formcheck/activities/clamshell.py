"""Clamshell: on the side with bent knees, the upper knee opens and closes; camera before the body or at its feet."""

from __future__ import annotations

import numpy as np

from formcheck.activities.card import load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import Found, examine_exercise, repetitions_of
from formcheck.exercise_signals import with_series
from formcheck.records import FloatArray, PoseTrack, Signals, Subject, View
from formcheck.skeleton import Side

MIN_RANGE_DEG = 8.0
THIGH_TRUNKS = 0.85
"""Length of the thigh over hip to shoulder: 0.245 and 0.288 of the height (Winter 2009)."""


def examine(pose: PoseTrack, subject: Subject, view: View) -> Examined:
    """Repetitions of the upper knee. Raises InputError as ``examine_exercise``."""
    return examine_exercise(pose, subject, "clamshell", view, find)


def find(signals: Signals) -> Found:
    """Openings of the thighs while on the side."""
    signals = with_series(signals, opening_deg=opening_deg(signals))
    reps = repetitions_of(signals, load_activity_cards()["clamshell"], MIN_RANGE_DEG, side=upper_side(signals))
    return Found(reps, signals=signals)


def opening_deg(signals: Signals) -> FloatArray:
    """Angle between the thighs (m,) from the distance of the knees: the thighs themselves point at the camera."""
    apart = [signals.series[f"knee_{a}_left_trunk"] - signals.series[f"knee_{a}_right_trunk"] for a in "xy"]
    return np.asarray(2.0 * np.degrees(np.arcsin(np.clip(np.hypot(*apart) / (2.0 * THIGH_TRUNKS), 0.0, 1.0))))


def upper_side(signals: Signals) -> Side:
    """The side whose shoulder and hip lie higher."""
    higher = [signals.series[f"{joint}s_tilt_deg"] for joint in ("hip", "shoulder")]
    return "left" if float(np.nanmedian(np.concatenate(higher))) > 0 else "right"
