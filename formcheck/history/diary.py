"""What a person writes down from day to day: pain and good days, exercises, runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from formcheck.guidance.exercises import load_exercises
from formcheck.guidance.questions import load_questions
from formcheck.history.tables import DiaryDay, ExerciseDone, Person, Run
from formcheck.records import InputError

PAIN = (0, 10)
CONDITION = (1, 5)
LIMITS: dict[str, tuple[float, float]] = {
    **dict.fromkeys(("before", "during", "after", "next_day"), PAIN),
    "condition": CONDITION,
    "sets": (1, 50),
    "reps": (1, 1000),
    "seconds": (1, 7200),
    "km": (0.1, 300),
    "minutes": (1, 3000),
}
"""What each number may be."""
LONGEST_NOTE = 2000

_Row = TypeVar("_Row", DiaryDay, ExerciseDone, Run)


def days(session: Session, person: Person) -> list[DiaryDay]:
    """The diary, oldest day first."""
    return list(session.scalars(select(DiaryDay).where(DiaryDay.person_id == person.id).order_by(DiaryDay.day)))


def exercises(session: Session, person: Person) -> list[ExerciseDone]:
    """Every exercise written down, oldest day first."""
    mine = select(ExerciseDone).where(ExerciseDone.person_id == person.id)
    return list(session.scalars(mine.order_by(ExerciseDone.day, ExerciseDone.exercise)))


def runs(session: Session, person: Person) -> list[Run]:
    """Every run, oldest day first."""
    return list(session.scalars(select(Run).where(Run.person_id == person.id).order_by(Run.day, Run.id)))


def write_day(
    session: Session,
    person: Person,
    day: date,
    *,
    before: int | None = None,
    during: int | None = None,
    after: int | None = None,
    next_day: int | None = None,
    places: Sequence[str] = (),
    condition: int | None = None,
    note: str = "",
) -> DiaryDay:
    """Write down how a day was; what was written about that day before is replaced.

    Raises InputError ``diary_number`` for a number outside ``LIMITS``, ``diary_place`` for an unknown place and
    ``diary_note_long`` for a note that is too long.
    """
    numbers: dict[str, Any] = {
        "before": before,
        "during": during,
        "after": after,
        "next_day": next_day,
        "condition": condition,
    }
    check_numbers(numbers)
    unknown = set(places) - set(load_questions()["place"].options)
    if unknown:
        raise InputError("diary_place", name=", ".join(sorted(unknown)))
    if len(note) > LONGEST_NOTE:
        raise InputError("diary_note_long", longest=LONGEST_NOTE)
    session.execute(delete(DiaryDay).where(DiaryDay.person_id == person.id, DiaryDay.day == day))
    written = DiaryDay(person_id=person.id, day=day, places=list(places), note=note.strip(), **numbers)
    session.add(written)
    return written


def write_exercise(
    session: Session,
    person: Person,
    day: date,
    exercise: str,
    *,
    done: bool = True,
    sets: int | None = None,
    reps: int | None = None,
    seconds: int | None = None,
    hurt: bool = False,
) -> ExerciseDone:
    """Write down an exercise. Raises InputError ``diary_number``, or ``diary_exercise`` for one that is unknown."""
    if exercise not in load_exercises():
        raise InputError("diary_exercise", name=exercise)
    numbers: dict[str, Any] = {"sets": sets, "reps": reps, "seconds": seconds}
    check_numbers(numbers)
    written = ExerciseDone(person_id=person.id, day=day, exercise=exercise, done=done, hurt=hurt, **numbers)
    session.add(written)
    return written


def write_run(session: Session, person: Person, day: date, km: float, minutes: float | None = None) -> Run:
    """Write down a run. Raises InputError ``diary_number``."""
    check_numbers({"km": km, "minutes": minutes})
    written = Run(person_id=person.id, day=day, km=float(km), minutes=minutes)
    session.add(written)
    return written


def strike(session: Session, person: Person, table: type[_Row], row_id: str) -> None:
    """Remove one row of this person's; nothing happens where there is none."""
    session.execute(delete(table).where(table.person_id == person.id, table.id == row_id))


def check_numbers(numbers: Mapping[str, float | None]) -> None:
    """Raise InputError ``diary_number`` for a number outside ``LIMITS``."""
    for name, value in numbers.items():
        low, high = LIMITS[name]
        if value is not None and not low <= value <= high:  # a NaN is not between them either
            raise InputError("diary_number", name=name, value=value, low=low, high=high)
