"""Bird dog: on all fours, a leg and the opposite arm reach out in turn while the trunk keeps still."""

from __future__ import annotations

import numpy as np

from formcheck.activities.card import ActivityCard, in_position, load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import Found, examine_exercise
from formcheck.activities.reaching import reaches
from formcheck.records import BoolArray, PoseTrack, Signals, Subject

MIN_RANGE_DEG = 20.0
KNEE, LEG = "lower_knee_y_trunk", "lower_hip_line_deg"


def examine(pose: PoseTrack, subject: Subject) -> Examined:
    """Repetitions of either leg. Raises InputError as ``examine_exercise``."""
    return examine_exercise(pose, subject, "bird_dog", "side", find)


def find(signals: Signals) -> Found:
    """Hip openings of either leg while on all fours."""
    card = load_activity_cards()["bird_dog"]
    return reaches(signals, card, MIN_RANGE_DEG, both_knees_up(signals, card))


def both_knees_up(signals: Signals, card: ActivityCard) -> BoolArray:
    """(m,) on all fours by trunk and hands, and neither knee on the floor: nobody stands so.

    The network takes the stretched-out leg for both then.
    """
    rest = {name: ends for name, ends in card.position.items() if name not in (KNEE, LEG)}
    with np.errstate(invalid="ignore"):
        up = signals.series[KNEE] > card.position[KNEE][1]
    return np.asarray(in_position(signals, rest) & up)
