"""The outcome of the safety check in what comes out of an analysis: it gates what is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from guidance_people import measured
from synthetic_analysis import build_analysis

from formcheck.exports.analysis_json import analysis_as_dict
from formcheck.guidance import read_answers
from formcheck.records import Analysis

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
