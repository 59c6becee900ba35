"""Left against right, drift over the clip, variability: a sentence where it is beyond its error, all of it folded."""

from __future__ import annotations

from html import escape

import streamlit as st

from formcheck.cards import Card, Lang, load_cards
from formcheck.comparisons import COMPARED, notable
from formcheck.records import Analysis, Comparison
from formcheck.texts import code_for, comparison_text, format_comparison, note_text, text
from formcheck.ui.wide import wide

_COLUMNS = ("column_measure", "column_side", "column_value", "column_strides", "column_how_sure")


def show_compared(analysis: Analysis, lang: Lang) -> None:
    """Nothing where nothing could be compared."""
    cards = load_cards()
    known = [c for c in analysis.comparisons if c.metric in cards and c.value is not None]
    if not known:
        return
    sentences = [comparison_text(c, cards[c.metric], lang) for c in notable(known)]
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences if sentence is not None)
    if items:
        st.html(
            f'<section class="fc-beyond"><h4>{escape(text("beyond_error", lang))}</h4><ul class="fc-list">{items}</ul>'
            f'<p class="fc-small">{escape(text("beyond_error_how", lang))}</p></section>'
        )
    with st.expander(text("compared", lang), key="fold_compared"):
        st.html(_table(known, cards, analysis.activity, lang))
        reasons = dict.fromkeys(note_text(c.reason, lang) for c in known if c.reason is not None)
        st.caption(" ".join([text("compared_how", lang), *reasons]))


def _table(known: list[Comparison], cards: dict[str, Card], activity: str, lang: Lang) -> str:
    head = "".join(f'<th scope="col">{escape(text(code_for(column, activity), lang))}</th>' for column in _COLUMNS)
    body = []
    for kind in COMPARED:
        rows = sorted((c for c in known if c.kind == kind), key=lambda c: cards[c.metric].order)
        if rows:
            name = escape(text(code_for(kind, activity), lang))
            body.append(f'<tr><th class="fc-group" colspan="{len(_COLUMNS)}">{name}</th></tr>')
            body += [_row(c, cards[c.metric], lang) for c in rows]
    return wide(f"<tr>{head}</tr>{''.join(body)}", text("compared", lang))


def _row(comparison: Comparison, card: Card, lang: Lang) -> str:
    side = text(f"side_{comparison.side}", lang) if comparison.side else "–"
    sure = text(f"status_{comparison.status}", lang)
    cells = (side, format_comparison(comparison, card, lang), str(comparison.n), sure)
    row = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f'<tr><th scope="row">{escape(card.name.get(lang))}</th>{row}</tr>'
