"""Stretch or strengthen, how much to run, which cadence, and the plan: each rule on its case and beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from guidance_people import measured
from hypothesis import given
from hypothesis import strategies as st

from formcheck.cards import LANGS, Text, load_cards
from formcheck.guidance import Measured, guide, read_answers
from formcheck.guidance.cadence import STUDIED_SPM, cadence_target, has_room, overstride_at
from formcheck.guidance.exercises import load_exercises
from formcheck.guidance.facts import DRIFT_FROM_S, outside, overstride_signs
from formcheck.guidance.muscles import load_muscles, load_verdict_rules, verdicts
from formcheck.guidance.plan import AT_MOST, load_plan_rules, proposed
from formcheck.guidance.questions import load_questions
from formcheck.guidance.running import load_habit_rules, load_load_rules
from formcheck.guidance.told import say, tell

PLAN = load_plan_rules()
WELL: dict[str, Any] = {"age": 30, "pain": "none", "signs": []}
SHORT_THIGH = measured([["thigh_extension_at_toe_off_deg", "left", 8.0, 3.0]])


def words(*names: str) -> frozenset[str]:
    return frozenset(names)


# rule: (smallest facts on which it fires, facts beside it on which it does not)
ROOM = {"cadence_room": words("yes")}
TABLE: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
    "foot_far_ahead": (
        ROOM | {"outside": words("overstride_pct_leg.above")},
        [ROOM | {"outside": words("shank_angle_at_contact_deg.above")}, {"outside": words("overstride_pct_leg.above")}],
    ),
    "back_takes_over": ({"outside": words("lumbar_share_pct.above")}, [{"outside": words("lumbar_share_pct.below")}]),
    "hip_front_tight": ({"verdict": words("hip_flexors.stretch")}, [{"verdict": words("calves.stretch")}]),
    "hip_not_used": ({"verdict": words("hip_flexors.strengthen")}, [{"verdict": words("hip_flexors.stretch")}]),
    "tight_or_weak": ({"verdict": words("hip_flexors.test")}, [{"verdict": words("quadriceps.test")}]),
    "back_support": ({"place": words("lower_back")}, [{"place": words("upper_back")}]),
    "back_and_legs": ({"place": words("lower_back")}, [{"place": words("knee")}]),
    "signs_of_foot_ahead": (
        ROOM | {"overstride_signs": 3.0},
        [ROOM | {"overstride_signs": 2.0}, {"overstride_signs": 4.0, "cadence_room": words("no")}],
    ),
    "pelvis_drops": ({"outside": words("pelvic_drop_deg.above")}, [{"outside": words("pelvic_drop_deg.below")}]),
    "shin_or_knee_at_landing": (
        ROOM | {"outside": words("knee_flexion_at_contact_deg.below")},
        [ROOM | {"outside": words("knee_flexion_at_contact_deg.above")}],
    ),
    "trunk_sways": ({"outside": words("trunk_lean_range_deg.above")}, [{"outside": words("trunk_lean_deg.above")}]),
    "hips_sag_in_plank": ({"outside": words("hip_sag_pct.above")}, [{"outside": words()}]),
    "lift_arches": ({"outside": words("lumbar_overarch_deg.above")}, [{"outside": words()}]),
    "long_runs_hurt": ({"when": words("long_distance")}, [{"when": words("after")}]),
    "form_drifts": ({"drifts": words("yes")}, [{"drifts": words("no")}]),
    "hip_not_used_and_free_of_pain": (
        {"pain": words("no"), "verdict": words("hip_flexors.strengthen")},
        [{"pain": words("yes"), "verdict": words("hip_flexors.strengthen")}, {"pain": words("no")}],
    ),
    "bounces": (
        ROOM | {"outside": words("vertical_oscillation_cm.above")},
        [ROOM | {"outside": words("vertical_oscillation_cm.below")}],
    ),
    "knee_hurts": (ROOM | {"place": words("knee_back")}, [ROOM | {"place": words("shin")}, {"place": words("knee")}]),
    "hamstrings_tight": ({"verdict": words("hamstrings.stretch")}, [{"verdict": words("hamstrings.strengthen")}]),
    "thigh_front_tight": ({"verdict": words("quadriceps.both")}, [{"verdict": words("quadriceps.test")}]),
    "calves_tight": ({"verdict": words("calves.stretch")}, [{"verdict": words("calves.leave")}]),
    "leg_support": ({"place": words("thigh_back")}, [{"place": words("calf")}]),
    "leans_forward": ({"outside": words("trunk_lean_deg.above")}, [{"outside": words("trunk_lean_deg.below")}]),
    "runs_upright": ({"outside": words("trunk_lean_deg.below")}, [{"outside": words("trunk_lean_deg.above")}]),
    "hurts_afterwards": ({"when": words("next_day")}, [{"when": words("on_landing")}]),
    "back_might_answer_to_legs": (
        {"place": words("lower_back"), "with_rest": words("same")},
        [{"place": words("lower_back"), "with_rest": words("better")}, {"with_rest": words("same")}],
    ),
}


def firing(facts: dict[str, Any]) -> set[str]:
    return {rule.id for item in proposed(facts) for rule in item.rules}


def test_every_rule_has_its_case() -> None:
    assert set(TABLE) == set(PLAN)


@pytest.mark.parametrize("rule", TABLE)
def test_each_rule_fires_on_its_smallest_case_and_not_beside_it(rule: str) -> None:
    smallest, beside = TABLE[rule]
    assert rule in firing(smallest)
    for name in smallest:
        assert rule not in firing({key: value for key, value in smallest.items() if key != name})
    for facts in beside:
        assert rule not in firing(facts), facts


def test_rules_speak_of_what_there_is() -> None:
    known = {"verdict", "outside", "drifts", "overstride_signs", "cadence_room", "pain", *load_questions()}
    ways = {
        f"{muscle}.{way}" for muscle in load_muscles() for way in ("stretch", "strengthen", "both", "test", "leave")
    }
    for rule in PLAN.values():
        for clause in rule.all:
            assert clause.fact in known
            if clause.fact == "outside":
                assert {word.rpartition(".")[0] for word in clause.words} <= set(load_cards())
            elif clause.fact == "verdict":
                assert clause.words <= ways
            elif clause.fact in load_questions():
                assert clause.words <= set(load_questions()[clause.fact].options)


def test_every_exercise_can_be_reached() -> None:
    by_rules = {rule.exercise.id for rule in PLAN.values()}
    others = {name for name, exercise in load_exercises().items() if exercise.kind == "explained"}
    assert set(load_exercises()) - by_rules - others == {"plank_toes", "stretch_hamstring_seated"}, "next steps only"


class TestClip:
    def test_what_the_clip_cannot_tell_gives_no_advice(self) -> None:
        assert outside(measured([["overstride_pct_leg", "left", 31.0, 2.0]])) == {}
        assert outside(measured([["overstride_pct_leg", "left", 33.0, 2.0]]))
        assert outside(measured([["trunk_lean_deg", "", 1.0, 0.5]]))
        assert outside(Measured()) == {}

    def test_drift_counts_only_in_a_long_clip_and_beyond_its_error(self) -> None:
        def drifts(value: float, uncertainty: float, duration_s: float) -> bool:
            clip = measured([], ["trunk_lean_deg", value, uncertainty, duration_s])
            return "yes" in guide(read_answers(WELL), clip).facts["drifts"]  # type: ignore[operator]

        assert drifts(0.3, 0.1, DRIFT_FROM_S)
        assert not drifts(0.3, 0.1, DRIFT_FROM_S - 1)
        assert not drifts(0.2, 0.1, DRIFT_FROM_S)

    def test_at_most_three_one_change_of_form_and_one_of_a_family(self) -> None:
        clip = measured(
            [
                ["cadence_spm", "", 158.0, 0.5],
                ["overstride_pct_leg", "left", 40.0, 2.0],
                ["thigh_extension_at_toe_off_deg", "left", 8.0, 3.0],
                ["trunk_lean_range_deg", "", 11.0, 1.0],
                ["trunk_lean_deg", "", 20.0, 1.0],
            ]
        )
        found = guide(read_answers(WELL), clip).items
        assert [item.exercise.id for item in found] == ["quicker_steps", "plank_knees"]
        more = guide(read_answers(WELL | {"calves": "short", "hamstrings": "short"}), clip).items
        assert [item.exercise.id for item in more] == ["quicker_steps", "plank_knees", "stretch_hamstring_towel"]
        assert len(more) == AT_MOST

    NEAR = (
        ["cadence_spm", "", 154.2, 1.0],
        ["overstride_pct_leg", "left", 32.2, 5.3],
        ["shank_angle_at_contact_deg", "left", 12.2, 4.7],
    )
    """What the drawn overstriding sample gives: every number within its error of the border."""

    def test_signs_that_meet_make_a_trial_of_quicker_steps(self) -> None:
        clip = measured(self.NEAR)
        assert not outside(clip)
        guidance = guide(read_answers(WELL), clip)
        assert guidance.cadence is not None
        assert guidance.cadence.target_spm == 162
        (item,) = tell(guidance, clip).items
        assert item.id == "quicker_steps"
        assert item.picture == ("contact", "left")
        assert len(item.facts) == 3
        assert "Cadence: 154.2" in item.facts[0].en

    def test_signs_are_of_one_leg_sure_and_ahead_of_the_body(self) -> None:
        cadence, foot, shin = self.NEAR
        knee = ["knee_flexion_at_contact_deg", "left", 7.0, 5.0]
        assert set(overstride_signs(measured([cadence, foot, shin, knee]))) == {
            ("cadence_spm.below", ""),
            ("overstride_pct_leg.above", "left"),
            ("shank_angle_at_contact_deg.above", "left"),
            ("knee_flexion_at_contact_deg.below", "left"),
        }
        assert len(overstride_signs(measured([cadence, foot, [shin[0], "right", *shin[2:]]]))) == 2
        assert overstride_signs(measured([cadence, knee])) == {}, "nothing says that the foot is ahead"
        assert len(overstride_signs(measured([cadence, foot, [shin[0], "left", 11.0, 4.7]]))) == 2
        clip = measured(self.NEAR)
        unsure = [replace(m, status="low_confidence") for m in clip.measurements]
        assert overstride_signs(replace(clip, measurements=unsure)) == {}

    def test_a_number_is_traced_with_its_range_and_rule(self) -> None:
        clip = measured([["cadence_spm", "", 158.0, 0.5], ["overstride_pct_leg", "left", 40.0, 2.0]])
        (item,) = tell(guide(read_answers(WELL), clip), clip).items
        (fact,) = item.facts
        assert (
            fact.en == "Foot ahead of the hips, left: 40.0 ± 2.0% (held against 30% or less, this project's own rule)"
        )
        assert "30%以下" in fact.ja
        assert item.rules.en == "rule “foot lands far ahead”"
        assert item.picture == ("contact", "left")


MUSCLE_TABLE: list[tuple[dict[str, Any], Measured, str]] = [
    ({"hip_flexors": "hurts"}, SHORT_THIGH, "hip_flexors.leave"),
    ({"hip_flexors": "short", "after_stretch": "better"}, Measured(), "hip_flexors.stretch"),
    ({"hip_flexors": "short", "after_stretch": "better"}, SHORT_THIGH, "hip_flexors.stretch"),
    ({"after_strength": "better"}, SHORT_THIGH, "hip_flexors.strengthen"),
    ({"hip_flexors": "normal"}, SHORT_THIGH, "hip_flexors.strengthen"),
    ({"hip_flexors": "short"}, SHORT_THIGH, "hip_flexors.both"),
    ({"hip_flexors": "short"}, Measured(), "hip_flexors.stretch"),
    ({}, SHORT_THIGH, "hip_flexors.test"),
    ({"calves": "short"}, Measured(), "calves.stretch"),
    ({"hamstrings": "hurts"}, Measured(), "hamstrings.leave"),
]


class TestMuscles:
    @pytest.mark.parametrize(("said", "clip", "verdict"), MUSCLE_TABLE)
    def test_verdict(self, said: dict[str, Any], clip: Measured, verdict: str) -> None:
        assert verdict in [v.word for v in guide(read_answers(WELL | said), clip).verdicts]

    def test_nothing_known_nothing_suggested(self) -> None:
        assert guide(read_answers(WELL), Measured()).verdicts == ()
        assert guide(read_answers(WELL | {"calves": "normal"}), Measured()).verdicts == ()

    def test_every_rule_decides_in_some_case(self) -> None:
        used = {v.rule.id for said, clip, _ in MUSCLE_TABLE for v in guide(read_answers(WELL | said), clip).verdicts}
        late = {"in_use": words("calves"), "drifts": words("yes")}
        assert used | {v.rule.id for v in verdicts(late)} == set(load_verdict_rules())

    def test_a_muscle_that_hurts_is_neither_stretched_nor_trained(self) -> None:
        found = guide(read_answers(WELL | {"hip_flexors": "hurts"}), SHORT_THIGH)
        assert not [i for i in found.items if i.exercise.id in ("stretch_hip_flexor", "stretch_or_lift")]


class TestLoad:
    @pytest.mark.parametrize(
        ("said", "rules"),
        [
            ({"week_km": 20, "next_week_km": 22}, {}),
            ({"week_km": 20, "next_week_km": 22.5}, {"week_too_much": 22.0}),
            ({"longest_km": 10, "next_long_km": 11}, {}),
            ({"longest_km": 10, "next_long_km": 12}, {"long_run_too_long": 11.0}),
            ({"run_days": 6}, {}),
            ({"run_days": 7}, {"no_rest_day": None}),
            ({"next_week_km": 100}, {}),
        ],
    )
    def test_rule(self, said: dict[str, Any], rules: dict[str, float | None]) -> None:
        assert {a.rule.id: a.limit_km for a in guide(read_answers(WELL | said)).load} == rules

    def test_every_rule_has_its_case(self) -> None:
        assert set(load_load_rules()) == {"week_too_much", "long_run_too_long", "no_rest_day"}

    def test_running_less_means_not_more_than_last_week(self) -> None:
        said = {"age": 30, "pain": {"place": "shin", "when": "after"}, "week_km": 20, "next_week_km": 30}
        assert [a.limit_km for a in guide(read_answers(said)).load] == [20.0]

    def test_resting_means_nothing_about_kilometres(self) -> None:
        said = {"age": 30, "pain": {"place": "shin", "running": "grows"}, "week_km": 20, "next_week_km": 30}
        assert guide(read_answers(said)).load == ()


class TestHabits:
    @pytest.mark.parametrize(
        ("said", "rules"),
        [
            ({}, []),
            ({"sitting_at_once_min": 59}, []),
            ({"sitting_at_once_min": 60}, ["long_sitting"]),
            ({"habits": {"sitting": 90, "day_habits": ["crossed legs"]}}, ["long_sitting", "one_sided"]),
            ({"day_habits": "weight on one leg"}, ["one_sided"]),
            ({"day_habits": ["足の裏の外側で歩く"]}, ["outer_edge"]),
        ],
    )
    def test_rule(self, said: dict[str, Any], rules: list[str]) -> None:
        assert [rule.id for rule in guide(read_answers(WELL | said)).habits] == rules

    def test_every_rule_has_its_case(self) -> None:
        assert set(load_habit_rules()) == {"long_sitting", "one_sided", "outer_edge"}

    def test_also_while_resting_from_running_but_not_before_a_doctor_has_looked(self) -> None:
        rests = {"age": 30, "pain": {"place": "shin", "running": "grows"}, "sitting_at_once_min": 120}
        assert [rule.id for rule in guide(read_answers(rests)).habits] == ["long_sitting"]
        assert guide(read_answers(rests | {"signs": ["saddle_numbness"]})).habits == ()

    def test_the_words_and_sources_are_told(self) -> None:
        told = tell(guide(read_answers(WELL | {"sitting_at_once_min": 120})))
        assert [do.en for do, _ in told.habits] == [load_habit_rules()["long_sitting"].do.en]
        assert {"seed_s1", "seed_s3"} <= set(told.keys)


class TestCadence:
    @given(st.floats(120, 180))
    def test_five_per_cent_and_at_most_ten(self, own: float) -> None:
        target = cadence_target(measured([["cadence_spm", "", own, 0.5]]).measurements)
        assert target is not None
        assert abs(target.target_spm - 1.05 * own) <= 0.5
        assert target.target_spm <= target.most_spm <= 1.1 * own + 1e-5

    def test_no_target_beyond_what_was_studied(self) -> None:
        fast = measured([["cadence_spm", "", 182.0, 0.5], ["overstride_pct_leg", "left", 40.0, 2.0]])
        assert not has_room(fast.measurements)
        assert cadence_target(fast.measurements) is None
        assert guide(read_answers(WELL), fast).items == ()
        assert has_room(())

    def test_effect_on_overstride_is_a_range_around_the_study(self) -> None:
        # Lieberman 2015: 5 strides (10 steps) a minute more land 5.9 % less far ahead
        low, high = overstride_at(30.0, 160.0, 170.0)
        assert low == pytest.approx(30.0 * (1 - 1.5 * 0.059))
        assert high == pytest.approx(30.0 * (1 - 0.5 * 0.059))
        assert overstride_at(30.0, 160.0, 160.0) == (30.0, 30.0)

    def test_no_prediction_below_what_was_studied(self) -> None:
        rows = [["cadence_spm", "", STUDIED_SPM[0] - 1, 0.5], ["overstride_pct_leg", "left", 40.0, 2.0]]
        target = cadence_target(measured(rows).measurements)
        assert target is not None
        assert target.overstride_then_pct is None

    def test_the_worse_foot_counts_and_the_error_is_told(self) -> None:
        rows = [["cadence_spm", "", 160.0, 0.5], ["overstride_pct_leg", "left", 34.0, 2.0]]
        rows.append(["overstride_pct_leg", "right", 40.0, 5.0])
        target = cadence_target(measured(rows).measurements)
        assert target is not None
        assert target.overstride_now_pct == 40.0
        assert target.within_error

    @pytest.mark.parametrize("lang", LANGS)
    def test_told_only_with_quicker_steps(self, lang: Any) -> None:
        rows = [["cadence_spm", "", 160.0, 0.5], ["overstride_pct_leg", "left", 40.0, 2.0]]
        clip = measured(rows)
        told = tell(guide(read_answers(WELL), clip), clip).cadence
        assert "168" in told[0].get(lang)
        assert "176" in told[0].get(lang)
        assert "37.2" in told[1].get(lang)
        calm = measured(rows[:1])
        assert tell(guide(read_answers(WELL), calm), calm).cadence == ()


class TestHeadline:
    """What stands over a plan without anything in it: never more reassuring than what was looked at."""

    CALM = measured([["trunk_lean_deg", "", 8.0, 1.0]])
    DEEP_SQUAT_MISSED = measured([["squat_depth_deg", "", 30.0, 5.0]])
    """Clearly outside its range, and no rule of the plan answers to it."""

    def headline(self, answers: dict[str, Any] | None, clip: Measured) -> Text:
        guided = guide(None if answers is None else read_answers(answers), clip)
        assert guided.items == ()
        return tell(guided, clip).headline

    def test_all_is_well_only_after_the_safety_check(self) -> None:
        assert self.headline(WELL, self.CALM) == say("nothing_to_change")
        assert self.headline(None, self.CALM) == say("nothing_clear_unchecked")

    def test_a_clear_finding_without_a_plan_is_pointed_to(self) -> None:
        assert self.headline(WELL, self.DEEP_SQUAT_MISSED) == say("told_below")
        assert self.headline(None, self.DEEP_SQUAT_MISSED) == say("told_below_unchecked")

    def test_a_clip_that_tells_nothing_clears_nobody(self) -> None:
        unbelievable = measured([["trunk_lean_deg", "", 89.0, 1.0]])
        assert self.headline(None, unbelievable) == self.headline(WELL, unbelievable) == say("nothing_judged")
