"""A set before the camera as a line of somebody's exercise log."""

from __future__ import annotations

from datetime import date

import streamlit as st

from formcheck.activities.done import Done, exercise_done
from formcheck.cards import Lang
from formcheck.history.place import place_of
from formcheck.records import Analysis
from formcheck.texts import text
from formcheck.ui.owner import current_owner
from formcheck.ui.picking import pick, picked
from formcheck.ui.remembering import PERSON, doing, opened, problems_told, tell_what_came_of_it
from formcheck.ui.whole import whole
from formcheck.ui.words import word

_WRITTEN = "live_written"


def offer_log(analysis: Analysis, set_id: str, lang: Lang) -> None:
    """For whom to write the set down, where there is anybody and the exercise has a page; once for each set."""
    done, owner = exercise_done(analysis), current_owner()
    if done is None or owner is None or not place_of().is_begun:
        return
    with problems_told(lang):
        from formcheck.history import people

        with opened().reading() as session:
            names = {person.id: person.name for person in people.listed(session, owner)}
        if not names:
            return
        tell_what_came_of_it(lang)
        if st.session_state.get(_WRITTEN) == set_id:
            return
        st.session_state.setdefault("live_for", st.session_state.get(PERSON))
        pick(text("keep_for", lang), list(names), names.__getitem__, lang, "live_for")
        st.button(word("live_log", lang), on_click=_write, args=(done, set_id, owner, lang), key="live_log")


@whole
def _write(done: Done, set_id: str, owner: str, lang: Lang) -> None:
    from formcheck.history import diary, people

    with doing("exercise_saved"), opened().writing() as session:
        person = people.find(session, owner, picked("live_for", lang))
        diary.write_exercise(session, person, date.today(), done.exercise, reps=done.reps, seconds=done.seconds)
        st.session_state[_WRITTEN] = set_id
