"""Write docs/guide.ja.md and docs/guide.en.md anew: one short page for each topic, exercise and finding.

python tools/write_guide.py
"""

from __future__ import annotations

from pathlib import Path

from formcheck.cards import LANGS, Lang
from formcheck.guidance.booklet import Leaf, leaves
from formcheck.guidance.told import say

DOCS = Path(__file__).resolve().parent.parent / "docs"
KINDS = ("topic", "exercise", "finding")


def guide(lang: Lang) -> str:
    """The whole document in one language."""
    pages = list(leaves())
    intro = say("booklet_intro", place="[references.md](references.md)").get(lang)
    parts = [f"# {say('booklet_title').get(lang)}\n\n{intro}\n"]
    for kind in KINDS:
        parts.append(f"\n## {say(f'kind_{kind}').get(lang)}\n")
        parts += [page(leaf, lang) for leaf in pages if leaf.kind == kind]
    return "".join(parts)


def page(leaf: Leaf, lang: Lang) -> str:
    """One page as Markdown."""
    told = "\n".join(f"* **{heading.get(lang)}** {text.get(lang)}" for heading, text in leaf.paragraphs)
    return f"\n### {leaf.name.get(lang)}\n\n{told}\n"


if __name__ == "__main__":
    for lang in LANGS:
        out = DOCS / f"guide.{lang}.md"
        out.write_text(guide(lang), encoding="utf-8", newline="\n")
        print(f"{out.name}: {len(list(leaves()))} pages")
