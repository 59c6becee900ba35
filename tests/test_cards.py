"""Every card is complete, honest about its range and consistent with the bibliography."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from formcheck.cards import (
    GROUPS,
    LANGS,
    PLACEHOLDERS,
    Card,
    CardError,
    Source,
    Text,
    load_bibliography,
    load_cards,
    parse_bibliography,
    parse_card,
    placeholders,
)
from formcheck.guidance.sources import used as used_by_guidance

CARDS = load_cards()
SOURCES = load_bibliography()
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
CLAIMS = re.compile(r"\b(cures?|heals?|guarantee[sd]?|diagnos\w+)\b|治ります|必ず|診断", re.IGNORECASE)

SIDE_VIEW_METRICS = [
    "cadence_spm",
    "contact_time_s",
    "flight_time_s",
    "duty_factor_pct",
    "stride_length_m",
    "steps_in_10_km",
    "vertical_oscillation_cm",
    "vertical_oscillation_pct_leg",
    "foot_angle_at_contact_deg",
    "foot_strike",
    "overstride_pct_leg",
    "shank_angle_at_contact_deg",
    "knee_flexion_at_contact_deg",
    "peak_stance_knee_flexion_deg",
    "peak_swing_knee_flexion_deg",
    "thigh_extension_at_toe_off_deg",
    "peak_thigh_extension_deg",
    "trunk_lean_deg",
    "trunk_lean_range_deg",
    "lumbar_extension_change_deg",
    "lumbar_extension_range_deg",
    "pelvic_tilt_range_deg",
    "hip_extension_change_deg",
    "lumbar_share_pct",
    "arm_swing_deg",
]


def every_text(card: Card) -> list[Text]:
    texts = [card.name, card.what, card.limits, *card.finding.values(), *card.advice.values()]
    return texts + ([card.range.note] if card.range else [])


def test_every_metric_of_running_from_the_side_has_a_card() -> None:
    assert set(SIDE_VIEW_METRICS) <= set(CARDS)


def test_cards_come_in_the_order_in_which_they_are_shown() -> None:
    orders = [card.order for card in CARDS.values()]
    assert orders == sorted(orders)
    assert len(orders) == len(set(orders)), "two cards with the same order would change places at random"


@pytest.mark.parametrize("card", CARDS.values(), ids=lambda card: card.metric)
class TestCard:
    def test_file_is_named_after_the_metric(self, card: Card) -> None:
        stems = {file.stem for file in Path(str(files("formcheck").joinpath("metrics"))).rglob("*.toml")}
        assert any(card.metric.startswith(stem) for stem in stems) or card.metric == "vertical_oscillation_pct_leg"

    def test_speaks_both_languages(self, card: Card) -> None:
        for text in every_text(card):
            assert JAPANESE.search(text.ja), text
            assert not JAPANESE.search(text.en), text
            assert text.en[0].isupper() or text.en.startswith("{"), text

    def test_both_languages_leave_the_same_things_open(self, card: Card) -> None:
        for text in every_text(card):
            assert placeholders(text.ja) == placeholders(text.en) <= PLACEHOLDERS, text

    def test_sentences_end(self, card: Card) -> None:
        for text in every_text(card)[1:]:
            assert text.ja.endswith("。"), text.ja
            assert text.en.endswith("."), text.en

    def test_findings_say_the_value_and_which_side(self, card: Card) -> None:
        for text in card.finding.values():
            assert "value" in placeholders(text.en)
            assert ("side" in placeholders(text.en)) == card.per_side

    def test_promises_no_cure_and_makes_no_diagnosis(self, card: Card) -> None:
        for text in every_text(card):
            assert not CLAIMS.search(text.ja + text.en), text

    def test_range_is_declared_and_inside_what_is_plausible(self, card: Card) -> None:
        if card.range is None:
            assert not card.finding
            assert not card.advice
            return
        assert card.plausible is not None
        borders = [b for b in (card.range.low, card.range.high) if b is not None]
        assert borders == sorted(borders)
        assert all(card.believable(b) for b in borders)
        assert card.range.basis in ("measured", "consensus", "house")
        assert card.range.sources

    def test_a_house_rule_says_so_in_words(self, card: Card) -> None:
        if card.range is not None and card.range.basis == "house":
            assert "独自" in card.range.note.ja
            assert "project's own" in card.range.note.en

    def test_sources_are_known(self, card: Card) -> None:
        assert {*card.sources, *(card.range.sources if card.range else ())} <= set(SOURCES)

    def test_group_exists(self, card: Card) -> None:
        assert card.group in GROUPS
        assert card.decimals >= 0


def test_thigh_extension_is_never_called_hip_extension() -> None:
    for metric in ("thigh_extension_at_toe_off_deg", "peak_thigh_extension_deg"):
        card = CARDS[metric]
        assert "not hip extension" in card.limits.en
        assert "股関節の伸展ではありません" in card.limits.ja
        shown = [card.name, card.what, *card.finding.values(), *card.advice.values()]
        assert not any("hip extension" in text.en or "股関節の伸展" in text.ja for text in shown)


@pytest.mark.parametrize(
    "metric",
    [
        "foot_strike",
        "foot_angle_at_contact_deg",
        "lumbar_extension_change_deg",
        "lumbar_extension_range_deg",
        "pelvic_tilt_range_deg",
        "hip_extension_change_deg",
        "lumbar_share_pct",
    ],
)
def test_nothing_is_held_against_a_range_nobody_has(metric: str) -> None:
    assert CARDS[metric].range is None


def test_cadence_comes_before_any_other_change_of_landing() -> None:
    for metric in ("overstride_pct_leg", "shank_angle_at_contact_deg", "knee_flexion_at_contact_deg"):
        for advice in CARDS[metric].advice.values():
            assert "ピッチ" in advice.ja
            assert "quicker" in advice.en


def test_every_source_is_used_and_none_twice() -> None:
    used = {s for card in CARDS.values() for s in (*card.sources, *(card.range.sources if card.range else ()))}
    assert used | set(used_by_guidance()) == set(SOURCES)
    dois = [source.doi for source in SOURCES.values() if source.doi]
    assert len(dois) == len(set(dois))


@pytest.mark.parametrize("source", SOURCES.values(), ids=lambda source: source.key)
def test_source_can_be_found(source: Source) -> None:
    if source.doi is None:
        assert source.note is not None, "without a DOI, say what it is"
    else:
        assert re.fullmatch(r"10\.\d{4,9}/[-._;()/:A-Za-z0-9]+", source.doi)
    assert source.year is None or 1950 <= source.year <= 2100
    if not source.key.startswith("seed_"):
        assert str(source.year) in source.key


CARD = """
metric = "cadence_spm"
unit = "spm"
decimals = 1
per_side = false
group = "timing"
order = 1
name = { ja = "ピッチ", en = "Cadence" }
what = { ja = "歩数。", en = "Steps." }
limits = { ja = "速さ。", en = "Speed." }
plausible = { low = 100, high = 250 }
[range]
low = 155
basis = "house"
sources = ["known"]
worst = "watch"
note = { ja = "独自。", en = "Own." }
[finding]
good = { ja = "{value}", en = "{value}" }
near = { ja = "{value}", en = "{value}" }
below = { ja = "{value}", en = "{value}" }
[advice]
below = { ja = "試す。", en = "Try." }
"""


def test_the_smallest_whole_card_is_read() -> None:
    card = parse_card(CARD, {"known"})
    assert card.range is not None
    assert (card.range.low, card.range.high) == (155.0, None)
    assert [card.name.get(lang) for lang in LANGS] == ["ピッチ", "Cadence"]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('unit = "spm"', 'unit = "bpm"', "unit"),
        ('unit = "spm"', 'unit = "spm"\ncolour = "red"', "unknown colour"),
        ("order = 1\n", "", "missing order"),
        ("order = 1\n", "order = true\n", "order"),
        ('name = { ja = "ピッチ", en = "Cadence" }', 'name = { ja = "ピッチ" }', "missing en"),
        ('en = "Cadence" }', 'en = "Cadence", de = "Schritte" }', "unknown de"),
        ('en = "Cadence" }', 'en = " " }', "words"),
        ('en = "Steps." }', 'en = "{value}" }', "value cannot be filled in"),
        ("low = 155", "low = 50", "inside the plausible"),
        ("low = 155", "low = 155\nhigh = 150", "low must be below high"),
        ("low = 155", "", "low, high or both"),
        ("low = 155", "high = 155", "missing above"),
        ("plausible = { low = 100, high = 250 }", "", "plausible"),
        ('basis = "house"', 'basis = "rumour"', "basis"),
        ('basis = "house"\nsources = ["known"]', 'basis = "measured"\nsources = []', "source"),
        ('["known"]', '["nobody1999"]', "nobody1999"),
        ('worst = "watch"', 'worst = "good"', "worst"),
        ('near = { ja = "{value}"', 'near = { ja = "{side}"', "side cannot be filled in"),
        ('near = { ja = "{value}"', 'near = { ja = "{high}"', "high cannot be filled in"),
        ('near = { ja = "{value}"', 'near = { ja = "{value"', "expected '}'"),
        ("[advice]", '[advice]\nabove = { ja = "", en = "" }', "unknown above"),
        ("order = 1\n", "order = 1\nsure_within = 5.0\n", "sure enough"),
        ("[range]", "[range", "Expected ']'"),
    ],
)
def test_a_card_with_a_mistake_is_refused(old: str, new: str, complaint: str) -> None:
    assert old in CARD
    with pytest.raises(CardError, match=re.escape(complaint)):
        parse_card(CARD.replace(old, new, 1), {"known"})


def test_a_class_has_no_plausible_numbers() -> None:
    toml = CARD[: CARD.index("[range]")].replace('unit = "spm"', 'unit = "class"')
    with pytest.raises(CardError, match="plausible"):
        parse_card(toml, ())
    card = parse_card(toml.replace("plausible = { low = 100, high = 250 }", ""), ())
    assert card.believable(0.5)
    assert not card.believable(float("nan"))


@pytest.mark.parametrize("within", ["0", "-5.0", "true", '"5"'])
def test_what_is_sure_enough_is_a_number_above_zero(within: str) -> None:
    toml = CARD[: CARD.index("[range]")]
    assert parse_card(toml.replace("order = 1\n", "order = 1\nsure_within = 5.0\n"), ()).sure_within == 5.0
    with pytest.raises(CardError, match="sure_within"):
        parse_card(toml.replace("order = 1\n", f"order = 1\nsure_within = {within}\n"), ())


@pytest.mark.parametrize("extra", ['isbn = "1"', 'year = "1999"', 'read = "all of it"'])
def test_a_source_with_a_mistake_is_refused(extra: str) -> None:
    entry = '[a1999]\nauthors = "A"\ntitle = "T"\njournal = "J"\n'
    read = "" if extra.startswith("read") else 'read = "memory"\n'
    with pytest.raises(CardError, match="a1999"):
        parse_bibliography(entry + read + extra)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="de"):
        Text(ja="あ", en="a").get("de")  # type: ignore[arg-type]
