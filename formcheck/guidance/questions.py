"""What a person is asked, and how a file of answers is read.

The questions are the table ``questions.toml``. A file of answers may be flat or grouped as people would write it; the
same is meant by all of these::

    {"age": 34, "place": ["lower_back"], "signs": ["night_pain"]}
    {"age": 34, "pain": {"place": "lower back", "night_pain": True}}
    {"age": 34, "pain": [{"place": "back"}, {"place": "knee"}], "signs": {"night_pain": True, "fever": False}}
    {"age": 34, "pain": "none"}

What is not understood is an error, never passed over: an answer that was lost could be the one that matters.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, cast, get_args

from formcheck.cards import Text
from formcheck.guidance.exercises import load_exercises
from formcheck.guidance.tables import TableError, check_keys, read_table, words
from formcheck.records import Answers, InputError

Kind = Literal["number", "one", "many"]
GROUPS = frozenset({"pain", "you", "care", "training", "habits", "tests"})
"""Keys of a file of answers that only hold others together."""
PREFIXES = frozenset({"self_care", "stretch"})
"""Groups whose parts are called after them: ``self_care: {weeks: 3, change: none}``."""
PLACE, SIGNS = "place", "signs"
NUMB = ("leg_numbness", "numbness_while_running", "saddle_numbness")
_LONGEST = 40
_NONE = frozenset({"", "none", "no", "nowhere", "nothing", "なし", "ない"})
_KEYS = frozenset({"part", "kind", "ask"})
_OPTIONAL = frozenset({"low", "high", "needed", "also", "options"})


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen."""

    id: str
    label: Text
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """One thing that is asked."""

    id: str
    part: str
    kind: Kind
    ask: Text
    needed: bool = False
    low: float = 0.0
    high: float = 0.0
    also: tuple[str, ...] = ()
    options: Mapping[str, Option] = field(default_factory=dict)

    def option(self, said: str) -> str | None:
        """The id of the option meant by a word, a label or one of its other names; None for none of them."""
        return self._names().get(_squeezed(said))

    def _names(self) -> dict[str, str]:
        named = {}
        for option in self.options.values():
            for name in (option.id, option.label.ja, option.label.en, *option.also):
                named[_squeezed(name)] = option.id
        return named


@cache
def load_questions() -> dict[str, Question]:
    """Every question by its id, in the order in which it is asked. Raises TableError where the table is wrong."""
    return {name: _question(name, entry) for name, entry in read_table("questions.toml").items()}


def _question(name: str, entry: Mapping[str, Any]) -> Question:
    where = f"questions.toml: {name}"
    check_keys(entry, _KEYS, _OPTIONAL, where)
    if entry["kind"] not in get_args(Kind) or (entry["kind"] == "number" and entry["low"] >= entry["high"]):
        raise TableError(f"{where}: wrong kind, or low not below high")
    options = {key: _option(key, value, where) for key, value in entry.get("options", {}).items()}
    if name == "hurts_in":
        options = {exercise.id: Option(exercise.id, exercise.name) for exercise in load_exercises().values()}
    if (entry["kind"] == "number") == bool(options):
        raise TableError(f"{where}: a number has no options, everything else has")
    return Question(
        id=name,
        part=entry["part"],
        kind=cast(Kind, entry["kind"]),
        ask=words(entry["ask"], where),
        needed=entry.get("needed", False),
        low=float(entry.get("low", 0)),
        high=float(entry.get("high", 0)),
        also=tuple(entry.get("also", ())),
        options=options,
    )


def _option(name: str, entry: Mapping[str, Any], where: str) -> Option:
    label = {key: value for key, value in entry.items() if key != "also"}
    return Option(name, words(label, f"{where}.{name}"), tuple(entry.get("also", ())))


# --------------------------------------------------------------------------------------------- reading answers


def read_answers(said: Any) -> Answers:
    """The answers in what a YAML or JSON file holds.

    Raises InputError ``answers_unreadable``, ``answers_unknown_key``, ``answers_unknown`` (a word that is no answer),
    ``answers_number`` (no number, or outside what can be) or ``answers_missing`` (age or where it hurts).
    """
    choices: dict[str, frozenset[str]] = {}
    numbers: dict[str, float] = {}
    for key, value in _pairs(said):
        question, meant = _meant(key, value)
        if meant is None:
            continue
        if question.kind == "number":
            numbers[question.id] = _number(question, meant)
            continue
        for asked, chosen in _chosen(question, meant).items():
            both = choices.get(asked, frozenset()) | chosen
            if load_questions()[asked].kind == "one" and len(both) > 1:
                raise InputError(
                    "answers_unknown", name=key, value=" + ".join(sorted(both)), allowed=_allowed(question)
                )
            choices[asked] = both
    for question in load_questions().values():
        if question.needed and question.id not in choices and question.id not in numbers:
            raise InputError("answers_missing", name=question.id)
    return Answers(choices, numbers)


