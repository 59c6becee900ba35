"""Plotly figures for the report and the page: curves over the stride, strides over the clip, feet on the ground.

The figures are made to be read on a phone and on paper in black and white: no titles inside, line style or shape
besides colour, Okabe and Ito's colours, which differ for every common kind of colour blindness.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go

from formcheck.cards import Card, Lang, load_cards
from formcheck.comparisons import LAID_TOGETHER, notable
from formcheck.cycles import PERCENT, Cycles, cycles_of
from formcheck.records import Analysis, Measurement, Segment
from formcheck.skeleton import SIDES, Side, other
from formcheck.texts import code_for, text

BLUE, VERMILLION, GREEN = "#0072B2", "#D55E00", "#009E73"
INK, GRID = "#1f2933", "#d9dee3"
COLOR_OF_SIDE: dict[Side, str] = {"left": VERMILLION, "right": BLUE}
"""Where several clips meet, as in the history; within one clip a side looks as it does in the picture (``look_of``)."""
SYMBOL_OF_SIDE: dict[Side, str] = {"left": "diamond", "right": "circle"}
DASH_OF_SIDE: dict[Side, str] = {"left": "dash", "right": "solid"}
HEIGHT_PX = 300
MAX_THIN_STRIDES = 40
"""More single strides than this hide each other and make the file heavy; they are thinned out evenly."""
MAX_STRIDE_DOTS = 300
TIMING_S = 3.0
TITLE_ROOM, WIDE_LETTERS = 28, 0x2E80
"""Letters of a title that fit beside a plot, those from ``WIDE_LETTERS`` on counted twice."""
PALE = 0.35

CONFIG = {"displaylogo": False, "displayModeBar": False, "responsive": True, "showLink": False, "plotlyServerURL": ""}
"""How every figure is shown: nothing that could lead or call anywhere."""


CURVES: dict[str, str] = {
    "thigh": "thigh_{side}_deg",
    "knee_flexion": "knee_flexion_{side}_deg",
    "shank": "shank_{side}_deg",
    "foot": "foot_{side}_deg",
    "trunk_lean": "trunk_lean_deg",
    "midhip_height": "midhip_height_pct_leg",
}
"""Series that ``cycle_chart`` can draw, by stem, in the order in which they are shown; "{side}" is the near side."""

CURVES_ACROSS: dict[str, str] = {
    "side_lean": "trunk_side_lean_deg",
    "shoulder_line": "shoulder_line_deg",
    "hip_path": "midhip_x_pct_leg",
    "midhip_height": "midhip_height_pct_leg",
}
"""The same from behind and in front, over the left foot's stride."""


def curves_of(analysis: Analysis) -> list[str]:
    """Stems of the curves that a clip of that view has."""
    if analysis.view == "oblique":
        return ["midhip_height"]
    return list(CURVES_ACROSS if analysis.view in ("rear", "front") else CURVES)


def cycle_chart(analysis: Analysis, series_stem: str, lang: Lang) -> go.Figure:
    """A series over the near foot's stride, 0-100 %: strides thin, their mean thick, +-1 SD as a band, toe-off marked.

    Raises KeyError for a stem of no curve. Without a clean stride the figure says so and is empty.
    """
    near = analysis.signals.near_side
    series = {**CURVES, **CURVES_ACROSS}[series_stem].format(side=near)
    cycles = cycles_of(analysis.signals, analysis.strides, series, near)
    figure = plain_figure(text("chart_percent_of_stride", lang), text(f"chart_{series_stem}", lang))
    figure.update_xaxes(range=[0, 100], tickvals=list(range(0, 101, 20)))
    if len(cycles.values) == 0:
        return _empty(figure, lang)
    _add_single_strides(figure, cycles)
    if len(cycles.values) > 1:
        _add_band(figure, cycles, lang)
    mean = text("chart_mean", lang, n=len(cycles.values))
    figure.add_scatter(
        x=PERCENT, y=cycles.mean.round(2), name=mean, mode="lines+markers", line={"color": BLUE, "width": 3}, **_TOUCHED
    )
    _add_toe_off(figure, float(np.median(cycles.toe_off_pct)), lang)
    return figure


