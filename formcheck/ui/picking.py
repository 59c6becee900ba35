"""A list to pick from that survives a change of language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import streamlit as st

from formcheck.cards import Lang

_T = TypeVar("_T")


def pick(label: str, options: Sequence[_T], name_of: Callable[[_T], str], lang: Lang, key: str) -> _T:
    """The chosen one of ``options``, also to be had as ``st.session_state[key]``; at first the first one.

    The browser keeps the chosen words, not the chosen thing: one list for each language, so that none shows words
    of the other.
    """
    kept, own = st.session_state.get(key), f"{key}_{lang}"
    index = options.index(kept) if kept in options and own not in st.session_state else 0
    chosen = st.selectbox(label, options, index, format_func=name_of, key=own)
    st.session_state[key] = chosen
    return chosen


def choose(key: str, value: object, lang: Lang) -> None:
    """Have the list ``key`` show ``value`` from now on; for callbacks.

    The list's own value is set: one that is only forgotten on the server is still there in the browser, which would
    send it with the next click.
    """
    st.session_state[key] = st.session_state[f"{key}_{lang}"] = value


def picked(key: str, lang: Lang, at_first: Any = None) -> Any:
    """What is chosen now, for callbacks: when somebody is quick, the page has not been made anew since."""
    said = st.session_state
    return said.get(f"{key}_{lang}", said.get(key, at_first))
