"""``formcheck list``: what there is to know without a clip."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import typer

from formcheck.cards import Card, Lang, load_bibliography, load_cards
from formcheck.cli.options import activities
from formcheck.cli.showing import results_console
from formcheck.texts import format_range, text

if TYPE_CHECKING:
    from rich.console import Console


def list_(
    context: typer.Context,
    what: Literal["activities", "metrics", "references", "topics", "exercises", "findings"],
    lang: Literal["ja", "en"] | None = None,
) -> None:
    """``formcheck list``."""
    console, spoken = results_console(), lang or context.obj
    show = {"activities": _show_activities, "metrics": _show_metrics, "references": _show_references}.get(what)
    if show is not None:
        show(console, spoken)
    else:
        _show_pages(console, what.removesuffix("s"), spoken)


def _show_activities(console: Console, lang: Lang) -> None:
    for name in activities():
        console.print(f"{name}  {text(f'activity_{name}', lang)}")


def _show_metrics(console: Console, lang: Lang) -> None:
    from rich.padding import Padding

    group = ""
    for card in load_cards().values():
        if card.group != group:
            group = card.group
            console.print(f"\n{text(f'group_{group}', lang)}", style="bold underline")
        console.print(f"\n{card.name.get(lang)}  {card.metric}  ({text(f'unit_{card.unit}', lang)})", style="bold")
        for line in (
            card.what.get(lang),
            _range_line(card, lang),
            text("cli_limits", lang, limits=card.limits.get(lang)),
        ):
            console.print(Padding(line, (0, 0, 0, 2), expand=False))


def _range_line(card: Card, lang: Lang) -> str:
    if card.range is None:
        return text("cli_no_range", lang)
    basis = text(f"basis_{card.range.basis}", lang)
    return text("cli_range", lang, range=format_range(card, lang), basis=basis, note=card.range.note.get(lang))


def _show_references(console: Console, lang: Lang) -> None:
    from rich.padding import Padding

    for source in load_bibliography().values():
        year = f" ({source.year})" if source.year else ""
        console.print(f"\n{source.key}", style="bold")
        doi = f" https://doi.org/{source.doi}" if source.doi else ""
        lines = [
            f"{source.authors}{year}. {source.title}. {source.journal}.{doi}",
            text(f"cli_read_{source.read}", lang),
        ]
        if source.note is not None:
            lines.append(source.note.get(lang))
        for line in lines:
            console.print(Padding(line, (0, 0, 0, 2), expand=False))


def _show_pages(console: Console, kind: str, lang: Lang) -> None:
    """The short pages of the guidance: topics, exercises or findings."""
    from formcheck.guidance.booklet import leaves

    for leaf in leaves():
        if leaf.kind == kind:
            console.print(f"\n{leaf.name.get(lang)}  {leaf.id}", style="bold", soft_wrap=True)
            for heading, words in leaf.paragraphs:
                console.print(f"  {heading.get(lang)}: {words.get(lang)}", soft_wrap=True)
