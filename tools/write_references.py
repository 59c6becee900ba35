"""Write docs/references.md anew: every source, how much of it was read, and where it is used.

python tools/write_references.py
"""

from __future__ import annotations

import re
from pathlib import Path

from formcheck.cards import Card, Source, load_bibliography, load_cards
from formcheck.guidance.sources import used as used_by_guidance

OUT = Path(__file__).resolve().parent.parent / "docs" / "references.md"
READ = {"abstract": "abstract read", "excerpt": "read in excerpts", "memory": "not read here, to be checked"}
DOI = re.compile(r"10\.\d{4,9}/[-._;()/:A-Za-z0-9]+")
HEAD = """# References

Made by `python tools/write_references.py` from `formcheck/bibliography.toml`, the cards in `formcheck/metrics` and the
tables in `formcheck/guidance`. A sentence with `[house]` there is this project's own rule and has no entry here.
Articles by practitioners (`seed_...`) are views from the clinic, not studies.
"""


def used() -> dict[str, list[str]]:
    """By key: the cards and tables that use it."""
    places = {key: list(where) for key, where in used_by_guidance().items()}
    for card in load_cards().values():
        for key in sources_of(card):
            places.setdefault(key, []).append(f"card: {card.metric}")
    return places


def sources_of(card: Card) -> list[str]:
    """The keys a card names, each once."""
    return list(dict.fromkeys([*card.sources, *(card.range.sources if card.range else ())]))


def references() -> str:
    """The whole document. Raises ValueError for a source nobody uses, one that is missing, or a DOI of wrong form."""
    known, places = load_bibliography(), used()
    if set(known) != set(places):
        raise ValueError(f"unused: {sorted(set(known) - set(places))}; missing: {sorted(set(places) - set(known))}")
    return HEAD + "".join(entry(source, places[key]) for key, source in sorted(known.items()))


def entry(source: Source, places: list[str]) -> str:
    """One source as Markdown."""
    if source.doi is not None and not DOI.fullmatch(source.doi):
        raise ValueError(f"{source.key}: {source.doi} is no DOI")
    year = f" ({source.year})" if source.year else ""
    link = f" <https://doi.org/{source.doi}>" if source.doi else ""
    lines = [f"\n## {source.key}\n", f"{source.authors}{year}. {source.title}. *{source.journal}*.{link}\n"]
    if source.note is not None:
        lines.append(f"{source.note.en} / {source.note.ja}\n")
    lines.append(f"{READ[source.read].capitalize()}. Used in: {'; '.join(sorted(places))}.\n")
    return "\n".join(lines)


if __name__ == "__main__":
    OUT.write_text(references(), encoding="utf-8", newline="\n")
    print(f"{OUT.name}: {len(load_bibliography())} sources")
