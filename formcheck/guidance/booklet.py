"""The pages to read, in words: one for each exercise, each finding and each topic. For docs, page and terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from formcheck.cards import Text, load_cards
from formcheck.guidance.exercises import Exercise, load_exercises
from formcheck.guidance.pages import load_finding_pages, load_topics
from formcheck.guidance.told import dose_text, say


@dataclass(frozen=True)
class Leaf:
    """One short page: its paragraphs, each under a heading; claims keep their keys in square brackets."""

    id: str
    kind: str
    """"topic", "exercise" or "finding"."""
    name: Text
    paragraphs: tuple[tuple[Text, Text], ...]


def leaves() -> Iterator[Leaf]:
    """Every page there is: topics, exercises, findings."""
    for topic in load_topics().values():
        told = [("view_of_therapists", topic.view), ("evidence", topic.evidence), ("so", topic.so)]
        yield Leaf(topic.id, "topic", topic.name, _under_headings(told))
    for exercise in load_exercises().values():
        yield exercise_leaf(exercise)
    cards = load_cards()
    for page in load_finding_pages().values():
        card = cards[page.metric]
        told = [("what", card.what), ("matters", page.matters), ("sure", page.sure), ("limits", card.limits)]
        yield Leaf(page.metric, "finding", card.name, _under_headings(told))


def exercise_leaf(exercise: Exercise) -> Leaf:
    """What it is for, how, how much, when to stop, and how sure anybody is."""
    told = [
        ("why", exercise.why),
        ("how", _joined(exercise.steps)),
        ("how_much", _joined((_doses(exercise), exercise.start, exercise.progress))),
        ("check", exercise.check),
        ("stop", exercise.stop),
        ("sure", exercise.sure),
    ]
    return Leaf(exercise.id, "exercise", exercise.name, _under_headings(told))


def _under_headings(told: list[tuple[str, Text]]) -> tuple[tuple[Text, Text], ...]:
    return tuple((say(code), text) for code, text in told)


def _doses(exercise: Exercise) -> Text:
    doses = [(dose_text(dose), dose.source) for dose in exercise.dose]
    if not doses:
        return Text("", "")
    return Text(
        ja="、または".join(f"{dose.ja}[{source}]" for dose, source in doses) + "。",
        en=", or ".join(f"{dose.en} [{source}]" for dose, source in doses) + ".",
    )


def _joined(parts: tuple[Text, ...]) -> Text:
    return Text(ja="".join(part.ja for part in parts), en=" ".join(part.en for part in parts if part.en))
