"""The small language of the rules: what must hold of the facts for a rule to fire.

A condition is a list of clauses, all of which must hold. A clause is one line of text::

    "place: lower_back | upper_back"    one of these is among the answers to "place"
    "age < 18"                          a number that was given, compared

There is no "not": a fact that was never told makes no rule fire, and telling one more danger sign can only make more
rules fire. A number that was not given satisfies no comparison.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Facts = Mapping[str, frozenset[str] | float]
"""What is known, by name: a set of words, or a number."""

_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_NUMBER = re.compile(r"(\w+) (<=|>=|<|>) (-?\d+(?:\.\d+)?)")
_WORDS = re.compile(r"(\w+): ([\w.]+(?: \| [\w.]+)*)")


@dataclass(frozen=True)
class Clause:
    """One line of a condition; ``words`` for a choice, ``compare`` and ``number`` for a comparison."""

    fact: str
    words: frozenset[str] = frozenset()
    compare: str = ""
    number: float = 0.0

    def holds(self, facts: Facts) -> bool:
        """Whether the facts satisfy this line."""
        known = facts.get(self.fact)
        if known is None:
            return False
        if isinstance(known, frozenset):
            return bool(known & self.words)
        return bool(self.compare) and _COMPARE[self.compare](known, self.number)


def parse_clause(line: str) -> Clause:
    """The clause written in ``line``. Raises ValueError for anything the language does not have."""
    if found := _NUMBER.fullmatch(line):
        return Clause(found[1], compare=found[2], number=float(found[3]))
    if found := _WORDS.fullmatch(line):
        return Clause(found[1], words=frozenset(found[2].split(" | ")))
    raise ValueError(f"not a condition: {line!r}")


def all_hold(clauses: tuple[Clause, ...], facts: Facts) -> bool:
    """Whether every clause holds; true for none, so that a rule without a condition always fires."""
    return all(clause.holds(facts) for clause in clauses)
