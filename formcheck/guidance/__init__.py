"""From numbers to guidance one would give a friend: safety first, then run/rest/reduce, then three things at most.

Everything that is decided is decided by tables in this folder, read strictly and kept in no hidden state: the same
answers and the same measurements give the same guidance, with the rules that led to it. The order::

    answers -> safety.py -> outcome            which rules fired, what may still be offered
    clip    -> facts.py  -> muscles.py         stretch or strengthen
            -> running.py, cadence.py          how much, and which cadence
            -> plan.py                         three things at most; what is ruled out is explained
            -> told.py                         the same in words
"""

from __future__ import annotations

from dataclasses import dataclass

from formcheck.guidance.cadence import CadenceTarget, cadence_target
from formcheck.guidance.conditions import Facts
from formcheck.guidance.facts import Measured, facts_of_clip, measured_in
from formcheck.guidance.muscles import Verdict, short_in_use, verdicts
from formcheck.guidance.pages import RoutinePart, routine_for
from formcheck.guidance.plan import Item, RuledOut, chosen, gate, proposed
from formcheck.guidance.questions import facts_of, read_answers
from formcheck.guidance.running import ChainRule, HabitRule, LoadAdvice, habit_advice, load_advice, look_also
from formcheck.guidance.safety import Safety, check_safety
from formcheck.records import Analysis, Answers

__all__ = ["Guidance", "Measured", "Safety", "check_safety", "guide", "guide_analysis", "read_answers"]


@dataclass(frozen=True)
class Guidance:
    """What to do, with every rule that led to it."""

    safety: Safety | None
    """None where the check was skipped, as in a physiotherapist's hands: then nothing is ruled out."""
    facts: Facts
    verdicts: tuple[Verdict, ...]
    items: tuple[Item, ...]
    """Three things at most, most pressing first."""
    ruled_out: tuple[RuledOut, ...]
    cadence: CadenceTarget | None
    """Only where quicker steps are among the things to do."""
    load: tuple[LoadAdvice, ...]
    habits: tuple[HabitRule, ...]
    look_also: tuple[ChainRule, ...]
    routine: tuple[RoutinePart, ...]
    """Three minutes after waking or before bed, as far as nothing rules them out."""

    @property
    def offers_form(self) -> bool:
        """Whether advice on running may be shown at all."""
        return self.safety is None or "form" in self.safety.outcome.offers


def guide(answers: Answers | None, measured: Measured | None = None) -> Guidance:
    """The guidance for a person's answers and one clip, either of which may be missing."""
    safety = None if answers is None else check_safety(answers)
    facts: dict[str, frozenset[str] | float] = {} if answers is None else facts_of(answers)
    measured = measured or Measured()
    facts |= facts_of_clip(measured, short_in_use())
    suggested = verdicts(facts)
    facts["verdict"] = frozenset(verdict.word for verdict in suggested)
    allowed, out = gate(proposed(facts), safety, facts)
    items = chosen(allowed)
    quicker = any(item.exercise.family == "cadence" for item in items)
    outcome = None if safety is None else safety.outcome
    cared_for = outcome is None or bool(outcome.offers)
    return Guidance(
        safety=safety,
        facts=facts,
        verdicts=suggested if cared_for else (),
        items=items,
        ruled_out=out,
        cadence=cadence_target(measured.measurements) if quicker else None,
        load=load_advice(facts, "run" if outcome is None else outcome.running),
        habits=habit_advice(facts) if cared_for else (),
        look_also=look_also(facts) if cared_for else (),
        routine=routine_for(safety, facts),
    )


def guide_analysis(analysis: Analysis) -> Guidance:
    """The guidance for one analysis and the answers it was made with."""
    return guide(analysis.answers, measured_in(analysis))
