"""Legs that reach out in turn while the trunk keeps still: what dead bug and bird dog share."""

from __future__ import annotations

import numpy as np

from formcheck.activities.card import ActivityCard, in_position
from formcheck.activities.exercise import Found
from formcheck.exercise_signals import with_series
from formcheck.records import Repetition, Signals
from formcheck.repetitions import Swing, repetitions
from formcheck.skeleton import SIDES


def reaches(signals: Signals, card: ActivityCard, min_range_deg: float) -> Found:
    """Repetitions of each leg's hip angle, in time order; ``reach_deg`` is the larger of both."""
    ready = in_position(signals, card.position)
    lines = {side: signals.series[f"hip_line_{side}_deg"] for side in SIDES}
    found: list[Repetition] = []
    for side in SIDES:
        found += repetitions(signals.time_s, lines[side], Swing(min_range_deg), ready, side)
    both = np.stack([lines[side] for side in SIDES])
    reps = tuple(sorted(_alone(found), key=lambda rep: rep.top_s))
    return Found(reps, signals=with_series(signals, reach_deg=both.max(axis=0)))


def _alone(found: list[Repetition]) -> list[Repetition]:
    """Without the smaller movement of the other leg at the same time: where tops of both coincide, one is a shadow."""
    kept: list[Repetition] = []
    for rep in found:
        twins = [other for other in kept if other.side != rep.side and abs(other.top_s - rep.top_s) < 0.25]
        if not twins:
            kept.append(rep)
    return kept
