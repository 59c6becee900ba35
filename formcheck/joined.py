"""Clips of one exercise from several sides, or of the left and the right, put together in words for one report.

Nothing is measured here. Checkpoints that one camera cannot see come from the other; repetitions stay with their clip,
for clips filmed one after the other show different ones.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from formcheck.activities.card import load_activity_cards
from formcheck.cards import Card, Lang, load_cards
from formcheck.comparisons import notable
from formcheck.exercise_sides import left_right, sides_of
from formcheck.findings import SEVERITY, judge
from formcheck.records import Analysis, Finding, Level, Measurement, Note
from formcheck.skeleton import Side
from formcheck.texts import format_comparison, format_number, format_value, note_text, points_to_text, text

SAME_TOP_S = 0.05


@dataclass(frozen=True)
class Checkpoint:
    """One thing that is looked at, from whichever clip shows it."""

    name: str
    view: str
    level: Level
    value: str
    why: str
    """Why there is no number, or why it deserves less trust; "" where it does."""
    points_to: str
    """Muscles that it may point to, with the source; "" none."""


@dataclass(frozen=True)
class RepTable:
    """Every judged number of every repetition of one clip, each with the shape of its level."""

    view: str
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class SideRow:
    """One number left and right."""

    name: str
    difference: str
    is_beyond: bool


def is_exercise(analyses: Sequence[Analysis]) -> bool:
    """Whether all clips are of one and the same exercise."""
    names = {analysis.activity for analysis in analyses}
    return len(names) == 1 and names <= set(load_activity_cards())


def seen_from(analysis: Analysis, lang: Lang) -> str:
    """From where a clip was filmed, and of an exercise on one side of which: "from the front, left"."""
    view = text(f"view_{analysis.view}", lang)
    sides = sides_of(analysis) if analysis.activity in load_activity_cards() else frozenset()
    if len(sides) != 1:
        return view
    return text("moment_join", lang).join([view, *(text(f"side_{side}", lang) for side in sides)])


def doubts(analyses: Sequence[Analysis]) -> list[Note]:
    """Why the clips may not belong together: other exercises, other numbers of repetitions, nothing new to see."""
    if not is_exercise(analyses):
        return [Note("together_activities_differ")]
    notes = []
    counts = [sum(rep.complete for rep in analysis.reps) for analysis in analyses]
    same_sides = len({sides_of(analysis) for analysis in analyses}) == 1
    if same_sides and len(set(counts)) > 1:
        notes.append(Note("together_reps_differ", {"counts": ", ".join(str(n) for n in counts)}))
    if len({(analysis.view, sides_of(analysis)) for analysis in analyses}) < len(analyses):
        notes.append(Note("together_same_view"))
    return notes


def checkpoints(analyses: Sequence[Analysis], lang: Lang) -> list[Checkpoint]:
    """Every judged number of all clips, worst first, then what no clip could measure."""
    cards = load_cards()
    measured: dict[tuple[str, str | None, frozenset[Side]], tuple[Analysis, Measurement]] = {}
    for analysis in analyses:
        for m in analysis.measurements:
            key = m.metric, m.side, sides_of(analysis)
            if key not in measured or measured[key][1].value is None:
                measured[key] = analysis, m
    found = []
    for analysis, m in measured.values():
        card = cards.get(m.metric)
        if card is not None and (card.range is not None or m.value is None):
            found.append((_level(analysis, m), card.order, _checkpoint(analysis, m, card, lang)))
    found.sort(key=lambda item: (SEVERITY.index(item[0]), item[1]))
    return [checkpoint for _, _, checkpoint in found]


def rep_tables(analyses: Sequence[Analysis], lang: Lang, shapes: Mapping[Level, str]) -> list[RepTable]:
    """Repetition by repetition, a table for each clip that has some."""
    tables = []
    for analysis in analyses:
        whole = [rep for rep in analysis.reps if rep.complete]
        cards = load_cards()
        judged = [m for m in analysis.measurements if m.metric in cards and cards[m.metric].range and m.values]
        judged = [m for m in judged if any(_near(t, [rep.top_s for rep in whole]) for t in m.times_s)]
        rows = [
            (str(n), *(_of_rep(m, rep.top_s, cards[m.metric], lang, shapes) for m in judged))
            for n, rep in enumerate(whole, start=1)
        ]
        if rows and judged:
            names = tuple(cards[m.metric].name.get(lang) for m in judged)
            tables.append(RepTable(seen_from(analysis, lang), names, tuple(rows)))
    return tables


def side_rows(analyses: Sequence[Analysis], lang: Lang) -> list[SideRow]:
    """Left less right, where the clips show both sides; what is beyond the error first."""
    cards = load_cards()
    compared = [c for c in left_right(analyses) if c.metric in cards]
    beyond = {id(c) for c in notable(compared)}
    compared.sort(key=lambda c: (id(c) not in beyond, cards[c.metric].order))
    return [
        SideRow(cards[c.metric].name.get(lang), format_comparison(c, cards[c.metric], lang), id(c) in beyond)
        for c in compared
    ]


# ------------------------------------------------------------------------------------------------------- parts


def _finding(analysis: Analysis, m: Measurement) -> Finding | None:
    return next((f for f in analysis.findings if (f.metric, f.side) == (m.metric, m.side)), None)


def _level(analysis: Analysis, m: Measurement) -> Level:
    finding = _finding(analysis, m)
    return "unknown" if finding is None else finding.level


def _checkpoint(analysis: Analysis, m: Measurement, card: Card, lang: Lang) -> Checkpoint:
    finding = _finding(analysis, m)
    name = card.name.get(lang)
    if m.side is not None:
        name = text("name_and_side", lang, name=name, side=text(f"side_{m.side}", lang))
    return Checkpoint(
        name=name,
        view=seen_from(analysis, lang),
        level=_level(analysis, m),
        value=format_value(m, card, lang),
        why="" if m.reason is None else note_text(m.reason, lang),
        points_to=(points_to_text(finding, m, card, lang) or "") if finding is not None else "",
    )


def _of_rep(m: Measurement, top_s: float, card: Card, lang: Lang, shapes: Mapping[Level, str]) -> str:
    assert card.range is not None
    for value, time_s in zip(m.values, m.times_s, strict=False):
        if abs(time_s - top_s) < SAME_TOP_S and math.isfinite(value):
            level = judge(value, m.uncertainty or 0.0, card.range)[0]
            level = "watch" if level == "act" and m.status == "low_confidence" else level
            return f"{shapes[level]} {format_number(value, card, lang)}"
    return "–"


def _near(time_s: float, tops_s: Sequence[float]) -> bool:
    return any(abs(time_s - top_s) < SAME_TOP_S for top_s in tops_s)
