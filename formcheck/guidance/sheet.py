"""The plan on one page to print, as one HTML file that opens without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from formcheck.cards import Lang, Source, Text, load_bibliography
from formcheck.guidance.cited import HOUSE, pieces
from formcheck.guidance.told import ToldGuidance, say
from formcheck.skeleton import Side
from formcheck.texts import text


@dataclass(frozen=True)
class SheetPicture:
    """A key moment to show beside an advice: a data URL and what it shows."""

    src: str
    alt: Text


Pictures = Mapping[tuple[str, Side], SheetPicture]


def write_plan(told: ToldGuidance, path: Path, lang: Lang, clip: str = "", pictures: Pictures | None = None) -> None:
    """Write the plan as one UTF-8 file in one language."""
    path.write_text(plan_html(told, lang, clip, pictures), encoding="utf-8", newline="\n")


def plan_html(told: ToldGuidance, lang: Lang, clip: str = "", pictures: Pictures | None = None) -> str:
    """The plan as one HTML document; ``pictures`` by kind and side of the key moment."""
    numbers = numbered(told.keys)
    known = load_bibliography()
    html: str = (
        _templates()
        .get_template("plan.html.j2")
        .render(
            lang=lang,
            told=told,
            clip=clip,
            pictures=pictures or {},
            references=[(number, known[key]) for key, number in numbers.items()],
            disclaimer=text("disclaimer", lang),
            **for_templates([lang], numbers.__getitem__),
        )
    )
    return html


def numbered(keys: Iterable[str]) -> dict[str, int]:
    """A number for every source, in the order in which they are read; our own rules have none."""
    return {key: number for number, key in enumerate((k for k in keys if k != HOUSE), 1)}


def for_templates(langs: list[Lang], number_of: Callable[[str], int]) -> dict[str, Any]:
    """What the macros of ``guidance.html.j2`` need beside the guidance itself."""

    def mark(key: str, lang: Lang) -> Markup:
        if key == HOUSE:
            return Markup('<span class="own">[{}]</span>').format(say(HOUSE).get(lang))
        return Markup('<a class="cite" href="#ref-{0}">[{0}]</a>').format(number_of(key))

    return {"langs": langs, "pieces": pieces, "mark": mark, "say_g": say}


def reference(source: Source) -> str:
    """A source as one line."""
    year = f" ({source.year})" if source.year else ""
    doi = f" https://doi.org/{source.doi}" if source.doi else ""
    return f"{source.authors}{year}. {source.title}. {source.journal}.{doi}"


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("formcheck"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
