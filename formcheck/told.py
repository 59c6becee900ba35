"""What one analysis tells, in words of both languages: findings, rows of numbers, what is missing, and references.

The report, the PDF and the report of several clips put these into their places.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from formcheck.cards import Card, Lang, Source, Text, load_bibliography, load_cards
from formcheck.comparisons import COMPARED, notable
from formcheck.findings import SEVERITY
from formcheck.records import Analysis, Comparison, Finding, Level, Measurement
from formcheck.skeleton import Side
from formcheck.texts import (
    advice_text,
    both,
    code_for,
    comparison_text,
    finding_text,
    format_comparison,
    format_number,
    format_range,
    format_value,
    noted,
    points_to_text,
    sentence,
    text,
)

SHAPES: Mapping[Level, str] = {"good": "●", "watch": "▲", "act": "■", "unknown": "○"}
"""A level is told by shape and word besides its colour."""


@dataclass(frozen=True)
class Gauge:
    """A number line: where the range, the value and its uncertainty lie, in 0..100 of its width."""

    low: float | None
    high: float | None
    value: float
    left: float
    right: float


@dataclass(frozen=True)
class ToldFinding:
    """One finding in words."""

    level: Level
    name: Text
    sentence: Text
    advice: Text | None
    points_to: Text | None
    number: Text
    range: Text
    basis: Text
    is_house_rule: bool
    note: Text
    sources: list[int]
    moment: Text | None
    gauge: Gauge | None


@dataclass(frozen=True)
class Row:
    """One row of the table of numbers."""

    name: Text
    side: Text
    value: Text
    spread: Text
    n: int
    range: Text
    sure: Text
    why: Text | None
    is_sure: bool


@dataclass(frozen=True)
class Reference:
    """One entry of the list of references."""

    number: int
    source: Source


class Told:
    """Cards, measurements and the numbering of the references of one analysis."""

    def __init__(self, analysis: Analysis) -> None:
        self._activity = analysis.activity
        self._cards = load_cards()
        self._rows = [m for m in analysis.measurements if m.metric in self._cards]
        self._comparisons = [c for c in analysis.comparisons if c.metric in self._cards]
        self._of = {(m.metric, m.side): m for m in self._rows}
        self._cited: dict[str, int] = {}

    def has(self, finding: Finding) -> bool:
        """Whether there are a card with a range and a measurement to tell it from."""
        card = self._cards.get(finding.metric)
        return card is not None and card.range is not None and (finding.metric, finding.side) in self._of

    def finding(self, finding: Finding) -> ToldFinding:
        """A finding for which ``has`` is true, in words."""
        card, measured = self._cards[finding.metric], self._of[finding.metric, finding.side]
        assert card.range is not None
        note = card.range.note
        moment = None if finding.time_s is None else round(finding.time_s, 2)
        return ToldFinding(
            level=finding.level,
            name=_name(measured, card),
            sentence=both(lambda lang: finding_text(finding, measured, card, lang)),
            advice=_maybe(lambda lang: advice_text(finding, measured, card, lang)),
            points_to=_maybe(lambda lang: points_to_text(finding, measured, card, lang)),
            number=both(lambda lang: format_value(measured, card, lang)),
            range=both(lambda lang: format_range(card, lang)),
            basis=sentence(f"basis_{finding.basis}"),
            is_house_rule=finding.basis == "house",
            note=note,
            sources=self.cite(finding.sources),
            moment=None if moment is None else both(lambda lang: text("see_moment", lang, time=f"{moment:.2f}")),
            gauge=gauge_of(measured, card),
        )

    def groups(self) -> list[tuple[Text, list[Row]]]:
        """The measured numbers, group by group, in the order of the cards."""
        found: dict[str, list[Row]] = {}
        for row in sorted(self._rows, key=lambda m: self._cards[m.metric].order):
            if row.status != "not_measurable":
                found.setdefault(self._cards[row.metric].group, []).append(_row(row, self._cards[row.metric]))
        return [(sentence(f"group_{group}"), rows) for group, rows in found.items()]

    def compared(self) -> list[tuple[Text, Text, Text, int]]:
        """Left-right differences, drifts and variabilities that have a number: measure, kind, value, strides."""
        rows = [c for c in self._comparisons if c.value is not None]
        rows.sort(key=lambda c: (COMPARED.index(c.kind), self._cards[c.metric].order))
        return [
            (
                _name_of(self._cards[c.metric], c.side),
                sentence(code_for(c.kind, self._activity)),
                _compared(c, self._cards[c.metric]),
                c.n,
            )
            for c in rows
        ]

    def beyond_error(self) -> list[Text]:
        """Of those, what is larger than its error, in words."""
        said = [_compared_text(c, self._cards[c.metric]) for c in notable(self._comparisons)]
        return [sentence for sentence in said if sentence is not None]

    def missing(self) -> list[tuple[Text, Text]]:
        """What could not be measured, and why."""
        rows = [m for m in self._rows if m.status == "not_measurable"]
        rows.sort(key=lambda m: self._cards[m.metric].order)
        return [(_name(m, self._cards[m.metric]), _why(m) or sentence("not_seen")) for m in rows]

    def meanings(self) -> list[tuple[Text, Text, Text, list[int]]]:
        """Of every metric with a number: its name, what it is, where it stops being true, and sources."""
        measured = {m.metric for m in self._rows if m.status != "not_measurable"}
        cards = [card for metric, card in self._cards.items() if metric in measured]
        return [(card.name, card.what, card.limits, self.cite(card.sources)) for card in cards]

    def cite(self, keys: Iterable[str]) -> list[int]:
        """Numbers of these sources in the list of references, which grows as they are cited."""
        return sorted(self._cited.setdefault(key, len(self._cited) + 1) for key in keys)

    def references(self) -> list[Reference]:
        """All that was cited so far, by number."""
        known = load_bibliography()
        return [Reference(number, known[key]) for key, number in self._cited.items() if key in known]


def gauge_of(measurement: Measurement, card: Card) -> Gauge | None:
    """Where value and range lie on a line that has room for both; None where there is no number or no range."""
    value, half, range_ = measurement.value, measurement.uncertainty, card.range
    if range_ is None or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    half = half if half is not None and math.isfinite(half) else 0.0
    borders = [b for b in (range_.low, range_.high) if b is not None]
    left, right = min(value - half, *borders), max(value + half, *borders)
    air = 0.2 * (right - left) or 1.0
    left, right = left - air, right + air

    def place(x: float) -> float:
        return round(100.0 * (x - left) / (right - left), 2)

    low = None if range_.low is None else place(range_.low)
    high = None if range_.high is None else place(range_.high)
    return Gauge(low, high, place(value), place(value - half), place(value + half))


def _row(measurement: Measurement, card: Card) -> Row:
    spread = measurement.spread
    known = spread is not None and math.isfinite(spread)
    return Row(
        name=card.name,
        side=sentence("side_both" if measurement.side is None else f"side_{measurement.side}"),
        value=both(lambda lang: format_value(measurement, card, lang)),
        spread=both(lambda lang: format_number(spread or 0.0, card, lang)) if known else Text("–", "–"),
        n=measurement.n,
        range=both(lambda lang: format_range(card, lang)),
        sure=sentence(f"status_{measurement.status}"),
        why=_why(measurement),
        is_sure=measurement.status == "ok",
    )


def _compared(comparison: Comparison, card: Card) -> Text:
    return both(lambda lang: format_comparison(comparison, card, lang))


def _compared_text(comparison: Comparison, card: Card) -> Text | None:
    return _maybe(lambda lang: comparison_text(comparison, card, lang))


def _name(measurement: Measurement, card: Card) -> Text:
    return _name_of(card, measurement.side)


def _name_of(card: Card, of_side: Side | None) -> Text:
    if of_side is None:
        return card.name
    side = sentence(f"side_{of_side}")
    return both(lambda lang: text("name_and_side", lang, name=card.name.get(lang), side=side.get(lang)))


def _why(measurement: Measurement) -> Text | None:
    return None if measurement.reason is None else noted(measurement.reason)


def counts_of(findings: Sequence[ToldFinding]) -> list[tuple[Level, int]]:
    """How many findings there are of each level, worst first; none of a level is left out."""
    counts = [(level, sum(f.level == level for f in findings)) for level in SEVERITY]
    return [(level, n) for level, n in counts if n]


def _maybe(say: Callable[[Lang], str | None]) -> Text | None:
    ja, en = say("ja"), say("en")
    return None if ja is None or en is None else Text(ja, en)
