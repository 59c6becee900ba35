"""What follows from the diary: weeks and their limit, streaks, reviews, and what a day's pain means for running.

Nothing is decided here: the limits are those of guidance/running.toml and the outcomes those of guidance/safety.toml.
A week begins on Monday.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from formcheck.guidance.questions import facts_of
from formcheck.guidance.running import GROWTH, LoadAdvice, load_advice
from formcheck.guidance.safety import Safety, check_safety
from formcheck.history.tables import DiaryDay, ExerciseDone, Run
from formcheck.records import Answers

TIMES_A_WEEK = 3
"""What the articles call ideal (seed_s1)."""
_WEEK = timedelta(days=7)
_LONGEST_OF = timedelta(days=30)

Running = Literal["run", "reduce", "rest"]


@dataclass(frozen=True)
class Week:
    """The runs of one week."""

    monday: date
    km: float
    limit_km: float | None
    """Ten per cent on the week before; None after a week without a run."""

    @property
    def is_beyond(self) -> bool:
        """Whether more was run than that."""
        return self.limit_km is not None and round(self.km, 2) > self.limit_km


def monday_of(day: date) -> date:
    """The Monday of that day's week."""
    return day - timedelta(days=day.weekday())


def weeks(runs: Iterable[Run], today: date) -> list[Week]:
    """Every week from the first run to this one, also those without a run."""
    km: dict[date, float] = {}
    for run in runs:
        if run.day <= today:
            km[monday_of(run.day)] = km.get(monday_of(run.day), 0.0) + run.km
    if not km:
        return []
    n_weeks = (monday_of(today) - min(km)).days // 7 + 1
    mondays = [min(km) + i * _WEEK for i in range(n_weeks)]
    return [Week(monday, km.get(monday, 0.0), _limit(km.get(monday - _WEEK, 0.0))) for monday in mondays]


def _limit(before_km: float) -> float | None:
    return round(before_km * GROWTH["run"], 1) if before_km > 0 else None


def load_now(
    runs: Sequence[Run],
    today: date,
    planned_km: float = 0.0,
    next_long_km: float | None = None,
    running: Running = "run",
) -> tuple[LoadAdvice, ...]:
    """The rules on the training that this week breaks, with what is still planned for it.

    ``next_long_km`` is the next long run, ``running`` what the last safety check said.
    """
    before = sum(run.km for run in runs if monday_of(run.day) == monday_of(today) - _WEEK)
    so_far = sum(run.km for run in runs if monday_of(run.day) == monday_of(today) and run.day <= today)
    lately = [run for run in runs if today - _LONGEST_OF <= run.day <= today]
    last_days = {run.day for run in runs if today - _WEEK < run.day <= today}
    numbers = {
        "week_km": float(before),
        "next_week_km": so_far + planned_km,
        "longest_km": float(max((run.km for run in lately), default=0.0)),
        "run_days": float(len(last_days)),
    }
    if next_long_km is not None:
        numbers["next_long_km"] = next_long_km
    return load_advice(facts_of(Answers({}, numbers)), running)


# ------------------------------------------------------------------------------------------------------- streaks


def days_of(exercises: Iterable[ExerciseDone]) -> set[date]:
    """The days on which an exercise was done."""
    return {exercise.day for exercise in exercises if exercise.done}


def days_this_week(days: Collection[date], today: date) -> int:
    """On how many days of this week something was done."""
    return len({day for day in days if monday_of(day) == monday_of(today) and day <= today})


def weeks_in_a_row(days: Collection[date], today: date, goal: int = TIMES_A_WEEK) -> int:
    """How many weeks in a row had ``goal`` days or more; this week counts once it has, and breaks nothing before."""
    per_week: dict[date, set[date]] = {}
    for day in days:
        if day <= today:
            per_week.setdefault(monday_of(day), set()).add(day)
    reached = {monday for monday, those in per_week.items() if len(those) >= goal}
    monday = monday_of(today)
    if monday not in reached:
        monday -= _WEEK
    count = 0
    while monday in reached:
        count, monday = count + 1, monday - _WEEK
    return count


# ------------------------------------------------------------------------------------------------------- reviews

ReviewState = Literal["to_come", "due", "done", "missed"]


@dataclass(frozen=True)
class Review:
    """When to look again at what an analysis led to."""

    kind: Literal["first", "second"]
    """First: pain, and how often it was done. Second: the movement."""
    begins: date
    ends: date
    state: ReviewState


def reviews(filmed_on: date, content: Mapping[str, Any], filmed_since: Collection[date], today: date) -> list[Review]:
    """When to look again: two to three weeks after a plan was made, and to film again after one to three months.

    Without a plan there is only the second. A review is done once somebody has filmed again in its time. The spans
    are those the articles give for pain and for movement (seed_s1).
    """
    spans: tuple[tuple[Literal["first", "second"], date, date], ...] = (
        ("first", filmed_on + timedelta(days=14), filmed_on + timedelta(days=21)),
        ("second", months_after(filmed_on, 1), months_after(filmed_on, 3)),
    )
    spans = spans if content["guidance"]["plan"] else spans[1:]
    return [Review(kind, begin, end, _state(begin, end, filmed_since, today)) for kind, begin, end in spans]


def _state(begins: date, ends: date, filmed_since: Collection[date], today: date) -> ReviewState:
    if any(begins <= day <= ends for day in filmed_since):
        return "done"
    if today < begins:
        return "to_come"
    return "due" if today <= ends else "missed"


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), first_of_next - timedelta(days=1))


# ---------------------------------------------------------------------------------------------------- a day's pain


def answers_of(day: DiaryDay) -> Answers | None:
    """What the diary of a day says, as answers to the safety check; None where it says nothing about pain.

    House rule: any growth of the pain during a run counts as pain that grows while running.
    """
    pain = {"while_running": day.during, "after": day.after, "next_day": day.next_day}
    if all(value is None for value in (day.before, *pain.values())):
        return None
    choices: dict[str, frozenset[str]] = {"signs": frozenset(), "place": frozenset()}
    if any((day.before, *pain.values())):
        choices["place"] = frozenset(day.places) or frozenset({"elsewhere"})
        choices["when"] = frozenset(word for word, value in pain.items() if value)
        if day.before is not None and day.during is not None:
            choices["running"] = frozenset({_while_running(day.before, day.during)})
    return Answers(choices)


def _while_running(before: int, during: int) -> str:
    if during == before:
        return "same"
    return "grows" if during > before else "eases"


def safety_of(day: DiaryDay) -> Safety | None:
    """What the rules of the safety check make of that day's pain alone; None where it says nothing about pain."""
    answers = answers_of(day)
    return None if answers is None else check_safety(answers)
