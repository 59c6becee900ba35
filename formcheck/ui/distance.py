"""Kilometres by week, and the rules on how much more is too much."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any, get_args

import streamlit as st

from formcheck.cards import Lang
from formcheck.charts import CONFIG
from formcheck.history import analyses, diary, people
from formcheck.history.database import History
from formcheck.history.tables import Person, Run
from formcheck.history.training import Running, load_now, weeks
from formcheck.records import InputError
from formcheck.texts import text
from formcheck.ui.cited_words import with_sources
from formcheck.ui.history_charts import weeks_chart
from formcheck.ui.picking import picked
from formcheck.ui.remembering import PERSON, doing
from formcheck.ui.whole import whole

_SHOWN = 20


def show_distance(history: History, person: Person, lang: Lang, today: date) -> None:
    """A run to write down, what is planned, the weeks and their limit."""
    with history.reading() as session:
        runs = diary.runs(session, person)
        kept = analyses.listed(session, person)
        content = analyses.find(session, person, kept[0].id).content if kept else None
    _ask(history, person, lang, today)
    _advise(runs, _running(content), lang, today)
    if runs:
        st.plotly_chart(weeks_chart(weeks(runs, today), lang), theme=None, config=CONFIG, key="weeks_chart")
        _list(history, person, runs[::-1][:_SHOWN], lang)


def _running(content: dict[str, Any] | None) -> Running:
    """What the last safety check that was kept said about running."""
    safety = None if content is None else content["guidance"]["safety"]
    said = "run" if safety is None else safety["running"]
    return next((known for known in get_args(Running) if known == said), "run")


def _ask(history: History, person: Person, lang: Lang, today: date) -> None:
    with st.form("run", clear_on_submit=True, border=True):
        day, km, minutes = st.columns(3)
        day.date_input(text("day", lang), today, max_value=today, format="YYYY-MM-DD", key="run_day")
        low, high = map(float, diary.LIMITS["km"])
        km.number_input(text("run_km", lang), low, high, None, 0.5, format="%.1f", key="run_km")
        low, high = map(float, diary.LIMITS["minutes"])
        minutes.number_input(text("run_minutes", lang), low, high, None, 1.0, format="%.0f", key="run_minutes")
        st.form_submit_button(
            text("diary_save", lang), type="primary", on_click=_save, args=(history, person, lang), key="run_save"
        )


@whole
def _save(history: History, person: Person, lang: Lang) -> None:
    said = st.session_state
    km = said["run_km"]
    with doing("run_saved"), history.writing() as session:
        if km is None:
            raise InputError("run_no_km")
        mine = people.find(session, person.owner, picked(PERSON, lang, person.id))
        diary.write_run(session, mine, said["run_day"], km, said["run_minutes"])


def _advise(runs: Sequence[Run], running: Running, lang: Lang, today: date) -> None:
    planned, long_run = st.columns(2)
    more_km = planned.number_input(text("run_planned", lang), 0.0, 300.0, None, 0.5, format="%.1f", key="run_planned")
    long_km = long_run.number_input(
        text("run_next_long", lang), 0.0, 300.0, None, 0.5, format="%.1f", key="run_next_long"
    )
    if running == "rest":
        st.warning(text("run_rest", lang), icon=":material/warning:")
    for advice in load_now(runs, today, more_km or 0.0, long_km, running):
        do = advice.rule.do.get(lang).format(limit=f"{advice.limit_km or 0:g}")
        st.html(
            f'<article class="fc-card fc-watch"><h4>▲ {escape(do)}</h4>'
            f"<p>{escape(with_sources(advice.rule.because, lang))}</p></article>"
        )


def _list(history: History, person: Person, runs: Sequence[Run], lang: Lang) -> None:
    with st.expander(text("run_list", lang), key="fold_run_list"):
        for run in runs:
            words, button = st.columns([5, 1], vertical_alignment="center")
            minutes = "" if run.minutes is None else f" · {text('span_minutes', lang, n=run.minutes)}"
            words.html(f'<p class="fc-plain">{escape(f"{run.day.isoformat()} · {run.km:g} km{minutes}")}</p>')
            button.button(
                text("kept_delete", lang), on_click=_strike, args=(history, person, run.id), key=f"strike_{run.id}"
            )


@whole
def _strike(history: History, person: Person, row_id: str) -> None:
    with doing("diary_struck"), history.writing() as session:
        diary.strike(session, person, Run, row_id)
