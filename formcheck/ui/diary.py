"""The diary: pain around the run and how good the day felt, and what the rules make of a day's pain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from html import escape

import streamlit as st

from formcheck.cards import Lang
from formcheck.charts import CONFIG
from formcheck.guidance.questions import load_questions
from formcheck.history import diary, people
from formcheck.history.database import History
from formcheck.history.tables import DiaryDay, Person
from formcheck.history.training import safety_of
from formcheck.texts import text
from formcheck.ui.cited_words import with_sources
from formcheck.ui.history_charts import pain_chart
from formcheck.ui.picking import picked
from formcheck.ui.remembering import PERSON, doing
from formcheck.ui.whole import whole
from formcheck.ui.wide import wide

PAINS = ("before", "during", "after", "next_day")
_CONDITIONS = (1, 2, 3, 4, 5)
_SHOWN = 30
_STILL_TELLS = timedelta(days=3)
_STRUCK = "diary_times_struck"
"""After a day was struck its form is a new one, without what was struck."""


def show_diary(history: History, person: Person, lang: Lang, today: date) -> None:
    """One day to write, what it means for running, and the days before."""
    with history.reading() as session:
        days = diary.days(session, person)
    day = st.date_input(text("day", lang), today, max_value=today, format="YYYY-MM-DD", key=f"diary_day_{person.id}")
    written = next((one for one in days if one.day == day), None)
    _ask(history, person, day, written, lang)
    _what_it_means(days, today, lang)
    if days:
        st.plotly_chart(pain_chart(days, lang), theme=None, config=CONFIG, key="pain_chart")
        st.html(_table(days[::-1][:_SHOWN], lang))


def _ask(history: History, person: Person, day: date, written: DiaryDay | None, lang: Lang) -> None:
    """What was written about that day before stands there and can be changed."""
    key = f"diary_{person.id}_{day.isoformat()}_{st.session_state.get(_STRUCK, 0)}"
    with st.form(key, border=True):
        st.markdown(f"**{text('diary_pain', lang)}**")
        for column, name in zip(st.columns(len(PAINS)), PAINS, strict=True):
            known = None if written is None else getattr(written, name)
            column.number_input(text(f"diary_{name}", lang), *diary.PAIN, known, 1, key=f"{key}_{name}")
        places = load_questions()["place"]
        st.pills(
            text("diary_places", lang),
            list(places.options),
            selection_mode="multi",
            default=[] if written is None else [place for place in written.places if place in places.options],
            format_func=lambda place: places.options[place].label.get(lang),
            key=f"{key}_places_{lang}",
        )
        st.pills(
            text("diary_condition", lang),
            _CONDITIONS,
            default=None if written is None else written.condition,
            format_func=lambda level: text(f"diary_condition_{level}", lang),
            key=f"{key}_condition_{lang}",
        )
        st.text_area(
            text("diary_note", lang),
            "" if written is None else written.note,
            max_chars=diary.LONGEST_NOTE,
            height=80,
            key=f"{key}_note",
        )
        st.form_submit_button(
            text("diary_save", lang),
            type="primary",
            on_click=_save,
            args=(history, person, lang, key),
            key="diary_save",
        )
    if written is not None:
        st.button(text("diary_strike", lang), on_click=_strike, args=(history, person, written.id), key="diary_strike")


@whole
def _save(history: History, person: Person, lang: Lang, key: str) -> None:
    """For the person and the day that are chosen now."""
    said = st.session_state
    day = said[f"diary_day_{person.id}"]
    with doing("diary_saved", day=day.isoformat()), history.writing() as session:
        diary.write_day(
            session,
            people.find(session, person.owner, picked(PERSON, lang, person.id)),
            day,
            places=said[f"{key}_places_{lang}"],
            condition=said[f"{key}_condition_{lang}"],
            note=said[f"{key}_note"],
            **{name: said[f"{key}_{name}"] for name in PAINS},
        )


@whole
def _strike(history: History, person: Person, row_id: str) -> None:
    with doing("diary_struck"), history.writing() as session:
        diary.strike(session, person, DiaryDay, row_id)
        st.session_state[_STRUCK] = st.session_state.get(_STRUCK, 0) + 1


def _what_it_means(days: Sequence[DiaryDay], today: date, lang: Lang) -> None:
    """What the rules of the safety check make of the last day with pain written down, while it is recent."""
    recent = [day for day in days if today - _STILL_TELLS <= day.day <= today]
    told = [(day, safety) for day in recent if (safety := safety_of(day)) is not None]
    if not told:
        return
    day, safety = told[-1]
    outcome = safety.outcome
    why = "".join(f"<p>{escape(with_sources(rule.because, lang))}</p>" for rule in safety.deciding[:2])
    level = {"go_on": "good", "reduce": "watch"}.get(outcome.id, "act")
    st.html(
        f'<article class="fc-card fc-{level}"><h4>{escape(text("diary_means", lang, day=day.day.isoformat()))} '
        f"{escape(outcome.name.get(lang))}</h4><p>{escape(outcome.do.get(lang))}</p>{why}"
        f'<p class="fc-small">{escape(text("diary_means_only", lang))}</p></article>'
    )


def _table(days: Sequence[DiaryDay], lang: Lang) -> str:
    columns = [text("day", lang), *(text(f"diary_{name}", lang) for name in PAINS)]
    columns += [text(code, lang) for code in ("diary_places", "diary_condition", "diary_note")]
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = "".join(_row(day, lang) for day in days)
    return wide(f"<tr>{head}</tr>{body}", text("people_tab_diary", lang))


def _row(day: DiaryDay, lang: Lang) -> str:
    options = load_questions()["place"].options
    places = ("、" if lang == "ja" else ", ").join(options[p].label.get(lang) for p in day.places if p in options)
    pains = ["–" if getattr(day, name) is None else str(getattr(day, name)) for name in PAINS]
    condition = "–" if day.condition is None else text(f"diary_condition_{day.condition}", lang)
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in (*pains, places or "–", condition, day.note or "–"))
    return f'<tr><th scope="row">{day.day.isoformat()}</th>{cells}</tr>'
