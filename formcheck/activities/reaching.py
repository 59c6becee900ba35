"""Legs that reach out in turn while the trunk keeps still: what dead bug and bird dog share."""

from __future__ import annotations

import numpy as np

from formcheck.activities.card import ActivityCard, in_position
from formcheck.activities.exercise import Found
from formcheck.exercise_signals import with_series
from formcheck.records import BoolArray, FloatArray, Repetition, Signals
from formcheck.repair import runs
from formcheck.repetitions import Swing, repetitions
from formcheck.skeleton import SIDES

MAX_TAKEN_TWICE_S, AROUND_S = 1.6, 0.2
"""One leg is taken for both for so long at most; what the filter smears lies within the second before and after."""


def reaches(signals: Signals, card: ActivityCard, min_range_deg: float, taken_twice: BoolArray | None = None) -> Found:
    """Repetitions of each leg's hip angle, in time order; ``reach_deg`` is the larger of both.

    ``taken_twice`` (m,): moments at which the network takes one leg for both, which are bridged.
    """
    ready = in_position(signals, card.position)
    lines = {side: signals.series[f"hip_line_{side}_deg"] for side in SIDES}
    if taken_twice is not None:
        unknown = _around(taken_twice, signals)
        ready = ready | unknown
        lines = {side: _bridged(signals.time_s, line, unknown) for side, line in lines.items()}
    found: list[Repetition] = []
    for side in SIDES:
        found += repetitions(signals.time_s, lines[side], Swing(min_range_deg), ready, side)
    both = np.stack([lines[side] for side in SIDES])
    reps = tuple(sorted(_alone(found), key=lambda rep: rep.top_s))
    return Found(reps, signals=with_series(signals, reach_deg=both.max(axis=0)))


def _around(moments: BoolArray, signals: Signals) -> BoolArray:
    """(m,) short stretches of such moments with what lies around them; none that the clip's end cuts."""
    out = np.zeros(len(moments), dtype=bool)
    margin = round(AROUND_S * signals.rate_hz)
    for start, stop in runs(moments):
        whole = start > margin and stop < len(moments) - margin
        if whole and (stop - start) / signals.rate_hz <= MAX_TAKEN_TWICE_S:
            out[start - margin : stop + margin] = True
    return out


def _bridged(time_s: FloatArray, values: FloatArray, unknown: BoolArray) -> FloatArray:
    known = np.isfinite(values) & ~unknown
    if not known.any():
        return values
    return np.where(unknown, np.interp(time_s, time_s[known], values[known]), values)


def _alone(found: list[Repetition]) -> list[Repetition]:
    """Without the smaller movement of the other leg at the same time: where tops of both coincide, one is a shadow."""
    kept: list[Repetition] = []
    for rep in found:
        twins = [other for other in kept if other.side != rep.side and abs(other.top_s - rep.top_s) < 0.25]
        if not twins:
            kept.append(rep)
    return kept
