"""Danger first: an exercise that the person's answers rule out is not scored but explained."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from formcheck.activities.card import load_activity_cards
from formcheck.cards import LANGS
from formcheck.guidance.cited import plain
from formcheck.guidance.exercises import Exercise, load_exercises
from formcheck.guidance.plan import ruled_out_by
from formcheck.guidance.questions import facts_of
from formcheck.guidance.safety import SafetyRule, check_safety
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
LOOKED_AT = frozenset({"standing", "sitting", "forward_bend", "back_extension", "single_leg_stance"})
"""Postures and tests: pain is a reason to look at them."""
RULED_OUT = "exercise_ruled_out"


def ruled_out_for(activity: str, notes: Collection[str], answers: Answers | None) -> SafetyRule | None:
    """The rule by which the answers rule this exercise out; None where they do not, for running, and without answers.

    ``notes`` are the codes of the clip's notes, which say which variant was done. An exercise with several pages is
    ruled out where all that fit are. One without a page is a strengthening one, or something that is looked at and not
    trained with (``LOOKED_AT``), which goes only where nothing is offered at all.
    """
    card = load_activity_cards().get(activity)
    if card is None or answers is None:
        return None
    safety, facts = check_safety(answers), facts_of(answers)
    if card.exercises:
        rules = [ruled_out_by(page, safety, facts) for page in _pages(card.exercises, notes)]
        return rules[0] if all(rules) else None
    if "strengthen" not in safety.outcome.offers:
        return safety.deciding[0]
    all_out = [rule for rule in safety.fired if "strengthen" in rule.rules_out and rule.which == "all"]
    return all_out[0] if all_out and activity not in LOOKED_AT else None


def ruled_out_note(rule: SafetyRule) -> Note:
    """That a rule speaks against the exercise, and why."""
    why = {f"why_{lang}": plain(rule.because.get(lang)) for lang in LANGS}
    return Note(RULED_OUT, {"rule": rule.id, **why})


def told_ruled_out(notes: Collection[Note]) -> Note | None:
    """The note that the answers rule the clip's exercise out, and by which rule; None where they do not."""
    return next((note for note in notes if note.code == RULED_OUT), None)


def is_told_ruled_out(notes: Collection[Note]) -> bool:
    """Whether a clip's notes say that the answers rule its exercise out."""
    return told_ruled_out(notes) is not None


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
