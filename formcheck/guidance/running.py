"""How much to run, what else a day is made of, where else to look than at the sore spot, and what holds for every plan.

The rules are the table ``running.toml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from formcheck.cards import Text
from formcheck.guidance.conditions import Clause, Facts, all_hold
from formcheck.guidance.tables import check_keys, claim, clauses, read_table, words

GROWTH: Mapping[str, float] = {"run": 1.10, "reduce": 1.0}
"""Ten per cent on last week's distance and on the longest single run of 30 days; nothing while running less."""


@dataclass(frozen=True)
class LoadRule:
    """A rule on the training; ``limit_of`` names the answer that may grow by ten per cent, "" for none."""

    id: str
    covers: tuple[str, ...]
    all: tuple[Clause, ...]
    because: Text
    do: Text
    limit_of: str = ""


@dataclass(frozen=True)
class LoadAdvice:
    """A rule that fired, with its limit in km."""

    rule: LoadRule
    limit_km: float | None


@dataclass(frozen=True)
class HabitRule:
    """What to do about a habit of the day, as it was told."""

    id: str
    covers: tuple[str, ...]
    all: tuple[Clause, ...]
    because: Text
    do: Text


@dataclass(frozen=True)
class ChainRule:
    """Which self-tests are worth doing for a sore place, and why."""

    id: str
    covers: tuple[str, ...]
    all: tuple[Clause, ...]
    tests: tuple[str, ...]
    because: Text


@dataclass(frozen=True)
class Principle:
    """What holds for every plan."""

    id: str
    covers: tuple[str, ...]
    because: Text


def load_advice(facts: Facts, running: Literal["run", "reduce", "rest"]) -> tuple[LoadAdvice, ...]:
    """What to change in the training as it was told; nothing while resting from it."""
    if running == "rest":
        return ()
    fired = [rule for rule in load_load_rules().values() if all_hold(rule.all, facts)]
    return tuple(LoadAdvice(rule, _limit(rule, facts, GROWTH[running])) for rule in fired)


def habit_advice(facts: Facts) -> tuple[HabitRule, ...]:
    """What to do about the habits that were told."""
    return tuple(rule for rule in load_habit_rules().values() if all_hold(rule.all, facts))


def look_also(facts: Facts) -> tuple[ChainRule, ...]:
    """Where else to look for what hurts; self-tests that were done already are left out."""
    fired = [rule for rule in load_chain_rules().values() if all_hold(rule.all, facts)]
    open_ = [(rule, tuple(test for test in rule.tests if test not in facts)) for rule in fired]
    return tuple(ChainRule(r.id, r.covers, r.all, tests, r.because) for r, tests in open_ if tests)


def _limit(rule: LoadRule, facts: Facts, growth: float) -> float | None:
    before = facts.get(rule.limit_of)
    return round(before * growth, 1) if isinstance(before, float) else None


@cache
def load_load_rules() -> dict[str, LoadRule]:
    """The rules on the training by id. Raises TableError where the table is wrong."""
    return {name: _load_rule(name, entry) for name, entry in read_table("running.toml")["load"].items()}


@cache
def load_habit_rules() -> dict[str, HabitRule]:
    """The rules on habits by id. Raises TableError where the table is wrong."""
    return {name: _habit_rule(name, entry) for name, entry in read_table("running.toml")["habit"].items()}


@cache
def load_chain_rules() -> dict[str, ChainRule]:
    """The rules on where to look by id. Raises TableError where the table is wrong."""
    return {name: _chain_rule(name, entry) for name, entry in read_table("running.toml")["chain"].items()}


@cache
def load_principles() -> dict[str, Principle]:
    """What holds for every plan, by id. Raises TableError where the table is wrong."""
    return {name: _principle(name, entry) for name, entry in read_table("running.toml")["principle"].items()}


def _load_rule(name: str, entry: Mapping[str, Any]) -> LoadRule:
    where = f"running.toml: {name}"
    check_keys(entry, ("covers", "all", "because", "do"), ("limit_of",), where)
    told = claim(entry["because"], where), words(entry["do"], where)
    return LoadRule(name, tuple(entry["covers"]), clauses(entry["all"], where), *told, entry.get("limit_of", ""))


def _habit_rule(name: str, entry: Mapping[str, Any]) -> HabitRule:
    where = f"running.toml: {name}"
    check_keys(entry, ("covers", "all", "because", "do"), (), where)
    told = claim(entry["because"], where), words(entry["do"], where)
    return HabitRule(name, tuple(entry["covers"]), clauses(entry["all"], where), *told)


def _chain_rule(name: str, entry: Mapping[str, Any]) -> ChainRule:
    where = f"running.toml: {name}"
    check_keys(entry, ("covers", "all", "tests", "because"), (), where)
    because = claim(entry["because"], where)
    return ChainRule(name, tuple(entry["covers"]), clauses(entry["all"], where), tuple(entry["tests"]), because)


def _principle(name: str, entry: Mapping[str, Any]) -> Principle:
    where = f"running.toml: {name}"
    check_keys(entry, ("covers", "because"), (), where)
    return Principle(name, tuple(entry["covers"]), claim(entry["because"], where))
