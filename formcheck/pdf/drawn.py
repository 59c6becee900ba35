"""The charts of ``charts.py`` as SVG, without a browser: for paper.

Only what these charts are made of is drawn: lines, markers, error bars, filled outlines, bars along time, rectangles
and lines behind them, a legend on top. Anything else of Plotly is left out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go

WIDTH = 430.0
"""Pixels of a chart, as its letters are meant: 12 to 13 of them high."""
_LETTERS, _SMALL = 13.0, 11.5
_INK, _GRID = "#1f2933", "#d9dee3"
_LEGEND_ROW, _SAMPLE = 18.0, 22.0
_DASHES = {"dash": "7 4", "dot": "1.5 3", "dashdot": "7 3 1.5 3", "longdash": "11 4"}
_RGBA = re.compile(r"rgba\((\d+), ?(\d+), ?(\d+), ?([\d.]+)\)")


@dataclass(frozen=True)
class _Axis:
    """From a chart's numbers to pixels."""

    low: float
    high: float
    start: float
    end: float
    ticks: Sequence[tuple[float, str]]

    def at(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def svg_of(figure: go.Figure) -> str:
    """A figure of ``charts.py`` as an SVG document ``WIDTH`` wide."""
    layout = figure.to_plotly_json()["layout"]
    traces = [trace.to_plotly_json() for trace in figure.data]
    height = float(layout.get("height", 300))
    legend = _legend(traces)
    words = [a["text"] for a in layout.get("annotations", ())]
    if words:
        body = [_text(words[0], WIDTH / 2, height / 2, _LETTERS, "middle")]
        return _document(height, [_rect(0, 0, WIDTH, height, layout["plot_bgcolor"]), *body])
    top = 8.0 + _LEGEND_ROW * len(legend)
    x, y = _axes(layout, traces, top, height)
    shapes = [_shape(shape, x, y) for shape in layout.get("shapes", ())]
    drawn = [_trace(trace, x, y) for trace in traces]
    clipped = f'<g clip-path="url(#plot)">{"".join([*shapes, *drawn])}</g>'
    clip = f'<defs><clipPath id="plot"><rect {_box(x.start, y.end, x.end, y.start)}/></clipPath></defs>'
    titles = [layout[axis].get("title", {}).get("text", "") for axis in ("xaxis", "yaxis")]
    return _document(height, [clip, *_grid(x, y, titles, height), clipped, *_legend_drawn(legend)])


def _document(height: float, parts: Iterable[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:g}" height="{height:g}" font-family="Noto Sans JP">'
    return "".join([head, *parts, "</svg>"])


# ------------------------------------------------------------------------------------------------------ axes


def _axes(layout: Any, traces: list[Any], top: float, height: float) -> tuple[_Axis, _Axis]:
    names = list(dict.fromkeys(name for t in traces for name in t.get("y", ()) if isinstance(name, str)))
    y_range = layout["yaxis"].get("range") or _range([v for t in traces for v in _numbers(t.get("y", ()))])
    x_range = layout["xaxis"].get("range") or _range([v for t in traces for v in _numbers(t.get("x", ()))])
    y_ticks = [(float(n), name) for n, name in enumerate(names)] or _ticks(y_range, layout["yaxis"], 5)
    widest = max((_width(label, _SMALL) for _, label in y_ticks), default=0.0)
    left = widest + (14.0 if names else 34.0)
    x = _Axis(x_range[0], x_range[1], left, WIDTH - 14.0, _ticks(x_range, layout["xaxis"], 6))
    return x, _Axis(y_range[0], y_range[1], height - 44.0, top + 4.0, y_ticks)


def _range(values: list[float]) -> tuple[float, float]:
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    air = 0.06 * (high - low) or 1.0
    return low - air, high + air


def _ticks(span: Sequence[float], axis: Any, about: int) -> list[tuple[float, str]]:
    """Round numbers inside the span, or those that the axis asks for."""
    if axis.get("tickvals") is not None:
        return [(float(v), f"{v:g}") for v in axis["tickvals"]]
    step = _round_step((span[1] - span[0]) / about)
    first = math.ceil(span[0] / step - 1e-9)
    places = [step * n for n in range(first, math.floor(span[1] / step + 1e-9) + 1)]
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return [(value, f"{value + 0.0:.{decimals}f}") for value in places]


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)


def _grid(x: _Axis, y: _Axis, titles: Sequence[str], height: float) -> list[str]:
    parts = []
    for value, label in x.ticks:
        place = x.at(value)
        parts += [_line(place, y.start, place, y.end, _GRID, 1), _line(place, y.start, place, y.start + 4, _INK, 1)]
        parts.append(_text(label, place, y.start + 17, _SMALL, "middle"))
    for value, label in y.ticks:
        place = y.at(value)
        parts += [_line(x.start, place, x.end, place, _GRID, 1), _line(x.start - 4, place, x.start, place, _INK, 1)]
        parts.append(_text(label, x.start - 7, place + 4, _SMALL, "end"))
    parts += [_line(x.start, y.start, x.end, y.start, _INK, 1), _line(x.start, y.start, x.start, y.end, _INK, 1)]
    parts.append(_text(titles[0], (x.start + x.end) / 2, height - 6, _LETTERS, "middle"))
    if titles[1]:
        room = abs(y.start - y.end) + 50
        size = min(_LETTERS, _LETTERS * room / max(_width(titles[1], _LETTERS), 1.0))
        middle = min((y.start + y.end) / 2, height - _width(titles[1], size) / 2)
        turned = f'transform="rotate(-90 12 {middle:.1f})"'
        parts.append(_text(titles[1], 12, middle, size, "middle", turned))
    return parts


# ---------------------------------------------------------------------------------------------------- traces


def _trace(trace: Any, x: _Axis, y: _Axis) -> str:
    if trace["type"] == "bar":
        return _bars(trace, x, y)
    points = _points(trace, x, y)
    parts = []
    mode = trace.get("mode", "lines")
    if trace.get("fill") == "toself":
        color, opacity = _color(trace["fillcolor"])
        parts.append(f'<polygon points="{_list(points)}" fill="{color}" fill-opacity="{opacity}"/>')
    elif "lines" in mode:
        parts += [_polyline(run, trace.get("line", {})) for run in _runs(points)]
    if trace.get("error_y"):
        half = np.asarray(trace["error_y"]["array"], float) * abs((y.end - y.start) / (y.high - y.low))
        color = _color(trace.get("line", {}).get("color", _INK))[0]
        parts += [_line(px, py - h, px, py + h, color, 1.5) for (px, py), h in zip(points, half, strict=True)]
    if "markers" in mode:
        marker = trace["marker"]
        parts += [_marker(px, py, marker) for px, py in points if math.isfinite(px + py)]
    return "".join(parts)


def _points(trace: Any, x: _Axis, y: _Axis) -> list[tuple[float, float]]:
    xs, ys = _numbers(trace.get("x", ()), keep=True), _numbers(trace.get("y", ()), keep=True)
    return [(x.at(a), y.at(b)) for a, b in zip(xs, ys, strict=True)]


def _runs(points: Iterable[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    """Cut at what was not seen."""
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if math.isfinite(point[0] + point[1]):
            runs[-1].append(point)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if len(run) > 1]


def _bars(trace: Any, x: _Axis, y: _Axis) -> str:
    marker, parts = trace["marker"], []
    hatched = marker.get("pattern", {}).get("shape") == "/"
    opacities = marker.get("opacity", 1.0)
    names = {name: n for n, (_, name) in enumerate(y.ticks)}
    half = 0.5 * float(trace.get("width", 0.8)) * abs(y.at(1) - y.at(0))
    for n, (base, length, name) in enumerate(zip(trace["base"], trace["x"], trace["y"], strict=True)):
        opacity = opacities[n] if isinstance(opacities, list | tuple) else opacities
        middle = y.at(names[name])
        box = _box(x.at(base), middle - half, x.at(base + length), middle + half)
        parts.append(f'<rect {box} fill="{marker["color"]}" fill-opacity="{opacity}"/>')
        if hatched:
            parts.append(_hatch(x.at(base), middle - half, x.at(base + length), middle + half))
    return "".join(parts)


def _hatch(left: float, top: float, right: float, bottom: float) -> str:
    """White strokes, so that left is told from right without colour."""
    strokes, step, high = [], 7.0, bottom - top
    for k in range(1, int((right - left + high) / step) + 1):
        reach = left + k * step
        x1, y1 = (reach, top) if reach <= right else (right, top + reach - right)
        x0, y0 = (reach - high, bottom) if reach - high >= left else (left, top + reach - left)
        strokes.append(_line(x0, y0, x1, y1, "white", 1.2))
    return "".join(strokes)


def _marker(px: float, py: float, marker: Any) -> str:
    size, color = float(marker.get("size", 6)) * 0.85, marker["color"]
    opacity = marker.get("opacity", 1.0)
    half = size / 2
    if marker.get("symbol") == "diamond":
        corners = [(px, py - half * 1.2), (px + half * 1.2, py), (px, py + half * 1.2), (px - half * 1.2, py)]
        return f'<polygon points="{_list(corners)}" fill="{color}" fill-opacity="{opacity}"/>'
    if marker.get("symbol") == "square":
        box = _box(px - half, py - half, px + half, py + half)
        return f'<rect {box} fill="{color}" fill-opacity="{opacity}"/>'
    return f'<circle cx="{px:.1f}" cy="{py:.1f}" r="{half:.1f}" fill="{color}" fill-opacity="{opacity}"/>'


def _shape(shape: Any, x: _Axis, y: _Axis) -> str:
    """A rectangle or a line; a "domain" axis goes from 0 to 1 over the whole plot."""
    xs = [_place(shape[name], shape.get("xref", "x"), x) for name in ("x0", "x1")]
    ys = [_place(shape[name], shape.get("yref", "y"), y) for name in ("y0", "y1")]
    if shape["type"] == "rect":
        box = _box(min(xs), min(ys), max(xs), max(ys))
        return f'<rect {box} fill="{shape["fillcolor"]}" fill-opacity="{shape.get("opacity", 1)}"/>'
    line = shape["line"]
    return _polyline([(xs[0], ys[0]), (xs[1], ys[1])], line)


def _place(value: float, reference: str, axis: _Axis) -> float:
    if reference.endswith("domain") or reference == "paper":
        return axis.start + value * (axis.end - axis.start)
    return axis.at(value)


# ---------------------------------------------------------------------------------------------------- legend


def _legend(traces: Iterable[Any]) -> list[list[Any]]:
    """Traces with a name, in as many rows as they take."""
    rows: list[list[Any]] = []
    room = 0.0
    for trace in traces:
        if not trace.get("name") or trace.get("showlegend") is False:
            continue
        wide = _SAMPLE + 18 + _width(trace["name"], _SMALL)
        if not rows or wide > room:
            rows.append([])
            room = WIDTH - 16
        rows[-1].append(trace)
        room -= wide
    return rows


def _legend_drawn(rows: Iterable[Sequence[Any]]) -> list[str]:
    parts = []
    for n, row in enumerate(rows):
        left, middle = 8.0, 12.0 + _LEGEND_ROW * n
        for trace in row:
            parts += [_sample(trace, left, middle), _text(trace["name"], left + _SAMPLE + 5, middle + 4, _SMALL)]
            left += _SAMPLE + 18 + _width(trace["name"], _SMALL)
    return parts


def _sample(trace: Any, left: float, middle: float) -> str:
    if trace.get("fill") == "toself":
        color, opacity = _color(trace["fillcolor"])
        return f'<rect {_box(left, middle - 6, left + _SAMPLE, middle + 6)} fill="{color}" fill-opacity="{opacity}"/>'
    mode, parts = trace.get("mode", "lines"), ""
    if "lines" in mode:
        parts += _polyline([(left, middle), (left + _SAMPLE, middle)], trace.get("line", {}))
    return parts + (_marker(left + _SAMPLE / 2, middle, trace["marker"]) if "markers" in mode else "")


# ------------------------------------------------------------------------------------------------- primitives


def _numbers(values: Any, keep: bool = False) -> list[float]:
    """Plotly's own arrays as numbers; what is none is left out, or NaN where the places count."""
    found = [float(v) if isinstance(v, int | float | np.number) and v is not None else math.nan for v in values]
    return found if keep else [value for value in found if math.isfinite(value)]


def _color(words: str) -> tuple[str, str]:
    """(colour, opacity)."""
    found = _RGBA.match(words)
    return (f"rgb({found[1]},{found[2]},{found[3]})", found[4]) if found else (words, "1")


def _polyline(points: Iterable[tuple[float, float]], line: Any) -> str:
    width = float(line.get("width", 2))
    if width == 0:
        return ""
    color, opacity = _color(line.get("color", _INK))
    dash = _DASHES.get(line.get("dash", ""), "")
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    style = f'fill="none" stroke="{color}" stroke-opacity="{opacity}" stroke-width="{width:g}"{dashed}'
    return f'<polyline points="{_list(points)}" {style}/>'


def _list(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _line(x1: float, y1: float, x2: float, y2: float, color: str, width: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{color}" stroke-width="{width:g}"/>'


def _rect(left: float, top: float, right: float, bottom: float, color: str) -> str:
    return f'<rect {_box(left, top, right, bottom)} fill="{color}"/>'


def _box(left: float, top: float, right: float, bottom: float) -> str:
    return f'x="{left:.1f}" y="{top:.1f}" width="{max(right - left, 0):.1f}" height="{max(bottom - top, 0):.1f}"'


def _text(words: str, x: float, y: float, size: float, anchor: str = "start", more: str = "") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}" fill="{_INK}"'
    return f"<text {place} {more}>{escape(words)}</text>"


def _width(words: str, size: float) -> float:
    """About: Japanese letters are as wide as high, others a little more than half."""
    return size * sum(1.0 if ord(c) > 0x2E7F else 0.56 for c in words)
