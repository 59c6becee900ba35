"""The exercises: one short page each, as the table ``exercises.toml`` has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

from formcheck.cards import LANGS, Text
from formcheck.guidance.tables import TableError, check_keys, claim, read_table, words

Kind = Literal["form", "strengthen", "stretch", "care", "explained"]
Span = tuple[float, float]
_WORDS = ("name", "check", "start", "progress", "stop")
_KEYS = frozenset({*_WORDS, "kind", "family", "touches", "covers", "view", "retest", "dose", "why", "steps", "sure"})
_DOSE_KEYS = frozenset({"reps", "sets", "hold_s", "minutes", "each_side"})


@dataclass(frozen=True)
class Dose:
    """How much one source asks for; a span is (from, to), None where the source does not say."""

    source: str
    reps: Span | None = None
    sets: Span | None = None
    hold_s: Span | None = None
    minutes: Span | None = None
    each_side: bool = False


@dataclass(frozen=True)
class Exercise:
    """One exercise, drill or piece of care."""

    id: str
    kind: Kind
    family: str
    """Of a family at most one is in a plan."""
    touches: frozenset[str]
    """Places that it stretches or presses on."""
    tags: frozenset[str]
    covers: tuple[str, ...]
    view: str
    """From where to film it."""
    retest: str
    """The metric or self-test that should change; "" where only the diary tells."""
    dose: tuple[Dose, ...]
    name: Text
    why: Text
    steps: tuple[Text, ...]
    check: Text
    start: Text
    progress: Text
    stop: Text
    sure: Text

    @property
    def labels(self) -> frozenset[str]:
        """What a safety rule may rule it out by: its kind and its tags."""
        return self.tags | {self.kind}


@cache
def load_exercises() -> dict[str, Exercise]:
    """Every exercise by its id. Raises TableError where the table is wrong."""
    return {name: _exercise(name, entry) for name, entry in read_table("exercises.toml").items()}


def _exercise(name: str, entry: Mapping[str, Any]) -> Exercise:
    where = f"exercises.toml: {name}"
    check_keys(entry, _KEYS, ("tags",), where)
    if entry["kind"] not in get_args(Kind):
        raise TableError(f"{where}: unknown kind")
    told = {key: words(entry[key], f"{where}.{key}") for key in _WORDS}
    return Exercise(
        id=name,
        kind=entry["kind"],
        family=entry["family"],
        touches=frozenset(entry["touches"]),
        tags=frozenset(entry.get("tags", ())),
        covers=tuple(entry["covers"]),
        view=entry["view"],
        retest=entry["retest"],
        dose=tuple(_dose(dose, where) for dose in entry["dose"]),
        why=claim(entry["why"], f"{where}.why"),
        sure=claim(entry["sure"], f"{where}.sure"),
        steps=_steps(entry["steps"], where),
        **told,
    )


def _dose(entry: Mapping[str, Any], where: str) -> Dose:
    check_keys(entry, ("source",), _DOSE_KEYS, f"{where}.dose")
    spans = {key: _span(entry[key], where) for key in ("reps", "sets", "hold_s", "minutes") if key in entry}
    return Dose(entry["source"], each_side=entry.get("each_side", False), **spans)


def _span(ends: Any, where: str) -> Span:
    low, high = ends
    if not 0 < low <= high:
        raise TableError(f"{where}.dose: {ends} is no span")
    return float(low), float(high)


def _steps(entry: Mapping[str, list[str]], where: str) -> tuple[Text, ...]:
    if set(entry) != set(LANGS) or len(entry["ja"]) != len(entry["en"]):
        raise TableError(f"{where}.steps: needs as many steps in ja as in en")
    return tuple(words({"ja": ja, "en": en}, where) for ja, en in zip(entry["ja"], entry["en"], strict=True))
