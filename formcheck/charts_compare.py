"""Two clips' curves over one another: each the mean of its strides or repetitions with +-1 SD as a band."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from formcheck.activities.card import load_activity_cards
from formcheck.cards import Lang
from formcheck.charts import BLUE, CURVES, CURVES_ACROSS, INK, VERMILLION, curves_of, plain_figure
from formcheck.cycles import PERCENT, Cycles, cycles_of
from formcheck.records import Analysis
from formcheck.texts import text

Which = Literal["before", "after"]
MOVEMENT = "movement"
"""The one curve of an exercise, over the repetition."""
_LOOK: dict[Which, dict[str, Any]] = {
    "before": {"line": {"color": VERMILLION, "width": 3, "dash": "dash"}, "band": "rgba(213,94,0,0.16)"},
    "after": {"line": {"color": BLUE, "width": 3, "dash": "solid"}, "band": "rgba(0,114,178,0.20)"},
}


def curves_of_both(before: Analysis, after: Analysis) -> list[str]:
    """Stems of the curves for which both clips have at least one stride or repetition."""
    if before.activity != after.activity:
        return []
    stems = curves_of(before) if before.strides and after.strides else [MOVEMENT]
    return [stem for stem in stems if all(len(_cycles(analysis, stem).values) for analysis in (before, after))]


def overlay_chart(before: Analysis, after: Analysis, stem: str, names: tuple[str, str], lang: Lang) -> go.Figure:
    """Both clips' mean over 0-100 % of the near foot's stride or of the repetition, before dashed, after solid.

    ``stem`` is one of ``curves_of_both``; KeyError for another. ``names`` are those of the two clips.
    """
    running = stem != MOVEMENT
    x_title = text("chart_percent_of_stride" if running else "compare_percent_of_rep", lang)
    height = f"chart_{stem}" if running else load_activity_cards()[before.activity].curve_words
    figure = plain_figure(x_title, text(height, lang))
    figure.update_xaxes(range=[0, 100], tickvals=list(range(0, 101, 20)))
    _add(figure, _cycles(before, stem), "before", names[0], lang)
    _add(figure, _cycles(after, stem), "after", names[1], lang)
    if running:
        line = {"color": INK, "width": 1.5, "dash": "dot"}
        figure.add_scatter(x=[None], y=[None], mode="lines", line=line, name=text("event_toe_off_short", lang))
    return figure


def _add(figure: go.Figure, cycles: Cycles, which: Which, of: str, lang: Lang) -> None:
    look = _LOOK[which]
    if len(cycles.values) > 1:
        low, high = cycles.mean - cycles.sd, cycles.mean + cycles.sd
        figure.add_scatter(
            x=np.concatenate([PERCENT, PERCENT[::-1]]),
            y=np.concatenate([high, low[::-1]]).round(2),
            fill="toself",
            fillcolor=look["band"],
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
            showlegend=False,
        )
    name = text("compare_curve", lang, of=of, n=len(cycles.values))
    figure.add_scatter(x=PERCENT, y=cycles.mean.round(2), mode="lines", name=name, line=look["line"])
    if len(cycles.toe_off_pct):
        line = {"color": look["line"]["color"], "width": 1.5, "dash": "dot"}
        figure.add_vline(x=float(np.median(cycles.toe_off_pct)), line=line)


def _cycles(analysis: Analysis, stem: str) -> Cycles:
    if stem == MOVEMENT:
        return _repetitions(analysis)
    near = analysis.signals.near_side
    series = {**CURVES, **CURVES_ACROSS}[stem].format(side=near)
    return cycles_of(analysis.signals, analysis.strides, series, near)


def _repetitions(analysis: Analysis) -> Cycles:
    """The exercise's own curve over each repetition that was seen from start to end."""
    cards, signals = load_activity_cards(), analysis.signals
    card = cards.get(analysis.activity)
    curve = signals.series.get("curve_deg", None if card is None else signals.series.get(card.curve))
    if curve is None:
        return Cycles(np.empty((0, len(PERCENT))), np.empty(0))
    rows = []
    for rep in analysis.reps:
        at = rep.start_s + (rep.end_s - rep.start_s) * PERCENT / 100.0
        row = np.interp(at, signals.time_s, curve)
        if np.isfinite(row).all():
            rows.append(row)
    return Cycles(np.array(rows).reshape(-1, len(PERCENT)), np.empty(0))
