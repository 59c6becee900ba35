"""Safety first: which rules fire on a person's answers, and which outcome follows. Nothing is scored before this.

The outcome is the strictest of all rules that fire, and the rules know no "not" (see ``conditions.py``), so one more
danger sign never makes the outcome milder. Answers about several sore places are held against the rules together:
that can make an outcome stricter than each place alone would, never milder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

from formcheck.cards import Text
from formcheck.guidance.conditions import Clause, Facts, all_hold
from formcheck.guidance.questions import facts_of, unanswered
from formcheck.guidance.tables import TableError, check_keys, claim, clauses, read_table, words
from formcheck.records import Answers

OutcomeId = Literal["go_on", "reduce", "rest", "see_doctor_first", "see_doctor_now"]
OUTCOMES: tuple[OutcomeId, ...] = get_args(OutcomeId)
"""Mildest first."""
Which = Literal["all", "touches", "hurts"]
_RULE_KEYS = frozenset({"name", "covers", "all", "outcome", "because"})
_RULE_OPTIONAL = frozenset({"rules_out", "which"})


@dataclass(frozen=True)
class Outcome:
    """What to do now, and which kinds of advice may still be given."""

    id: OutcomeId
    running: Literal["run", "reduce", "rest"]
    offers: frozenset[str]
    name: Text
    do: Text


@dataclass(frozen=True)
class SafetyRule:
    """One line of the table ``safety.toml``."""

    id: str
    name: Text
    """In a few words, to stand behind what it says."""
    covers: tuple[str, ...]
    all: tuple[Clause, ...]
    outcome: OutcomeId
    because: Text
    rules_out: frozenset[str] = frozenset()
    which: Which = "all"


@dataclass(frozen=True)
class Safety:
    """The outcome of the check and every rule that fired, strictest first."""

    outcome: Outcome
    fired: tuple[SafetyRule, ...]
    unanswered: tuple[str, ...] = ()

    @property
    def deciding(self) -> tuple[SafetyRule, ...]:
        """The rules that led to the outcome."""
        return tuple(rule for rule in self.fired if rule.outcome == self.outcome.id)


def check_safety(answers: Answers) -> Safety:
    """The outcome for a person's answers, with the rules that fired. Depends on the answers alone."""
    fired = firing(facts_of(answers))
    worst = max(fired, key=severity).outcome
    return Safety(load_outcomes()[worst], fired, unanswered(answers))


def firing(facts: Facts) -> tuple[SafetyRule, ...]:
    """The rules whose conditions hold, strictest first, otherwise in the order of the table."""
    fired = [rule for rule in load_safety_rules().values() if all_hold(rule.all, facts)]
    return tuple(sorted(fired, key=severity, reverse=True))


def severity(rule: SafetyRule) -> int:
    """0 for the mildest outcome."""
    return OUTCOMES.index(rule.outcome)


@cache
def load_outcomes() -> dict[str, Outcome]:
    """The five outcomes by id, mildest first. Raises TableError where the table is wrong."""
    table = read_table("outcomes.toml")
    if tuple(table) != OUTCOMES:
        raise TableError(f"outcomes.toml: must hold {', '.join(OUTCOMES)}, in this order")
    return {name: _outcome(name, entry) for name, entry in table.items()}


@cache
def load_safety_rules() -> dict[str, SafetyRule]:
    """Every safety rule by its id. Raises TableError where the table is wrong."""
    return {name: _rule(name, entry) for name, entry in read_table("safety.toml").items()}


def _outcome(name: Any, entry: Mapping[str, Any]) -> Outcome:
    where = f"outcomes.toml: {name}"
    check_keys(entry, ("offers", "running", "name", "do"), (), where)
    return Outcome(
        name, entry["running"], frozenset(entry["offers"]), words(entry["name"], where), words(entry["do"], where)
    )


def _rule(name: str, entry: Mapping[str, Any]) -> SafetyRule:
    where = f"safety.toml: {name}"
    check_keys(entry, _RULE_KEYS, _RULE_OPTIONAL, where)
    if entry["outcome"] not in OUTCOMES or entry.get("which", "all") not in get_args(Which):
        raise TableError(f"{where}: unknown outcome or which")
    return SafetyRule(
        id=name,
        name=words(entry["name"], where),
        covers=tuple(entry["covers"]),
        all=clauses(entry["all"], where),
        outcome=entry["outcome"],
        because=claim(entry["because"], where),
        rules_out=frozenset(entry.get("rules_out", ())),
        which=entry.get("which", "all"),
    )
