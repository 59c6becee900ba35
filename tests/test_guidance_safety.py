"""Safety first: every rule on its smallest case and beside it; more danger signs are never milder."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.guidance import Guidance, guide, read_answers
from formcheck.guidance.conditions import parse_clause
from formcheck.guidance.exercises import load_exercises
from formcheck.guidance.muscles import load_verdict_rules
from formcheck.guidance.pages import load_topics
from formcheck.guidance.questions import facts_of, load_questions
from formcheck.guidance.running import load_chain_rules, load_habit_rules, load_load_rules, load_principles
from formcheck.guidance.safety import (
    OUTCOMES,
    OutcomeId,
    check_safety,
    load_outcomes,
    load_safety_rules,
)
from formcheck.records import Answers

RULES = load_safety_rules()
QUESTIONS = load_questions()
WELL: dict[str, Any] = {"age": 30, "place": [], "signs": []}
BACK: dict[str, Any] = {"place": ["lower_back"]}
KNEE: dict[str, Any] = {"place": ["knee"]}


def signs(*names: str) -> dict[str, Any]:
    return {"signs": list(names)}


# rule: (smallest answers on which it fires, answers beside it on which it does not)
TABLE: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
    "bladder_bowel": (signs("bladder_bowel"), [signs("saddle_numbness")]),
    "saddle_numbness": (signs("saddle_numbness"), [signs("leg_numbness")]),
    "growing_weakness": (signs("growing_weakness"), [signs("leg_weakness")]),
    "fever_with_pain": (BACK | signs("fever"), [signs("fever"), BACK]),
    "accident_hard_to_walk": (signs("accident", "hard_to_walk"), [signs("accident"), signs("hard_to_walk")]),
    "sudden_sharp_hard_to_walk": (
        signs("sudden_sharp", "hard_to_walk"),
        [signs("sudden_sharp"), signs("hard_to_walk")],
    ),
    "under_18_back_pain": (BACK | {"age": 17}, [BACK | {"age": 18}, KNEE | {"age": 17}, {"age": 17}]),
    "leg_numbness_with_back_pain": (BACK | signs("leg_numbness"), [signs("leg_numbness"), BACK, KNEE]),
    "leg_numbness": (signs("leg_numbness"), [signs("numbness_while_running")]),
    "tingling": ({"kind": ["tingling"]}, [KNEE | {"kind": ["dull"]}]),
    "leg_weakness": (signs("leg_weakness"), [signs("hard_to_walk")]),
    "numbness_while_running": (signs("numbness_while_running"), [signs("leg_numbness")]),
    "pinpoint_back_pain": (BACK | {"kind": ["pinpoint"]}, [KNEE | {"kind": ["pinpoint"]}, BACK | {"kind": ["dull"]}]),
    "sudden_sharp": (signs("sudden_sharp"), [BACK | {"kind": ["stabbing"]}]),
    "hard_to_walk": (signs("hard_to_walk"), [signs("sudden_sharp")]),
    "night_pain": (signs("night_pain"), [signs("constant_pain")]),
    "constant_pain": (signs("constant_pain"), [signs("night_pain")]),
    "accident": (signs("accident"), [BACK]),
    "cancer": (BACK | signs("cancer"), [signs("cancer"), BACK]),
    "weight_loss": (BACK | signs("weight_loss"), [signs("weight_loss"), BACK]),
    "fragile_bones": (BACK | signs("fragile_bones"), [signs("fragile_bones"), BACK]),
    "first_back_pain_after_50": (
        BACK | signs("first_time") | {"age": 50},
        [BACK | signs("first_time") | {"age": 49}, BACK | {"age": 50}, KNEE | signs("first_time") | {"age": 50}],
    ),
    "knee_no_better_with_rest": (
        KNEE | {"with_rest": "same"},
        [KNEE | {"with_rest": "better"}, BACK | {"with_rest": "same"}, KNEE],
    ),
    "knee_locked": (signs("knee_locked"), [signs("knee_catches")]),
    "knee_gives_way": (signs("knee_gives_way"), [signs("knee_locked")]),
    "knee_catches": (signs("knee_catches"), [signs("knee_gives_way")]),
    "swelling": (signs("swelling"), [KNEE]),
    "no_change_after_self_care": (
        {"self_care_weeks": 3, "self_care_change": "same"},
        [
            {"self_care_weeks": 2.9, "self_care_change": "same"},
            {"self_care_weeks": 3, "self_care_change": "better"},
            {"self_care_change": "same"},
        ],
    ),
    "worse_after_self_care": (
        {"self_care_weeks": 2, "self_care_change": "worse"},
        [{"self_care_weeks": 1.9, "self_care_change": "worse"}, {"self_care_weeks": 2, "self_care_change": "same"}],
    ),
    "pain_grows_while_running": ({"running": "grows"}, [{"running": "same"}, {"running": "eases"}, BACK]),
    "fever": (signs("fever"), [BACK]),
    "pain_after_running": ({"when": ["after"]}, [{"when": ["next_day"]}, BACK]),
    "pain_next_day": ({"when": ["next_day"]}, [{"when": ["after"]}]),
    "pain_on_long_distances": ({"when": ["long_distance"]}, [{"when": ["while_running"]}]),
    "pain_on_landing": ({"when": ["on_landing"]}, [{"when": ["on_bending_back"]}]),
    "pain_during_exercise": ({"when": ["during_exercise"]}, [{"when": ["while_running"]}]),
    "pain_unchanged_by_running": (BACK | {"running": "same"}, [{"running": "same"}, BACK | {"running": "grows"}]),
    "pain_eases_while_running": (BACK | {"running": "eases"}, [{"running": "eases"}, BACK | {"running": "same"}]),
    "pain_stage": (KNEE, [{}]),
    "exercise_that_hurts": ({"hurts_in": ["draw_in"]}, [{}, BACK]),
    "no_stretch_where_it_hurts": (KNEE, [{}]),
    "no_stretch_when_numb": (signs("saddle_numbness"), [signs("night_pain"), BACK]),
    "bending_back_hurts": ({"when": ["on_bending_back"]}, [{"when": ["on_landing"]}]),
    "stretching_did_not_help": (
        {"stretch_weeks": 2, "stretch_change": "same"},
        [{"stretch_weeks": 1.9, "stretch_change": "same"}, {"stretch_weeks": 2, "stretch_change": "better"}],
    ),
    "not_a_medical_device": ({}, []),
}


def fired(said: dict[str, Any]) -> set[str]:
    return {rule.id for rule in check_safety(read_answers(WELL | said)).fired}


def outcome(answers: Answers) -> OutcomeId:
    return check_safety(answers).outcome.id


def test_every_rule_has_its_case() -> None:
    assert set(TABLE) == set(RULES)


@pytest.mark.parametrize("rule", TABLE)
class TestRule:
    def test_fires_on_its_smallest_case(self, rule: str) -> None:
        assert rule in fired(TABLE[rule][0])

    def test_and_not_beside_it(self, rule: str) -> None:
        for beside in TABLE[rule][1]:
            assert rule not in fired(beside), beside

    def test_each_of_its_conditions_is_needed(self, rule: str) -> None:
        """Its smallest case, less any one of the answers, does not fire it."""
        said = TABLE[rule][0]
        for name in said:
            assert rule not in fired({key: value for key, value in said.items() if key != name}), name

    def test_its_outcome_is_at_least_reached(self, rule: str) -> None:
        found = outcome(read_answers(WELL | TABLE[rule][0]))
        assert OUTCOMES.index(found) >= OUTCOMES.index(RULES[rule].outcome)


def test_rows_s_and_f_are_all_covered() -> None:
    covers: set[str] = set()
    running = (load_load_rules(), load_habit_rules(), load_chain_rules(), load_principles())
    tables = (RULES, *running, load_exercises(), load_topics())
    for table in tables:
        for entry in table.values():
            covers |= set(entry.covers)
    assert {f"S{n}" for n in range(1, 16)} <= {row for rule in RULES.values() for row in rule.covers}
    assert {f"F{n}" for n in range(1, 9)} <= covers
    assert {f"K{n}" for n in range(1, 7)} <= covers
    assert {"P3", "P6", "R15"} <= covers
    assert {f"E{n}" for n in range(1, 16)} <= covers


def test_conditions_speak_the_words_of_the_questions() -> None:
    derived = {
        "pain": {"yes", "no"},
        "numb": {"yes", "no"},
        "some_exercise_hurts": {"yes", "no"},
    }
    for rule in RULES.values():
        for clause in rule.all:
            if clause.fact in derived:
                assert clause.words <= derived[clause.fact], rule.id
            elif clause.words:
                assert clause.words <= set(QUESTIONS[clause.fact].options), rule.id
            else:
                assert QUESTIONS[clause.fact].low <= clause.number <= QUESTIONS[clause.fact].high, rule.id


def test_every_danger_sign_is_asked_for_a_reason() -> None:
    used = {word for rule in RULES.values() for clause in rule.all if clause.fact == "signs" for word in clause.words}
    assert used == set(QUESTIONS["signs"].options)


@pytest.mark.parametrize("line", ["age < ", "age = 3", "place lower_back", "", "a: b | ", "age << 3"])
def test_what_is_no_condition_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="not a condition"):
        parse_clause(line)


# ------------------------------------------------------------------------------------------ whoever may come


def _choice(name: str) -> st.SearchStrategy[frozenset[str]]:
    options = sorted(QUESTIONS[name].options)
    most = 1 if QUESTIONS[name].kind == "one" else len(options)
    return st.frozensets(st.sampled_from(options), max_size=most)


CHOICES = [name for name, question in QUESTIONS.items() if question.kind != "number"]
NUMBERS = [name for name, question in QUESTIONS.items() if question.kind == "number" and name != "age"]
anybody = st.builds(
    lambda age, choices, numbers: Answers(choices, {"age": float(age)} | numbers),
    st.integers(4, 110),
    st.fixed_dictionaries({"place": _choice("place")}, optional={n: _choice(n) for n in CHOICES if n != "place"}),
    st.fixed_dictionaries(
        {}, optional={n: st.floats(QUESTIONS[n].low, QUESTIONS[n].high, allow_nan=False) for n in NUMBERS}
    ),
)


def with_one_more(answers: Answers, question: str, option: str) -> Answers:
    said = answers.choices.get(question, frozenset()) | {option}
    return Answers({**answers.choices, question: said}, answers.numbers)


def severity(answers: Answers) -> int:
    return OUTCOMES.index(outcome(answers))


@settings(max_examples=150)
@given(anybody, st.sampled_from(sorted(QUESTIONS["signs"].options)))
def test_one_more_danger_sign_is_never_milder(answers: Answers, sign: str) -> None:
    assert severity(with_one_more(answers, "signs", sign)) >= severity(answers)


@settings(max_examples=100)
@given(anybody, st.sampled_from(["place", "when", "kind", "hurts_in"]), st.data())
def test_one_more_sore_place_or_moment_is_never_milder(answers: Answers, question: str, data: st.DataObject) -> None:
    option = data.draw(st.sampled_from(sorted(QUESTIONS[question].options)))
    assert severity(with_one_more(answers, question, option)) >= severity(answers)


@settings(max_examples=100)
@given(anybody, st.integers(4, 17), st.sampled_from(["lower_back", "upper_back"]))
def test_under_18_with_back_pain_a_doctor_comes_first_always(answers: Answers, age: int, place: str) -> None:
    young = Answers(answers.choices, {**answers.numbers, "age": float(age)})
    found = guide(with_one_more(young, "place", place))
    assert found.safety is not None
    assert found.safety.outcome.id in ("see_doctor_first", "see_doctor_now")
    assert found.items == ()


@settings(max_examples=150)
@given(anybody)
def test_nothing_is_offered_that_was_ruled_out(answers: Answers) -> None:
    found = guide(answers)
    offered = {item.exercise.id for item in found.items} | {part.exercise.id for part in found.routine}
    assert not offered & {out.exercise.id for out in found.ruled_out}
    assert len(found.items) <= 3
    check_stretches(found, answers)


def check_stretches(found: Guidance, answers: Answers) -> None:
    """No stretch where it hurts; none at all where there is numbness."""
    stretches = [item.exercise for item in found.items if "stretch" in item.exercise.labels]
    assert not [e for e in stretches if e.touches & answers.choices.get("place", frozenset())]
    if facts_of(answers)["numb"] == frozenset({"yes"}):
        assert not stretches


@settings(max_examples=60)
@given(anybody)
def test_a_doctor_first_means_no_exercise_no_load_and_no_form(answers: Answers) -> None:
    found = guide(answers)
    assert found.safety is not None
    if found.safety.outcome.id.startswith("see_doctor"):
        assert (found.items, found.load, found.routine, found.cadence) == ((), (), (), None)
        assert not found.offers_form
    if found.safety.outcome.id == "rest":
        assert not found.offers_form
        assert not [i for i in found.items if i.exercise.kind == "form"]


def test_without_a_check_nothing_is_ruled_out_and_that_is_known() -> None:
    found = guide(None)
    assert found.safety is None
    assert found.ruled_out == ()
    assert found.offers_form


def test_the_outcomes_offer_less_and_less() -> None:
    offers = [load_outcomes()[name].offers for name in OUTCOMES]
    assert all(after <= before for before, after in pairwise(offers))
    assert offers[-1] == offers[-2] == frozenset()


def test_every_table_of_the_folder_is_read() -> None:
    names = {entry.name for entry in files("formcheck.guidance").iterdir() if entry.name.endswith(".toml")}
    read = {"safety", "outcomes", "questions", "muscles", "running", "plan", "exercises", "topics", "findings"}
    assert names == {f"{name}.toml" for name in read | {"routine", "words"}}
    for name in names:
        tomllib.loads(files("formcheck.guidance").joinpath(name).read_text(encoding="utf-8"))
    assert load_verdict_rules()
