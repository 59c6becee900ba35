"""What belongs to somebody: another name, an export, deleting it all; and the backup of everybody."""

from __future__ import annotations

import streamlit as st

from formcheck.cards import Lang
from formcheck.history import people
from formcheck.history.database import History
from formcheck.history.tables import NAME_LENGTH, Person
from formcheck.texts import text
from formcheck.ui.remembering import doing


def show_person_data(history: History, person: Person, lang: Lang) -> None:
    """Rename and delete."""
    name, button = st.columns([3, 1], vertical_alignment="bottom")
    name.text_input(text("people_name", lang), person.name, max_chars=NAME_LENGTH, key=f"rename_{person.id}_{lang}")
    button.button(
        text("people_rename", lang),
        on_click=_rename,
        args=(history, person, lang),
        width="stretch",
        key="rename",
    )
    with st.container(border=True, key="delete_person"):
        st.markdown(f"**{text('people_delete', lang)}**")
        st.write(text("people_delete_what", lang, name=person.name))
        sure = st.checkbox(text("people_delete_sure", lang), key=f"sure_{person.id}_{lang}")
        st.button(
            text("people_delete", lang),
            on_click=_delete,
            args=(history, person),
            disabled=not sure,
            key="delete_person_button",
        )


def _rename(history: History, person: Person, lang: Lang) -> None:
    with doing("people_renamed"), history.writing() as session:
        again = people.find(session, person.owner, person.id)
        people.rename(session, again, str(st.session_state.get(f"rename_{person.id}_{lang}") or ""))


def _delete(history: History, person: Person) -> None:
    with doing("people_deleted", name=person.name):
        people.delete_person(history, person.owner, person.id)
