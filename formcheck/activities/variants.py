"""Which way of doing an exercise a clip shows, where numbers of one way cannot be held against those of another.

A gentle hip lift is not a full one that went worse, and a plank on the knees has another line than one on the toes.
"""

from __future__ import annotations

from collections.abc import Collection

from formcheck.activities.danger import PAGE_OF_NOTE
from formcheck.cards import Lang
from formcheck.guidance.exercises import load_exercises
from formcheck.texts import text

ONE_LEG = "hip_lift_one_leg"
_AND = "+"


def variant_of(notes: Collection[str]) -> str:
    """A key of the way that the codes of a clip's notes tell; "" where there is one way only, or none was told."""
    pages = {PAGE_OF_NOTE[note] for note in notes if note in PAGE_OF_NOTE}
    return _AND.join([*sorted(pages), *({ONE_LEG} & set(notes))])


def variant_name(variant: str, lang: Lang) -> str:
    """The key in words."""
    if not variant:
        return text("variant_not_told", lang)
    pages = load_exercises()
    parts = variant.split(_AND)
    names = [pages[part].name.get(lang) if part in pages else text("variant_one_leg", lang) for part in parts]
    return text("variant_and", lang).join(names)
