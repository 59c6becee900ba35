"""Reading this folder's TOML tables strictly: a misspelt key or a missing language stops the program at its start."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from importlib.resources import files
from typing import Any

from formcheck.cards import LANGS, Text
from formcheck.guidance.cited import keys_of
from formcheck.guidance.conditions import Clause, parse_clause


class TableError(ValueError):
    """A table of the guidance is not as it should be; the message names the file and the entry."""


def read_table(name: str) -> dict[str, Any]:
    """The TOML file ``name`` of this folder."""
    return tomllib.loads(files("formcheck.guidance").joinpath(name).read_text(encoding="utf-8"))


def check_keys(entry: Mapping[str, Any], needed: Collection[str], optional: Collection[str], where: str) -> None:
    """Raise TableError unless the entry has all needed keys and no others than these and the optional ones."""
    missing, unknown = set(needed) - set(entry), set(entry) - set(needed) - set(optional)
    if missing or unknown:
        raise TableError(f"{where}: missing {sorted(missing)}, unknown {sorted(unknown)}")


def words(entry: Any, where: str) -> Text:
    """A text in both languages, without keys of sources. Raises TableError where it is not that."""
    text = _text(entry, where)
    if "[" in text.ja + text.en:
        raise TableError(f"{where}: carries a source where none belongs")
    return text


def claim(entry: Any, where: str) -> Text:
    """A text in both languages that carries the same sources in both. Raises TableError where it is not that."""
    text = _text(entry, where)
    swapped = Text(ja=text.en, en=text.ja)
    if not keys_of(text) or set(keys_of(text)) != set(keys_of(swapped)):
        raise TableError(f"{where}: needs the same sources in both languages")
    return text


def clauses(lines: Any, where: str) -> tuple[Clause, ...]:
    """The conditions in a list of lines. Raises TableError for a line that is none."""
    try:
        return tuple(parse_clause(line) for line in lines)
    except (TypeError, ValueError) as error:
        raise TableError(f"{where}: {error}") from error


def _text(entry: Any, where: str) -> Text:
    if not isinstance(entry, dict) or set(entry) != set(LANGS) or not all(isinstance(v, str) for v in entry.values()):
        raise TableError(f"{where}: needs ja and en, and nothing else")
    if not all(value.strip() for value in entry.values()):
        raise TableError(f"{where}: has no words")
    return Text(**entry)
