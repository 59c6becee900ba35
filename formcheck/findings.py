"""Measurements held against the ranges on their cards: keys and numbers, no words.

How a level comes about, for a value, its uncertainty (half-width of the 95 % interval) and a range::

      worst         watch         good          watch         worst
    ---------|------- low -------|-----|------- high ------|---------
             <- uncertainty ->          <- uncertainty ->

* More than the uncertainty inside the range: "good".
* Within the uncertainty of a border, on either side of it: "watch", because the clip cannot tell.
* More than the uncertainty outside: the worst level the card allows, which is "watch" where the evidence for harm
  is weak.
* Low confidence never exceeds "watch".
* A number that changed within the clip (``sureness.py``) is "good" only where all parts of the clip are inside.
* No number, an unbelievable one, or one whose uncertainty nobody knows: "unknown".

So more uncertainty always pulls towards "watch": it never makes an "act" and never makes a "good".

Overstriding is told from several signs, as clinicians do (evidence: Souza 2016, Wille 2014): a foot far ahead of the
hips is an "act" only if the shin or the knee of the same leg agrees, otherwise it is a "watch".
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from formcheck.cards import Card, Range
from formcheck.records import Finding, Level, Measurement
from formcheck.sureness import ends_within

Direction = Literal["below", "within", "above", "unknown"]

SEVERITY: tuple[Level, ...] = ("act", "watch", "good", "unknown")
"""The order in which findings are told."""

OVERSTRIDE = "overstride_pct_leg"
OVERSTRIDE_AGREES: Mapping[str, Direction] = {
    "shank_angle_at_contact_deg": "above",
    "knee_flexion_at_contact_deg": "below",
}
"""A foot far ahead of the hips matters more with a shin that points forward or a knee that is nearly straight."""

NOTHING_BELOW: Mapping[str, float] = {"pelvic_drop_deg": 2.8}
"""A value nearer to zero cannot be told from none: experts who measured twice differed by so much (Dingenen 2018)."""


def findings(measurements: Sequence[Measurement], cards: Mapping[str, Card]) -> tuple[Finding, ...]:
    """What the measurements mean: worst first, then in the order of the cards, then as they came.

    Measurements without a card, or whose card has no range, are numbers to read and give no finding.
    """
    judged = [m for m in measurements if not _is_undetectable(m)]
    found = [_finding(m, card) for m in judged if (card := cards.get(m.metric)) and card.range]
    confirmed = [_confirmed(finding, found) for finding in found]
    return tuple(sorted(confirmed, key=lambda f: (SEVERITY.index(f.level), cards[f.metric].order)))


def judge(value: float, uncertainty: float, range_: Range) -> tuple[Level, Direction]:
    """Level and direction of ``value`` +/- ``uncertainty``, both in the range's unit."""
    margin = range_.margin(value)
    direction: Direction = "within" if margin >= 0 else range_.nearer(value)
    if abs(margin) <= uncertainty:
        return "watch", direction
    return ("good" if margin > 0 else range_.worst), direction


def _is_undetectable(measurement: Measurement) -> bool:
    value = measurement.value
    return isinstance(value, int | float) and abs(value) < NOTHING_BELOW.get(measurement.metric, 0.0)


def _finding(measurement: Measurement, card: Card) -> Finding:
    assert card.range is not None
    level, direction, time_s = _judged(measurement, card, card.range)
    return Finding(
        metric=measurement.metric,
        side=measurement.side,
        level=level,
        direction=direction,
        low=card.range.low,
        high=card.range.high,
        basis=card.range.basis,
        sources=card.range.sources,
        time_s=time_s,
    )


def _judged(measurement: Measurement, card: Card, range_: Range) -> tuple[Level, Direction, float | None]:
    value, uncertainty = measurement.value, measurement.uncertainty
    if (
        measurement.status == "not_measurable"
        or not isinstance(value, int | float)
        or not card.believable(value)
        or uncertainty is None
        or math.isnan(uncertainty)
    ):
        return "unknown", "unknown", None
    level, direction = judge(value, abs(uncertainty), range_)
    if level == "act" and measurement.status == "low_confidence":
        level = "watch"
    if level == "good" and any(range_.margin(end) < 0 for end in ends_within(measurement)):
        level = "watch"
    return level, direction, _moment(measurement, value, level, range_)


def _moment(measurement: Measurement, value: float, level: Level, range_: Range) -> float | None:
    """A stride to look at: a typical one if all is well, otherwise the one furthest towards the nearer border."""
    if len(measurement.values) != len(measurement.times_s):
        return None
    pairs = zip(measurement.values, measurement.times_s, strict=True)
    strides = [(v, t) for v, t in pairs if math.isfinite(v) and math.isfinite(t)]
    if not strides:
        return None
    if level == "good":
        return min(strides, key=lambda stride: abs(stride[0] - value))[1]
    furthest = min if range_.nearer(value) == "below" else max
    return furthest(strides, key=lambda stride: stride[0])[1]


def _confirmed(finding: Finding, found: Sequence[Finding]) -> Finding:
    """An overstride nobody else confirms is something to watch; all other findings stay as they are."""
    if finding.metric != OVERSTRIDE or finding.level != "act":
        return finding
    agrees = any(
        OVERSTRIDE_AGREES.get(other.metric) == other.direction and other.side in (finding.side, None) for other in found
    )
    return finding if agrees else replace(finding, level="watch")
