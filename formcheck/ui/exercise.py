"""What is asked about exercises: which one it is, which mode was meant, and how much a bend hurt."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, cast

import streamlit as st

from formcheck.activities import ACTIVITIES
from formcheck.activities.card import load_activity_cards
from formcheck.activities.danger import mode_of
from formcheck.analysis import Options, analyze_pose, with_pain
from formcheck.cards import Lang, load_cards
from formcheck.metrics.exercise import movement_pain
from formcheck.records import Analysis
from formcheck.texts import text
from formcheck.ui.picking import pick, picked
from formcheck.ui.reopening import KeptOutcome
from formcheck.ui.visit import Result, Visit
from formcheck.ui.whole import whole
from formcheck.ui.words import word

HIP_LIFT = "hip_lift"
MODES = ("auto", "gentle", "full")
_ANSWERS = ("unasked", "no", "yes")


def ask_activity(lang: Lang) -> None:
    """Which activity the clip shows, "auto" at first, how to film it, and which hip lift is meant."""
    activity = pick(text("activity", lang), ("auto", *ACTIVITIES), lambda name: _name(name, lang), lang, "activity")
    card = load_activity_cards().get(activity)
    if card is not None:
        st.caption(card.film.get(lang))
    if activity == HIP_LIFT:
        pick(word("mode", lang), MODES, lambda mode: word(f"mode_{mode}", lang), lang, "mode")


def activity_asked(lang: Lang) -> dict[str, Any]:
    """What is chosen now, as options."""
    activity = picked("activity", lang, "auto")
    mode = picked("mode", lang, "auto") if activity == HIP_LIFT else "auto"
    return {"activity": activity, "mode": mode}


def show_asked(visit: Visit, result: Result, lang: Lang, busy: bool) -> None:
    """Below an exercise's headline: the pain it gave, and another look as something else."""
    analysis = result.outcome.analysis
    if isinstance(result.outcome, KeptOutcome) or analysis.activity not in load_activity_cards():
        return
    if analysis.activity in load_cards()[movement_pain.METRIC].activities:
        _ask_pain(visit, result, lang, busy)
    with st.expander(word("see_as_title", lang, name=_name(analysis.activity, lang)), key="fold_see_as"):
        key = result.job_folder.name
        names = list(load_activity_cards())
        activity = st.selectbox(
            text("activity", lang),
            names,
            names.index(analysis.activity),
            format_func=lambda name: _name(name, lang),
            key=f"see_as_{key}_{lang}",
        )
        if activity == HIP_LIFT:
            now = mode_of(analysis.warnings) or "auto"
            st.radio(
                word("mode", lang),
                MODES,
                MODES.index(now),
                format_func=lambda mode: word(f"mode_{mode}", lang),
                key=f"see_mode_{key}_{lang}",
            )
        st.button(
            word("see_as", lang), disabled=busy, on_click=_see_as, args=(visit, key, lang), key=f"see_as_go_{key}"
        )


def _ask_pain(visit: Visit, result: Result, lang: Lang, busy: bool) -> None:
    """Yes or no, then how much; an answer goes into the numbers, the report and every comparison."""
    analysis, key = result.outcome.analysis, f"{result.job_folder.name}_{lang}"  # each result's answer is its own
    pain = analysis.subject.pain
    with st.container(border=True, key="pain"):
        said = st.radio(
            word("pain_ask", lang, name=_name(analysis.activity, lang)),
            _ANSWERS,
            0 if pain is None else 2 if pain else 1,
            format_func=lambda answer: word(f"pain_{answer}", lang),
            horizontal=True,
            key=f"pain_said_{key}",
        )
        if said == "yes":
            st.slider(word("pain_much", lang), 1, 10, int(pain or 3), key=f"pain_much_{key}")
        st.button(
            word("pain_save", lang),
            disabled=busy or _pain_told(key) == pain,
            on_click=_save_pain,
            args=(visit, key),
            key="pain_save",
        )
        st.caption(word("pain_note", lang))


def _pain_told(key: str) -> float | None:
    """What is chosen now, 0 to 10; None where nothing is said."""
    said = st.session_state[f"pain_said_{key}"]
    if said == "unasked":
        return None
    return float(st.session_state.get(f"pain_much_{key}", 3)) if said == "yes" else 0.0


@whole
def _save_pain(visit: Visit, key: str) -> None:
    told = _pain_told(key)
    visit.change(lambda before: with_pain(before, told))


@whole
def _see_as(visit: Visit, key: str, lang: Lang) -> None:
    # what is chosen now: the page may not have been made anew since, when somebody is quick
    activity = st.session_state[f"see_as_{key}_{lang}"]
    mode = st.session_state.get(f"see_mode_{key}_{lang}", "auto") if activity == HIP_LIFT else "auto"
    visit.change(lambda before: seen_as(before, activity, cast(Literal["auto", "gentle", "full"], mode)))


def seen_as(before: Analysis, activity: str, mode: Literal["auto", "gentle", "full"]) -> Analysis:
    """The same clip seen as another exercise, or in another mode. Raises InputError as ``analyze_pose``."""
    options = Options(
        activity=activity,
        view=before.view if before.view in ("side", "rear", "front") else "auto",
        height_cm=before.subject.height_cm,
        belt_speed_mps=before.subject.belt_speed_mps,
        mode=mode,
        answers=before.answers,
        blur_face=before.blur_face,
    )
    if before.view not in load_activity_cards()[activity].views:
        options = replace(options, view="auto")
    return analyze_pose(before.pose, before.video, options)


def _name(activity: str, lang: Lang) -> str:
    return word("activity_auto", lang) if activity == "auto" else text(f"activity_{activity}", lang)
