"""From what was measured and what hurts to a plan of three things at most.

    measured fact -> range -> rule -> advice

Every rule of ``plan.toml`` whose conditions hold proposes its exercise. What the safety rules rule out is kept apart,
with the rule that says so, to be explained instead of offered. Of the rest the smallest ``order`` comes first; of one
family, and of changes to the running form, one is enough; three are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from formcheck.cards import Text
from formcheck.guidance.conditions import Clause, Facts, all_hold
from formcheck.guidance.exercises import Exercise, load_exercises
from formcheck.guidance.safety import Safety, SafetyRule
from formcheck.guidance.tables import TableError, check_keys, claim, clauses, read_table, words

AT_MOST = 3


@dataclass(frozen=True)
class PlanRule:
    """One line of the table ``plan.toml``."""

    id: str
    name: Text
    """In a few words, for whoever follows how an advice came about."""
    all: tuple[Clause, ...]
    exercise: Exercise
    order: int
    because: Text


@dataclass(frozen=True)
class Item:
    """One thing to do, and every rule that proposed it, most pressing first."""

    exercise: Exercise
    rules: tuple[PlanRule, ...]


@dataclass(frozen=True)
class RuledOut:
    """An exercise that is explained instead of offered, and the safety rule that says so."""

    exercise: Exercise
    by: SafetyRule


def proposed(facts: Facts) -> tuple[Item, ...]:
    """Every exercise that a rule proposes, most pressing first."""
    fired = sorted((r for r in load_plan_rules().values() if all_hold(r.all, facts)), key=lambda rule: rule.order)
    by_exercise: dict[str, list[PlanRule]] = {}
    for rule in fired:
        by_exercise.setdefault(rule.exercise.id, []).append(rule)
    return tuple(Item(rules[0].exercise, tuple(rules)) for rules in by_exercise.values())


def gate(items: Sequence[Item], safety: Safety | None, facts: Facts) -> tuple[tuple[Item, ...], tuple[RuledOut, ...]]:
    """The proposed things that may be offered, and those to explain; all may be where no check was made."""
    if safety is None:
        return tuple(items), ()
    allowed, out = [], []
    for item in items:
        rule = ruled_out_by(item.exercise, safety, facts)
        if rule is None:
            allowed.append(item)
        else:
            out.append(RuledOut(item.exercise, rule))
    for exercise in load_exercises().values():
        rule = ruled_out_by(exercise, safety, facts) if exercise.kind == "explained" else None
        if rule is not None and safety.outcome.offers:
            out.append(RuledOut(exercise, rule))
    return tuple(allowed), tuple(out)


def ruled_out_by(exercise: Exercise, safety: Safety, facts: Facts) -> SafetyRule | None:
    """The safety rule that rules an exercise out, the outcome first; None where it may be offered."""
    if exercise.kind not in (*safety.outcome.offers, "explained"):
        return safety.deciding[0]
    for rule in safety.fired:
        if exercise.labels & rule.rules_out and _applies(rule, exercise, facts):
            return rule
    return None


def _applies(rule: SafetyRule, exercise: Exercise, facts: Facts) -> bool:
    if rule.which == "touches":
        return bool(exercise.touches & _words(facts, "place"))
    if rule.which == "hurts":
        return exercise.id in _words(facts, "hurts_in")
    return True


def chosen(items: Sequence[Item]) -> tuple[Item, ...]:
    """Three at most: one of a family, one change to the running form."""
    kept: list[Item] = []
    for item in items:
        same = any(k.exercise.family == item.exercise.family for k in kept)
        second_form = item.exercise.kind == "form" and any(k.exercise.kind == "form" for k in kept)
        if not same and not second_form and len(kept) < AT_MOST:
            kept.append(item)
    return tuple(kept)


def _words(facts: Facts, name: str) -> frozenset[str]:
    known = facts.get(name, frozenset())
    return known if isinstance(known, frozenset) else frozenset()


@cache
def load_plan_rules() -> dict[str, PlanRule]:
    """Every rule of the plan by id. Raises TableError where the table is wrong or two have the same order."""
    rules = {name: _rule(name, entry) for name, entry in read_table("plan.toml").items()}
    if len({rule.order for rule in rules.values()}) != len(rules):
        raise TableError("plan.toml: two rules with the same order would change places at random")
    return rules


def _rule(name: str, entry: Mapping[str, Any]) -> PlanRule:
    where = f"plan.toml: {name}"
    check_keys(entry, ("name", "all", "exercise", "order", "because"), (), where)
    exercise = load_exercises().get(entry["exercise"])
    if exercise is None or exercise.kind == "explained":
        raise TableError(f"{where}: {entry['exercise']} cannot be offered")
    told = words(entry["name"], where), claim(entry["because"], where)
    return PlanRule(name, told[0], clauses(entry["all"], where), exercise, entry["order"], told[1])
