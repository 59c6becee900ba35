"""The panel and the curve over a clip of an exercise: what it is, how many, which phase, how long held, and when.

Both keep one place and one size through the clip, where they cover least of the body.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from formcheck.activities.card import TRAVEL, curve_of, curve_words, load_activity_cards
from formcheck.annotate.brush import GREY, WHITE, Box, Brush, Color
from formcheck.annotate.lines import COLOR_OF, SHAPE_OF, Drawn, Lines
from formcheck.annotate.places import Body, freest
from formcheck.cards import Lang
from formcheck.records import Analysis, FloatArray, Hold, Level, Repetition
from formcheck.texts import text as text_of

QUIET_DEG = 15.0
"""A curve that moves less than this over the clip is drawn as quiet as it is."""
LYING_DEG = 45.0
"""People whose trunk is tilted more are low in the picture: the curve goes to the top where both places are free."""
PHASES = ("draw_phase_out", "draw_phase_hold", "draw_phase_back", "draw_phase_rest")
_COUNT, _PHASE, _SMALL, _TIME, _LEAST = 54.0, 34.0, 26.0, 24.0, 17.0
_CURVE_HIGH, _PAD, _MARGIN = 92.0, 12.0, 14.0
_LINE_HIGH = 1.3
_LETTERS = (1.0, 0.8, 0.65)
_NAMES_WIDE, _COLUMN = 0.46, 0.3
"""Of the picture's width: what names may take at most, and a curve beside the body at least."""

Line = tuple[str, float, Color]


@dataclass(frozen=True)
class Now:
    """Where in the exercise a moment is."""

    phase: str
    """Code of its word."""
    rep: Repetition | None = None
    hold: Hold | None = None
    held_s: float | None = None