def strides_chart(analysis: Analysis, metric: str, lang: Lang) -> go.Figure:
    """A metric stride by stride over the clip: a dot a stride, the median of each side, the card's range as a band.

    A clip with segments has fewer, fainter dots, each segment's median with its error instead of the clip's, and a
    line where the drift is beyond its error.
    Raises KeyError for a metric without a card. Without a stride's value the figure says so and is empty.
    """
    card = load_cards()[metric]
    is_long = bool(analysis.segments)
    figure = plain_figure(text("chart_time_min" if is_long else "chart_time", lang), axis_title(card, lang))
    rows = [m for m in analysis.measurements if m.metric == metric and has_strides(m)]
    if not rows:
        return _empty(figure, lang)
    if is_long:
        shown = _span([value for row in rows for value in _ends_over_time(row, analysis)], card)
    else:
        shown = _span([value for row in rows for value in row.values], card)
    add_range(figure, card, shown, lang)
    for row in rows:
        if is_long:
            _add_segments(figure, row, analysis, lang)
        else:
            _add_strides(figure, row, analysis, lang)
    figure.update_yaxes(range=shown)
    return figure


def timing_chart(analysis: Analysis, lang: Lang) -> go.Figure:
    """When each foot is on the ground, over the first three seconds with contacts; pale where doubtful."""
    figure = plain_figure(text("chart_time", lang), "")
    contacts = {side: _contacts(analysis, side) for side in SIDES}
    starts = [start for bars in contacts.values() for start, _, _ in bars]
    if not starts:
        return _empty(figure, lang)
    first = max(0.0, min(starts) - 0.1)
    near = analysis.signals.near_side
    for side in (other(near), near):  # the near one on top, as in the clip's bar
        bars = [bar for bar in contacts[side] if bar[0] < first + TIMING_S]
        figure.add_bar(
            base=[round(start, 4) for start, _, _ in bars],
            x=[round(end - start, 4) for start, end, _ in bars],
            y=[text(f"side_{side}", lang)] * len(bars),
            customdata=[round(start, 4) for start, _, _ in bars],
            orientation="h",
            name=text("chart_on_ground", lang, side=text(f"side_{side}", lang)),
            marker={
                "color": COLOR_OF_SIDE[look_of(side, near)],
                "pattern": {"shape": "" if side == near else "/"},
                "opacity": [1.0 if clean else PALE for _, _, clean in bars],
            },
            width=0.6,
            showlegend=False,
        )
    figure.update_xaxes(range=[first, first + TIMING_S])
    figure.update_yaxes(range=[-0.5, len(SIDES) - 0.5])
    figure.update_layout(height=190, barmode="overlay")
    return figure


def has_strides(measurement: Measurement) -> bool:
    """Whether there is a number for at least one stride, and the time of each."""
    same = len(measurement.values) == len(measurement.times_s)
    return same and any(np.isfinite(value) for value in measurement.values)


# ------------------------------------------------------------------------------------------------------- parts


def look_of(side: Side | None, near: Side) -> Side:
    """The side in whose look a clip's side is drawn: near solid and blue, far dashed and orange, as in the picture."""
    return "left" if side is not None and side != near else "right"


def axis_title(card: Card, lang: Lang) -> str:
    """The metric and its unit where that fits beside the plot, else the unit alone: the heading has the name."""
    unit = text(f"unit_{card.unit}", lang)
    name = re.split(r" ?[（(]", card.name.get(lang))[0]
    title = text("chart_axis", lang, name=name, unit=unit)
    if sum(1 if ord(letter) < WIDE_LETTERS else 2 for letter in title) <= TITLE_ROOM:
        return title
    return text("chart_angle", lang) if card.unit == "deg" else unit


def plain_figure(x_title: str, y_title: str) -> go.Figure:
    """An empty figure as all figures here look."""
    axis = {"gridcolor": GRID, "linecolor": INK, "zerolinecolor": "#9aa5b1", "ticks": "outside", "automargin": True}
    return go.Figure(
        layout={
            "template": None,
            "height": HEIGHT_PX,
            "margin": {"l": 8, "r": 20, "t": 8, "b": 8},
            "font": {"family": "system-ui, 'Noto Sans JP', 'Hiragino Sans', sans-serif", "size": 13, "color": INK},
            "paper_bgcolor": "white",
            "plot_bgcolor": "white",
            "xaxis": axis | {"zeroline": False, "title": {"text": x_title, "standoff": 8, "font": {"size": 13}}},
            "yaxis": axis | {"title": {"text": y_title, "standoff": 6, "font": {"size": 13}}},
            # its place is the picture's, not the plot's: else it lies over the curves when a phone is turned and
            # several rows become one
            "legend": {
                "orientation": "h",
                "x": 0,
                "y": 1,
                "yref": "container",
                "yanchor": "top",
                "font": {"size": 12},
                "itemclick": False,
                "itemdoubleclick": False,
            },
            "hovermode": "closest",
            "dragmode": False,
        }
    )


