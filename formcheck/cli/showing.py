"""Results on standard output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formcheck.cards import Card, Lang, load_cards
from formcheck.records import Level, Measurement
from formcheck.texts import code_for, format_range, format_value, note_text, text

if TYPE_CHECKING:
    from rich.console import Console

    from formcheck.records import Analysis

LEVEL_MARKS: Mapping[Level, str] = {"good": "●", "watch": "▲", "act": "■", "unknown": "○"}
"""A shape for each level, so that nothing hangs on colour alone."""
_LEVEL_STYLES: Mapping[Level, str] = {"good": "green", "watch": "yellow", "act": "bold red", "unknown": "dim"}


def results_console() -> Console:
    """Where results go. File names and numbers stay as they are: no markup, no colouring of digits."""
    from rich.console import Console

    return Console(markup=False, highlight=False, emoji=False)


def show_analysis(console: Console, analysis: Analysis, folder: Path, lang: Lang) -> None:
    """The folder, the findings, the other numbers, what was not measured and what to bear in mind."""
    console.print(text("cli_written", lang, folder=folder), style="bold", soft_wrap=True)
    _show_outcome(console, analysis, lang)
    _show_findings(console, analysis, lang)
    _show_numbers(console, analysis, lang)
    _show_not_measured(console, analysis, lang)
    console.print(f"\n{text('cli_note', lang)}", style="bold")
    for note in analysis.warnings:
        say_note(console, note_text(note, lang))
    for code in ("plus_minus_meaning", "disclaimer"):
        console.print(text(code, lang), style="dim")


def say_note(console: Console, sentence: str) -> None:
    """Something to bear in mind, behind a mark of its own; what goes on below is set in."""
    from rich.text import Text

    lines = Text(sentence, end="").wrap(console, max(console.width - 2, 8), overflow="fold")
    for number, line in enumerate(lines):
        console.print(f"{'  ' if number else '! '}{line.plain.rstrip()}", soft_wrap=True)


def _show_outcome(console: Console, analysis: Analysis, lang: Lang) -> None:
    """The outcome of the safety check, before any number."""
    if analysis.answers is not None:
        from formcheck.guidance import check_safety

        outcome = check_safety(analysis.answers).outcome
        console.print(outcome.name.get(lang), style="bold")
        console.print(outcome.do.get(lang))


def _show_findings(console: Console, analysis: Analysis, lang: Lang) -> None:
    from rich.text import Text

    cards = load_cards()
    measured = {(m.metric, m.side): m for m in analysis.measurements}
    table = table_of(("findings", "column_measure", "column_value", "column_range"), lang)
    for finding in analysis.findings:
        if finding.level == "unknown":
            continue
        card, measurement = cards[finding.metric], measured[finding.metric, finding.side]
        level = f"{LEVEL_MARKS[finding.level]} {text(f'level_{finding.level}', lang)}"
        table.add_row(
            Text(level, style=_LEVEL_STYLES[finding.level]),
            _name(measurement, card, lang),
            _value(measurement, card, lang),
            format_range(card, lang),
        )
    if table.row_count:
        console.print(table)


def _show_numbers(console: Console, analysis: Analysis, lang: Lang) -> None:
    cards = load_cards()
    told = {(f.metric, f.side) for f in analysis.findings if f.level != "unknown"}
    table = table_of(("numbers", "column_value", code_for("column_strides", analysis.activity)), lang)
    for measurement in analysis.measurements:
        card = cards.get(measurement.metric)
        if card and measurement.value is not None and (measurement.metric, measurement.side) not in told:
            table.add_row(_name(measurement, card, lang), _value(measurement, card, lang), str(measurement.n))
    if table.row_count:
        console.print(table)


def _show_not_measured(console: Console, analysis: Analysis, lang: Lang) -> None:
    """What has no number, by the reason; not name by name where one reason stands for them all."""
    cards = load_cards()
    names: dict[str, list[str]] = {}
    for measurement in analysis.measurements:
        if measurement.value is None and measurement.metric in cards:
            reason = text("not_seen", lang) if measurement.reason is None else note_text(measurement.reason, lang)
            names.setdefault(reason, []).append(_name(measurement, cards[measurement.metric], lang))
    if len(names) == 1 and all(measurement.value is None for measurement in analysis.measurements):
        names = {reason: [text("cli_all_numbers", lang)] for reason in names}
    if names:
        console.print(f"\n{text('cli_not_measured', lang)}", style="bold")
    for reason, those in names.items():
        console.print(text("cli_because", lang, names=("、" if lang == "ja" else ", ").join(those), reason=reason))


def table_of(headings: Sequence[str], lang: Lang) -> Any:
    """A table without rows; ``headings`` are codes of texts."""
    from rich import box
    from rich.table import Column, Table

    columns = [Column(text(code, lang), overflow="fold") for code in headings]  # else what is long loses its end
    return Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False)


def _name(measurement: Measurement, card: Card, lang: Lang) -> str:
    name = card.name.get(lang)
    if measurement.side is None:
        return name
    return text("name_and_side", lang, name=name, side=text(f"side_{measurement.side}", lang))


def _value(measurement: Measurement, card: Card, lang: Lang) -> str:
    value = format_value(measurement, card, lang)
    if measurement.status != "low_confidence":
        return value
    return f"{value} ({text('status_low_confidence', lang)})"
