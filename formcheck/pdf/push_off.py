"""Hip against back at push-off for the typesetter: verdict, bar, pair of figures and evidence of ``push_off_split.py``.

Nothing is computed here; bar and figures are those of the HTML report and the page.
"""

from __future__ import annotations

from typing import Any

from formcheck.cards import Lang
from formcheck.push_off_figure import bar_svg, pair_of
from formcheck.push_off_split import A_THIRD_PCT, SOURCES, Split, against_standing, side_to_advise, splits, why_none
from formcheck.records import Analysis
from formcheck.texts import text
from formcheck.told import Told

Json = dict[str, Any]
_WORDS = ("title", "how", "hip", "back", "evidence", "this", "other", "pair_how", "try")


def push_off_contents(
    analysis: Analysis, told: Told, with_advice: bool, lang: Lang
) -> tuple[Json | None, dict[str, bytes]]:
    """The section, or why it is none, and its drawings by file name; None for what is not running from the side."""
    shown, why = splits(analysis), why_none(analysis)
    if not shown and why is None:
        return None, {}
    files = {_bar_name(s): bar_svg(s.hip_share, s.low, s.high, 100 - A_THIRD_PCT).encode() for s in shown}
    pair = pair_of(analysis, shown[0].hip_deg, shown[0].back_deg) if shown else []
    pair_files = {f"push_off_pair_{n}.svg": svg.encode() for n, svg in enumerate(pair)}
    advised = side_to_advise(shown) if with_advice else None
    contents: Json = {
        "say": {code: text(f"push_off_{code}", lang) for code in _WORDS},
        "why_none": None if why is None else why.get(lang),
        "feet": [_foot(split, len(shown) > 1, split.side == advised, lang) for split in shown],
        "at_rest": [line.get(lang) for line in against_standing(analysis)],
        "pair": list(pair_files),
        "sources": told.cite(SOURCES) if shown else [],
    }
    return contents, files | pair_files


def _foot(split: Split, named: bool, advised: bool, lang: Lang) -> Json:
    return {
        "name": text(f"push_off_foot_{split.side}", lang) if named else None,
        "verdict": split.verdict.get(lang),
        "hip": split.hip.get(lang),
        "back": split.back.get(lang),
        "bar": _bar_name(split),
        "advised": advised,
    }


def _bar_name(split: Split) -> str:
    return f"push_off_bar_{split.side}.svg"
