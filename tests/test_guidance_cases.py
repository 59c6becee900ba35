"""Twenty people and what we would tell each of them (guidance_cases.toml), from answers and numbers to the plan."""

from __future__ import annotations

from typing import Any

import pytest
from guidance_people import CASES, measured_in

from formcheck.guidance import guide, read_answers
from formcheck.guidance.plan import AT_MOST
from formcheck.guidance.told import tell


def test_there_are_twenty_of_all_five_outcomes() -> None:
    assert len(CASES) == 20
    assert {case["outcome"] for case in CASES} == {"go_on", "reduce", "rest", "see_doctor_first", "see_doctor_now"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["story"][:40])
class TestCase:
    def test_outcome_plan_and_what_is_left_out(self, case: dict[str, Any]) -> None:
        found = guide(read_answers(case["answers"]), measured_in(case))
        assert found.safety is not None
        assert found.safety.outcome.id == case["outcome"]
        assert case["decided_by"] in [rule.id for rule in found.safety.deciding]
        assert [item.exercise.id for item in found.items] == case["plan"]
        assert set(case["not_for_now"]) <= {out.exercise.id for out in found.ruled_out}
        if "load" in case:
            assert [[a.rule.id, a.limit_km or 0.0] for a in found.load] == case["load"]

    def test_each_advice_can_be_traced(self, case: dict[str, Any]) -> None:
        clip = measured_in(case)
        for item in tell(guide(read_answers(case["answers"]), clip), clip).items:
            assert item.facts, item.id
            assert item.rules
            assert all("[" in why.en and "[" in why.ja for why in item.why)

    def test_at_most_three_and_never_what_was_left_out(self, case: dict[str, Any]) -> None:
        found = guide(read_answers(case["answers"]), measured_in(case))
        assert len(found.items) <= AT_MOST
        assert not {i.exercise.id for i in found.items} & {out.exercise.id for out in found.ruled_out}

    def test_the_same_again_gives_the_same(self, case: dict[str, Any]) -> None:
        answers, clip = read_answers(case["answers"]), measured_in(case)
        assert guide(answers, clip) == guide(answers, clip)
