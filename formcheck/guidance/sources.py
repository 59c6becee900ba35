"""Which entries of the bibliography the guidance uses, and where: for docs/references.md and for the tests."""

from __future__ import annotations

from collections.abc import Iterator

from formcheck.cards import Text
from formcheck.guidance.cited import HOUSE, keys_of
from formcheck.guidance.exercises import load_exercises
from formcheck.guidance.muscles import load_verdict_rules
from formcheck.guidance.pages import load_finding_pages, load_routine, load_topics
from formcheck.guidance.plan import load_plan_rules
from formcheck.guidance.running import load_chain_rules, load_habit_rules, load_load_rules, load_principles
from formcheck.guidance.safety import load_safety_rules
from formcheck.guidance.tables import read_table


def claims() -> Iterator[tuple[str, Text]]:
    """Every text of the guidance that claims something, with where it stands: "safety.toml: night_pain"."""
    yield from ((f"safety.toml: {rule.id}", rule.because) for rule in load_safety_rules().values())
    yield from ((f"muscles.toml: {rule.id}", rule.because) for rule in load_verdict_rules().values())
    for table in (load_load_rules(), load_habit_rules(), load_chain_rules(), load_principles()):
        yield from ((f"running.toml: {name}", rule.because) for name, rule in table.items())
    yield from ((f"plan.toml: {rule.id}", rule.because) for rule in load_plan_rules().values())
    for exercise in load_exercises().values():
        yield from ((f"exercises.toml: {exercise.id}", text) for text in (exercise.why, exercise.sure))
    for topic in load_topics().values():
        yield from ((f"topics.toml: {topic.id}", text) for text in (topic.view, topic.evidence, topic.so))
    for page in load_finding_pages().values():
        yield from ((f"findings.toml: {page.metric}", text) for text in (page.matters, page.sure))
    for code, entry in read_table("words.toml").items():
        if "[" in entry["en"]:
            yield f"words.toml: {code}", Text(**entry)


def used() -> dict[str, list[str]]:
    """By key of the bibliography: where the guidance uses it. House rules are not in the bibliography."""
    found: dict[str, list[str]] = {}
    places = [(where, keys_of(text)) for where, text in claims()]
    places += [(f"exercises.toml: {e.id}", (dose.source,)) for e in load_exercises().values() for dose in e.dose]
    places += [(f"routine.toml: {part.exercise.id}", (part.source,)) for part in load_routine()]
    for where, keys in places:
        for key in keys:
            if key != HOUSE and where not in found.setdefault(key, []):
                found[key].append(where)
    return found
