"""Clamshell: on the side with bent knees, the upper knee opens and closes; camera before the body or at its feet."""

from __future__ import annotations

import numpy as np

from formcheck.activities.by_motion import examine_motion, jumps_about
from formcheck.activities.card import load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import Found, examine_exercise, repetitions_of
from formcheck.exercise_signals import with_series
from formcheck.records import FloatArray, InputError, PoseTrack, Signals, Subject, View
from formcheck.skeleton import SIDES, Side, other

MIN_RANGE_DEG = 8.0
THIGH_TRUNKS = 0.85
"""Length of the thigh over hip to shoulder: 0.245 and 0.288 of the height (Winter 2009)."""
LOST = 1.5
"""Unsteadiness of the lower leg beyond which nothing is told."""


def examine(pose: PoseTrack, subject: Subject, view: View) -> Examined:
    """Repetitions of the upper knee; of what goes up and comes down where nothing else could be followed.

    Raises InputError ``legs_not_followed`` where limbs jump about, and as ``examine_exercise``.
    """
    if pose.motion is not None:
        return examine_motion(pose, pose.motion, subject, "clamshell", view)
    if jumps_about(pose):
        raise InputError("legs_not_followed", activity="clamshell")
    return examine_exercise(pose, subject, "clamshell", view, find)


def find(signals: Signals) -> Found:
    """Openings of the thighs while on the side. Raises InputError ``legs_not_followed``."""
    unsteady = unsteadiness(signals)
    if not unsteady <= LOST:
        raise InputError("legs_not_followed", activity="clamshell")
    signals = with_series(
        signals,
        leg_unsteadiness=np.full(len(signals.time_s), unsteady),
        opening_deg=opening_deg(signals),
        thighs_apart_deg=thighs_apart_deg(signals),
        ankles_apart_pct=100.0 * THIGH_TRUNKS * signals.series["foot_gap_trunk"] / thigh_trunks(signals),
    )
    reps = repetitions_of(signals, load_activity_cards()["clamshell"], MIN_RANGE_DEG, side=upper_side(signals))
    return Found(reps, signals=signals)


def opening_deg(signals: Signals) -> FloatArray:
    """Angle (m,) that two thighs from one point would have, from the distance of the knees: what is counted."""
    return _angle_deg(_apart(signals, "knee"), thigh_trunks(signals))


def thighs_apart_deg(signals: Signals) -> FloatArray:
    """Angle (m,) between the thighs, from how much further apart the knees are than the hips.

    Told from distances because the thighs themselves point at the camera.
    """
    return _angle_deg(_apart(signals, "knee") - _apart(signals, "hip"), thigh_trunks(signals))


def thigh_trunks(signals: Signals) -> float:
    """Length of a thigh in the picture's scale, trunk lengths as seen; NaN where no leg was.

    The trunk itself is no measure here: from the feet it looks short. Thigh and shank lie flat, about as long as each
    other and at about a right angle, so that the squares of what is seen of them add up to the square of one of them,
    however far round the camera stands. A knee bent 80 or 100 degrees makes it wrong by up to 9 %, 70 or 110 by 20 %.
    Taken while the knees are nearer to each other than usual, of both legs.
    """
    closed = np.linalg.norm(_apart(signals, "knee"), axis=1)
    closed_looks = closed <= np.nanmedian(closed)
    return float(np.mean([np.nanmedian(_leg_seen(signals, side)[closed_looks]) for side in SIDES]))


def unsteadiness(signals: Signals) -> float:
    """How many times as long as at its shortest the lower leg looks at its longest; 1.02-1.07 where it is followed.

    It lies still all the time, so that this tells of nothing but the pose network: straight from the feet it reaches 2
    to 4 on rendered bodies.
    """
    short, long = np.nanpercentile(_leg_seen(signals, other(upper_side(signals))), [10, 90])
    return float(long / max(short, 1e-6))


def _leg_seen(signals: Signals, side: Side) -> FloatArray:
    """(m,) Thigh and shank as seen, added as the sides of a right angle, trunk lengths."""
    at = {j: np.stack([signals.series[f"{j}_{a}_{side}_trunk"] for a in "xy"]) for j in ("hip", "knee", "ankle")}
    return np.asarray(np.sqrt(((at["hip"] - at["knee"]) ** 2 + (at["knee"] - at["ankle"]) ** 2).sum(axis=0)))


def _angle_deg(apart_trunk: FloatArray, thigh: float) -> FloatArray:
    share = np.linalg.norm(apart_trunk, axis=1) / (2.0 * thigh)
    return np.asarray(2.0 * np.degrees(np.arcsin(np.clip(share, 0.0, 1.0))))


def _apart(signals: Signals, joint: str) -> FloatArray:
    """(m, 2) from the right joint to the left one, trunk lengths."""
    left, right = (np.stack([signals.series[f"{joint}_{a}_{side}_trunk"] for a in "xy"], axis=1) for side in SIDES)
    return np.asarray(left - right)


def upper_side(signals: Signals) -> Side:
    """The side whose shoulder and hip lie higher."""
    higher = [signals.series[f"{joint}s_tilt_deg"] for joint in ("hip", "shoulder")]
    return "left" if float(np.nanmedian(np.concatenate(higher))) > 0 else "right"
