"""``formcheck check``: outcome, rule and source from a file of answers; one clear line for what cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from formcheck.cards import LANGS, Lang, load_bibliography
from formcheck.cli import run
from formcheck.guidance.example import example_yaml
from formcheck.guidance.exercises import load_exercises
from formcheck.guidance.plan import load_plan_rules
from formcheck.guidance.safety import load_safety_rules
from formcheck.guidance.told import say

YOUNG = "age: 15\npain: {place: lower back, when: [on landing]}\n"
TIRED = "age: 37\npain: {place: back, when: [after, next day], running: same, rest: better}\nsigns: []\n"


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    return tmp_path / "answers.yaml"


def check(*arguments: object) -> int:
    return run(["check", *map(str, arguments)])


def test_outcome_rule_and_source_are_printed(answers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers.write_text(YOUNG, encoding="utf-8")
    assert check(answers, "--lang", "en") == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert shown.out.startswith("see_doctor_first: See a doctor before you go on")
    assert "(rule “back pain before 18”)" in shown.out
    assert "[seed_s0]" in shown.out
    assert "[patel2017] Patel DR, Kinsella E (2017)." in shown.out
    assert "Draw-in; Hip lift" in shown.out, "what is ruled out is explained"
    assert "1. " not in shown.out, "and not offered"
    assert 'taken as "no"' in shown.out


@pytest.mark.parametrize("lang", LANGS)
def test_how_an_advice_came_about_is_told_in_words(
    lang: Lang, answers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers.write_text(TIRED, encoding="utf-8")
    assert check(answers, "--lang", lang) == 0
    shown = capsys.readouterr().out
    assert {"ja": "→ 規則「腰を支える」 → ドローイン", "en": "→ rule “support for the back” → Draw-in"}[lang] in shown
    ids = {*load_plan_rules(), *load_safety_rules(), *load_exercises()}
    assert not {id_ for id_ in ids if "_" in id_ and id_ in shown}


def test_a_plan_with_how_much_and_when_to_stop(answers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers.write_text(TIRED, encoding="utf-8")
    assert check(answers, "--lang", "ja") == 0
    shown = capsys.readouterr().out
    assert shown.startswith("reduce: 減らす")
    for words in ("1. ドローイン", "10回、5秒止める [seed_s1]", "やめるとき", "測り直す", "2〜3週間後", "寝る前の3分"):
        assert words in shown


@pytest.mark.parametrize("lang", LANGS)
def test_the_plan_is_written_to_print(lang: str, answers: Path, tmp_path: Path) -> None:
    answers.write_text(TIRED, encoding="utf-8")
    plan = tmp_path / "plan.html"
    assert check(answers, "--plan", plan, "--lang", lang) == 0
    page = plan.read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert f'<html lang="{lang}">' in page
    assert "http-equiv" in page
    assert "<script" not in page


def test_the_example_is_understood(answers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for lang in LANGS:
        assert check("--example", "--lang", lang) == 0
        answers.write_text(capsys.readouterr().out, encoding="utf-8")
        assert check(answers) == 0
        assert capsys.readouterr().out.startswith("reduce")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (b"age: 15\n", '"place"'),
        (b"age: old\nplace: none\n", '"age" needs a number from 4 to 110, not "old"'),
        (b"age: 15\nplace: nose\n", '"nose" is no answer'),
        (b"age: 15\nplace: none\nfoo: 1\n", '"foo", which is not asked'),
        (b"[1, 2", "could not be read"),
        (b"", "could not be read"),
        (b"- 1\n", "could not be read"),
        (b"\xff\xfe\x00", "could not be read"),
        (b"!!python/object/apply:os.system [echo]", "could not be read"),
        (b"age: &a [" + b"*a, " * 10 + b"]", "could not be read"),
        (b"age: &a {pain: *a}\nplace: none", "could not be read"),
        (b"age: 15\nplace: |\n  nose\n  ear\n", '"nose ear" is no answer'),
        (b"#" * 200_000, "could not be read"),
    ],
)
def test_what_cannot_be_read_is_one_clear_line(
    written: bytes, told: str, answers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers.write_bytes(written)
    assert check(answers, "--lang", "en") == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert told in shown.err
    assert shown.err.count("\n") == 1


def test_no_file_and_nothing_to_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(tmp_path / "none.yaml") == 2
    assert check() == 2
    assert check(tmp_path) == 2
    assert capsys.readouterr().err.count("\n") == 3


def test_a_plan_that_cannot_be_written_is_one_line(
    answers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers.write_text(TIRED, encoding="utf-8")
    assert check(answers, "--plan", tmp_path / "nowhere" / "plan.html") == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_every_key_shown_is_in_the_list_of_sources(answers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers.write_text(TIRED, encoding="utf-8")
    check(answers, "--lang", "en")
    shown = capsys.readouterr().out
    for key in load_bibliography():
        if f"{key}]" in shown or f"{key}," in shown:
            assert f"• [{key}] " in shown, key


@pytest.mark.parametrize(
    ("what", "told"), [("topics", "ten_per_cent"), ("exercises", "draw_in"), ("findings", "overstride_pct_leg")]
)
def test_the_short_pages_are_listed(what: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["list", what, "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert told in shown
    assert "[seed_" in shown
    assert run(["list", what, "--lang", "ja"]) == 0
    assert capsys.readouterr().out != shown


@pytest.mark.slow
def test_a_clip_with_answers_has_outcome_and_plan(answers: Path, short_sample: Path, tmp_path: Path) -> None:
    answers.write_text(TIRED, encoding="utf-8")
    out = tmp_path / "out"
    asked = ["analyze", short_sample, "--out", out, "--pose", "fast", "--lang", "en", "--answers", answers]
    assert run([str(word) for word in asked]) == 0
    (folder,) = out.iterdir()
    told = json.loads((folder / "analysis.json").read_text(encoding="utf-8"))
    assert told["guidance"]["safety"]["outcome"] == "reduce"
    assert "no_safety_check" not in [warning["code"] for warning in told["quality"]["warnings"]]
    for name in ("plan.html", "report.html"):
        assert "Run less" in (folder / name).read_text(encoding="utf-8")


def test_self_tests_stand_below_why_to_make_them(answers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers.write_text(example_yaml("en"), encoding="utf-8")
    assert check(answers, "--lang", "en") == 0
    lines = capsys.readouterr().out.splitlines()
    below = lines[lines.index(say("look_also_title").get("en")) + 1 :]
    assert below[0].startswith("  • ")
    assert below[1].startswith("    • ")


@pytest.mark.parametrize("lang", LANGS)
def test_without_a_clip_none_is_spoken_of_as_if_it_had_been_looked_at(
    lang: Lang, answers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers.write_text("age: 34\nplace: none\n", encoding="utf-8")
    assert check(answers, "--lang", lang) == 0
    shown = "".join(capsys.readouterr().out.split())
    assert "".join(getattr(say("nothing_in_answers"), lang).split()) in shown
    assert "".join(getattr(say("nothing_to_change"), lang).split()) not in shown
