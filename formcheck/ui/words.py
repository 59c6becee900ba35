"""The words of the page alone, in Japanese and English, by their code: ``words.toml`` beside this file."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from formcheck.cards import Lang, Text
from formcheck.texts import parse_texts

_FILE = "words.toml"


def word(code: str, lang: Lang, **details: object) -> str:
    """The words ``code`` in ``lang``, its {details} filled in. Raises KeyError for an unknown code."""
    return known_words()[code].get(lang).format(**details)


def words_for(codes: tuple[str, ...], lang: Lang) -> dict[str, str]:
    """Several at once, for a component in the browser, which fills in details itself."""
    return {code: known_words()[code].get(lang) for code in codes}


@cache
def known_words() -> dict[str, Text]:
    """Every code there is."""
    return parse_texts(files("formcheck.ui").joinpath(_FILE).read_text(encoding="utf-8"))
