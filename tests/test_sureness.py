"""Numbers whose error is larger than what they are used for, over all cards there are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_analysis import build_analysis

from formcheck.analysis import Options, analyze_video
from formcheck.cards import LANGS, Card, Lang, load_cards
from formcheck.findings import findings
from formcheck.records import Analysis, Measurement, Note
from formcheck.report import header_facts
from formcheck.sureness import BEYOND_RANGE, BEYOND_VALUE, CHANGED, CLIP_CHANGED, change_within, useful_within, weighed
from formcheck.texts import finding_text, format_value, note_text, text

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


# ------------------------------------------------------------------------------------- changed within the clip

LEAN = CARDS["trunk_lean_deg"]
SHARED = Path(__file__).resolve().parents[2] / "shared" / "clips"


def strides(means: list[float], each: int = 10, scatter: float = 1.0, seed: int = 0) -> Measurement:
    """A lean whose strides scatter about one mean after the other."""
    values = np.concatenate([np.random.default_rng(seed).normal(mean, scatter, each) for mean in means])
    return replace(measurement(LEAN, float(np.median(values)), 3.0), values=tuple(values.tolist()))


@pytest.mark.parametrize("means", [[4.0, 14.0], [14.0, 4.0], [4.0, 14.0, 8.0], [4.0, 4.0, 14.0]])
def test_two_ways_of_running_in_one_clip_are_said(means: list[float]) -> None:
    told = weighed([strides(means)], CARDS)[0]
    assert told.status == "low_confidence"
    assert told.reason is not None
    assert told.reason.code == CHANGED
    low, high = (float(told.reason.details[end]) for end in ("low", "high"))
    assert (low, high) == pytest.approx((min(means), max(means)), abs=1.0)
    for lang in LANGS:
        assert f"{low:.1f}°" in note_text(told.reason, lang)


@given(st.integers(8, 60), st.floats(0.1, 8), st.integers(0, 10_000))
def test_strides_that_scatter_have_not_changed(n: int, scatter: float, seed: int) -> None:
    """With an error of twice the scatter chance alone made a change of one run in thousands (n 32, seed 175)."""
    steady = strides([8.0], n, scatter, seed)
    wide = replace(steady, uncertainty=max(3.0, 4 * scatter))
    assert change_within(wide) is None


def test_noise_alone_is_hardly_ever_a_change() -> None:
    found = [
        change_within(replace(strides([8.0], n, 6.0, seed), uncertainty=0.1))
        for n in (12, 27, 60)
        for seed in range(400)
    ]
    assert np.mean([ends is not None for ends in found]) < 0.01


def test_a_change_within_the_error_is_none() -> None:
    assert change_within(strides([6.0, 9.0], scatter=0.2)) is None
    assert change_within(strides([6.0, 14.0], scatter=0.2)) is not None


def test_few_strides_tell_no_change() -> None:
    assert change_within(strides([4.0, 14.0], 5)) is None


def test_a_change_out_of_the_range_is_not_good() -> None:
    good = strides([8.0, 8.0, 8.0, 8.0, 20.0], 6, 0.3)
    assert findings([replace(good, values=())], CARDS)[0].level == "good"
    told = weighed([good], CARDS)
    assert told[0].reason is not None
    assert told[0].reason.code == CHANGED
    found = findings(told, CARDS)[0]
    assert found.level == "watch"
    for lang, word in zip(LANGS, ("すべての部分", "not all parts"), strict=True):
        assert word in finding_text(found, told[0], LEAN, lang)


def test_a_real_clip_of_poor_and_good_form() -> None:
    clip = SHARED / "tm_movup_goodbad.mp4"
    if not clip.exists():
        pytest.skip(f"no {clip}")
    analysis = analyze_video(clip, Options(pose="fast"))
    changed = {m.metric for m in analysis.measurements if m.reason is not None and m.reason.code == CHANGED}
    assert "trunk_lean_deg" in changed  # 3, then 14, then 8 degrees
    assert CLIP_CHANGED in [note.code for note in analysis.warnings]
