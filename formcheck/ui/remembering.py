"""The opened history of this server, and how what a click did in it is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

from formcheck.cards import Lang
from formcheck.history.place import Place, place_of
from formcheck.records import InputError
from formcheck.texts import codes, text

if TYPE_CHECKING:
    from formcheck.history.database import History

PERSON = "person_shown"
"""Where the session keeps the id of the person who is shown."""
_TOLD = "people_told"


def opened() -> History:
    """This server's history. Raises InputError where it cannot be opened."""
    return _opened(place_of())


@st.cache_resource(show_spinner=False, max_entries=4)
def _opened(place: Place) -> History:
    from formcheck.history.analyses import sweep
    from formcheck.history.database import open_history

    history = open_history(place)
    sweep(history)
    return history


@contextmanager
def problems_told(lang: Lang) -> Iterator[None]:
    """What goes wrong inside is told in one sentence, and the rest of the page goes on."""
    try:
        yield
    except InputError as error:
        st.error(_sentence(error, lang))


@contextmanager
def doing(done: str, **details: object) -> Iterator[dict[str, object]]:
    """A change asked for by a click: what came of it is told when the page is made anew, with the details."""
    try:
        yield details
    except InputError as error:
        st.session_state[_TOLD] = error
    else:
        st.session_state[_TOLD] = (done, details)


def tell_what_came_of_it(lang: Lang) -> None:
    """What the last click did or could not do, once."""
    came = st.session_state.pop(_TOLD, None)
    with st.container(key="people_told"):  # always there: else what stands below would begin anew, tabs at their first
        if isinstance(came, InputError):
            st.error(_sentence(came, lang))
        elif came is not None:
            st.success(text(came[0], lang, **{k: plain_words(str(v)) for k, v in came[1].items()}))


def plain_words(name: str) -> str:
    """A name as it is, where Streamlit would take it for Markdown: nobody's name shows a picture or a link."""
    return re.sub(r"([\\`*_{}\[\]()#!|<>~:$])", r"\\\1", name)


def _sentence(error: InputError, lang: Lang) -> str:
    return text(error.code if error.code in codes() else "ui_unexpected", lang, **_harmless(error))


def _harmless(error: InputError) -> dict[str, object]:
    return {name: plain_words(value) if isinstance(value, str) else value for name, value in error.details.items()}
