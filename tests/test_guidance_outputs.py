"""The outcome of the safety check in what comes out of an analysis: it gates what is shown."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from guidance_people import measured
from synthetic_analysis import build_analysis

from formcheck.analysis import with_answers
from formcheck.exports.analysis_json import analysis_as_dict
from formcheck.guidance import read_answers
from formcheck.guidance.plan import load_plan_rules
from formcheck.guidance.safety import load_safety_rules
from formcheck.records import Analysis
from formcheck.report import report_html

ROWS = [
    ["cadence_spm", "", 158.0, 0.5],
    ["overstride_pct_leg", "right", 40.0, 2.0],
    ["shank_angle_at_contact_deg", "right", 18.0, 2.0],
]
WELL = {"age": 30, "pain": "none", "signs": []}
TIRED = {"age": 37, "pain": {"place": "back", "when": ["after"], "running": "same", "rest": "better"}, "signs": []}
HURT = {"age": 28, "pain": {"place": "back", "running": "grows"}, "signs": []}
YOUNG = {"age": 15, "pain": "back", "signs": []}


def analysis(said: dict[str, Any] | None) -> Analysis:
    """An overstriding runner who answered so; None for a skipped check."""
    clip = measured(ROWS)
    answers = None if said is None else read_answers(said)
    return replace(
        build_analysis(), measurements=tuple(clip.measurements), findings=tuple(clip.findings), answers=answers
    )


class TestJson:
    def test_outcome_rules_and_plan(self) -> None:
        told = analysis_as_dict(analysis(TIRED))["guidance"]
        assert told["safety"]["outcome"] == "reduce"
        assert {"rule": "pain_after_running", "outcome": "reduce", "sources": ["seed_s0"]} in told["safety"]["rules"]
        assert told["plan"][0] == {"do": "quicker_steps", "rules": ["foot_far_ahead", "shin_or_knee_at_landing"]}
        assert told["cadence_target"] == {"own_spm": 158.0, "target_spm": 166, "most_spm": 173}

    def test_how_much_to_run_and_the_rest_of_the_day(self) -> None:
        said = WELL | {"week_km": 20, "next_week_km": 30, "sitting_at_once_min": 120}
        told = analysis_as_dict(analysis(said))["guidance"]
        assert told["load"] == [{"rule": "week_too_much", "limit_km": 22.0}]
        assert told["habits"] == ["long_sitting"]

    def test_a_skipped_check_is_null(self) -> None:
        told = analysis_as_dict(analysis(None))["guidance"]
        assert told["safety"] is None
        assert told["plan"]

    def test_advice_on_running_is_withheld_where_the_outcome_says_so(self) -> None:
        def advice(said: dict[str, Any] | None) -> list[Any]:
            return [f["advice"] for f in analysis_as_dict(analysis(said))["findings"] if f["advice"] is not None]

        assert advice(None)
        assert advice(WELL)
        assert advice(TIRED)
        assert not advice(HURT)
        assert not advice(YOUNG)
        assert analysis_as_dict(analysis(YOUNG))["guidance"]["plan"] == []


def report(said: dict[str, Any] | None) -> str:
    return report_html(analysis(said), (), "en")


class TestReport:
    def test_the_outcome_comes_before_any_finding(self) -> None:
        page = report(TIRED)
        assert page.index("Run less") < page.index('id="h-findings"')
        assert "rule “pain after running”" in page
        assert "規則「走ったあとの痛み」" in page
        assert "Steps 5% quicker" in page
        assert "ピッチを5%上げる" in page
        assert "No safety check was made" not in page

    def test_no_id_of_a_rule_is_among_the_words(self) -> None:
        ids = {id_ for id_ in (*load_plan_rules(), *load_safety_rules()) if "_" in id_}
        for said in (TIRED, HURT, YOUNG, WELL):
            read = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", report(said), flags=re.DOTALL)
            assert not {id_ for id_ in ids if re.search(rf"\b{id_}\b", read)}

    def test_a_skipped_check_is_said(self) -> None:
        page = report(None)
        assert "No safety check was made" in page
        assert "安全の確認は行っていません" in page
        assert "Steps 5% quicker" in page

    def test_what_is_ruled_out_is_explained_and_advice_is_withheld(self) -> None:
        page = report(YOUNG)
        assert '<article class="item"' not in page
        assert "Left out for now" in page
        assert "Advice on how to run is withheld" in page
        assert 'class="advice"' not in page
        assert 'class="advice"' in report(WELL)

    def test_every_source_cited_is_listed(self) -> None:
        for said in (TIRED, HURT, YOUNG, None):
            page = report(said)
            cited = set(re.findall(r'href="#(ref-\d+)"', page))
            assert cited <= set(re.findall(r'id="(ref-\d+)"', page))
            assert "[seed_" not in page
            assert "[house]" not in page


class TestAnswersLater:
    def test_they_take_the_place_of_the_note(self) -> None:
        skipped = with_answers(analysis(TIRED), None)
        assert [note.code for note in skipped.warnings] == ["no_safety_check"]
        answered = with_answers(skipped, read_answers(HURT))
        assert answered.warnings == ()
        assert answered.answers == read_answers(HURT)
