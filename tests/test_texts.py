"""Every sentence exists in both languages, and every code the package uses has a sentence."""

from __future__ import annotations

import ast
import math
import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

import formcheck
from formcheck.cards import GROUPS, LANGS, Card, load_cards, placeholders
from formcheck.findings import findings
from formcheck.records import Measurement, Note
from formcheck.texts import (
    advice_text,
    codes,
    finding_text,
    format_border,
    format_number,
    format_range,
    format_value,
    note_text,
    parse_texts,
    text,
)

TEXTS = parse_texts(files("formcheck").joinpath("texts.toml").read_text(encoding="utf-8"))
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
CARDS = load_cards()
RANGED = [card for card in CARDS.values() if card.range is not None]

PROMISED = [
    "not_a_video",
    "is_a_folder",
    "empty_file",
    "file_missing",
    "no_video_stream",
    "too_few_frames",
    "hardly_seen",
    "picture_turned",
    "rhythm_breaks",
    "uneven_rhythm",
    "sped_up",
    "sped_up_reason",
    "too_large",
    "truncated_beyond_use",
    "no_person",
    "person_too_small",
    "too_short",
    "too_dark",
    "not_side_view",
    "not_running",
    "walks",
    "no_such_person",
    "model_missing",
    "model_damaged",
    "cannot_write_output",
    "bad_option",
    "unknown_activity",
    "stopped",
    "too_few_strides",
    "needs_outline",
    "back_hidden",
    "back_unsteady",
    "back_too_small",
    "back_turned",
    "needs_belt_speed",
    "belt_speed_estimated",
    "needs_height",
    "far_side",
    "not_seen",
    "frame_rate_too_low",
    "implausible_value",
    "moving_camera",
    "landmarks_doubtful",
    "legs_exchanged",
    "jumps",
    "gaps",
    "several_people",
    "variable_frame_rate",
    "repeated_pictures",
    "picture_stretched",
    "picture_stretched_reason",
    "repeated_pictures_reason",
    "low_frame_rate",
    "slow_motion_suspected",
    "slow_motion_undone",
    "camera_moving",
    "camera_tilted",
    "camera_yaw",
    "person_small",
    "person_rarely_found",
    "truncated",
    "belt_speed_disagrees",
    "scale_doubtful",
    "feet_cut_off",
    "no_safety_check",
    "level_good",
    "level_watch",
    "level_act",
    "level_unknown",
    "status_ok",
    "status_low_confidence",
    "status_not_measurable",
    "basis_measured",
    "basis_consensus",
    "basis_house",
    "side_left",
    "side_right",
    "near",
    "far",
    "view_side",
    "view_rear",
    "view_front",
    "view_oblique",
    "view_unknown",
    "facing_left",
    "facing_right",
    "facing_unknown",
    "moment_contact",
    "moment_midstance",
    "moment_toe_off",
    "unit_deg",
    "unit_s",
    "unit_spm",
    "unit_pct",
    "unit_cm",
    "unit_m",
    "unit_class",
    "foot_strike_rearfoot",
    "foot_strike_midfoot",
    "foot_strike_forefoot",
    "stage_decoding",
    "stage_pose",
    "stage_measures",
    "stage_drawing",
    "stage_report",
    "privacy",
    "disclaimer",
    "danger_signs",
    "before_numbers",
]


def test_every_promised_code_exists() -> None:
    assert set(PROMISED) <= codes()
    assert {f"group_{group}" for group in GROUPS} <= codes()


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_both_languages_say_it_and_leave_the_same_things_open(code: str) -> None:
    sentence = TEXTS[code]
    assert not JAPANESE.search(sentence.en)
    assert placeholders(sentence.ja) == placeholders(sentence.en)
    assert all(name.isidentifier() for name in placeholders(sentence.en))
    details = dict.fromkeys(placeholders(sentence.en), 7)
    for lang in LANGS:
        assert "{" not in text(code, lang, **details)
        assert "?" not in text(code, lang, **details)


def test_errors_are_one_whole_line_each() -> None:
    sections = tomllib.loads(files("formcheck").joinpath("texts.toml").read_text(encoding="utf-8"))
    for code, sentence in sections["errors"].items():
        assert "\n" not in sentence["ja"] + sentence["en"], code
        assert sentence["ja"].endswith(("。", "。）", "）。")), code
        assert sentence["en"].endswith("."), code


