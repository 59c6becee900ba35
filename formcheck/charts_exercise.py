"""The chart of an exercise: its movement over the clip, repetitions and holds as bands, their far ends as marks."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from formcheck.activities.card import curve_of, curve_words, load_activity_cards
from formcheck.cards import Lang
from formcheck.charts import BLUE, GREEN, VERMILLION, plain_figure
from formcheck.records import Analysis, FloatArray
from formcheck.texts import text

MAX_POINTS = 1500


def movement_chart(analysis: Analysis, lang: Lang) -> go.Figure:
    """The card's curve over the clip's time, a band for each repetition and hold, a mark at each far end."""
    card = load_activity_cards()[analysis.activity]
    curve = curve_of(analysis.signals, card)
    figure = plain_figure(text("chart_time", lang), text(curve_words(analysis.signals, card), lang))
    figure.update_layout(showlegend=True)
    if curve is None:
        return figure
    step = max(1, len(curve) // MAX_POINTS)
    time_s = analysis.signals.time_s
    _add_bands(figure, analysis, lang)
    figure.add_scatter(
        x=time_s[::step].round(3),
        y=np.round(curve[::step], 2),
        customdata=time_s[::step].round(4),
        mode="lines",
        name=text("chart_movement", lang),
        line={"color": BLUE, "width": 2.5},
    )
    figure.update_yaxes(range=_with_air(curve))
    tops = [rep.top_s for rep in analysis.reps if np.isfinite(rep.top_s)]
    if tops:
        figure.add_scatter(
            x=np.round(tops, 3),
            y=np.round(np.interp(tops, time_s, curve), 2),
            customdata=np.round(tops, 4),
            mode="markers+text",
            text=[str(k) for k in range(1, len(tops) + 1)],
            textposition="top center",
            name=text("chart_top", lang),
            marker={"color": VERMILLION, "symbol": "triangle-up", "size": 10},
        )
    return figure


def _with_air(curve: FloatArray) -> list[float]:
    """What the axis shows: the whole curve, and above it room for the numbers of the repetitions."""
    low, high = float(np.nanmin(curve)), float(np.nanmax(curve))
    air = (high - low) or 1.0
    return [low - 0.06 * air, high + 0.16 * air]


def _add_bands(figure: go.Figure, analysis: Analysis, lang: Lang) -> None:
    start, end = float(analysis.signals.time_s[0]), float(analysis.signals.time_s[-1])
    spans = [(rep.start_s, rep.end_s, "chart_rep_band") for rep in analysis.reps]
    spans += [(hold.start_s, hold.end_s, "chart_hold_band") for hold in analysis.holds]
    band = {"type": "rect", "yref": "y domain", "y0": 0, "y1": 1, "layer": "below", "fillcolor": GREEN, "opacity": 0.13}
    shapes = [
        {**band, "x0": a if np.isfinite(a) else start, "x1": b if np.isfinite(b) else end, "line": {"width": 1}}
        for a, b, _ in spans
    ]
    figure.update_layout(shapes=shapes)
    for code in dict.fromkeys(code for _, _, code in spans):
        marker = {"color": GREEN, "symbol": "square", "size": 12, "opacity": 0.4}
        figure.add_scatter(x=[None], y=[None], mode="markers", name=text(code, lang), marker=marker)
