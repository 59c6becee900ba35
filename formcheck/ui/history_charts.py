"""Figures of what was kept: a number over the analyses, pain and good days, kilometres and exercise days by week."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

import plotly.graph_objects as go

from formcheck.cards import Card, Lang
from formcheck.charts import (
    BLUE,
    COLOR_OF_SIDE,
    GREEN,
    INK,
    SYMBOL_OF_SIDE,
    VERMILLION,
    add_range,
    axis_title,
    plain_figure,
)
from formcheck.history.tables import DiaryDay
from formcheck.history.training import TIMES_A_WEEK, Review, Week, monday_of
from formcheck.history.trends import Point, same_speed
from formcheck.skeleton import Side
from formcheck.texts import format_number, text

WEEKS_SHOWN = 12
_PAIN = {
    "before": ("circle", "dot"),
    "during": ("diamond", "solid"),
    "after": ("square", "dash"),
    "next_day": ("x", "dashdot"),
}
_PAIN_COLORS = {"before": INK, "during": VERMILLION, "after": BLUE, "next_day": GREEN}
_DAY = timedelta(days=1)


def trend_chart(card: Card, by_side: dict[str, list[Point]], reviews: Sequence[Review], lang: Lang) -> go.Figure:
    """A number by day with its 95 % interval; open marks where the belt ran at another speed than the last time."""
    figure = plain_figure("", axis_title(card, lang))
    shown = _span([point for points in by_side.values() for point in points], card)
    add_range(figure, card, shown, lang)
    for side, points in by_side.items():
        _add_points(figure, card, side, points, lang)
    for review in reviews:
        _add_review(figure, review, lang)
    figure.update_yaxes(range=shown)
    figure.update_xaxes(type="date", tickformat="%Y-%m-%d", nticks=6)
    return figure


def _add_points(figure: go.Figure, card: Card, side: str, points: Sequence[Point], lang: Lang) -> None:
    of: Side = "left" if side == "left" else "right"
    color, symbol = COLOR_OF_SIDE[of], SYMBOL_OF_SIDE[of]
    alike = [same_speed((point, points[-1])) for point in points]
    figure.add_scatter(
        x=[point.day for point in points],
        y=[round(point.value, 4) for point in points],
        error_y={"array": [round(point.uncertainty or 0.0, 4) for point in points], "thickness": 1.5, "width": 5},
        mode="lines+markers",
        name=text(f"side_{side}", lang) if side else text("trend_value", lang),
        marker={"color": color, "size": 10, "symbol": [symbol if same else f"{symbol}-open" for same in alike]},
        line={"color": color, "width": 1.5, "dash": "dash" if side == "left" else "solid"},
        text=[format_number(point.value, card, lang) for point in points],
        hovertemplate="%{x|%Y-%m-%d}<br>%{text}<extra></extra>",
    )
    if not all(alike):
        marker = {"color": color, "size": 10, "symbol": f"{symbol}-open"}
        figure.add_scatter(x=[None], y=[None], mode="markers", marker=marker, name=text("trend_other_speed", lang))


def _add_review(figure: go.Figure, review: Review, lang: Lang) -> None:
    """A stretch of days between two lines, named above: not by its colour alone."""
    words = text(f"review_{review.kind}_short", lang)
    figure.add_vrect(
        x0=review.begins,
        x1=review.ends,
        fillcolor=INK,
        opacity=0.07,
        layer="below",
        line={"width": 1, "dash": "dot", "color": INK},
        annotation={"text": words, "font": {"size": 11, "color": INK}},
        annotation_position="top left",
    )


def _span(points: Sequence[Point], card: Card) -> tuple[float, float]:
    ends = [point.value + sign * (point.uncertainty or 0.0) for point in points for sign in (-1, 1)]
    if card.range is not None:
        ends += [border for border in (card.range.low, card.range.high) if border is not None]
    low, high = min(ends), max(ends)
    air = 0.15 * (high - low) or 1.0
    return low - air, high + air


def pain_chart(days: Sequence[DiaryDay], lang: Lang) -> go.Figure:
    """Pain before, during, after and on the next day, from 0 to 10; a line and a mark of its own for each."""
    figure = plain_figure("", text("diary_pain_axis", lang))
    for name, (symbol, dash) in _PAIN.items():
        told = [day for day in days if getattr(day, name) is not None]
        if told:
            figure.add_scatter(
                x=[day.day for day in told],
                y=[getattr(day, name) for day in told],
                mode="lines+markers",
                name=text(f"diary_{name}", lang),
                marker={"symbol": symbol, "size": 9, "color": _PAIN_COLORS[name]},
                line={"dash": dash, "width": 2, "color": _PAIN_COLORS[name]},
            )
    figure.update_yaxes(range=[-0.5, 10.5], dtick=2)
    figure.update_xaxes(type="date", tickformat="%Y-%m-%d", nticks=6)
    figure.update_layout(showlegend=True)
    return figure


def weeks_chart(weeks: Sequence[Week], lang: Lang) -> go.Figure:
    """Kilometres by week, each with the most that ten per cent on the week before would be; hatched where beyond."""
    figure = plain_figure(text("week_of", lang), text("distance_axis", lang))
    last = weeks[-WEEKS_SHOWN:]
    names = [week.monday.isoformat() for week in last]
    figure.add_bar(
        x=names,
        y=[round(week.km, 1) for week in last],
        name=text("distance_run", lang),
        text=[f"{week.km:.1f}" + (" ▲" if week.is_beyond else "") for week in last],
        textposition="outside",
        cliponaxis=False,
        marker={"color": BLUE, "pattern": {"shape": ["/" if week.is_beyond else "" for week in last]}},
    )
    limits = [(name, week.limit_km) for name, week in zip(names, last, strict=True) if week.limit_km is not None]
    figure.add_scatter(
        x=[name for name, _ in limits],
        y=[limit for _, limit in limits],
        mode="markers",
        name=text("distance_limit", lang),
        marker={"symbol": "line-ew", "size": 26, "line": {"width": 3, "color": VERMILLION}},
    )
    figure.update_xaxes(type="category")
    figure.update_yaxes(rangemode="tozero")
    return figure


def exercise_chart(days: Collection[date], today: date, lang: Lang) -> go.Figure:
    """On how many days of each of the last weeks something was done, and the three that are aimed at."""
    figure = plain_figure(text("week_of", lang), text("exercise_days", lang))
    mondays = [monday_of(today) - 7 * back * _DAY for back in range(WEEKS_SHOWN - 1, -1, -1)]
    counts = [len({day for day in days if monday_of(day) == monday and day <= today}) for monday in mondays]
    figure.add_bar(
        x=[monday.isoformat() for monday in mondays],
        y=counts,
        name=text("exercise_days", lang),
        text=[f"{count}{' ●' if count >= TIMES_A_WEEK else ''}" if count else "" for count in counts],
        textposition="outside",
        cliponaxis=False,
        marker={"color": BLUE, "pattern": {"shape": ["" if count >= TIMES_A_WEEK else "/" for count in counts]}},
    )
    figure.add_hline(y=TIMES_A_WEEK, line={"color": INK, "width": 1.5, "dash": "dash"})
    figure.update_xaxes(type="category")
    figure.update_yaxes(range=[0, 7.9], dtick=1)
    return figure