class ExercisePanels:
    """Prepared once for a clip, drawn on each frame."""

    def __init__(self, analysis: Analysis, lines: Lines, lang: Lang) -> None:
        self._analysis, self._lines, self._lang = analysis, lines, lang
        card = load_activity_cards()[analysis.activity]
        self._curve = curve_of(analysis.signals, card)
        self._least = QUIET_DEG if curve_words(analysis.signals, card) == "chart_angle" else 1e-6
        whole = [rep for rep in analysis.reps if rep.complete]
        self._whole = len(whole)
        self._number = {id(rep): k for k, rep in enumerate(whole, start=1)}
        tilt = analysis.signals.series.get("trunk_tilt_deg", np.zeros(1))
        lies = bool(np.isfinite(tilt).any()) and float(np.nanmedian(tilt)) > LYING_DEG
        self._is_low = lies or TRAVEL in analysis.signals.series
        self._is_held = bool(analysis.holds) or any(np.isfinite(rep.hold_start_s) for rep in analysis.reps)
        self._named_words = lines.named()
        self._places: dict[tuple[int, int], tuple[float, Box, Box]] = {}

    def draw(self, brush: Brush, now: Now, level: Level, drawn: Sequence[Drawn], time_s: float) -> tuple[Box, Box]:
        """Panel and curve; what they cover."""
        size = brush.width, brush.height
        if size not in self._places:
            self._places[size] = self._placed(brush)
        letters, panel, curve = self._places[size]
        brush = brush.at_size(letters)
        self._draw_panel(brush, panel, self._rows(now, level, drawn, time_s))
        self._draw_curve(brush, curve, time_s)
        return panel, curve

    # --- words -----------------------------------------------------------------------------------------

    def _rows(self, now: Now, level: Level, drawn: Sequence[Drawn], time_s: float) -> list[Line | None]:
        """From top to bottom; None where there is nothing to say at this moment."""
        lang = self._lang
        rows: list[Line | None] = [(text_of(f"activity_{self._analysis.activity}", lang), _SMALL, WHITE)]
        if self._analysis.reps:
            done = sum(rep.complete and rep.end_s <= time_s for rep in self._analysis.reps)
            rows.append((text_of("draw_reps_done", lang, n=done, whole=self._whole), _COUNT, WHITE))
        rows.append((f"{SHAPE_OF[level]} {text_of(now.phase, lang)}", _PHASE, COLOR_OF[level]))
        if self._is_held:
            held = None if now.held_s is None else text_of("draw_held", lang, seconds=f"{now.held_s:.1f}")
            rows.append(None if held is None else (held, _PHASE, WHITE))
        named = [line for line in reversed(drawn) if line.name]  # the most telling first
        rows += [self._named(line.name, line.words, line.level) for line in named]
        rows += [None] * (len(self._named_words) - len(named))
        rows.append((text_of("draw_time", lang, seconds=f"{time_s:.2f}"), _TIME, WHITE))
        return rows

    def _named(self, name: str, value: str, level: Level) -> Line:
        words = text_of("draw_named_value", self._lang, name=name, value=value)
        return f"{SHAPE_OF[level]} {words}", _SMALL, COLOR_OF[level]

    # --- places ----------------------------------------------------------------------------------------

    def _placed(self, brush: Brush) -> tuple[float, Box, Box]:
        """Size of the letters, panel and curve where they cover least of the body over the whole clip.

        Smaller letters only where there is no room for the usual ones.
        """
        body = Body(self._analysis.signals, brush.width / max(self._analysis.pose.width_px, 1))
        tried = []
        for letters in _LETTERS:
            scaled = brush.at_size(letters)
            panel, curve = freest(body, _places(scaled, self._panel_size(scaled), self._is_low))
            tried.append((round(body.covered(panel) + body.covered(curve)), -letters, panel, curve))
            if tried[-1][0] == 0:
                break
        _, size, panel, curve = min(tried)
        return -size, panel, curve

    def _panel_size(self, brush: Brush) -> tuple[int, int]:
        """Width and height in pixels with every row at its longest."""
        end_s = float(self._analysis.signals.time_s[-1]) if len(self._analysis.signals.time_s) else 0.0
        rows = self._rows(Now(PHASES[0], held_s=end_s), "act", (), end_s)
        sizes = [row[1] if row is not None else _SMALL for row in rows]
        lines = [row for row in rows if row is not None]
        lines += [(f"{SHAPE_OF['act']} {text_of(code, self._lang)}", _PHASE, WHITE) for code in PHASES]
        wide = max(brush.text_width(words, size) for words, size, _ in lines)
        limit_px = max(wide, round(_NAMES_WIDE * brush.width))
        for name, value in (pair for pairs in self._named_words for pair in pairs):
            words, size, _ = _fitting(brush, self._named(name, value, "act"), limit_px)
            wide = max(wide, brush.text_width(words, size))
        pad = round(_PAD * brush.unit)
        return wide + 2 * pad, round(sum(_LINE_HIGH * size * brush.unit for size in sizes)) + 2 * pad

    # --- drawing ---------------------------------------------------------------------------------------

    def _draw_panel(self, brush: Brush, box: Box, rows: Sequence[Line | None]) -> None:
        brush.panel(box)
        pad = round(_PAD * brush.unit)
        y = float(box[1] + pad)
        for row in rows:
            high = _LINE_HIGH * (row[1] if row is not None else _SMALL) * brush.unit
            if row is not None:
                words, size, color = _fitting(brush, row, box[2] - box[0] - 2 * pad)
                brush.text(words, box[0] + pad, y + high / 2, size, color)
            y += high

    def _draw_curve(self, brush: Brush, box: Box, time_s: float) -> None:
        """The movement over the clip: repetitions and holds as bars, and where we are."""
        signals = self._analysis.signals
        left, top, right, bottom = box
        brush.panel(box)
        if not len(signals.time_s):
            return
        start, end = float(signals.time_s[0]), float(signals.time_s[-1])

        def to_x(moment_s: float) -> int:
            share = min(max((moment_s - start) / max(end - start, 1e-6), 0.0), 1.0)
            return int(share * (right - left) + left + 0.5)

        bar = max(4, round(12 * brush.unit))
        self._draw_bars(brush, box, to_x, bar)
        high = bottom - top
        line = _scaled(self._curve, signals.time_s, to_x, (top + 0.3 * high, bottom - 1.6 * bar), self._least)
        if line is not None:
            brush.line(line, WHITE, 3.0)
        here, half = to_x(time_s), max(1, round(2 * brush.unit))
        brush.bar((here - half, top, here + half, bottom), WHITE, True)

    def _draw_bars(self, brush: Brush, box: Box, to_x: Callable[[float], int], bar: int) -> None:
        """Repetitions numbered and coloured, the cut ones grey and hollow; holds white."""
        left, top, right, bottom = box
        for rep in self._analysis.reps:
            first = to_x(rep.start_s) if np.isfinite(rep.start_s) else left
            last = to_x(rep.end_s) if np.isfinite(rep.end_s) else right
            color = COLOR_OF[self._lines.level_of(rep)] if rep.complete else GREY
            brush.bar((first + 1, bottom - bar, last - 1, bottom), color, rep.complete)
            if id(rep) in self._number:
                words = str(self._number[id(rep)])
                brush.text(words, (first + last - brush.text_width(words, 22.0)) / 2, top + 16 * brush.unit, 22.0)
        for hold in self._analysis.holds:
            brush.bar((to_x(hold.start_s), bottom - bar, to_x(hold.end_s), bottom), WHITE, True)


