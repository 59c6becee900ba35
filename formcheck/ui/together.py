"""Several clips of one visit, of one person from several sides: one report of all."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from formcheck.cards import Lang
from formcheck.texts import note_text, text
from formcheck.together import agreement, together_html
from formcheck.ui.visit import Result


def offer_together(results: Sequence[Result], lang: Lang) -> None:
    """A button for the joined report, where clips of the same activity were filmed from different sides.

    Of each side the newest clip counts.
    """
    by_view = {r.outcome.analysis.view: r for r in results if r.outcome.analysis.activity == "running"}
    if len(by_view) < 2:
        st.caption(text("ui_together_add", lang))
        return
    clips = [(r.outcome.analysis, r.outcome.folder) for r in by_view.values()]
    with st.container(key="together"):
        st.download_button(
            text("ui_together", lang, views=" + ".join(text(f"view_{view}", lang) for view in by_view)),
            partial(together_html, clips, lang),
            "formcheck_together.html",
            "text/html",
            on_click="ignore",
            key="download_together",
        )
        for note in agreement([analysis for analysis, _ in clips]):
            st.caption(f"! {note_text(note, lang)}")
