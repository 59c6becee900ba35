"""Short pages to read: topics with the therapists' view and the evidence, one page a finding, the daily routine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from formcheck.cards import Text
from formcheck.guidance.conditions import Facts
from formcheck.guidance.exercises import Exercise, load_exercises
from formcheck.guidance.plan import ruled_out_by
from formcheck.guidance.safety import Safety
from formcheck.guidance.tables import check_keys, claim, read_table, words


@dataclass(frozen=True)
class Topic:
    """What the therapists hold, what studies found, and what this project makes of it."""

    id: str
    covers: tuple[str, ...]
    name: Text
    view: Text
    evidence: Text
    so: Text


@dataclass(frozen=True)
class FindingPage:
    """Why a number matters and how sure anybody is; what it is stands on the metric's card."""

    metric: str
    matters: Text
    sure: Text


@dataclass(frozen=True)
class RoutinePart:
    """One part of the three minutes."""

    exercise: Exercise
    seconds: int
    source: str
    how: Text


@cache
def load_topics() -> dict[str, Topic]:
    """The topics by id. Raises TableError where the table is wrong."""
    return {name: _topic(name, entry) for name, entry in read_table("topics.toml").items()}


@cache
def load_finding_pages() -> dict[str, FindingPage]:
    """The pages by metric. Raises TableError where the table is wrong."""
    return {name: _finding(name, entry) for name, entry in read_table("findings.toml").items()}


@cache
def load_routine() -> tuple[RoutinePart, ...]:
    """The three minutes, in order. Raises TableError where the table is wrong."""
    return tuple(_part(name, entry) for name, entry in read_table("routine.toml").items())


def routine_for(safety: Safety | None, facts: Facts) -> tuple[RoutinePart, ...]:
    """The parts of the routine that nothing rules out."""
    if safety is None:
        return load_routine()
    return tuple(part for part in load_routine() if ruled_out_by(part.exercise, safety, facts) is None)


def _topic(name: str, entry: Mapping[str, Any]) -> Topic:
    where = f"topics.toml: {name}"
    check_keys(entry, ("covers", "name", "view", "evidence", "so"), (), where)
    told = {key: claim(entry[key], f"{where}.{key}") for key in ("view", "evidence", "so")}
    return Topic(name, tuple(entry["covers"]), words(entry["name"], where), **told)


def _finding(name: str, entry: Mapping[str, Any]) -> FindingPage:
    where = f"findings.toml: {name}"
    check_keys(entry, ("matters", "sure"), (), where)
    return FindingPage(name, claim(entry["matters"], where), claim(entry["sure"], where))


def _part(name: str, entry: Mapping[str, Any]) -> RoutinePart:
    where = f"routine.toml: {name}"
    check_keys(entry, ("seconds", "source", "how"), (), where)
    return RoutinePart(load_exercises()[name], entry["seconds"], entry["source"], words(entry["how"], where))