# ------------------------------------------------------------------------------------------------------- parts


def _places(brush: Brush, panel: tuple[int, int], is_low: bool) -> list[tuple[Box, Box]]:
    """Panel and curve, the usual places first: a corner each with the curve along the picture's edge, or below the
    panel where a body fills the height.
    """
    wide, high, curve = brush.width, brush.height, round(_CURVE_HIGH * brush.unit)
    margin, (panel_wide, panel_high) = round(_MARGIN * brush.unit), panel
    column = max(panel_wide, round(_COLUMN * wide))
    found: list[tuple[Box, Box]] = []
    for at_left in (True, False):
        x = margin if at_left else max(wide - margin - panel_wide, 0)
        far = margin if at_left else max(wide - margin - column, 0)
        up = x, margin, x + panel_wide, margin + panel_high
        down = x, high - margin - panel_high, x + panel_wide, high - margin
        beside = (up[2] + margin, wide - margin) if at_left else (margin, up[0] - margin)
        across_top = up, (beside[0], margin, beside[1], margin + curve)
        across_bottom = up, (0, high - curve, wide, high)
        below = up, (far, up[3] + margin, far + column, up[3] + margin + curve)
        low = down, (far, down[1] - margin - curve, far + column, down[1] - margin)
        along = (down[0], down[1] - curve, down[2], down[3] - curve), (0, high - curve, wide, high)
        low_across = down, (0, 0, wide, curve)
        edges = [across_top, across_bottom] if is_low else [across_bottom, across_top]
        found += [*edges, below, low, along, low_across]
    order = [0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11]
    return [found[k] for k in order if found[k][1][2] - found[k][1][0] >= column / 2]


def _fitting(brush: Brush, row: Line, limit_px: int) -> Line:
    """The row, in smaller letters where it would be wider."""
    words, size, color = row
    while size > _LEAST and brush.text_width(words, size) > limit_px:
        size -= 1.0
    return words, size, color


def _scaled(
    curve: FloatArray | None, time_s: FloatArray, to_x: Callable[[float], int], rows: tuple[float, float], least: float
) -> FloatArray | None:
    """The curve as points of the picture between two rows, a range below ``least`` not blown up; None where there is
    nothing to see.
    """
    if curve is None:
        return None
    good = np.flatnonzero(np.isfinite(curve))
    if len(good) < 2:
        return None
    chosen = good[:: max(1, len(good) // 240)]
    low, high = np.percentile(curve[good], [1, 99])
    share = np.clip((curve[chosen] - low) / max(high - low, least), -0.05, 1.05)
    top, bottom = rows
    return np.array([[to_x(float(t)), bottom - s * (bottom - top)] for t, s in zip(time_s[chosen], share, strict=True)])
