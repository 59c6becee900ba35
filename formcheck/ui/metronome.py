"""A metronome at the cadence that the plan proposes: a minute with it, a minute without, as the exercise says."""

from __future__ import annotations

import streamlit as st

from formcheck.cards import Lang
from formcheck.guidance.cadence import CadenceTarget
from formcheck.guidance.exercises import load_exercises
from formcheck.ui.web_component import web_component
from formcheck.ui.words import word, words_for

EXERCISE = "quicker_steps"
_WORDS = tuple(f"metronome_{name}" for name in ("start", "stop", "idle", "with", "without", "over", "left"))


def plan_of(target: CadenceTarget) -> dict[str, float]:
    """Steps a minute, seconds with and as many without, and how often: the dose of the exercise's page."""
    dose = load_exercises()[EXERCISE].dose[0]
    assert dose.minutes is not None
    assert dose.sets is not None
    return {"spm": float(target.target_spm), "phase_s": 60.0 * dose.minutes[0], "sets": float(dose.sets[0])}


def show_metronome(target: CadenceTarget, lang: Lang) -> None:
    """The metronome, folded; it measures nothing."""
    title = word("metronome_title", lang, n=f"{target.target_spm:.0f}")
    with st.expander(title, icon=":material/music_note:", key="fold_metronome"):
        st.caption(word("metronome_how", lang, own=f"{target.own_spm:.0f}", n=f"{target.target_spm:.0f}"))
        with st.container(key="metronome"):
            data = {"lang": lang, "words": words_for(_WORDS, lang)} | plan_of(target)
            web_component("metronome", "fct", "timer")(key="metronome_clock", data=data)
        st.caption(load_exercises()[EXERCISE].stop.get(lang))
