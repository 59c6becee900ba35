"""What is to be seen before anybody has brought a clip: the sample's result, said to be the sample's."""

from __future__ import annotations

from html import escape

import streamlit as st

from formcheck.cards import Lang, load_cards
from formcheck.records import InputError
from formcheck.texts import format_value, text
from formcheck.ui.example import Shown, example_of
from formcheck.ui.player import clip_for_player, show_player
from formcheck.ui.words import word

LOOK_EVERY_S = 1.0
MAIN = ("cadence_spm", "contact_time_s", "trunk_lean_deg", "overstride_pct_leg", "knee_flexion_at_contact_deg")
"""Numbers only: nobody is judged before the safety check, not even a sample."""


def show_empty(lang: Lang) -> None:
    """The sample's clip to go through and its main numbers; a word while it is being prepared."""
    example = example_of(lang)
    if example is None or (example.shown(lang) is None and not example.pending):
        return
    st.subheader(word("sample_title", lang), anchor=False)
    made = example.shown(lang)
    waits = example.pending or (made is not None and made.plain.pending)

    @st.fragment(run_every=LOOK_EVERY_S if waits else None)
    def show() -> None:
        shown = example.shown(lang)
        if waits and not example.pending and (shown is None or not shown.plain.pending):
            st.rerun()
        if shown is None:
            st.html(f'<div class="fc-soon"><p>{escape(word("sample_soon", lang))}</p></div>')
        else:
            _result(shown, lang)

    with st.container(border=True, key="example"):
        show()


def _result(shown: Shown, lang: Lang) -> None:
    st.caption(word("sample_about", lang, name=shown.sample.name(lang)))
    try:
        clip = clip_for_player(shown.analysis, shown.folder / "annotated.mp4", shown.plain.path, "example", lang)
    except InputError:
        return
    show_player("example", [clip], lang)
    cards = load_cards()
    rows = [(m, cards[m.metric]) for m in shown.analysis.measurements if m.metric in MAIN and m.value is not None]
    items = "".join(
        f"<li>{escape(card.name.get(lang))}"
        f"{' (' + escape(text(f'side_{m.side}', lang)) + ')' if m.side else ''}: "
        f"<b>{escape(format_value(m, card, lang))}</b></li>"
        for m, card in rows
    )
    st.html(f'<h4 class="fc-plain">{escape(word("sample_numbers", lang))}</h4><ul class="fc-list">{items}</ul>')
