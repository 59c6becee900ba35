"""The diary in a real SQLite file, and what follows from it: weeks, streaks, reviews, trends, a day's pain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_analysis import build_analysis

from formcheck.guidance.running import GROWTH
from formcheck.history import analyses, diary, people
from formcheck.history.database import History, open_history
from formcheck.history.place import Place
from formcheck.history.tables import DiaryDay, ExerciseDone, Run
from formcheck.history.training import (
    answers_of,
    days_of,
    days_this_week,
    load_now,
    monday_of,
    months_after,
    reviews,
    safety_of,
    weeks,
    weeks_in_a_row,
)
from formcheck.history.trends import Point, change, changes, same_speed, series_of
from formcheck.keeping import to_keep
from formcheck.records import InputError, Subject

MONDAY = date(2026, 5, 4)
PLANNED = {"guidance": {"plan": [{"do": "draw_in"}]}}
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with open_history(Place(tmp_path)) as opened:
        yield opened


@pytest.fixture
def aoi(history: History) -> str:
    with history.writing() as session:
        return people.add(session, people.LOCAL, "Aoi").id


def run_of(day: date, km: float) -> Run:
    return Run(person_id="p", day=day, km=km)


class TestDiary:
    def test_a_day_is_written_once_and_can_be_added_to(self, history: History, aoi: str) -> None:
        with history.writing() as session:
            person = people.find(session, people.LOCAL, aoi)
            diary.write_day(session, person, MONDAY, before=0, during=2, after=3, places=["knee"], note=" windy ")
            diary.write_day(session, person, MONDAY, before=0, during=2, after=3, next_day=1, places=["knee"])
            diary.write_day(session, person, MONDAY - timedelta(days=1), condition=5)
        with history.reading() as session:
            first, second = diary.days(session, people.find(session, people.LOCAL, aoi))
        assert (first.condition, first.during, first.places) == (5, None, [])
        assert (second.during, second.next_day, second.places, second.note) == (2, 1, ["knee"], "")

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ({"before": 11}, "diary_number"),
            ({"during": -1}, "diary_number"),
            ({"condition": 0}, "diary_number"),
            ({"places": ["nose"]}, "diary_place"),
            ({"note": "x" * 2001}, "diary_note_long"),
        ],
    )
    def test_what_makes_no_sense_is_not_kept(
        self, history: History, aoi: str, said: dict[str, object], code: str
    ) -> None:
        with history.writing() as session:
            person = people.find(session, people.LOCAL, aoi)
            with pytest.raises(InputError, match=code):
                diary.write_day(session, person, MONDAY, **said)  # type: ignore[arg-type]
        with history.reading() as session:
            assert diary.days(session, people.find(session, people.LOCAL, aoi)) == []

    def test_exercises_and_runs_come_back_and_can_be_struck(self, history: History, aoi: str) -> None:
        with history.writing() as session:
            person = people.find(session, people.LOCAL, aoi)
            diary.write_exercise(session, person, MONDAY, "draw_in", reps=10, seconds=5)
            diary.write_exercise(session, person, MONDAY, "clamshell", done=False)
            run = diary.write_run(session, person, MONDAY, 8.5, 50)
            for wrong in (0.0, float("nan"), 301.0):
                with pytest.raises(InputError, match="diary_number"):
                    diary.write_run(session, person, MONDAY, wrong)
            with pytest.raises(InputError, match="diary_exercise"):
                diary.write_exercise(session, person, MONDAY, "handstand")
        with history.writing() as session:
            person = people.find(session, people.LOCAL, aoi)
            assert [(e.exercise, e.done, e.reps) for e in diary.exercises(session, person)] == [
                ("clamshell", False, None),
                ("draw_in", True, 10),
            ]
            diary.strike(session, person, Run, run.id)
            assert diary.runs(session, person) == []

    def test_nobody_strikes_out_of_somebody_elses_diary(self, history: History, aoi: str) -> None:
        with history.writing() as session:
            ben = people.add(session, "b", "Ben")
            run = diary.write_run(session, people.find(session, people.LOCAL, aoi), MONDAY, 5)
            diary.strike(session, ben, Run, run.id)
        with history.reading() as session:
            assert len(diary.runs(session, people.find(session, people.LOCAL, aoi))) == 1


class TestWeeks:
    def test_weeks_without_a_run_count(self) -> None:
        runs = [run_of(MONDAY, 10), run_of(MONDAY + timedelta(days=6), 10), run_of(MONDAY + timedelta(days=14), 25)]
        found = weeks(runs, MONDAY + timedelta(days=15))
        assert [(w.monday, w.km, w.limit_km) for w in found] == [
            (MONDAY, 20, None),
            (MONDAY + timedelta(days=7), 0, 22.0),
            (MONDAY + timedelta(days=14), 25, None),
        ]
        assert [w.is_beyond for w in found] == [False, False, False]

    @given(km=st.floats(1, 100), share=st.floats(0.5, 2), weekday=st.integers(0, 6))
    def test_beyond_is_more_than_ten_per_cent(self, km: float, share: float, weekday: int) -> None:
        km, more = round(km, 1), round(km * share, 1)
        today = MONDAY + timedelta(days=7 + weekday)
        runs = [run_of(MONDAY, km), run_of(today, more)]
        advised = {advice.rule.id for advice in load_now(runs, today)}
        week = weeks(runs, today)[-1]
        if abs(more - km * GROWTH["run"]) > 0.06:  # limits are told to a tenth of a kilometre
            assert week.is_beyond == (more > km * GROWTH["run"]) == ("week_too_much" in advised)

    def test_what_is_planned_counts_and_the_limit_is_that_of_the_guidance(self) -> None:
        runs = [run_of(MONDAY, 20), run_of(MONDAY + timedelta(days=8), 15)]
        today = MONDAY + timedelta(days=9)
        assert load_now(runs, today) == ()
        (advice,) = load_now(runs, today, planned_km=8)
        assert (advice.rule.id, advice.limit_km) == ("week_too_much", 22.0)
        (told_to_reduce,) = load_now(runs, today, planned_km=8, running="reduce")
        assert told_to_reduce.limit_km == 20.0
        assert load_now(runs, today, planned_km=8, running="rest") == ()

    def test_a_long_run_is_held_against_the_longest_of_thirty_days(self) -> None:
        runs = [run_of(MONDAY - timedelta(days=40), 30), run_of(MONDAY - timedelta(days=10), 15)]
        (advice,) = load_now(runs, MONDAY, next_long_km=18)
        assert (advice.rule.id, advice.limit_km) == ("long_run_too_long", 16.5)

    def test_seven_days_in_a_row_leave_no_rest(self) -> None:
        runs = [run_of(MONDAY + timedelta(days=i), 5) for i in range(7)]
        assert [a.rule.id for a in load_now(runs, MONDAY + timedelta(days=6))] == ["no_rest_day"]
        assert load_now(runs[1:], MONDAY + timedelta(days=6)) == ()


class TestStreaks:
    def test_three_days_a_week(self) -> None:
        days = [MONDAY + timedelta(days=i) for i in (0, 2, 4, 7, 9, 11, 14)]
        assert weeks_in_a_row(days, MONDAY + timedelta(days=15)) == 2
        assert days_this_week(days, MONDAY + timedelta(days=15)) == 1
        assert weeks_in_a_row(days, MONDAY + timedelta(days=21)) == 0

    def test_what_was_not_done_does_not_count(self) -> None:
        done = ExerciseDone(person_id="p", day=MONDAY, exercise="draw_in")
        not_done = ExerciseDone(person_id="p", day=MONDAY + timedelta(days=1), exercise="draw_in", done=False)
        assert days_of([done, done, not_done]) == {MONDAY}

    @given(days=st.sets(DAYS, max_size=40), today=DAYS)
    def test_one_more_day_never_shortens_it(self, days: set[date], today: date) -> None:
        assert weeks_in_a_row(days | {today}, today) >= weeks_in_a_row(days, today)
        assert days_this_week(days, today) <= today.weekday() + 1


class TestReviews:
    def test_two_to_three_weeks_and_one_to_three_months(self) -> None:
        first, second = reviews(date(2026, 1, 31), PLANNED, [], date(2026, 2, 14))
        assert (first.begins, first.ends, first.state) == (date(2026, 2, 14), date(2026, 2, 21), "due")
        assert (second.begins, second.ends, second.state) == (date(2026, 2, 28), date(2026, 4, 30), "to_come")

    def test_filming_again_in_time_is_a_review(self) -> None:
        today = date(2026, 6, 1)
        first, second = reviews(date(2026, 1, 31), PLANNED, [date(2026, 3, 5)], today)
        assert (first.state, second.state) == ("missed", "done")

    def test_without_a_plan_there_is_only_the_movement_to_look_at_again(self) -> None:
        assert [review.kind for review in reviews(MONDAY, {"guidance": {"plan": []}}, [], MONDAY)] == ["second"]

    @given(day=DAYS, months=st.integers(1, 30))
    def test_months(self, day: date, months: int) -> None:
        later = months_after(day, months)
        assert (later.year - day.year) * 12 + later.month - day.month == months
        assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


class TestADaysPain:
    @pytest.mark.parametrize(
        ("said", "outcome", "rule"),
        [
            ({"during": 0, "before": 0}, "go_on", None),
            ({"before": 2, "during": 2}, "go_on", "pain_unchanged_by_running"),
            ({"before": 3, "during": 1}, "go_on", "pain_eases_while_running"),
            ({"after": 2}, "reduce", "pain_after_running"),
            ({"next_day": 1}, "reduce", "pain_next_day"),
            ({"before": 1, "during": 4, "next_day": 2}, "rest", "pain_grows_while_running"),
        ],
    )
    def test_the_rules_are_those_of_the_safety_check(self, said: dict[str, int], outcome: str, rule: str) -> None:
        safety = safety_of(DiaryDay(person_id="p", day=MONDAY, places=["knee"], **said))  # type: ignore[arg-type]
        assert safety is not None
        assert safety.outcome.id == outcome
        assert rule is None or rule in {fired.id for fired in safety.fired}

    def test_a_good_day_alone_says_nothing_about_pain(self) -> None:
        assert safety_of(DiaryDay(person_id="p", day=MONDAY, condition=5)) is None

    def test_no_pain_is_nowhere(self) -> None:
        answers = answers_of(DiaryDay(person_id="p", day=MONDAY, during=0, places=["knee"]))
        assert answers is not None
        assert answers.choices["place"] == frozenset()


def point(value: float, uncertainty: float | None = 1.0, speed: float | None = None) -> Point:
    return Point("a", MONDAY, value, uncertainty, "ok", speed)


class TestTrends:
    def test_numbers_by_metric_and_side_oldest_first(self, history: History, aoi: str) -> None:
        made = build_analysis()
        for weeks_later, cadence in ((2, 176.0), (0, 168.0)):
            measured = tuple(replace(m, value=cadence) if m.metric == "cadence_spm" else m for m in made.measurements)
            analysis = replace(made, measurements=measured, subject=Subject(belt_speed_mps=2.8))
            day = MONDAY + timedelta(weeks=weeks_later)
            analyses.keep(history, people.LOCAL, aoi, to_keep(analysis, day))
        with history.reading() as session:
            series = series_of(session, people.find(session, people.LOCAL, aoi), "running")
        assert [(p.day, p.value, p.belt_speed_mps) for p in series["cadence_spm", ""]] == [
            (MONDAY, 168.0, 2.8),
            (MONDAY + timedelta(weeks=2), 176.0, 2.8),
        ]
        assert ("overstride_pct_leg", "right") in series
        found = changes(series)
        assert found["cadence_spm", ""].verdict == "up"
        assert found["trunk_lean_deg", ""].verdict == "within_error"

    @given(a=st.floats(-50, 50), b=st.floats(-50, 50), ua=st.floats(0.1, 9), ub=st.floats(0.1, 9), n=st.integers(1, 40))
    def test_a_change_is_told_only_beyond_the_error(self, a: float, b: float, ua: float, ub: float, n: int) -> None:
        found = change(point(a, ua), point(b, ub), n)
        back = change(point(b, ub), point(a, ua), n)
        assert {found.verdict, back.verdict} in ({"up", "down"}, {"within_error"})
        if found.verdict == "up":
            assert b - a > (ua * ua + ub * ub) ** 0.5
        if found.verdict == "within_error":
            assert change(point(a, ua), point(b, ub), n + 1).verdict == "within_error"

    def test_at_another_speed_nothing_is_called_a_change(self) -> None:
        assert change(point(150, speed=2.5), point(180, speed=3.3)).verdict == "other_speed"
        assert change(point(150, speed=2.5), point(180, speed=2.55)).verdict == "up"
        assert change(point(150), point(180, speed=2.5)).verdict == "up"
        assert same_speed([point(1), point(2)])

    def test_without_an_error_nobody_knows(self) -> None:
        assert change(point(150, None), point(180)).verdict == "unknown"

    def test_a_week_begins_on_monday(self) -> None:
        assert {monday_of(MONDAY + timedelta(days=i)) for i in range(7)} == {MONDAY}
