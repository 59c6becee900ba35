"""How a person's numbers have moved: what has changed beyond the error, and a chart of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

import streamlit as st

from formcheck.activities.variants import variant_name
from formcheck.cards import Card, Lang, load_cards
from formcheck.charts import CONFIG
from formcheck.history import analyses
from formcheck.history.database import History
from formcheck.history.tables import KeptAnalysis, Person
from formcheck.history.training import Review, reviews
from formcheck.history.trends import Change, Verdict, changes, series_of, variants_of
from formcheck.texts import codes, format_number, text
from formcheck.ui.history_charts import trend_chart
from formcheck.ui.picking import pick
from formcheck.ui.wide import wide

SIGNS: dict[Verdict, str] = {"up": "▲", "down": "▼", "within_error": "＝", "other_speed": "◇", "unknown": "○"}
_ORDER: tuple[Verdict, ...] = ("up", "down", "other_speed", "within_error", "unknown")
_COLUMNS = ("column_measure", "column_side", "trend_verdict", "trend_difference", "trend_first", "trend_last")


def show_trends(history: History, person: Person, lang: Lang, today: date) -> None:
    """The table of changes, and the chart of one number."""
    with history.reading() as session:
        kept = _of_one_activity(analyses.listed(session, person), lang)
        kept, variant = _of_one_way(kept, variants_of(session, person, kept[0].activity) if kept else {}, lang)
        newest = analyses.find(session, person, kept[0].id) if kept else None
        series = {} if newest is None else series_of(session, person, newest.activity, variant)
    cards = load_cards()
    series = {key: points for key, points in series.items() if key[0] in cards}
    if newest is None or not series:
        st.write(text("trend_none", lang))
        return
    _show_changes(changes(series), cards, lang)
    metrics = [metric for metric in cards if any(metric == key[0] for key in series)]
    metric = pick(text("ui_choose_measure", lang), metrics, lambda m: cards[m].name.get(lang), lang, "trend_metric")
    by_side = {side: points for (name, side), points in series.items() if name == metric}
    due = reviews_since(newest, kept, today)
    st.plotly_chart(trend_chart(cards[metric], by_side, due, lang), theme=None, config=CONFIG, key="trend_chart")
    st.caption(text("trend_how", lang))


def _of_one_activity(kept: list[KeptAnalysis], lang: Lang) -> list[KeptAnalysis]:
    """Those of the activity that is chosen, where there are several; at first that of the newest."""
    names = list(dict.fromkeys(row.activity for row in kept))
    if len(names) < 2:
        return kept
    chosen = pick(text("activity", lang), names, lambda name: _name_of(name, lang), lang, "trend_activity")
    return [row for row in kept if row.activity == chosen]


def _of_one_way(kept: list[KeptAnalysis], ways: Mapping[str, str], lang: Lang) -> tuple[list[KeptAnalysis], str]:
    """Those done in the way that is chosen, where there are several, and which; at first that of the newest."""
    names = list(dict.fromkeys(ways[row.id] for row in kept))
    if len(names) < 2:
        return kept, names[0] if names else ""
    chosen = pick(text("variant", lang), names, lambda name: variant_name(name, lang), lang, "trend_variant")
    return [row for row in kept if ways[row.id] == chosen], chosen


def _name_of(activity: str, lang: Lang) -> str:
    return text(f"activity_{activity}", lang) if f"activity_{activity}" in codes() else activity


def reviews_since(newest: KeptAnalysis, kept: Sequence[KeptAnalysis], today: date) -> list[Review]:
    """When to look again at the newest plan."""
    since = [row.filmed_on for row in kept if row.id != newest.id and row.filmed_on > newest.filmed_on]
    return reviews(newest.filmed_on, newest.content, since, today)


def _show_changes(found: dict[tuple[str, str], Change], cards: dict[str, Card], lang: Lang) -> None:
    if not found:
        st.write(text("trend_one_only", lang))
        return
    n_changed = sum(change.verdict in ("up", "down") for change in found.values())
    st.write(text("trend_changed" if n_changed else "trend_unchanged", lang, n=n_changed, total=len(found)))
    if any(change.verdict == "other_speed" for change in found.values()):
        st.caption(text("trend_speeds_differ", lang))
    rows = sorted(found.items(), key=lambda item: (_ORDER.index(item[1].verdict), cards[item[0][0]].order, item[0][1]))
    head = "".join(f'<th scope="col">{escape(text(column, lang))}</th>' for column in _COLUMNS)
    body = "".join(_row(cards[metric], side, change, lang) for (metric, side), change in rows)
    st.html(wide(f"<tr>{head}</tr>{body}", text("people_tab_trends", lang)))


def _row(card: Card, side: str, change: Change, lang: Lang) -> str:
    signed = format_number(change.difference, card, lang)
    if change.difference > 0:
        signed = f"+{signed}"
    if change.uncertainty is not None:
        signed += f" (± {format_number(change.uncertainty, card, lang)})"
    verdict = f"{SIGNS[change.verdict]} {text(f'trend_{change.verdict}', lang)}"
    cells = (
        text(f"side_{side}", lang) if side else "–",
        verdict,
        signed,
        f"{format_number(change.first.value, card, lang)} ({change.first.day.isoformat()})",
        f"{format_number(change.last.value, card, lang)} ({change.last.day.isoformat()})",
    )
    row = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f'<tr><th scope="row">{escape(card.name.get(lang))}</th>{row}</tr>'