def _empty(figure: go.Figure, lang: Lang) -> go.Figure:
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    figure.update_layout(height=90, plot_bgcolor="#f4f6f8")
    place = {"x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper"}
    figure.add_annotation(text=text("chart_nothing", lang), showarrow=False, **place)
    return figure


def _add_single_strides(figure: go.Figure, cycles: Cycles) -> None:
    """All strides as one trace with gaps between them: one trace each would be slow to draw."""
    n = len(cycles.values)
    chosen = np.unique(np.linspace(0, n - 1, min(n, MAX_THIN_STRIDES)).round().astype(int))
    gap = np.full((len(chosen), 1), np.nan)
    x = np.hstack([np.tile(PERCENT, (len(chosen), 1)), gap]).ravel()
    y = np.hstack([cycles.values[chosen].round(2), gap]).ravel()
    line = {"color": "rgba(31,41,51,0.18)", "width": 1}
    figure.add_scatter(x=x, y=y, mode="lines", line=line, showlegend=False, hoverinfo="skip")


def _add_band(figure: go.Figure, cycles: Cycles, lang: Lang) -> None:
    low, high = cycles.mean - cycles.sd, cycles.mean + cycles.sd
    figure.add_scatter(
        x=np.concatenate([PERCENT, PERCENT[::-1]]),
        y=np.concatenate([high, low[::-1]]).round(2),
        fill="toself",
        fillcolor="rgba(0,114,178,0.22)",
        line={"width": 0},
        mode="lines",
        name=text("chart_sd", lang),
        hoverinfo="skip",
    )


_TOUCHED = {
    "marker": {"size": 12, "color": BLUE, "opacity": 0},
    "selected": {"marker": {"opacity": 1}},
    "unselected": {"marker": {"opacity": 0}},
}
"""Points that are not seen until one is touched: a bare line cannot be."""


def _add_toe_off(figure: go.Figure, at_pct: float, lang: Lang) -> None:
    line = {"color": INK, "width": 1.5, "dash": "dot"}
    across = {"type": "line", "xref": "x", "yref": "y domain", "x0": at_pct, "x1": at_pct, "y0": 0, "y1": 1}
    figure.update_layout(shapes=[{**across, "line": line}])
    # named in the legend: a word beside the line would hide the curve, which often peaks there
    name = text("event_toe_off_short", lang)
    figure.add_scatter(x=[None], y=[None], mode="lines", line=line, name=name)


def _add_strides(figure: go.Figure, row: Measurement, analysis: Analysis, lang: Lang) -> None:
    side = look_of(row.side, analysis.signals.near_side)
    code = code_for("chart_stride", analysis.activity)  # a dot without a side is a stride, or a repetition
    name = text(code, lang) if row.side is None else text(f"side_{row.side}", lang)
    median = text("median", lang) if row.side is None else text("chart_median", lang, name=name)
    figure.add_scatter(
        x=np.round(row.times_s, 3),
        y=np.round(row.values, 4),
        customdata=np.round(row.times_s, 4),
        mode="markers",
        name=name,
        marker={"color": COLOR_OF_SIDE[side], "symbol": SYMBOL_OF_SIDE[side], "size": 8},
    )
    if isinstance(row.value, int | float) and np.isfinite(row.value):
        figure.add_scatter(
            x=[min(row.times_s), max(row.times_s)],
            y=[row.value, row.value],
            mode="lines",
            name=median,
            line={"color": COLOR_OF_SIDE[side], "width": 2, "dash": DASH_OF_SIDE[side]},
        )


