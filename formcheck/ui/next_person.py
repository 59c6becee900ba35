"""From one person to the next in one visit: nothing of the first may colour what the second is told."""

from __future__ import annotations

import streamlit as st

from formcheck.cards import Lang
from formcheck.ui.choosing import options_at_first
from formcheck.ui.visit import Visit
from formcheck.ui.whole import whole
from formcheck.ui.words import word

_STAYS = ("visit", "lang", "area", "widened")
"""What the page itself needs, by how its key begins; all else is about the person."""


def offer_next_person(visit: Visit, lang: Lang, busy: bool) -> None:
    """Where there is a result: a button that begins anew, with other answers, another height, another name."""
    if not visit.results:
        return
    with st.container(border=True, key="next_person_box"):
        st.caption(word("next_person_why", lang))
        st.button(word("next_person", lang), disabled=busy, on_click=_begin_anew, args=(visit, lang), key="next_person")


@whole
def _begin_anew(visit: Visit, lang: Lang) -> None:
    visit.forget_all()
    for kept in [name for name in visit.kept if not name.startswith(_STAYS)]:
        del visit.kept[kept]
    for key in [key for key in st.session_state if not str(key).startswith(_STAYS)]:
        del st.session_state[key]
    # the browser goes on showing, and sending, what it has, unless it is told otherwise
    st.session_state.update(options_at_first(lang))
