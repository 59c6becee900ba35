"""The report and the one-page plan as PDF, set by Typst: Japanese embedded, no browser, no network.

What the templates are given is data, never code, so no name of a clip can do anything. Only the letters that are used
are embedded. Typst runs inside this process and reads nothing but its own temporary folder and our fonts.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from formcheck.annotated_clip import Picture
from formcheck.cards import Lang
from formcheck.guidance.told import ToldGuidance
from formcheck.pdf.contents import plan_contents, report_contents
from formcheck.records import Analysis

__all__ = ["pictures_in", "plan_pdf", "report_pdf"]


def report_pdf(analysis: Analysis, pictures: Sequence[Picture], lang: Lang) -> bytes:
    """The whole report on A4 pages, in one language."""
    contents, attached = report_contents(analysis, pictures, lang)
    return _set("report.typ", contents, attached)


def plan_pdf(told: ToldGuidance, lang: Lang, clip: str = "", pictures: Sequence[Picture] = ()) -> bytes:
    """The plan on one A4 page, in one language; smaller where it would not fit."""
    contents, attached = plan_contents(told, lang, clip, pictures)
    return _set("plan.typ", contents, attached)


def pictures_in(analysis: Analysis, frames: Path) -> list[Picture]:
    """The key moments' pictures that lie in a folder of results, in time order."""
    moments = sorted(analysis.key_moments, key=lambda moment: moment.time_s)
    found = [(moment, frames / f"{moment.id}.jpg") for moment in moments]
    return [Picture(moment, path.read_bytes(), path.name) for moment, path in found if path.is_file()]


def _set(template: str, contents: dict[str, Any], attached: dict[str, bytes]) -> bytes:
    import typst

    package = files("formcheck")
    with tempfile.TemporaryDirectory(prefix="formcheck-pdf-") as folder:
        root = Path(folder)
        for name, data in attached.items():
            (root / name).write_bytes(data)
        for name in ("house.typ", "push_off.typ", template):
            (root / name).write_bytes(package.joinpath("templates", name).read_bytes())
        (root / "contents.json").write_text(json.dumps(contents, ensure_ascii=False), encoding="utf-8")
        fonts = typst.Fonts(False, False, [str(package.joinpath("fonts"))])
        compiler = typst.Compiler(root / template, root=root, font_paths=fonts)
        made = compiler.compile(format="pdf")
    assert isinstance(made, bytes)
    return made