def _add_segments(figure: go.Figure, row: Measurement, analysis: Analysis, lang: Lang) -> None:
    """Times in minutes."""
    side = look_of(row.side, analysis.signals.near_side)
    color = COLOR_OF_SIDE[side]
    if row.side is None:
        name = text("chart_segments", lang)
    else:
        name = text("chart_segment", lang, name=text(f"side_{row.side}", lang))
    if row.metric not in LAID_TOGETHER:  # their strides are all alike by construction
        chosen = np.unique(np.linspace(0, len(row.values) - 1, MAX_STRIDE_DOTS).round().astype(int))
        figure.add_scatter(
            x=np.round(np.asarray(row.times_s)[chosen] / 60, 4),
            y=np.round(np.asarray(row.values)[chosen], 4),
            customdata=np.round(np.asarray(row.times_s)[chosen], 4),
            mode="markers",
            marker={"color": color, "symbol": SYMBOL_OF_SIDE[side], "size": 4, "opacity": 0.25},
            showlegend=False,
            hoverinfo="skip",
        )
    mine = _told_segments(row, analysis)
    figure.add_scatter(
        x=[round((s.start_s + s.end_s) / 120, 4) for s in mine],
        y=[round(s.value or 0.0, 4) for s in mine],
        error_y={"array": [round(s.uncertainty or 0.0, 4) for s in mine], "thickness": 1.5, "width": 3},
        mode="lines+markers",
        name=name,
        marker={"color": color, "symbol": SYMBOL_OF_SIDE[side], "size": 9},
        line={"color": color, "width": 2, "dash": DASH_OF_SIDE[side]},
    )
    drifts = [c for c in notable(analysis.comparisons) if (c.kind, c.metric, c.side) == ("drift", row.metric, row.side)]
    if drifts and drifts[0].value is not None:
        _add_drift(figure, row, drifts[0].value, lang)


def _told_segments(row: Measurement, analysis: Analysis) -> list[Segment]:
    return [s for s in analysis.segments if (s.metric, s.side) == (row.metric, row.side) and s.value is not None]


def _ends_over_time(row: Measurement, analysis: Analysis) -> list[float]:
    """The least and the most of what a long clip's chart shows of a number: strides or, where these tell nothing,
    stretches with their errors."""
    if row.metric not in LAID_TOGETHER:
        return list(np.nanpercentile(row.values, [1.0, 99.0]))
    ends = [(s.value or 0.0) + way * (s.uncertainty or 0.0) for s in _told_segments(row, analysis) for way in (-1, 1)]
    return ends or [float(row.value or 0.0)]


def _add_drift(figure: go.Figure, row: Measurement, per_minute: float, lang: Lang) -> None:
    """A straight line of that slope through the middle of the strides."""
    ends = np.array([min(row.times_s), max(row.times_s)]) / 60
    middle = float(np.median(row.values)) + per_minute * (ends - float(np.median(row.times_s)) / 60)
    line = {"color": INK, "width": 2.5, "dash": "longdash"}
    name = text("chart_drift", lang)
    first = all(trace.name != name for trace in figure.data)
    figure.add_scatter(
        x=ends.round(4), y=middle.round(4), mode="lines", name=name, line=line, hoverinfo="skip", showlegend=first
    )


def _span(values: Sequence[float], card: Card) -> tuple[float, float]:
    """What the axis shows: all strides and the borders of the range, with a little air."""
    borders = [] if card.range is None else [b for b in (card.range.low, card.range.high) if b is not None]
    low, high = float(np.nanmin([*values, *borders])), float(np.nanmax([*values, *borders]))
    air = 0.12 * (high - low) or 1.0
    return low - air, high + air


def add_range(figure: go.Figure, card: Card, shown: tuple[float, float], lang: Lang) -> None:
    """The card's range as a band across, as far as ``shown`` goes; nothing where the card has none."""
    if card.range is None:
        return
    low = shown[0] if card.range.low is None else card.range.low
    high = shown[1] if card.range.high is None else card.range.high
    across = {"xref": "x domain", "x0": 0, "x1": 1, "layer": "below"}
    line = {"color": GREEN, "width": 1.5, "dash": "dashdot"}
    band = {"type": "rect", "y0": low, "y1": high, "fillcolor": GREEN, "opacity": 0.13, "line": {"width": 0}}
    borders = [border for border in (card.range.low, card.range.high) if border is not None]
    lines = [{"type": "line", "y0": border, "y1": border, "line": line} for border in borders]
    figure.update_layout(shapes=[{**across, **shape} for shape in (band, *lines)])  # one by one costs ten times as much
    # a trace without points: shapes have no entry in the legend of their own that prints
    marker = {"color": GREEN, "symbol": "square", "size": 12, "opacity": 0.4}
    figure.add_scatter(x=[None], y=[None], mode="markers", name=text("chart_range", lang), marker=marker)


def _contacts(analysis: Analysis, side: Side) -> list[tuple[float, float, bool]]:
    """Contact, toe-off and whether both were clean, of each stance of this foot."""
    mine = sorted((e for e in analysis.events if e.side == side), key=lambda e: e.time_s)
    pairs = [(a, b) for a, b in pairwise(mine) if (a.kind, b.kind) == ("contact", "toe_off")]
    return [(a.time_s, b.time_s, a.clean and b.clean) for a, b in pairs]
