"""Danger first: an exercise that the person's answers rule out is not scored but explained."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from formcheck.activities.card import load_activity_cards
from formcheck.guidance.exercises import Exercise, load_exercises
from formcheck.guidance.plan import ruled_out_by
from formcheck.guidance.questions import facts_of
from formcheck.guidance.safety import check_safety
from formcheck.records import Answers, Mode, Note

PAGE_OF_NOTE = {
    "hip_lift_gentle_mode": "hip_lift_gentle",
    "hip_lift_full_mode": "hip_lift_full",
    "hip_lift_gentle_chosen": "hip_lift_gentle",
    "hip_lift_full_chosen": "hip_lift_full",
    "plank_on_knees": "plank_knees",
    "plank_on_toes": "plank_toes",
}
"""Which of an activity's pages was done, where it has several."""
MODE_OF_PAGE: Mapping[str, Mode] = {"hip_lift_gentle": "gentle", "hip_lift_full": "full"}
RULED_OUT = "exercise_ruled_out"


def is_ruled_out(activity: str, notes: Collection[str], answers: Answers | None) -> bool:
    """Whether the answers rule this exercise out; never for running, nor where nobody asked.

    ``notes`` are the codes of the clip's notes, which say which variant was done. An exercise with several pages is
    ruled out where all that fit are; one without a page where the outcome offers no strengthening at all.
    """
    card = load_activity_cards().get(activity)
    if card is None or answers is None:
        return False
    safety, facts = check_safety(answers), facts_of(answers)
    if not card.exercises:
        return "strengthen" not in safety.outcome.offers
    return all(ruled_out_by(page, safety, facts) is not None for page in _pages(card.exercises, notes))


def is_told_ruled_out(notes: Collection[Note]) -> bool:
    """Whether a clip's notes say that the answers rule its exercise out."""
    return RULED_OUT in {note.code for note in notes}


def mode_of(notes: Collection[Note]) -> Mode | None:
    """The mode in which a hip lift was judged; None for every other clip."""
    modes = [MODE_OF_PAGE.get(PAGE_OF_NOTE.get(note.code, "")) for note in notes]
    return next((mode for mode in modes if mode is not None), None)


def pages_done(activity: str, notes: Collection[str]) -> list[Exercise]:
    """The pages of what was done: one where the clip's notes tell which; none for running."""
    card = load_activity_cards().get(activity)
    return [] if card is None else _pages(card.exercises, notes)


def _pages(pages: Collection[str], notes: Collection[str]) -> list[Exercise]:
    done = [PAGE_OF_NOTE[note] for note in notes if PAGE_OF_NOTE.get(note) in pages]
    return [load_exercises()[page] for page in done or pages]
