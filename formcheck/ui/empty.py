"""What is to be seen before anybody has brought a clip: the sample's result, said to be the sample's."""

from __future__ import annotations

from html import escape

import streamlit as st

from formcheck.cards import Lang, load_cards
from formcheck.records import InputError
from formcheck.texts import format_value, text
from formcheck.ui.alone import Alone
from formcheck.ui.example import Shown, example
from formcheck.ui.player import clip_for_player, first_moment_s, show_player
from formcheck.ui.words import word

LOOK_EVERY_S = 0.5
MAIN = ("cadence_spm", "contact_time_s", "trunk_lean_deg", "overstride_pct_leg", "knee_flexion_at_contact_deg")
"""Numbers only: nobody is judged before the safety check, not even a sample."""


def show_empty(lang: Lang) -> None:
    """The sample's clip to go through and its main numbers; a word while it is being measured."""
    found = example()
    if found is None or (found.shown is None and not found.pending):
        return
    st.subheader(word("sample_title", lang), anchor=False)
    waits, alone = found.shown is None, Alone()

    @st.fragment(run_every=LOOK_EVERY_S if waits else None)
    def show() -> None:
        if alone() and waits and not found.pending:
            st.rerun()
        if found.shown is None:
            st.html(f'<div class="fc-soon"><p>{escape(word("sample_soon", lang))}</p></div>')
        else:
            _result(found.shown, lang)

    with st.container(border=True, key="example"):
        show()


def _result(shown: Shown, lang: Lang) -> None:
    st.caption(word("sample_about", lang, name=shown.sample.name(lang)))
    try:
        clip = clip_for_player(shown.analysis, None, shown.sample.path, "example", lang)
    except InputError:
        return
    clip["at"] = first_moment_s(shown.analysis)
    cards = load_cards()
    rows = [(m, cards[m.metric]) for m in shown.analysis.measurements if m.metric in MAIN and m.value is not None]
    items = [
        f"- {card.name.get(lang)}{' (' + text(f'side_{m.side}', lang) + ')' if m.side else ''}: "
        f"**{format_value(m, card, lang)}**"
        for m, card in rows
    ]
    st.markdown("\n".join([f"**{word('sample_numbers', lang)}**", "", *items]))
    show_player("example", [clip], lang)  # last: it grows when its clip has come, and nothing below it is to jump