def unanswered(answers: Answers) -> tuple[str, ...]:
    """Ids of the questions about pain and danger signs that were left open; they count as "no"."""
    asked = [q.id for q in load_questions().values() if q.part in ("pain", "signs")]
    if not answers.choices.get(PLACE):
        asked = [SIGNS]
    return tuple(name for name in asked if name not in answers.choices)


def facts_of(answers: Answers) -> dict[str, frozenset[str] | float]:
    """The answers as facts for the rules, with what follows from them: pain, numbness, growth of the training."""
    facts: dict[str, frozenset[str] | float] = {**answers.choices, **answers.numbers}
    said = answers.choices
    if answers.numbers.get("back_extension_pain"):
        facts["when"] = said.get("when", frozenset()) | {"on_bending_back"}
    facts["pain"] = _yes(bool(said.get(PLACE)))
    facts["numb"] = _yes(bool(said.get(SIGNS, frozenset()) & set(NUMB)) or "tingling" in said.get("kind", ()))
    facts["some_exercise_hurts"] = _yes(bool(said.get("hurts_in")))
    for name, before, after in (
        ("week_growth_pct", "week_km", "next_week_km"),
        ("long_run_growth_pct", "longest_km", "next_long_km"),
    ):
        if answers.numbers.get(before) and after in answers.numbers:
            # rounded: 22 km after 20 km are 10 %, not 10.000000000000009 %
            facts[name] = round(100 * (answers.numbers[after] / answers.numbers[before] - 1), 6)
    return facts


def _yes(true: bool) -> frozenset[str]:
    return frozenset({"yes" if true else "no"})


def _pairs(said: Any) -> Iterator[tuple[str, Any]]:
    """Keys and values, groups opened: what is in a group says itself what it answers.

    A bare ``pain: none`` or ``pain: back`` is an answer to where it hurts; nothing at all after the colon is none.
    """
    if not isinstance(said, Mapping):
        raise InputError("answers_unreadable")
    for name, value in said.items():
        key = _squeezed(str(name))
        if key == "pain" and (value == [] or not isinstance(value, Mapping | list)):
            yield PLACE, value
        elif key in PREFIXES and isinstance(value, Mapping):
            yield from ((f"{key}_{part}", answer) for part, answer in value.items())
        elif key in GROUPS or isinstance(value, Mapping):
            for part in value if isinstance(value, list) else [value]:
                yield from _pairs(part) if isinstance(part, Mapping) else [(PLACE, part)]
        else:
            yield str(name), value


def _meant(key: str, value: Any) -> tuple[Question, Any]:
    """The question a key asks and its answer; a danger sign's own name with yes or no is an answer to "signs"."""
    questions = load_questions()
    squeezed = _squeezed(key)
    for question in questions.values():
        if squeezed in (question.id, *map(_squeezed, question.also)):
            return question, value
    signs = questions[SIGNS]
    sign = signs.option(key)
    if sign is None:
        raise InputError("answers_unknown_key", name=_shown(key))
    if value is True or (isinstance(value, str) and _squeezed(value) in ("yes", "true", "はい")):
        return signs, sign
    return signs, value


def _chosen(question: Question, said: Any) -> dict[str, frozenset[str]]:
    """By question: the options meant. A danger sign told as a kind or a time of pain counts as that sign."""
    signs = load_questions()[SIGNS]
    found: dict[str, frozenset[str]] = {question.id: frozenset()}
    for word in said if isinstance(said, list | tuple | set | frozenset) else [said]:
        if question.kind == "many" and _says_none(word):
            continue
        option = question.option(str(word))
        if option is not None:
            found[question.id] |= {option}
        elif question.part == "pain" and (sign := signs.option(str(word))) is not None:
            found[SIGNS] = found.get(SIGNS, frozenset()) | {sign}
        else:
            raise InputError("answers_unknown", name=question.id, value=_shown(word), allowed=_allowed(question))
    if question.kind == "one" and not found[question.id]:
        del found[question.id]
    return found


def _says_none(word: Any) -> bool:
    return word is False or word is None or (isinstance(word, str) and _squeezed(word) in _NONE)


def _number(question: Question, said: Any) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float) or not math.isfinite(said):
        raise InputError("answers_number", name=question.id, value=_shown(said), low=question.low, high=question.high)
    if not question.low <= said <= question.high:
        raise InputError("answers_number", name=question.id, value=said, low=question.low, high=question.high)
    return float(said)


def _allowed(question: Question) -> str:
    return ", ".join(question.options)


def _shown(said: Any) -> str:
    """What was said, as it fits into one line."""
    words = " ".join(str(said).split())
    return words if len(words) <= _LONGEST else words[:_LONGEST] + "…"


def _squeezed(word: str) -> str:
    return re.sub(r"[\s_-]+", "_", word.strip().lower())
