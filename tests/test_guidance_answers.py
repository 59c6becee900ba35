"""How a file of answers is read: as people write it, and nothing passed over."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from formcheck.cards import LANGS
from formcheck.guidance.example import example_yaml
from formcheck.guidance.questions import facts_of, load_questions, read_answers, unanswered
from formcheck.records import InputError

QUESTIONS = load_questions()


@pytest.mark.parametrize(
    "said",
    [
        {"age": 34, "place": ["lower_back"], "when": ["after"], "signs": ["night_pain", "leg_numbness"]},
        {"age": 34, "pain": {"place": "lower back", "when": "after running", "numbness": "leg", "night_pain": True}},
        {"Age": 34, "pain": [{"place": "back", "when": ["after"], "night": "yes"}], "signs": {"numbness": True}},
        {"age": 34, "pain": {"place": "lumbar", "kind": "numb", "when": ["after a run", "at night"]}},
        {"you": {"age": 34.0}, "pain": {"where": "腰", "when": "走ったあと"}, "red_flags": ["numb leg", "night pain"]},
    ],
)
def test_the_same_is_understood_in_other_words(said: dict[str, Any]) -> None:
    answers = read_answers(said)
    assert answers.numbers == {"age": 34.0}
    assert answers.choices["place"] == {"lower_back"}
    assert answers.choices["when"] == {"after"}
    assert answers.choices["signs"] == {"night_pain", "leg_numbness"}


@pytest.mark.parametrize("nothing", ["none", "no", "なし", False, [], ""])
def test_no_pain_can_be_said_in_many_ways(nothing: Any) -> None:
    for said in ({"age": 34, "pain": nothing}, {"age": 34, "place": nothing}):
        answers = read_answers(said)
        assert answers.choices["place"] == frozenset()
        assert facts_of(answers)["pain"] == {"no"}


def test_care_can_be_told_in_groups() -> None:
    said = {"age": 34, "pain": "back", "self_care": {"weeks": 4, "change": "none"}, "stretch": {"weeks": 2}}
    answers = read_answers(said)
    assert answers.numbers == {"age": 34.0, "self_care_weeks": 4.0, "stretch_weeks": 2.0}
    assert answers.choices["self_care_change"] == {"same"}


def test_a_sign_denied_is_an_answer() -> None:
    answers = read_answers({"age": 34, "pain": "none", "signs": {"fever": False, "cancer": "no"}})
    assert answers.choices["signs"] == frozenset()
    assert unanswered(answers) == ()


def test_what_was_left_open_is_known() -> None:
    assert unanswered(read_answers({"age": 34, "pain": "none"})) == ("signs",)
    assert unanswered(read_answers({"age": 34, "pain": "back"})) == ("when", "kind", "running", "with_rest", "signs")


@pytest.mark.parametrize(
    ("said", "code", "name"),
    [
        (None, "answers_unreadable", None),
        ("34", "answers_unreadable", None),
        ([34], "answers_unreadable", None),
        ({}, "answers_missing", "age"),
        ({"age": 34}, "answers_missing", "place"),
        ({"place": []}, "answers_missing", "age"),
        ({"age": 34, "pain": None}, "answers_missing", "place"),
        ({"age": 34, "place": None}, "answers_missing", "place"),
        ({"age": 34, "pain": "none", "foo": 1}, "answers_unknown_key", "foo"),
        ({"age": 34, "pain": "nose"}, "answers_unknown", "place"),
        ({"age": 34, "pain": {"place": "back", "numbness": "ear"}}, "answers_unknown", "signs"),
        ({"age": 34, "pain": {"place": "back", "running": False}}, "answers_unknown", "running"),
        (
            {"age": 34, "pain": [{"place": "back", "running": "same"}, {"running": "grows"}]},
            "answers_unknown",
            "running",
        ),
        ({"age": "old", "pain": "none"}, "answers_number", "age"),
        ({"age": True, "pain": "none"}, "answers_number", "age"),
        ({"age": 3, "pain": "none"}, "answers_number", "age"),
        ({"age": float("nan"), "pain": "none"}, "answers_number", "age"),
        ({"age": 34, "pain": "none", "run_days": 8}, "answers_number", "run_days"),
    ],
)
def test_what_is_not_understood_is_an_error(said: Any, code: str, name: str | None) -> None:
    with pytest.raises(InputError) as error:
        read_answers(said)
    assert error.value.code == code
    assert error.value.details.get("name") == name


def test_no_word_means_two_answers() -> None:
    for question in QUESTIONS.values():
        named = [name for o in question.options.values() for name in {o.id, o.label.ja, o.label.en.lower(), *o.also}]
        squeezed = [name.replace(" ", "_").replace("-", "_") for name in named]
        assert len(set(squeezed)) == len({(s, question.option(s)) for s in squeezed})
        for option in question.options.values():
            assert all(question.option(name) == option.id for name in (option.id, option.label.ja, option.label.en))
            assert all(question.option(name) == option.id for name in option.also)


def test_growth_of_the_training() -> None:
    said = {"age": 34, "pain": "none", "week_km": 20, "next_week_km": 22, "longest_km": 10, "next_long_km": 11.5}
    facts = facts_of(read_answers(said))
    assert facts["week_growth_pct"] == 10.0
    assert facts["long_run_growth_pct"] == 15.0
    assert "week_growth_pct" not in facts_of(read_answers({"age": 34, "pain": "none", "week_km": 0, "next_week_km": 5}))


@pytest.mark.parametrize("lang", LANGS)
def test_the_example_can_be_read_and_names_every_answer(lang: Any) -> None:
    written = example_yaml(lang)
    assert read_answers(yaml.safe_load(written)).numbers["age"] == 34
    for question in QUESTIONS.values():
        assert f"{question.id}:" in written
        assert all(option in written for option in question.options)
