"""A cadence for this runner: 5 % above the own one, never more than 10 %, and what that may do to overstriding.

Source: Lieberman et al. 2015 (10.1242/jeb.125500): 14 runners at 3.0 m/s and 75 to 95 strides a minute landed 5.9 %
less far ahead of the hip for every 5 strides a minute more. Heiderscheit et al. 2011 (10.1249/MSS.0b013e3181ebedf4)
tried 5 and 10 % above the own step rate. The prediction is for the same speed; a single runner may answer with
nothing or with more, hence the range from half to one and a half times the group's effect (house rule). It stops
being true outside the cadences of the study, where none is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from formcheck.records import Measurement

CADENCE, OVERSTRIDE = "cadence_spm", "overstride_pct_leg"
TRY_PCT, MOST_PCT = 5.0, 10.0
STUDIED_SPM = (150.0, 190.0)
LESS_PCT_PER_SPM = 5.9 / 10.0
"""Less distance ahead of the hip, in % of it, for each step a minute more."""
HALF, ONE_AND_A_HALF = 0.5, 1.5


@dataclass(frozen=True)
class CadenceTarget:
    """All cadences in steps a minute; overstride in % of leg length, None where it cannot be predicted."""

    own_spm: float
    target_spm: float
    most_spm: float
    overstride_now_pct: float | None = None
    overstride_then_pct: tuple[float, float] | None = None
    """From the smallest to the largest distance expected at the target."""
    within_error: bool = False
    """Whether the change is smaller than what one clip can tell."""


def has_room(measurements: Sequence[Measurement]) -> bool:
    """Whether 5 % more stays within the cadences that were studied; true where the cadence is not known."""
    own = _usable(measurements, CADENCE)
    return own is None or _raised(own, TRY_PCT) <= STUDIED_SPM[1]


def cadence_target(measurements: Sequence[Measurement]) -> CadenceTarget | None:
    """The target for this runner; None where the cadence was not measured or has no room."""
    own = _usable(measurements, CADENCE)
    if own is None or not has_room(measurements):
        return None
    target = round(_raised(own, TRY_PCT))
    most = int(_raised(own, MOST_PCT))
    worst = _worst_overstride(measurements)
    if worst is None or own < STUDIED_SPM[0]:
        return CadenceTarget(own, target, most)
    now, uncertainty = worst
    then = overstride_at(now, own, target)
    return CadenceTarget(own, target, most, now, then, now - min(then) < uncertainty)


def overstride_at(now_pct: float, own_spm: float, target_spm: float) -> tuple[float, float]:
    """Range of the overstride (% of leg length) expected at another cadence and the same speed; smallest first."""
    less = LESS_PCT_PER_SPM * (target_spm - own_spm) / 100
    return now_pct * (1 - ONE_AND_A_HALF * less), now_pct * (1 - HALF * less)


def _raised(spm: float, by_pct: float) -> float:
    # round() keeps 180 * 1.1 from being 198.00000000000003
    return round(spm * (100 + by_pct) / 100, 6)


def _worst_overstride(measurements: Sequence[Measurement]) -> tuple[float, float] | None:
    """The larger of the two feet's distances and its uncertainty; None where no foot lands ahead."""
    found = [m for m in measurements if m.metric == OVERSTRIDE and m.status == "ok" and isinstance(m.value, float)]
    pairs = [(m.value, m.uncertainty or 0.0) for m in found if isinstance(m.value, float) and m.value > 0]
    return max(pairs, default=None)


def _usable(measurements: Sequence[Measurement], metric: str) -> float | None:
    for m in measurements:
        if m.metric == metric and m.status == "ok" and isinstance(m.value, int | float):
            return float(m.value)
    return None
