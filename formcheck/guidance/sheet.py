"""The plan on one page to print, as one HTML file that opens without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from markupsafe import Markup

from formcheck.cards import Lang, Source, Text, load_bibliography
from formcheck.guidance.booklet import Leaf
from formcheck.guidance.cited import HOUSE, keys_of, pieces
from formcheck.guidance.told import ToldGuidance, say
from formcheck.pages import page_template
from formcheck.skeleton import Side
from formcheck.texts import text


@dataclass(frozen=True)
class SheetPicture:
    """A key moment to show beside an advice: a data URL and what it shows."""

    src: str
    alt: Text


Part = Literal["safety", "plan", "more"]
Pictures = Mapping[tuple[str, Side | None], SheetPicture]


def write_plan(told: ToldGuidance, path: Path, lang: Lang, clip: str = "", pictures: Pictures | None = None) -> None:
    """Write the plan as one UTF-8 file in one language."""
    path.write_text(plan_html(told, lang, clip, pictures), encoding="utf-8", newline="\n")


def plan_html(told: ToldGuidance, lang: Lang, clip: str = "", pictures: Pictures | None = None) -> str:
    """The plan as one HTML document; ``pictures`` by kind and side of the key moment."""
    numbers = numbered(told.keys)
    return page_template("plan.html.j2").render(
        lang=lang,
        told=told,
        clip=clip,
        pictures=pictures or {},
        references=_references(numbers, numbers),
        printed=[numbers[key] for key in told.printed_keys if key in numbers],
        disclaimer=text("disclaimer", lang),
        **for_templates([lang], numbers.__getitem__),
    )


def part_html(part: Part, told: ToldGuidance, lang: Lang, pictures: Pictures | None = None) -> str:
    """One part of the guidance in one language, to stand inside a page.

    The sources of "safety" stand below it, those of "plan" and "more" below "more".
    """
    numbers = numbered(told.keys)
    shown = {"safety": told.safety_keys, "plan": (), "more": told.keys}[part]
    given = for_templates([lang], numbers.__getitem__) | {"references": _references(shown, numbers)}
    return page_template("plan_part.html.j2").render(part=part, told=told, leaf=None, pictures=pictures or {}, **given)


def leaf_html(leaf: Leaf, lang: Lang) -> str:
    """One of the short pages to read, with its sources."""
    numbers = numbered(keys_of(*(words for _, words in leaf.paragraphs)))
    given = for_templates([lang], numbers.__getitem__) | {"references": _references(numbers, numbers)}
    return page_template("plan_part.html.j2").render(part="leaf", told=None, leaf=leaf, pictures={}, **given)


def guidance_style() -> str:
    """The <style> for parts that stand inside a page."""
    sheet = files("formcheck").joinpath("templates/guidance.css").read_text(encoding="utf-8")
    return f"<style>{sheet}</style>"


def _references(keys: Iterable[str], numbers: Mapping[str, int]) -> list[tuple[int, Source]]:
    known = load_bibliography()
    return [(numbers[key], known[key]) for key in keys if key in numbers]


def sources_in(told: ToldGuidance) -> tuple[str, ...]:
    """Every source the guidance carries, in the order in which it is read."""
    return tuple(numbered(told.keys))


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
