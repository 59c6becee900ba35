"""Bird dog: on all fours, a leg and the opposite arm reach out in turn while the trunk keeps still."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.activities.card import ActivityCard, in_position, load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import Found, examine_exercise
from formcheck.activities.reaching import reaches
from formcheck.records import BoolArray, PoseTrack, Repetition, Signals, Subject

MIN_RANGE_DEG = 20.0
KNEE, LEG = "lower_knee_y_trunk", "lower_hip_line_deg"


def examine(pose: PoseTrack, subject: Subject) -> Examined:
    """Repetitions of either leg. Raises InputError as ``examine_exercise``."""
    return examine_exercise(pose, subject, "bird_dog", "side", find)


def find(signals: Signals) -> Found:
    """Hip openings of either leg while on all fours."""
    card = load_activity_cards()["bird_dog"]
    found = reaches(signals, card, MIN_RANGE_DEG, both_knees_up(signals, card))
    return replace(found, reps=one_at_a_time(found.reps))


def one_at_a_time(reps: tuple[Repetition, ...]) -> tuple[Repetition, ...]:
    """Movements of both legs that overlap by half of the shorter one or more are one, of a leg that is not known.

    Nobody on all fours lifts both knees; the network took one leg for the other on the way.
    """
    kept: list[Repetition] = []
    for rep in sorted(reps, key=lambda rep: rep.top_s):
        kept = [*kept[:-1], _joined(kept[-1], rep)] if kept and _overlap(kept[-1], rep) else [*kept, rep]
    return tuple(kept)


def _overlap(first: Repetition, second: Repetition) -> bool:
    if first.side == second.side or not (first.complete and second.complete):
        return False
    shared = min(first.end_s, second.end_s) - max(first.start_s, second.start_s)
    return shared >= min(first.end_s - first.start_s, second.end_s - second.start_s) / 2


def _joined(first: Repetition, second: Repetition) -> Repetition:
    longer = max(first, second, key=lambda rep: rep.end_s - rep.start_s)
    start_s, end_s = min(first.start_s, second.start_s), max(first.end_s, second.end_s)
    return replace(longer, side=None, start_s=start_s, end_s=end_s)


def both_knees_up(signals: Signals, card: ActivityCard) -> BoolArray:
    """(m,) on all fours by trunk and hands, and neither knee on the floor: nobody stands so.

    The network takes the stretched-out leg for both then.
    """
    rest = {name: ends for name, ends in card.position.items() if name not in (KNEE, LEG)}
    with np.errstate(invalid="ignore"):
        up = signals.series[KNEE] > card.position[KNEE][1]
    return np.asarray(in_position(signals, rest) & up)