def test_the_danger_signs_are_all_there() -> None:
    ja, en = TEXTS["danger_signs"].ja, TEXTS["danger_signs"].en
    for sign in ("18", "しびれ", "一点", "排尿", "排便", "発熱", "夜", "事故", "ガクッ"):
        assert sign in ja
    for sign in ("18", "numbness", "one single point", "bladder", "bowel", "fever", "night", "accident", "locks"):
        assert sign in en


class TestText:
    def test_an_unknown_code_is_an_error(self) -> None:
        with pytest.raises(KeyError):
            text("no_such_code", "en")

    def test_a_missing_detail_leaves_a_question_mark(self) -> None:
        assert "?" in text("low_frame_rate", "en")

    def test_numbers_are_shortened(self) -> None:
        assert " 29.97 " not in text("low_frame_rate", "en", rate=29.97002997)
        assert " 30 " in text("low_frame_rate", "en", rate=29.97002997)
        assert "59.9" in text("low_frame_rate", "ja", rate=59.94)

    def test_notes_fill_themselves_in(self) -> None:
        assert "3; 7" in note_text(Note("too_few_strides", {"n": 3, "needed": 7}), "en")

    def test_a_code_may_stand_only_once(self) -> None:
        with pytest.raises(ValueError, match="already"):
            parse_texts('[a.x]\nja = "あ"\nen = "a"\n[b.x]\nja = "い"\nen = "b"')

    @pytest.mark.parametrize("body", ['ja = "あ"', 'ja = "あ"\nen = ""', 'ja = "あ"\nen = "a"\nde = "a"'])
    def test_both_languages_and_no_others(self, body: str) -> None:
        with pytest.raises(ValueError, match="ja and en"):
            parse_texts(f"[a.x]\n{body}")


def measured(card: Card, value: float | str | None, uncertainty: float | None = 0.0, **more: object) -> Measurement:
    side = "left" if card.per_side else None
    return Measurement(card.metric, side, card.unit, value, uncertainty=uncertainty, **more)  # type: ignore[arg-type]


class TestFormat:
    @pytest.mark.parametrize(
        ("metric", "value", "uncertainty", "en", "ja"),
        [
            ("trunk_lean_deg", 7.34, 1.21, "7.3 ± 1.2°", "7.3 ± 1.2°"),
            ("trunk_lean_deg", -0.01, 0.001, "0.0 ± 0.1°", "0.0 ± 0.1°"),
            ("trunk_lean_deg", 7.34, None, "7.3°", "7.3°"),
            ("trunk_lean_deg", None, None, "not measured", "測れません"),
            ("trunk_lean_deg", math.nan, 1.0, "not measured", "測れません"),
            ("cadence_spm", 168.0, 0.8, "168.0 ± 0.8 steps/min", "168.0 ± 0.8歩/分"),
            ("contact_time_s", 0.2446, 0.012, "0.245 ± 0.012 s", "0.245 ± 0.012秒"),
            ("overstride_pct_leg", 31.0, 2.0, "31.0 ± 2.0%", "31.0 ± 2.0%"),
            ("foot_strike", "rearfoot", None, "heel first", "かかと接地"),
        ],
    )
    def test_value(self, metric: str, value: float, uncertainty: float, en: str, ja: str) -> None:
        card = CARDS[metric]
        measurement = measured(card, value, uncertainty)
        assert format_value(measurement, card, "en") == en
        assert format_value(measurement, card, "ja") == ja

    def test_class_with_its_probability(self) -> None:
        card = CARDS["foot_strike"]
        measurement = measured(card, "rearfoot", None, probabilities={"rearfoot": 0.917, "midfoot": 0.083})
        assert format_value(measurement, card, "en") == "heel first (92%)"
        assert format_value(measurement, card, "ja") == "かかと接地（92%）"

    def test_range(self) -> None:
        assert format_range(CARDS["trunk_lean_deg"], "en") == "2 to 14°"
        assert format_range(CARDS["trunk_lean_deg"], "ja") == "2〜14°"
        assert format_range(CARDS["cadence_spm"], "en") == "155 steps/min or more"
        assert format_range(CARDS["overstride_pct_leg"], "ja") == "30%以下"
        assert format_range(CARDS["contact_time_s"], "en") == "–"

    def test_number_and_border(self) -> None:
        assert format_number(155, CARDS["cadence_spm"], "en") == "155.0 steps/min"
        assert format_border(155, CARDS["cadence_spm"], "en") == "155 steps/min"


