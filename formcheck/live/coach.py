"""What to say to somebody who is moving: the count, one fault at a time, and when it is mended.

Of a repetition only what a clip would call clearly outside its range is said, by more than the uncertainty of that
number: a coach who is wrong is worse than one who keeps quiet. What worries most comes first (``Range.worst``, then the
order of the cards).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from formcheck.activities.card import load_activity_cards
from formcheck.cards import Card, Text, load_cards
from formcheck.records import Analysis, Measurement, Repetition
from formcheck.texts import both, sentence, text

SAME_TOP_S = 0.05
TELLS_EVERY_S = 10.0
"""Of what is held: so often the seconds are told."""
STILL_HELD_S = 1.2
"""A hold that ended longer ago is over."""
HOLD_WINDOW_S = 6.0
"""What is held is judged by so much of it."""
SAYS_AGAIN_S = 8.0
"""The same fault of a hold is not told more often."""

Kind = Literal["count", "seconds", "fault", "mended"]


@dataclass(frozen=True)
class Remark:
    """One thing to say."""

    kind: Kind
    words: Text
    metric: str = ""
    """Of a fault, and of one that is mended."""


@dataclass(frozen=True)
class Looked:
    """A number that may have something to say, at one moment."""

    card: Card
    margin: float
    """How far inside its range it is; negative outside."""
    cue: Text | None
    """What to call out; None where it is not clearly outside."""

    @property
    def rank(self) -> tuple[bool, int]:
        """The smallest is said first."""
        return self.card.range is None or self.card.range.worst != "act", self.card.order


class Coach:
    """Listens to ever longer analyses of one set, and says each thing once."""

    def __init__(self) -> None:
        self.count = 0
        """Repetitions that were counted aloud."""
        self.held_s = 0.0
        """How long the present hold has lasted; 0 where nothing is held."""
        self._said_held_s = 0.0
        self._last_fault: tuple[str, float] | None = None

    def repetitions(self, analysis: Analysis) -> list[Remark]:
        """What to say once another repetition is whole."""
        whole = [rep for rep in analysis.reps if rep.complete]
        if len(whole) <= self.count:
            return []
        self.count, last = len(whole), whole[-1]
        number = Remark("count", Text(ja=str(self.count), en=str(self.count)))
        return [number, *self._about(looked_at(analysis, last), last.end_s)]

    def hold(self, analysis: Analysis, recent: Analysis | None, now_s: float) -> list[Remark]:
        """What to say while something is held; ``recent`` is the analysis of its last seconds, where there is one."""
        running = [hold for hold in analysis.holds if now_s - hold.end_s < STILL_HELD_S]
        if not running:
            self.held_s = self._said_held_s = 0.0
            self._last_fault = None
            return []
        self.held_s = max(hold.end_s - hold.start_s for hold in running)
        said = []
        if self.held_s >= self._said_held_s + TELLS_EVERY_S:
            self._said_held_s = TELLS_EVERY_S * (self.held_s // TELLS_EVERY_S)
            seconds = f"{self._said_held_s:.0f}"
            said.append(Remark("seconds", both(lambda lang: text("live_seconds", lang, n=seconds))))
        if recent is not None:
            found = looked_in(recent)
            if not self._is_too_soon(found, now_s):
                said += self._about(found, now_s)
        return said

    def _is_too_soon(self, found: list[Looked], now_s: float) -> bool:
        last = self._last_fault
        return any(one.cue for one in found) and last is not None and now_s - last[1] < SAYS_AGAIN_S

    def _about(self, found: list[Looked], now_s: float) -> list[Remark]:
        """The most pressing fault; that the last one is mended only where that number was seen inside its range."""
        last, self._last_fault = self._last_fault, None
        for one in found:
            if one.cue is not None:
                self._last_fault = one.card.metric, now_s
                return [Remark("fault", one.cue, one.card.metric)]
        is_good = last is not None and any(one.card.metric == last[0] and one.margin >= 0 for one in found)
        return [Remark("mended", sentence("live_mended"), last[0])] if last is not None and is_good else []


def looked_at(analysis: Analysis, rep: Repetition) -> list[Looked]:
    """The numbers of one repetition, the most pressing first."""

    def value(measured: Measurement) -> float:
        if len(measured.values) != len(measured.times_s) or not measured.values:
            return np.nan
        nearest = int(np.argmin(np.abs(np.array(measured.times_s) - rep.top_s)))
        return measured.values[nearest] if abs(measured.times_s[nearest] - rep.top_s) < SAME_TOP_S else np.nan

    return _looked(analysis.measurements, value)


def looked_in(analysis: Analysis) -> list[Looked]:
    """The numbers of a whole analysis, the most pressing first."""
    return _looked(
        analysis.measurements, lambda measured: measured.value if isinstance(measured.value, float) else np.nan
    )


def cued(activity: str) -> tuple[str, ...]:
    """The metrics whose faults can be said aloud in that activity."""
    cards = load_cards()
    views = load_activity_cards()[activity].views
    return tuple(
        card.metric for card in cards.values() if card.cue and any(card.measured_in(activity, view) for view in views)
    )


def _looked(measurements: Iterable[Measurement], value_of: Callable[[Measurement], float]) -> list[Looked]:
    cards: Mapping[str, Card] = load_cards()
    found = []
    for measured in measurements:
        card = cards.get(measured.metric)
        if card is None or card.range is None or not card.cue or measured.status != "ok" or not measured.uncertainty:
            continue
        value = value_of(measured)
        if card.believable(value):
            margin = card.range.margin(value)
            is_clear = -margin > measured.uncertainty
            found.append(Looked(card, margin, card.cue.get(card.range.nearer(value)) if is_clear else None))
    return sorted(found, key=lambda one: one.rank)
