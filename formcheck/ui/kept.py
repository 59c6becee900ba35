"""A person's analyses: the list, and opening an earlier one again."""

from __future__ import annotations

from collections import Counter
from html import escape

import streamlit as st

from formcheck.cards import Lang
from formcheck.findings import SEVERITY
from formcheck.history import analyses
from formcheck.history.database import History
from formcheck.history.tables import KeptAnalysis, Person
from formcheck.texts import text
from formcheck.ui.area import go_to
from formcheck.ui.remembering import doing
from formcheck.ui.results import badge
from formcheck.ui.visit import Visit
from formcheck.ui.whole import whole


def show_kept(history: History, person: Person, visit: Visit, lang: Lang, shown: bool) -> None:
    """The list of a person's analyses, newest first, each to be opened or deleted."""
    with history.reading() as session:
        mine = analyses.listed(session, person)
        levels = analyses.finding_levels(session, person)
    if not mine:
        st.write(text("kept_none", lang))
        return
    if not shown:
        st.info(text("kept_check_first", lang))
    for row in mine:
        _row(history, person, row, levels.get(row.id, Counter()) if shown else Counter(), visit, lang, shown)


def _row(
    history: History,
    person: Person,
    row: KeptAnalysis,
    levels: Counter[str],
    visit: Visit,
    lang: Lang,
    shown: bool,
) -> None:
    with st.container(border=True, key=f"kept_{row.id}"):
        words, open_, delete = st.columns([6, 2, 2], vertical_alignment="center")
        clip = text("kept_with_clip" if row.has_clip else "kept_numbers_only", lang)
        counts = " ".join(badge(level, lang, levels[level]) for level in SEVERITY[:3] if levels[level])
        words.html(
            f'<p class="fc-plain"><b>{row.filmed_on.isoformat()}</b> {escape(row.name)}<br>'
            f'<span class="fc-small">{escape(clip)}</span></p><p class="fc-counts">{counts}</p>'
        )
        open_.button(
            text("kept_open", lang),
            on_click=_open,
            args=(history, person, row.id, visit, lang),
            disabled=not shown or visit.job is not None,
            width="stretch",
            key=f"open_{row.id}",
        )
        with delete, st.popover(text("kept_delete", lang), width="stretch"):
            st.write(text("kept_delete_sure", lang))
            st.button(
                text("kept_delete", lang),
                on_click=_delete,
                args=(history, person, row.id),
                key=f"delete_{row.id}",
            )


@whole
def _open(history: History, person: Person, analysis_id: str, visit: Visit, lang: Lang) -> None:
    with doing("kept_opened"), history.reading() as session:
        kept = analyses.find(session, person, analysis_id)
        visit.reopen(kept, analyses.clip_folder(history.place, kept), lang)
        go_to("clip")


@whole
def _delete(history: History, person: Person, analysis_id: str) -> None:
    with doing("kept_deleted"):
        analyses.delete_analysis(history, person.owner, person.id, analysis_id)
