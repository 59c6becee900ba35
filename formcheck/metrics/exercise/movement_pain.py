"""Pain in a self-test, as the person says: 0 none, 10 the worst there is. It is asked, not measured.

One rating differs from the next by chance: the standard error is 1.0, and a change of 2 points is beyond it (Childs,
Piva, Fritz 2005, doi 10.1097/01.brs.0000164099.92112.29, people with back pain). Each rating is given the half-width
with which a difference of two counts from 2 points on.
"""

from __future__ import annotations

import math

from formcheck.cards import load_cards
from formcheck.records import Measurement, Recording

METRIC, HURTS = "movement_pain", "movement_hurts"
SURE_CHANGE = 2.0


def measure(recording: Recording) -> list[Measurement]:
    """What the person said, where somebody asked."""
    time_s = recording.reps[0].top_s if recording.reps else 0.0
    return told(recording.activity, recording.subject.pain, time_s)


def told(activity: str, pain: float | None, time_s: float) -> list[Measurement]:
    """The rating as a row of the numbers; nothing in a movement of which it is not asked."""
    if pain is None or activity not in load_cards()[METRIC].activities:
        return []
    half = SURE_CHANGE / math.sqrt(2)
    return [Measurement(METRIC, None, "count", float(pain), None, 1, half, values=(float(pain),), times_s=(time_s,))]
