"""The page's areas: that of clips, that of the camera, that of two clips in comparison, and that of people."""

from __future__ import annotations

from typing import Literal, cast

import streamlit as st

from formcheck.cards import LANGS, Lang
from formcheck.texts import text
from formcheck.ui.whole import whole
from formcheck.ui.words import word

Area = Literal["clip", "compare", "people", "live"]
AREAS: tuple[Area, ...] = ("clip", "compare", "people", "live")
_KEY = "area"


def choose_area(lang: Lang) -> Area:
    """The area that is shown; at first that of clips."""
    st.session_state.setdefault(_KEY, AREAS[0])
    st.segmented_control(
        text("ui_area", lang),
        AREAS,
        default=None if f"{_KEY}_{lang}" in st.session_state else st.session_state[_KEY],
        format_func=lambda area: word(f"area_{area}", lang),
        label_visibility="collapsed",
        on_change=_chosen,
        args=(lang,),
        key=f"{_KEY}_{lang}",
    )
    return cast(Area, st.session_state[_KEY])


def go_to(area: Area) -> None:
    """Show another area; for callbacks, which run before the page is made anew."""
    st.session_state[_KEY] = area
    for lang in LANGS:  # a list for each language: the browser keeps words
        st.session_state[f"{_KEY}_{lang}"] = area


@whole
def _chosen(lang: Lang) -> None:
    """A second click on the same word would leave nothing chosen."""
    go_to(st.session_state[f"{_KEY}_{lang}"] or st.session_state[_KEY])
