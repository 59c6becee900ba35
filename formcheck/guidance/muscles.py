"""Stretch or strengthen? A suggestion for each muscle from its length, its use in running, fatigue and re-tests.

The rules are the table ``muscles.toml``, tried from the top; the first that holds decides, so the order is part of
the table's meaning. Source of the idea: a therapist's article (seed_s4); the way to decide is the project's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

from formcheck.cards import Text
from formcheck.guidance.conditions import Facts, all_hold
from formcheck.guidance.tables import TableError, check_keys, claim, clauses, read_table, words

VerdictId = Literal["stretch", "strengthen", "both", "test", "leave"]


@dataclass(frozen=True)
class Muscle:
    """A muscle, what stretches and strengthens it, and the findings that say it comes up short in use."""

    id: str
    name: Text
    stretch: str
    strengthen: str
    short_in_use: tuple[str, ...]


@dataclass(frozen=True)
class VerdictRule:
    """One line of the table; ``lines`` are conditions in which {muscle} stands for the muscle."""

    id: str
    lines: tuple[str, ...]
    verdict: VerdictId
    because: Text


@dataclass(frozen=True)
class Verdict:
    """What is suggested for one muscle, and the rule that says so."""

    muscle: Muscle
    rule: VerdictRule

    @property
    def word(self) -> str:
        """As the conditions of the plan call it: "hip_flexors.stretch"."""
        return f"{self.muscle.id}.{self.rule.verdict}"


def verdicts(facts: Facts) -> tuple[Verdict, ...]:
    """What is suggested for each muscle about which anything is known."""
    found = []
    for muscle in load_muscles().values():
        rule = next((rule for rule in load_verdict_rules().values() if _holds(rule, muscle, facts)), None)
        if rule is not None:
            found.append(Verdict(muscle, rule))
    return tuple(found)


def short_in_use() -> Mapping[str, tuple[str, ...]]:
    """By muscle: the findings that say that it comes up short in use."""
    return {name: muscle.short_in_use for name, muscle in load_muscles().items()}


def _holds(rule: VerdictRule, muscle: Muscle, facts: Facts) -> bool:
    lines = [line.replace("{muscle}", muscle.id) for line in rule.lines]
    return all_hold(clauses(lines, rule.id), facts)


@cache
def load_muscles() -> dict[str, Muscle]:
    """The muscles by id. Raises TableError where the table is wrong."""
    return {name: _muscle(name, entry) for name, entry in read_table("muscles.toml")["muscle"].items()}


@cache
def load_verdict_rules() -> dict[str, VerdictRule]:
    """The rules by id, in the order in which they are tried. Raises TableError where the table is wrong."""
    return {name: _rule(name, entry) for name, entry in read_table("muscles.toml")["rule"].items()}


def _muscle(name: str, entry: Mapping[str, Any]) -> Muscle:
    where = f"muscles.toml: {name}"
    check_keys(entry, ("name", "stretch", "strengthen", "short_in_use"), (), where)
    return Muscle(
        name, words(entry["name"], where), entry["stretch"], entry["strengthen"], tuple(entry["short_in_use"])
    )


def _rule(name: str, entry: Mapping[str, Any]) -> VerdictRule:
    where = f"muscles.toml: {name}"
    check_keys(entry, ("all", "verdict", "because"), (), where)
    if entry["verdict"] not in get_args(VerdictId):
        raise TableError(f"{where}: unknown verdict")
    clauses([line.replace("{muscle}", "calves") for line in entry["all"]], where)
    return VerdictRule(name, tuple(entry["all"]), entry["verdict"], claim(entry["because"], where))
