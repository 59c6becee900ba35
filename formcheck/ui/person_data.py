"""What belongs to somebody: another name, an export, deleting it all; and the backup of everybody."""

from __future__ import annotations

import io
from datetime import date
from functools import partial

import streamlit as st

from formcheck.cards import Lang
from formcheck.history import people
from formcheck.history.archive import restore, write_archive
from formcheck.history.database import History
from formcheck.history.tables import NAME_LENGTH, Person
from formcheck.texts import text
from formcheck.ui.picking import choose
from formcheck.ui.remembering import PERSON, doing, opened, plain_words
from formcheck.ui.whole import whole

_RESTORED = "times_restored"


def show_person_data(history: History, person: Person, lang: Lang) -> None:
    """Rename and delete."""
    name, button = st.columns([3, 1], vertical_alignment="bottom")
    name.text_input(text("people_name", lang), person.name, max_chars=NAME_LENGTH, key=f"rename_{person.id}")
    button.button(
        text("people_rename", lang),
        on_click=_rename,
        args=(history, person, lang),
        width="stretch",
        key="rename",
    )
    with st.container(border=True, key="export_person"):
        st.markdown(f"**{text('data_export', lang)}**")
        _offer_zip(history, person.owner, person, lang)
    with st.container(border=True, key="delete_person"):
        st.markdown(f"**{text('people_delete', lang)}**")
        st.write(text("people_delete_what", lang, name=plain_words(person.name)))
        sure = st.checkbox(text("people_delete_sure", lang), key=f"sure_{person.id}")
        st.button(
            text("people_delete", lang),
            on_click=_delete,
            args=(history, person),
            disabled=not sure,
            key="delete_person_button",
        )


@whole
def _rename(history: History, person: Person, lang: Lang) -> None:
    with doing("people_renamed"), history.writing() as session:
        again = people.find(session, person.owner, person.id)
        people.rename(session, again, str(st.session_state.get(f"rename_{person.id}") or ""))
        choose(PERSON, person.id, lang)  # else the list would show the old name until something else is chosen


@whole
def _delete(history: History, person: Person) -> None:
    with doing("people_deleted", name=person.name):
        people.delete_person(history, person.owner, person.id)


# ---------------------------------------------------------------------------------------------------- as one file


def show_all_data(history: History | None, owner: str, lang: Lang) -> None:
    """Backup of everybody, and back; only back where nothing is kept yet."""
    with st.expander(text("data_backup", lang), key="fold_backup"):
        if history is not None:
            _offer_zip(history, owner, None, lang)
            st.divider()
        upload = st.file_uploader(text("data_restore", lang), ["zip"], key=_upload_key())
        st.button(
            text("data_restore_button", lang),
            disabled=upload is None,
            on_click=_restore,
            args=(owner,),
            key="restore",
        )


def _offer_zip(history: History, owner: str, person: Person | None, lang: Lang) -> None:
    """Packed only when somebody clicks."""
    st.caption(text("data_backup_what" if person is None else "data_export_what", lang))
    who = "backup" if person is None else person.id
    st.download_button(
        text("data_download", lang),
        partial(_zip, history, owner, None if person is None else person.id),
        f"formcheck_{'backup' if person is None else 'person'}_{date.today().isoformat()}.zip",
        "application/zip",
        on_click="ignore",
        key=f"zip_{who}",
    )


def _zip(history: History, owner: str, person_id: str | None) -> bytes:
    packed = io.BytesIO()
    write_archive(history, owner, packed, person_id)
    return packed.getvalue()


@whole
def _restore(owner: str) -> None:
    upload = st.session_state.get(_upload_key())
    if upload is None:
        return
    with doing("data_restored") as told:
        told["n"] = restore(opened(), owner, upload)
        st.session_state[_RESTORED] = st.session_state.get(_RESTORED, 0) + 1


def _upload_key() -> str:
    """Another, empty one once a file was taken over: a second click would add everybody again."""
    return f"restore_upload_{st.session_state.get(_RESTORED, 0)}"
