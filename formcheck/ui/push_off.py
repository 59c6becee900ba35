"""Hip against back at push-off, as the report shows it: sentence, bar, and the pair of figures. Computes nothing."""

from __future__ import annotations

from base64 import b64encode
from html import escape

import streamlit as st

from formcheck.cards import Lang
from formcheck.push_off_figure import bar_svg, pair_of
from formcheck.push_off_split import A_THIRD_PCT, SOURCES, Split, against_standing, side_to_advise, splits, why_none
from formcheck.records import Analysis
from formcheck.texts import both, text
from formcheck.ui.cited_words import with_sources


def show_push_off(analysis: Analysis, lang: Lang, with_advice: bool) -> None:
    """Nothing for what is not running from the side; otherwise who pays, or why that cannot be told."""
    told, why = splits(analysis), why_none(analysis)
    if not told and why is None:
        return
    st.subheader(text("push_off_title", lang), anchor=False)
    if why is not None:
        st.html(f'<p class="fc-plain">{escape(why.get(lang))}</p>')
        return
    advised = side_to_advise(told) if with_advice else None
    parts = [_side(split, lang, len(told) > 1, split.side == advised) for split in told]
    parts.insert(1, _more(analysis, told[0], lang))
    evidence = both(lambda each: f"{text('push_off_evidence', each)} [{', '.join(SOURCES)}]")
    parts.append(f'<p class="fc-small">{escape(text("push_off_how", lang))}</p>')
    parts.append(f'<p class="fc-small">{escape(with_sources(evidence, lang))}</p>')
    st.html("".join(parts))


def _side(split: Split, lang: Lang, named: bool, advised: bool) -> str:
    rows = [f'<h4 class="fc-plain">{escape(text(f"push_off_foot_{split.side}", lang))}</h4>'] if named else []
    rows.append(f'<p class="fc-plain"><b>{escape(split.verdict.get(lang))}</b></p>')
    ends = (("push_off_hip", split.hip), ("push_off_back", split.back))
    words = " ".join(f"<span>{escape(text(code, lang))} <b>{escape(told.get(lang))}</b></span>" for code, told in ends)
    rows.append(f'<div class="fc-push-off-bar">{words}</div>')
    bar = bar_svg(split.hip_share, split.low, split.high, 100 - A_THIRD_PCT)
    rows.append(_picture(bar, "fc-push-off-gauge"))
    if advised:
        advice = escape(text("push_off_try", lang))
        rows.append(f'<p class="fc-advice"><b>{escape(text("what_to_try", lang))}</b><br>{advice}</p>')
    return "".join(rows)


def _more(analysis: Analysis, near: Split, lang: Lang) -> str:
    """What standing adds, and the pair of figures."""
    rows = [f'<p class="fc-plain">{escape(line.get(lang))}</p>' for line in against_standing(analysis)]
    pair = pair_of(analysis, near.hip_deg, near.back_deg)
    if pair:
        captions = [escape(text(code, lang)) for code in ("push_off_this", "push_off_other")]
        shown = "".join(
            f"<figure>{_picture(svg)}<figcaption>{words}</figcaption></figure>"
            for svg, words in zip(pair, captions, strict=True)
        )
        rows.append(f'<div class="fc-push-off-pair">{shown}</div>')
        rows.append(f'<p class="fc-small">{escape(text("push_off_pair_how", lang))}</p>')
    return "".join(rows)


def _picture(svg: str, style: str = "") -> str:
    """The page takes SVG out of HTML, but shows it as a picture; the words beside it say the same."""
    data = b64encode(svg.encode("utf-8")).decode("ascii")
    return f'<img class="{style}" alt="" src="data:image/svg+xml;base64,{data}">'
