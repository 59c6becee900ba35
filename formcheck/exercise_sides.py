"""Left against right in exercises: the numbers of the repetitions and holds of either side, in one clip or in two.

Many numbers of an exercise are of all repetitions together. Where repetitions have a side, they are told apart here, so
that a clip of both sides, or a clip of each, says how the sides differ and whether that is more than the error.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from formcheck.comparisons import asymmetries
from formcheck.metrics.by_repetition import error_sd_of
from formcheck.records import Analysis, Comparison, Hold, Measurement, Repetition
from formcheck.skeleton import SIDES, Side

SAME_TOP_S = 0.05
HELD = "hold_time_s"


def by_side(
    measurements: Sequence[Measurement], reps: Sequence[Repetition], holds: Sequence[Hold]
) -> tuple[Measurement, ...]:
    """Every number by the side it is of; those of repetitions or holds without a side are left out."""
    found = [m for m in measurements if m.side is not None and isinstance(m.value, float)]
    known = {(m.metric, m.side) for m in found}
    for side in SIDES:
        tops = [rep.top_s for rep in reps if rep.side == side and rep.complete]
        for m in measurements:
            if m.side is None and tops and m.values and (m.metric, side) not in known:
                found += _only(m, side, tops)
        found += _held(measurements, side, holds)
    return tuple(found)


def left_right(analyses: Iterable[Analysis]) -> tuple[Comparison, ...]:
    """Left less right of all numbers that clips of one exercise have of both sides; of the same side the later clip's.

    The uncertainty is that of both numbers together (``comparisons.py``).
    """
    rows: dict[tuple[str, Side | None], Measurement] = {}
    for analysis in analyses:
        rows |= {(m.metric, m.side): m for m in by_side(analysis.measurements, analysis.reps, analysis.holds)}
    return tuple(asymmetries(list(rows.values())))


def sides_of(analysis: Analysis) -> frozenset[Side]:
    """The sides exercised in a clip."""
    sides = [*(rep.side for rep in analysis.reps), *(hold.side for hold in analysis.holds)]
    return frozenset(side for side in sides if side is not None)


def _only(m: Measurement, side: Side, tops_s: Sequence[float]) -> list[Measurement]:
    """The same number over the repetitions with these tops."""
    pairs = zip(m.values, m.times_s, strict=False)
    mine = [value for value, time_s in pairs if math.isfinite(value) and _near(time_s, tops_s)]
    if not mine:
        return []
    spread = float(np.std(mine, ddof=1)) if len(mine) > 1 else None
    error = error_sd_of(m.metric, m.unit)
    half = 1.96 * math.sqrt(error**2 + (math.pi / 2) * (spread or 0.0) ** 2 / len(mine))
    value = float(np.median(mine))
    return [replace(m, side=side, value=value, spread=spread, n=len(mine), uncertainty=half, values=tuple(mine))]


def _near(time_s: float, tops_s: Sequence[float]) -> bool:
    return any(abs(time_s - top_s) < SAME_TOP_S for top_s in tops_s)


def _held(measurements: Sequence[Measurement], side: Side, holds: Sequence[Hold]) -> list[Measurement]:
    """The longest hold of a side; one that the clip cuts lasted longer, and is no number to compare."""
    mine = [hold for hold in holds if hold.side == side]
    whole = next((m for m in measurements if m.metric == HELD and m.uncertainty is not None), None)
    if not mine or whole is None:
        return []
    longest = max(mine, key=lambda hold: hold.end_s - hold.start_s)
    held_s = longest.end_s - longest.start_s
    return [replace(whole, side=side, value=held_s, values=(held_s,))] if longest.complete else []
