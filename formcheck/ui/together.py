"""Several clips of one visit, of one person from several sides: one report of all."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from formcheck.activities.card import load_activity_cards
from formcheck.cards import Lang
from formcheck.exercise_sides import sides_of
from formcheck.joined import seen_from
from formcheck.records import Analysis
from formcheck.texts import note_text, text
from formcheck.together import agreement, together_html
from formcheck.ui.visit import Result

_RUNNING = "running"


def offer_together(results: Sequence[Result], activity: str, lang: Lang) -> None:
    """A button for the joined report, where clips of the same activity show different sides of the person.

    Of each side the newest clip counts.
    """
    by_view = {_seen(r.outcome.analysis): r for r in results if r.outcome.analysis.activity == activity}
    if len(by_view) < 2:
        _ask_for_more([r.outcome.analysis for r in by_view.values()], activity, lang)
        return
    clips = [(r.outcome.analysis, r.outcome.folder) for r in by_view.values()]
    analyses = [analysis for analysis, _ in clips]
    named = " + ".join(seen_from(analysis, lang) for analysis in analyses)
    label = text("ui_together", lang, views=named)
    with st.container(key="together"):
        st.download_button(
            label if activity == _RUNNING else text("ui_together_exercise", lang, what=named),
            partial(together_html, clips, lang),
            "formcheck_together.html",
            "text/html",
            on_click="ignore",
            key="download_together",
        )
        for note in agreement(analyses):
            st.caption(f"! {note_text(note, lang)}")


def _seen(analysis: Analysis) -> tuple[str, frozenset[str]]:
    """What a clip shows: from where, and of an exercise which sides."""
    return analysis.view, frozenset() if analysis.activity == _RUNNING else frozenset(sides_of(analysis))


def _ask_for_more(analyses: Sequence[Analysis], activity: str, lang: Lang) -> None:
    if activity == _RUNNING:
        st.caption(text("ui_together_add", lang))
        return
    card = load_activity_cards()[activity]
    for analysis in analyses:
        others = [view for view in ("side", "front") if view in card.views and view != analysis.view]
        if len(sides_of(analysis)) == 1:
            st.caption(text("ui_together_other_side", lang))
        elif others:
            views = " / ".join(text(f"view_{view}", lang) for view in others)
            st.caption(text("ui_together_other_view", lang, views=views))