def sentences(card: Card, measurement: Measurement) -> tuple[str, str | None]:
    (finding,) = findings([measurement], CARDS)
    for lang in LANGS:
        for sentence in (finding_text(finding, measurement, card, lang), advice_text(finding, measurement, card, lang)):
            assert sentence is None or not {"{", "}", "?"} & set(sentence), sentence
    return finding_text(finding, measurement, card, "en"), advice_text(finding, measurement, card, "en")


@pytest.mark.parametrize("card", RANGED, ids=lambda card: card.metric)
class TestFindingText:
    def test_outside_gives_the_sentence_and_the_advice(self, card: Card) -> None:
        assert card.range is not None
        assert card.plausible is not None
        for border, far in ((card.range.low, card.plausible[0]), (card.range.high, card.plausible[1])):
            if border is not None:
                said, advice = sentences(card, measured(card, (border + far) / 2, 0.01))
                assert format_border(border, card, "en") in said
                assert advice is not None

    def test_within_the_uncertainty_of_a_border_gives_no_advice(self, card: Card) -> None:
        assert card.range is not None
        border = card.range.low if card.range.low is not None else card.range.high
        assert border is not None
        said, advice = sentences(card, measured(card, border, 0.5))
        assert "which side of it" in said
        assert advice is None

    def test_without_a_number_the_reason_is_told(self, card: Card) -> None:
        lost = measured(card, None, None, status="not_measurable", reason=Note("needs_height"))
        said, advice = sentences(card, lost)
        assert card.name.en in said
        assert "height" in said
        assert advice is None

    def test_without_a_reason_there_still_is_a_sentence(self, card: Card) -> None:
        assert card.range is not None
        border = card.range.low if card.range.low is not None else card.range.high
        assert "not seen" in sentences(card, measured(card, None, None, status="not_measurable"))[0]
        assert "how sure" in sentences(card, measured(card, border, None))[0]

    def test_less_trust_is_said(self, card: Card) -> None:
        assert card.range is not None
        border = card.range.low if card.range.low is not None else card.range.high
        reason = Note("frame_rate_too_low", {"rate": 30})
        said, _ = sentences(card, measured(card, border, 0.5, status="low_confidence", reason=reason))
        assert said.endswith("60 or more.")


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "id", ""), node


def given_details(name: str, call: ast.Call) -> set[str] | None:
    """Names of the details a call fills in; None where they cannot be read from the source."""
    if name == "Note":
        details = [*call.args[1:], *(k.value for k in call.keywords if k.arg == "details")]
        if not details:
            return set()
        if not isinstance(details[0], ast.Dict) or not all(isinstance(k, ast.Constant) for k in details[0].keys):
            return None
        return {str(k.value) for k in details[0].keys if isinstance(k, ast.Constant)}
    if any(k.arg is None for k in call.keywords):
        return None
    return {k.arg for k in call.keywords if k.arg is not None}


def used_codes() -> list[tuple[str, str, set[str] | None]]:
    found = []
    for path in sorted(Path(formcheck.__path__[0]).rglob("*.py")):
        for name, call in calls(ast.parse(path.read_text(encoding="utf-8"))):
            if name not in ("InputError", "Note", "text") or not call.args:
                continue
            first = call.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.append((f"{path.name}:{call.lineno}", first.value, given_details(name, call)))
    return found


def test_every_code_the_package_uses_has_its_sentence_and_its_details() -> None:
    used = used_codes()
    assert used
    unknown = [(where, code) for where, code, _ in used if code not in codes()]
    assert not unknown
    short = [
        (where, code, missing)
        for where, code, given in used
        if given is not None and (missing := placeholders(TEXTS[code].en) - given - {"lang"})
    ]
    assert not short
