"""A guided timer for what is held: the draw-in, 5 seconds ten times, and the planks and stretches.

How long and how often are the doses of ``guidance/exercises.toml``, the shorter end of each, so that a beginner can
follow. It measures nothing: it counts, and reminds of the breath.
"""

from __future__ import annotations

import streamlit as st

from formcheck.cards import Lang
from formcheck.guidance.exercises import Exercise, load_exercises
from formcheck.records import Analysis
from formcheck.ui.picking import pick
from formcheck.ui.web_component import web_component
from formcheck.ui.words import word, words_for

REST_S, LONG_REST_S, LONG_S = 3, 10, 15
"""Between holds; longer after holds of ``LONG_S`` and more."""
BEGINNERS_S = {"plank_knees": 15, "plank_toes": 15}
"""Where the page of the exercise asks beginners for less than the dose."""
_WORDS = tuple(
    f"timer_{name}" for name in ("start", "stop", "beeps", "idle", "ready", "hold", "rest", "over", "count")
)  # fmt: skip


def held_exercises() -> dict[str, Exercise]:
    """The exercises that are held for seconds, the draw-in first."""
    held = {name: e for name, e in load_exercises().items() if any(dose.hold_s for dose in e.dose)}
    return {"draw_in": held["draw_in"], **held}


def plan_of(exercise: Exercise) -> dict[str, int]:
    """Seconds held, how often, and seconds between: the shorter end of its first dose in seconds."""
    dose = next(dose for dose in exercise.dose if dose.hold_s)
    assert dose.hold_s is not None
    hold_s = BEGINNERS_S.get(exercise.id, int(dose.hold_s[0]))
    reps = int(dose.reps[0]) if dose.reps else 2 if dose.each_side else 1
    return {"hold_s": hold_s, "reps": reps, "rest_s": LONG_REST_S if hold_s >= LONG_S else REST_S}


def is_only_timed(analysis: Analysis) -> bool:
    """Whether the clip is of an exercise that its outline could not carry."""
    return "draw_in_not_measured" in {note.code for note in analysis.warnings}


def show_timer(lang: Lang, opened: bool = False) -> None:
    """An exercise to choose and its clock; ``opened`` where the clip could not be measured."""
    with st.expander(word("timer_title", lang), expanded=opened, icon=":material/timer:", key="fold_timer"):
        held = held_exercises()
        name = pick(word("timer_which", lang), list(held), lambda n: held[n].name.get(lang), lang, "timer_of")
        plan = plan_of(held[name])
        st.caption(word("timer_how", lang, **plan))
        with st.container(key="timer"):
            web_component("timer", "fct")(
                key="timer_clock", data={"lang": lang, "name": name, "words": words_for(_WORDS, lang)} | plan
            )
        st.caption(held[name].stop.get(lang))
