"""Sentences that carry their sources: "Tight calves pull on the back [seed_s3]."

The keys in square brackets are those of ``bibliography.toml``; ``house`` marks what is this project's own rule and
nobody's finding. Both languages of a text carry the same keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from formcheck.cards import Text

HOUSE = "house"
_MARK = re.compile(r" ?\[([a-z0-9_]+(?:, [a-z0-9_]+)*)\]")


def keys_of(*texts: Text) -> tuple[str, ...]:
    """Every key the texts carry, each once, in the order in which they are read; ``house`` included."""
    found = [key for text in texts for mark in _MARK.findall(text.en) for key in mark.split(", ")]
    return tuple(dict.fromkeys(found))


def plain(sentence: str) -> str:
    """The sentence without its keys."""
    return _MARK.sub("", sentence)


def marked(sentence: str, mark: Callable[[tuple[str, ...]], str]) -> str:
    """The sentence with each bracket of keys replaced by what ``mark`` makes of them."""
    return _MARK.sub(lambda found: mark(tuple(found[1].split(", "))), sentence)


def pieces(sentence: str) -> list[tuple[str, tuple[str, ...]]]:
    """The sentence cut after each bracket: words, and the keys that stand behind them (none after the last)."""
    parts = _MARK.split(sentence)
    found = [(words, tuple(keys.split(", "))) for words, keys in zip(parts[::2], parts[1::2], strict=False)]
    return [*found, (parts[-1], ())]
