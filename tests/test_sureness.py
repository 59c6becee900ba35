"""Numbers whose error is larger than what they are used for, over all cards there are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_analysis import build_analysis

from formcheck.cards import LANGS, Card, Lang, load_cards
from formcheck.findings import findings
from formcheck.records import Analysis, Measurement, Note
from formcheck.report import header_facts
from formcheck.sureness import BEYOND_RANGE, BEYOND_VALUE, useful_within, weighed
from formcheck.texts import format_value, text

CARDS = load_cards()
NUMBERS = st.sampled_from([card for card in CARDS.values() if card.unit != "class"])
VALUES = st.floats(-300, 300)


def measurement(card: Card, value: float, uncertainty: float | None) -> Measurement:
    return Measurement(card.metric, None, card.unit, value, 1.0, 9, uncertainty)


def one(card: Card, value: float, uncertainty: float | None) -> Measurement:
    return weighed([measurement(card, value, uncertainty)], CARDS)[0]


@given(NUMBERS, VALUES, st.floats(0, 300))
def test_neither_numbers_nor_findings_change(card: Card, value: float, uncertainty: float) -> None:
    before, after = measurement(card, value, uncertainty), one(card, value, uncertainty)
    assert replace(after, status="ok", reason=None) == before
    assert findings([after], CARDS) == findings([before], CARDS)


@given(NUMBERS, VALUES, st.floats(0, 300), st.floats(1, 3))
def test_more_error_never_makes_it_surer(card: Card, value: float, uncertainty: float, times: float) -> None:
    if one(card, value, uncertainty).status == "low_confidence":
        assert one(card, value, times * uncertainty).status == "low_confidence"


@given(NUMBERS, VALUES)
def test_what_it_takes_is_on_the_card(card: Card, value: float) -> None:
    enough = useful_within(value, card)
    assert one(card, value, enough).status == "ok"
    wide = one(card, value, enough + 0.1)
    assert wide.status == "low_confidence"
    assert wide.reason == Note(BEYOND_VALUE if card.range is None else BEYOND_RANGE)


@pytest.mark.parametrize(
    ("metric", "value", "uncertainty", "sure"),
    [
        ("hold_time_s", 0.6, 2.9, False),
        ("hold_time_s", 30.0, 2.9, True),
        ("lumbar_share_pct", 2.0, 26.0, False),
        ("trunk_lean_deg", 1.0, 2.9, True),  # upright is an answer: the range is 12 degrees wide
        ("trunk_side_lean_deg", 0.5, 2.5, True),  # and so is no lean to the side
        ("heel_rise_pct_leg", 0.7, 9.4, False),  # would not notice twice the border
        ("heel_rise_pct_leg", 20.0, 9.4, True),  # clearly beyond it all the same
    ],
)
def test_cases(metric: str, value: float, uncertainty: float, sure: bool) -> None:
    assert (one(CARDS[metric], value, uncertainty).status == "ok") == sure


def test_another_doubt_keeps_its_reason() -> None:
    card, doubt = CARDS["hold_time_s"], Note("landmarks_doubtful")
    doubted = replace(measurement(card, 0.6, 2.9), status="low_confidence", reason=doubt)
    assert weighed([doubted], CARDS) == (doubted,)


def test_an_unknown_error_is_not_a_large_one() -> None:
    assert one(CARDS["hold_time_s"], 0.6, None).status == "ok"


def lift(held_s: float) -> Analysis:
    held = one(CARDS["hold_time_s"], held_s, 2.9)
    return replace(build_analysis(), activity="hip_lift", measurements=(held,))


@pytest.mark.parametrize("lang", LANGS)
def test_only_what_is_sure_stands_at_the_head_of_the_report(lang: Lang) -> None:
    for held_s, stands in ((0.6, False), (30.0, True)):
        analysis = lift(held_s)
        told = format_value(analysis.measurements[0], CARDS["hold_time_s"], lang)
        facts = {name.get(lang): value.get(lang) for name, value in header_facts(analysis)}
        assert (facts.get(text("fact_held", lang)) == told) == stands
