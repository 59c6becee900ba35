"""What went wrong, as a sentence in the visitor's own words."""

from __future__ import annotations

import streamlit as st

from formcheck.cards import Lang
from formcheck.records import InputError
from formcheck.texts import codes, problem_text, text
from formcheck.ui.visit import Failure
from formcheck.ui.words import word

_ASKED_FOR = {"height_cm": "your_height", "belt_speed_mps": "ui_belt_speed", "slow_motion": "ui_slow_motion"}
"""What the visitor calls the options of which an error speaks by name."""


def sentence(problem: InputError, lang: Lang) -> str:
    """What happened and what to do next."""
    code = problem.code if problem.code in codes() else "ui_unexpected"
    details = dict(problem.details)
    name = str(details.get("name", ""))
    if name in _ASKED_FOR:
        details["name"] = text(_ASKED_FOR[name], lang)
    return problem_text(code, lang, details)


def show_failures(failures: list[Failure], of_several: bool, lang: Lang) -> None:
    """Each clip without a result, by name where there is more than one clip; "stopped" is no error."""
    for failure in failures:
        why = sentence(failure.error, lang)
        if of_several and failure.name:
            why = word("queue_failed", lang, name=failure.name, why=why)
        (st.info if failure.error.code == "stopped" else st.error)(why)
