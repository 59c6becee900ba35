"""What counts today, in one line: exercise days, kilometres, the next review."""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st

from formcheck.cards import Lang
from formcheck.history import analyses, diary
from formcheck.history.database import History
from formcheck.history.tables import Person
from formcheck.history.training import TIMES_A_WEEK, Review, days_of, days_this_week, weeks
from formcheck.texts import text
from formcheck.ui.trends import reviews_since


def show_overview(history: History, person: Person, lang: Lang, today: date) -> None:
    """Nothing of what was never begun."""
    with history.reading() as session:
        done = days_of(diary.exercises(session, person))
        runs = diary.runs(session, person)
        kept = analyses.listed(session, person)
        newest = analyses.find(session, person, kept[0].id) if kept else None
    facts = []
    if done:
        n = days_this_week(done, today)
        facts.append(text("streak_this_week", lang, n=n, goal=TIMES_A_WEEK))
    if runs:
        facts.append(text("overview_km", lang, km=f"{weeks(runs, today)[-1].km:.1f}"))
    due = [] if newest is None else reviews_since(newest, kept, today)
    told = next((review for review in due if review.state in ("due", "to_come")), None)
    if told is not None:
        facts.append(_review(told, lang))
    with st.container(key="overview"):  # also when it is empty: what stands below keeps its place
        items = "".join(f'<span class="fc-badge fc-unknown">{escape(fact)}</span>' for fact in facts)
        st.html(f'<p class="fc-counts">{items}</p>')


def _review(review: Review, lang: Lang) -> str:
    what = text(f"review_{review.kind}_short", lang)
    return text(f"review_{review.state}", lang, what=what, begins=review.begins, ends=review.ends)
