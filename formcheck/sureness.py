"""Numbers whose error is larger than what they are used for: they stay, and are said to be less sure.

What a number is used for is on its card:

* with a range, to tell inside from outside. It can as long as the uncertainty is no larger than half of the range, or
  than a range's one border is large, or than the number's distance from the border;
* without a range, to tell how much there is. It can as long as the uncertainty is no larger than the number, or than
  the card's ``sure_within``, where about zero is an answer too.

A house rule; it changes no value, no uncertainty and no finding ("good" and "act" need more than it asks for already).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from formcheck.cards import Card, Range
from formcheck.records import Measurement, Note

BEYOND_RANGE, BEYOND_VALUE = "error_beyond_range", "error_beyond_value"
"""The reasons given."""


def weighed(measurements: Sequence[Measurement], cards: Mapping[str, Card]) -> tuple[Measurement, ...]:
    """The same measurements, those whose error says too little at "low_confidence"; other doubts keep their reason."""
    return tuple(_weighed(m, cards[m.metric]) if m.metric in cards else m for m in measurements)


def is_only_wide(measurement: Measurement) -> bool:
    """Whether nothing but the size of its error speaks against it, so that a large difference still counts."""
    return measurement.reason is not None and measurement.reason.code in (BEYOND_RANGE, BEYOND_VALUE)


def useful_within(value: float, card: Card) -> float:
    """The largest half-width of the 95 % interval with which ``value`` still serves, both in the card's unit."""
    if card.range is None:
        return max(abs(value), card.sure_within)
    return max(abs(card.range.margin(value)), _room(card.range))


def _room(range_: Range) -> float:
    """How far from all of its borders a value can be: half of it between two borders, up to zero from one."""
    if range_.low is not None and range_.high is not None:
        return (range_.high - range_.low) / 2
    return abs(range_.low or range_.high or 0.0)


def _weighed(measurement: Measurement, card: Card) -> Measurement:
    value, uncertainty = measurement.value, measurement.uncertainty
    if measurement.status != "ok" or not isinstance(value, int | float) or uncertainty is None:
        return measurement
    if not uncertainty > useful_within(value, card) or math.isnan(value):
        return measurement
    return replace(
        measurement, status="low_confidence", reason=Note(BEYOND_VALUE if card.range is None else BEYOND_RANGE)
    )
