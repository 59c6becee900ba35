"""Keeping the analysis on the page for somebody, with the clip only when that is ticked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from formcheck.activities.done import exercise_done
from formcheck.cards import Lang
from formcheck.history.place import place_of
from formcheck.texts import text
from formcheck.ui.owner import current_owner
from formcheck.ui.picking import choose, pick
from formcheck.ui.remembering import PERSON, doing, opened, problems_told, tell_what_came_of_it
from formcheck.ui.reopening import KeptOutcome
from formcheck.ui.visit import Result, Visit
from formcheck.ui.whole import whole

if TYPE_CHECKING:
    from formcheck.history.tables import Person

_NEW = ""
"""Chosen instead of a person's id: somebody who is not there yet."""
_KEPT = "kept_results"
"""Where the session keeps which results it has kept already."""
_LONGEST_NAME = 120


def show_day(visit: Visit, lang: Lang) -> None:
    """Above a result that was kept: of which day it is."""
    if visit.result is not None and isinstance(visit.result.outcome, KeptOutcome):
        tell_what_came_of_it(lang)
        outcome = visit.result.outcome
        st.info(text("kept_of_day", lang, day=outcome.filmed_on.isoformat()), icon=":material/history:")
        if outcome.clips is None:
            st.html("<style>.fc-see { display: none; }</style>")  # there is no clip to go to
            st.caption(text("kept_no_pictures", lang))


def show_keep(visit: Visit, lang: Lang) -> None:
    """Below a result: keep it for somebody, with the clip only when that is ticked."""
    if visit.result is None or isinstance(visit.result.outcome, KeptOutcome):
        return
    with st.expander(text("keep_title", lang), icon=":material/bookmark:", key="fold_keep"):
        tell_what_came_of_it(lang)
        owner = current_owner()
        if owner is None:
            st.caption(text("keep_sign_in_first", lang))
            return
        with problems_told(lang):
            _ask_for_whom(visit, visit.result, owner, lang)


def _ask_for_whom(visit: Visit, result: Result, owner: str, lang: Lang) -> None:
    everybody = {_NEW: text("people_new", lang)} | {person.id: person.name for person in _people(owner)}
    if str(result.job_folder) in st.session_state.get(_KEPT, ()):
        st.caption(text("keep_done_before", lang))
    st.session_state.setdefault("keep_for", _likely(everybody))
    chosen = pick(text("keep_for", lang), list(everybody), everybody.__getitem__, lang, "keep_for")
    if chosen == _NEW:
        st.text_input(text("people_name", lang), max_chars=_LONGEST_NAME, key="keep_name")
    st.date_input(
        text("keep_filmed_on", lang), date.today(), max_value=date.today(), format="YYYY-MM-DD", key="keep_day"
    )
    with_clip = False
    if result.clip.path.is_file():
        with_clip = st.checkbox(text("keep_clip", lang), key="keep_clip", help=text("keep_clip_help", lang))
    if exercise_done(result.outcome.analysis) is not None:
        st.checkbox(text("keep_log", lang), value=True, key="keep_log")
    st.caption(text("keep_what_with_clip" if with_clip else "keep_what", lang))
    st.button(text("keep_button", lang), type="primary", on_click=_keep, args=(visit, owner, lang), key="keep")


def _likely(everybody: Mapping[str, str]) -> str:
    """Who was looked at last, or the only one there is; nobody is chosen by chance."""
    shown = st.session_state.get(PERSON)
    if shown in everybody:
        return str(shown)
    return next(id_ for id_ in everybody if id_ != _NEW) if len(everybody) == 2 else _NEW


def _people(owner: str) -> list[Person]:
    if not place_of().is_begun:
        return []
    from formcheck.history import people

    with opened().reading() as session:
        return people.listed(session, owner)


@whole
def _keep(visit: Visit, owner: str, lang: Lang) -> None:
    """The result that is chosen now."""
    if (result := visit.result) is None:
        return
    from formcheck.history import analyses, diary, people
    from formcheck.keeping import to_keep

    asked = st.session_state
    with doing("keep_done"):
        history, person_id = opened(), asked[f"keep_for_{lang}"]
        outcome = result.outcome
        with_clip = asked.get("keep_clip", False)
        folder, clip = (outcome.folder, result.clip.path) if with_clip else (None, None)
        what = to_keep(outcome.analysis, asked["keep_day"], folder, clip)
        if person_id == _NEW:
            with history.writing() as session:
                person_id = people.add(session, owner, asked.get("keep_name") or "").id
        analyses.keep(history, owner, person_id, what)
        done = exercise_done(outcome.analysis) if asked.get("keep_log", False) else None
        if done is not None:
            with history.writing() as session:
                person, day = people.find(session, owner, person_id), asked["keep_day"]
                diary.write_exercise(
                    session, person, day, done.exercise, reps=done.reps, seconds=done.seconds, hurt=done.hurt
                )
        asked[_KEPT] = {*asked.get(_KEPT, ()), str(result.job_folder)}
        choose("keep_for", person_id, lang)
