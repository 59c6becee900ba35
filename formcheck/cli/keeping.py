"""``formcheck analyze --keep-for``: each result is also kept for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.cards import Lang
from formcheck.cli.showing import results_console
from formcheck.history.place import LOCAL, place_of
from formcheck.records import InputError
from formcheck.texts import text

if TYPE_CHECKING:
    from formcheck.records import Analysis


@dataclass(frozen=True)
class Keep:
    """For whom, filmed when, and whether with the clip."""

    name: str
    filmed_on: date
    with_clip: bool


def keep_asked(name: str | None, filmed_on: str | None, with_clip: bool) -> Keep | None:
    """What was asked for, before minutes of work: the person has to be there and the day has to be one.

    Raises InputError ``no_such_person_kept``, ``bad_option``, or ``keep_for_missing`` where it is not said for whom.
    """
    if name is None:
        if with_clip or filmed_on is not None:
            raise InputError("keep_for_missing", option="--keep-clip" if with_clip else "--filmed-on")
        return None
    from formcheck.history import people
    from formcheck.history.database import open_history

    try:
        day = date.today() if filmed_on is None else date.fromisoformat(filmed_on)
    except ValueError as error:
        raise InputError("bad_option", name="filmed_on", value=str(filmed_on)) from error
    place = place_of()
    if not place.is_begun:
        raise InputError("no_such_person_kept", name=name)
    with open_history(place) as history, history.reading() as session:
        people.find(session, LOCAL, name)
    return Keep(name, day, with_clip)


def keep_result(keep: Keep, analysis: Analysis, video: Path, folder: Path, lang: Lang) -> None:
    """Keep one result. Raises InputError where the history cannot be written."""
    from formcheck.activities.done import exercise_done
    from formcheck.history import analyses, diary, people
    from formcheck.history.database import open_history
    from formcheck.keeping import to_keep

    what = to_keep(analysis, keep.filmed_on, folder, video) if keep.with_clip else to_keep(analysis, keep.filmed_on)
    with open_history() as history:
        with history.reading() as session:
            person = people.find(session, LOCAL, keep.name)
        analyses.keep(history, LOCAL, person.id, what)
        done = exercise_done(analysis)
        if done is not None:
            with history.writing() as session:
                mine = people.find(session, LOCAL, person.id)
                diary.write_exercise(
                    session, mine, keep.filmed_on, done.exercise, reps=done.reps, seconds=done.seconds, hurt=done.hurt
                )
    results_console().print(text("people_is_kept", lang, name=person.name), soft_wrap=True)
    if done is not None:
        results_console().print(text("people_is_logged", lang, name=person.name), soft_wrap=True)
