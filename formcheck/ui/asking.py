"""The safety check on the page: what is asked before any score, and what came of it.

The answers of one visitor live in the browser session only. Until the check is made, or skipped by a professional,
nothing is analysed and no result is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from formcheck.cards import Lang
from formcheck.guidance import guide
from formcheck.guidance.questions import Question, load_questions
from formcheck.guidance.sheet import guidance_style, part_html
from formcheck.guidance.told import say, tell
from formcheck.records import Answers
from formcheck.ui.whole import whole

OnSettled = Callable[[Answers | None], None]
_NEEDED = ("age", "place", "signs")
_ABOUT_PAIN = ("place", "when", "kind", "running", "with_rest")
_WHOLE = ("age", "run_days", "sitting_at_once_min")
"""Numbers that nobody gives parts of."""
_FURTHER = ("care", "training", "habits", "tests")


@dataclass
class Check:
    """How far the check is; ``said`` keeps every answer over a change of language."""

    settled: bool = False
    answers: Answers | None = None
    """None while it is not settled, and where it was skipped."""
    said: dict[str, Any] = field(default_factory=dict)


def current_check() -> Check:
    """This visitor's check."""
    check = st.session_state.get("check")
    if not isinstance(check, Check):
        check = st.session_state["check"] = Check()
    return check


def show_check(lang: Lang, on_settled: OnSettled = lambda _: None, folded: bool = False) -> Check:
    """The questions, or the outcome and a way back to the questions; ``on_settled`` is told the answers.

    A settled check may be folded away, so that what runs is in sight.
    """
    check = current_check()
    st.html(guidance_style())
    title = say("safety_title").get(lang)
    if check.settled:
        with st.expander(title, expanded=not folded):
            st.html(part_html("safety", tell(guide(check.answers)), lang))
            st.button(say("ask_again").get(lang), on_click=_ask_again, key="check_again")
        return check
    st.subheader(title, anchor=False)
    with st.container(border=True, key="check"):
        st.write(say("ask_intro").get(lang))
        _ask(check, lang, on_settled)
    return check


def _ask(check: Check, lang: Lang, on_settled: OnSettled) -> None:
    questions = load_questions()
    _number(check, questions["age"], lang)
    hurts = _pain(check, lang)
    if hurts:
        for name in _ABOUT_PAIN:
            _choice(check, questions[name], lang)
    nothing = _signs(check, questions["signs"], lang)
    with st.expander(say("ask_more").get(lang), key="fold_ask_more"):
        for question in questions.values():
            if question.part in _FURTHER:
                (_number if question.kind == "number" else _choice)(check, question, lang)
    ready = _ready(check, hurts, nothing)
    if not ready:
        st.caption(say("ask_missing").get(lang))
    st.button(
        say("ask_done").get(lang),
        type="primary",
        disabled=not ready,
        on_click=_settle_said,
        args=(lang, on_settled),
        key="check_done",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(say("skip").get(lang), type="tertiary", on_click=_settle, args=(None, on_settled), key="check_skip")
        st.caption(say("skip_warning").get(lang))


def answers_said(check: Check, hurts: bool | None) -> Answers:
    """What was said so far, as the rules want it; what belongs to a pain counts only where there is one."""
    questions = load_questions()
    choices: dict[str, frozenset[str]] = {}
    numbers: dict[str, float] = {}
    for name, said in check.said.items():
        if name not in questions or said is None or (name in _ABOUT_PAIN and not hurts):
            continue
        if questions[name].kind == "number":
            numbers[name] = float(said)
        else:
            choices[name] = frozenset([said] if isinstance(said, str) else said)
    choices.setdefault("place", frozenset())
    choices.setdefault("signs", frozenset())
    return Answers({name: chosen for name, chosen in choices.items() if chosen or name in _NEEDED}, numbers)


def _ready(check: Check, hurts: bool | None, nothing: bool) -> bool:
    where = hurts is False or bool(check.said.get("place"))
    return check.said.get("age") is not None and where and (nothing or bool(check.said.get("signs")))


@whole
def _settle_said(lang: Lang, on_settled: OnSettled) -> None:
    """With what is ticked now: the page may not have been made anew since, and a danger sign must not be missed."""
    check, said = current_check(), st.session_state
    for name in ("hurts", *load_questions()):
        if (key := f"check_{name}_{lang}") in said:
            check.said[name] = said[key]
    signs = {name: said.get(f"check_sign_{name}_{lang}") for name in load_questions()["signs"].options}
    check.said["signs"] = [name for name, ticked in signs.items() if ticked]
    check.said["nothing"] = bool(said.get(f"check_nothing_{lang}"))
    hurts = None if check.said["hurts"] is None else check.said["hurts"] == "yes"
    if _ready(check, hurts, check.said["nothing"] and not check.said["signs"]):
        _settle(answers_said(check, hurts), on_settled)


@whole
def _settle(answers: Answers | None, on_settled: OnSettled) -> None:
    check = current_check()
    check.settled, check.answers = True, answers
    on_settled(answers)


@whole
def _ask_again() -> None:
    check = current_check()
    check.settled, check.answers = False, None


# ------------------------------------------------------------------------------------------------------ widgets
# A widget for each language: the browser keeps the words that were chosen, not what they stand for.


def _number(check: Check, question: Question, lang: Lang) -> None:
    step = 1.0
    check.said[question.id] = st.number_input(
        question.ask.get(lang),
        question.low,
        question.high,
        check.said.get(question.id),
        step,
        format="%.0f" if question.id in _WHOLE else "%.1f",
        key=f"check_{question.id}_{lang}",
    )


def _choice(check: Check, question: Question, lang: Lang) -> None:
    check.said[question.id] = st.pills(
        question.ask.get(lang),
        list(question.options),
        selection_mode="multi" if question.kind == "many" else "single",
        default=check.said.get(question.id),
        format_func=lambda option: question.options[option].label.get(lang),
        key=f"check_{question.id}_{lang}",
    )


def _pain(check: Check, lang: Lang) -> bool | None:
    """Whether anything hurts; None while that is open."""
    kept = check.said.get("hurts")
    check.said["hurts"] = st.radio(
        say("ask_pain").get(lang),
        ("no", "yes"),
        None if kept is None else ("no", "yes").index(kept),
        format_func=lambda answer: say(answer).get(lang),
        horizontal=True,
        key=f"check_hurts_{lang}",
    )
    return None if check.said["hurts"] is None else check.said["hurts"] == "yes"


def _signs(check: Check, question: Question, lang: Lang) -> bool:
    """The danger signs, each a box to tick; whether "none of these" was ticked, which no sign may contradict."""
    st.markdown(f"**{question.ask.get(lang)}**")
    kept = set(check.said.get("signs") or ())
    ticked = []
    columns = st.columns(2)
    for i, (name, option) in enumerate(question.options.items()):
        if columns[i % 2].checkbox(option.label.get(lang), name in kept, key=f"check_sign_{name}_{lang}"):
            ticked.append(name)
    check.said["signs"] = ticked
    nothing = st.checkbox(say("none_of_these").get(lang), check.said.get("nothing", False), key=f"check_nothing_{lang}")
    check.said["nothing"] = nothing
    return bool(nothing) and not ticked
