"""A claim of the guidance as one line, its sources named in brackets: who and when."""

from __future__ import annotations

import re

from formcheck.cards import Lang, Text, load_bibliography
from formcheck.guidance.cited import HOUSE, marked
from formcheck.guidance.told import say


def with_sources(claim: Text, lang: Lang) -> str:
    """The claim with "(Buist 2008)" for each key it carries; the full entries are in docs/references.md."""
    open_, close, and_ = ("（", "）", "、") if lang == "ja" else (" (", ")", "; ")
    return marked(
        claim.get(lang), lambda keys: open_ + and_.join(dict.fromkeys(_short(key, lang) for key in keys)) + close
    )


def _short(key: str, lang: Lang) -> str:
    if key == HOUSE:
        return say(HOUSE).get(lang)
    if key.startswith("seed_"):
        return say("view_of_therapists").get(lang)
    source = load_bibliography()[key]
    surname = re.sub(r" [A-Z]+$", "", source.authors.split(",")[0])
    return f"{surname} {source.year or ''}".strip()
