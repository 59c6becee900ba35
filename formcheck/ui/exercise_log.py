"""The exercise log: which exercise, how much, done or not, and the weeks in a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st

from formcheck.cards import Lang
from formcheck.charts import CONFIG
from formcheck.guidance.exercises import load_exercises
from formcheck.guidance.safety import load_safety_rules
from formcheck.history import analyses, diary, people
from formcheck.history.database import History
from formcheck.history.tables import ExerciseDone, Person
from formcheck.history.training import TIMES_A_WEEK, days_of, days_this_week, weeks_in_a_row
from formcheck.texts import text
from formcheck.ui.cited_words import with_sources
from formcheck.ui.history_charts import exercise_chart
from formcheck.ui.picking import pick, picked
from formcheck.ui.remembering import PERSON, doing
from formcheck.ui.whole import whole

AMOUNTS = ("sets", "reps", "seconds")
_SHOWN = 20


def show_exercises(history: History, person: Person, lang: Lang, today: date) -> None:
    """One exercise to write down, the streak, the last ones."""
    with history.reading() as session:
        written = diary.exercises(session, person)
        planned = _planned(history, person)
    _ask(history, person, planned, lang, today)
    if not written:
        return
    days = days_of(written)
    streak, so_far = weeks_in_a_row(days, today), days_this_week(days, today)
    st.html(
        f'<p class="fc-plain"><b>{escape(text("streak", lang, n=streak))}</b> '
        f"{escape(text('streak_this_week', lang, n=so_far, goal=TIMES_A_WEEK))}</p>"
    )
    st.plotly_chart(exercise_chart(days, today, lang), theme=None, config=CONFIG, key="exercise_chart")
    if any(one.hurt for one in written[-3:]):
        st.warning(with_sources(load_safety_rules()["exercise_that_hurts"].because, lang), icon=":material/warning:")
    _list(history, person, written[::-1][:_SHOWN], lang)


def _planned(history: History, person: Person) -> list[str]:
    """The exercises of the newest plan."""
    with history.reading() as session:
        kept = analyses.listed(session, person)
        content = analyses.find(session, person, kept[0].id).content if kept else None
    return [] if content is None else [item["do"] for item in content["guidance"]["plan"]]


def _ask(history: History, person: Person, planned: Sequence[str], lang: Lang, today: date) -> None:
    """Those of the plan come first."""
    known = load_exercises()
    offered = [name for name, exercise in known.items() if exercise.kind != "explained"]
    first = [name for name in planned if name in known]
    options = [*first, *(name for name in offered if name not in first)]
    with st.container(border=True, key="exercise_form"):
        name, day = st.columns([2, 1])
        with name:
            pick(text("exercise", lang), options, lambda n: known[n].name.get(lang), lang, "exercise_chosen")
        day.date_input(text("day", lang), today, max_value=today, format="YYYY-MM-DD", key="exercise_day")
        for column, amount in zip(st.columns(len(AMOUNTS)), AMOUNTS, strict=True):
            low, high = (int(limit) for limit in diary.LIMITS[amount])
            column.number_input(text(f"exercise_{amount}", lang), low, high, None, 1, key=f"exercise_{amount}")
        st.radio(
            text("exercise_done", lang),
            (True, False),
            format_func=lambda done: text("exercise_yes" if done else "exercise_no", lang),
            horizontal=True,
            key=f"exercise_done_{lang}",
        )
        st.checkbox(text("exercise_hurt", lang), key="exercise_hurt")
        st.button(
            text("diary_save", lang),
            type="primary",
            on_click=_save,
            args=(history, person, lang),
            key="exercise_save",
        )


@whole
def _save(history: History, person: Person, lang: Lang) -> None:
    said = st.session_state
    with doing("exercise_saved"), history.writing() as session:
        diary.write_exercise(
            session,
            people.find(session, person.owner, picked(PERSON, lang, person.id)),
            said["exercise_day"],
            said[f"exercise_chosen_{lang}"],
            done=said[f"exercise_done_{lang}"],
            hurt=said["exercise_hurt"],
            **{amount: said[f"exercise_{amount}"] for amount in AMOUNTS},
        )


def _list(history: History, person: Person, written: Sequence[ExerciseDone], lang: Lang) -> None:
    with st.expander(text("exercise_list", lang), key="fold_exercise_list"):
        for one in written:
            words, button = st.columns([5, 1], vertical_alignment="center")
            words.html(f'<p class="fc-plain">{escape(exercise_line(one, lang))}</p>')
            button.button(
                text("kept_delete", lang), on_click=_strike, args=(history, person, one.id), key=f"strike_{one.id}"
            )


def exercise_line(one: ExerciseDone, lang: Lang) -> str:
    """One line of the log: "2026-05-04 ✓ Draw-in, 10 times"."""
    known = load_exercises().get(one.exercise)
    name = one.exercise if known is None else known.name.get(lang)
    amounts = [text(f"exercise_n_{a}", lang, n=getattr(one, a)) for a in AMOUNTS if getattr(one, a) is not None]
    parts = [f"{one.day.isoformat()} {'✓' if one.done else '–'} {name}", *amounts]
    if not one.done:
        parts.append(text("exercise_no", lang))
    if one.hurt:
        parts.append(text("exercise_hurt", lang))
    return ("、" if lang == "ja" else ", ").join(parts)


@whole
def _strike(history: History, person: Person, row_id: str) -> None:
    with doing("diary_struck"), history.writing() as session:
        diary.strike(session, person, ExerciseDone, row_id)
