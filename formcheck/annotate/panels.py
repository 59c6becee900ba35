"""What stands still on the picture: cadence and time, the legend, and the phase bar at the bottom."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from formcheck.annotate.across import seen_across
from formcheck.annotate.back import back_sample, change_of
from formcheck.annotate.brush import FAR, GREY, MARK, NEAR, WHITE, Brush, Color
from formcheck.annotate.timeline import Stance, Timeline
from formcheck.cards import Lang
from formcheck.planes import Planes
from formcheck.records import Analysis
from formcheck.skeleton import Side, other
from formcheck.texts import text as text_of

WINDOW_S = 1.5
"""The phase bar shows this much before and after the frame, in seconds of real time."""
_ROW, _PAD, _MARGIN = 19.0, 6.0, 14.0


class Panels:
    """The panels of one clip, their words chosen once."""

    def __init__(self, analysis: Analysis, timeline: Timeline, lang: Lang) -> None:
        self._timeline = timeline
        self._near = analysis.signals.near_side
        self._across = seen_across(analysis)
        self._along = analysis.signals.facing in ("away", "camera")
        self._shows_back = change_of(analysis, analysis.signals.near_side) is not None
        self._lang = lang
        self._head = header_lines(analysis, lang)
        self._clip_s = _extent(analysis)
        self._legends: dict[tuple[int, int], Planes] = {}
        self._row_names = {side: text_of(f"draw_{side}_short", lang) for side in ("left", "right")}

    def draw_header(self, brush: Brush, time_s: float) -> None:
        """Cadence, slow motion and clip time; top left."""
        lines = [*self._head, (text_of("draw_time", self._lang, seconds=f"{time_s:.2f}"), 27.0)]
        wide = max(brush.text_width(text, size) for text, size in lines)
        step = max(1, round(24 * brush.unit))
        wide = -(-wide // step) * step  # steady while the digits of the time change
        margin, pad = round(_MARGIN * brush.unit), round(12 * brush.unit)
        high = sum(1.3 * size * brush.unit for _, size in lines)
        brush.panel((margin, margin, margin + wide + 2 * pad, margin + round(high) + 2 * pad))
        y = float(margin + pad)
        for text, size in lines:
            brush.text(text, margin + pad, y + 0.65 * size * brush.unit, size)
            y += 1.3 * size * brush.unit

    def draw_legend(self, brush: Brush) -> None:
        """Which line is which leg, and what the triangle means; top right. Drawn once per size of picture."""
        size = (brush.width, brush.height)
        if size not in self._legends:
            self._legends[size] = self._make_legend(brush)
        brush.stamp(self._legends[size], brush.width - round(_MARGIN * brush.unit), round(_MARGIN * brush.unit))

    def _make_legend(self, brush: Brush) -> Planes:
        near, far = self._near, other(self._near)
        code_near, code_far = ("draw_leg", "draw_leg") if self._along else ("draw_near", "draw_far")
        rows: list[tuple[str, Callable[[Brush, float, float], None]]] = [
            (text_of(code_near, self._lang, side=text_of(f"side_{near}", self._lang)), _near_sample),
            (text_of(code_far, self._lang, side=text_of(f"side_{far}", self._lang)), _far_sample),
            (text_of("draw_on_belt", self._lang), _belt_sample),
        ]
        if self._shows_back:
            rows.append((text_of("draw_back_line", self._lang), back_sample))
        if self._across:
            rows += [
                (text_of("draw_hip_path", self._lang), _path_sample),
                (text_of("draw_footfalls", self._lang), _footfall_sample),
            ]
        size, unit = 23.0, brush.unit
        sample, pad, step = 66.0 * unit, 10.0 * unit, 1.35 * size * unit
        wide = sample + 2 * pad + max(brush.text_width(text, size) for text, _ in rows)
        sheet = brush.sheet(round(wide), round(2 * pad + len(rows) * step))
        for k, (text, draw_sample) in enumerate(rows):
            middle = pad + (k + 0.5) * step
            draw_sample(sheet, pad, middle)
            sheet.text(text, pad + sample, middle, size)
        return sheet.picture

    def draw_bar(self, brush: Brush, time_s: float) -> None:
        """Who stands when, within ``WINDOW_S`` of the frame; along the bottom."""
        unit = brush.unit
        top = round(brush.height - (2 * _ROW + 3 * _PAD) * unit)
        brush.panel((0, top, brush.width, brush.height))
        to_x = _to_x(brush, time_s)
        self._shade_outside(brush, top, to_x)
        self._draw_ticks(brush, top, time_s, to_x)
        for k, side in enumerate((self._near, other(self._near))):
            row = round(top + (_PAD + k * (_ROW + _PAD)) * unit)
            low = row + max(1, round(_ROW * unit))
            for stance in self._timeline.stances_within(side, time_s - WINDOW_S, time_s + WINDOW_S):
                color, filled = _stance_style(stance, side == self._near)
                brush.bar((to_x(stance.start_s), row, to_x(stance.end_s), low), color, filled)
            self._draw_row_name(brush, side, row, low)
        _draw_playhead(brush, top)

    def _draw_row_name(self, brush: Brush, side: Side, row: int, low: int) -> None:
        wide = brush.text_width(self._row_names[side], 21.0) + round(14 * brush.unit)
        brush.panel((0, row, wide, low), 0.06)
        brush.text(self._row_names[side], 7 * brush.unit, (row + low) / 2, 21.0, NEAR if side == self._near else FAR)

    def _draw_ticks(self, brush: Brush, top: int, time_s: float, to_x: Callable[[float], int]) -> None:
        """A hair line each half second of the clip."""
        for k in range(int(np.ceil((time_s - WINDOW_S) * 2)), int((time_s + WINDOW_S) * 2) + 1):
            x = to_x(k / 2)
            brush.bar((x, top, x + max(1, round(brush.unit)), brush.height), GREY, True)

    def _shade_outside(self, brush: Brush, top: int, to_x: Callable[[float], int]) -> None:
        """Before the clip begins and after it ends the bar is nearly black."""
        start, end = self._clip_s
        brush.panel((0, top, to_x(start), brush.height), 0.3)
        brush.panel((to_x(end), top, brush.width, brush.height), 0.3)


def header_lines(analysis: Analysis, lang: Lang) -> list[tuple[str, float]]:
    """Lines that do not change through the clip, each with its size in units."""
    lines: list[tuple[str, float]] = []
    cadence = [m.value for m in analysis.measurements if m.metric.startswith("cadence") and m.side is None]
    numbers = [v for v in cadence if isinstance(v, (int, float)) and np.isfinite(v)]
    if numbers:
        lines.append((text_of("draw_cadence", lang, spm=round(numbers[0])), 36.0))
    if analysis.video.slow_motion > 1.05:
        lines.append((text_of("draw_slow_motion", lang, times=f"{analysis.video.slow_motion:.3g}"), 25.0))
    return lines


def _extent(analysis: Analysis) -> tuple[float, float]:
    grid = analysis.signals.time_s
    return (float(grid[0]), float(grid[-1])) if len(grid) else (0.0, max(analysis.video.duration_s, 0.0))


def _to_x(brush: Brush, time_s: float) -> Callable[[float], int]:
    """Time to pixels across the whole width, the frame in the middle."""

    def to_x(moment_s: float) -> int:
        share = min(max((moment_s - time_s) / (2 * WINDOW_S) + 0.5, -0.5), 1.5)
        return int(share * brush.width + 0.5)

    return to_x


def _stance_style(stance: Stance, is_near: bool) -> tuple[Color, bool]:
    """Near solid, far hollow, as the triangles are; grey and hollow where the tracks were repaired."""
    if not stance.clean:
        return GREY, False
    return (NEAR, True) if is_near else (FAR, False)


def _draw_playhead(brush: Brush, top: int) -> None:
    half = max(1, round(1.5 * brush.unit))
    middle = brush.width // 2
    brush.bar((middle - half, top - round(5 * brush.unit), middle + half, brush.height), WHITE, True)


def _near_sample(brush: Brush, left: float, middle: float) -> None:
    brush.line(np.array([[left, middle], [left + 50 * brush.unit, middle]]), NEAR, 7.0)


def _far_sample(brush: Brush, left: float, middle: float) -> None:
    brush.line(np.array([[left, middle], [left + 50 * brush.unit, middle]]), FAR, 3.6, dash=10.0)


def _path_sample(brush: Brush, left: float, middle: float) -> None:
    brush.line(np.array([[left, middle], [left + 50 * brush.unit, middle]]), MARK, 3.0)


def _footfall_sample(brush: Brush, left: float, middle: float) -> None:
    for x, color, dash in ((13.0, NEAR, 0.0), (38.0, FAR, 4.0)):
        at, tall = left + x * brush.unit, 9.0 * brush.unit
        brush.line(np.array([[at, middle - tall], [at, middle + tall]]), color, 5.0, dash=dash)


def _belt_sample(brush: Brush, left: float, middle: float) -> None:
    tip = np.array([left + 13 * brush.unit, middle - 8 * brush.unit])
    brush.triangle(tip, NEAR, 17.0, filled=True)
    brush.triangle(tip + np.array([25 * brush.unit, 0.0]), FAR, 17.0, filled=False)
