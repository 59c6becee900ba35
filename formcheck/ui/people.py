"""The area of people: who is kept here, and everything about one of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from formcheck.cards import Lang
from formcheck.history import people
from formcheck.history.database import History
from formcheck.history.place import place_of
from formcheck.history.tables import NAME_LENGTH, Person
from formcheck.texts import text
from formcheck.ui.diary import show_diary
from formcheck.ui.distance import show_distance
from formcheck.ui.exercise_log import show_exercises
from formcheck.ui.kept import show_kept
from formcheck.ui.overview import show_overview
from formcheck.ui.owner import current_owner, show_signing_in
from formcheck.ui.person_data import show_all_data, show_person_data
from formcheck.ui.picking import choose, pick
from formcheck.ui.remembering import PERSON, doing, opened, problems_told, tell_what_came_of_it
from formcheck.ui.trends import show_trends
from formcheck.ui.visit import Visit
from formcheck.ui.whole import whole


def show_people(visit: Visit, lang: Lang, shown: bool) -> None:
    """The whole area. ``shown``: whether results may be shown, that is, whether the safety check is settled."""
    st.subheader(text("people_title", lang), anchor=False)
    show_signing_in(lang)
    owner = current_owner()
    if owner is None:
        return
    tell_what_came_of_it(lang)
    with problems_told(lang):
        if not place_of().is_begun:
            _nobody_yet(lang)
            _add(owner, lang)
            show_all_data(None, owner, lang)
            return
        history = opened()
        person = _choose_person(history, owner, lang)
        if person is not None:
            _show_person(history, person, visit, lang, shown)
        show_all_data(history, owner, lang)


def _nobody_yet(lang: Lang) -> None:
    st.write(text("people_none", lang))
    st.caption(text("people_where", lang))


def _choose_person(history: History, owner: str, lang: Lang) -> Person | None:
    with history.reading() as session:
        everybody = people.listed(session, owner)
    if not everybody:
        _nobody_yet(lang)
        _add(owner, lang)
        return None
    by_id = {person.id: person for person in everybody}
    list_, new = st.columns([3, 1], vertical_alignment="bottom")
    with list_:
        chosen = pick(text("people_who", lang), list(by_id), lambda id_: by_id[id_].name, lang, PERSON)
    with new, st.popover(text("people_add", lang), width="stretch"):
        _add(owner, lang)
    return by_id[chosen]


def _add(owner: str, lang: Lang) -> None:
    with st.form("add_person_form", clear_on_submit=True):
        st.text_input(text("people_name", lang), max_chars=NAME_LENGTH, key="new_person")
        st.form_submit_button(text("people_add", lang), on_click=_add_person, args=(owner, lang), key="add_person")


@whole
def _add_person(owner: str, lang: Lang) -> None:
    name = str(st.session_state.get("new_person") or "")
    with doing("people_added", name=name.strip()), opened().writing() as session:
        choose(PERSON, people.add(session, owner, name).id, lang)


def _show_person(history: History, person: Person, visit: Visit, lang: Lang, shown: bool) -> None:
    today = date.today()
    show_overview(history, person, lang, today)
    parts: dict[str, Callable[[], None]] = {
        "diary": lambda: show_diary(history, person, lang, today),
        "exercises": lambda: show_exercises(history, person, lang, today),
        "distance": lambda: show_distance(history, person, lang, today),
        "analyses": lambda: show_kept(history, person, visit, lang, shown),
        "trends": lambda: _trends(history, person, lang, today, shown),
        "data": lambda: show_person_data(history, person, lang),
    }
    for name, tab in zip(parts, st.tabs([text(f"people_tab_{name}", lang) for name in parts]), strict=True):
        with tab, problems_told(lang):
            parts[name]()


def _trends(history: History, person: Person, lang: Lang, today: date, shown: bool) -> None:
    if shown:
        show_trends(history, person, lang, today)
    else:
        st.info(text("kept_check_first", lang))
