"""What is drawn on exercises: count, phase, hold clock, the lines that matter in their levels' colours, the curve.

Looks things up in the records; measures nothing. Green ●, amber ▲ and red ■ are the levels of ``lines.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from formcheck.activities.card import load_activity_cards
from formcheck.annotate.brush import GREY, WHITE, Box, Brush, Color
from formcheck.annotate.lines import Drawn, Lines
from formcheck.annotate.timeline import Pose
from formcheck.cards import Lang
from formcheck.records import Analysis, FloatArray, Hold, Level, Repetition
from formcheck.texts import text as text_of

COLOR_OF: Mapping[Level, Color] = {
    "good": (0, 158, 115),
    "watch": (240, 170, 20),
    "act": (224, 60, 30),
    "unknown": (200, 200, 200),
}
SHAPE_OF: Mapping[Level, str] = {"good": "●", "watch": "▲", "act": "■", "unknown": "○"}
QUIET_DEG = 15.0
"""A curve that moves less than this over the clip is drawn as quiet as it is."""
LYING_DEG = 45.0
"""People whose trunk is tilted more are low in the picture: the curve goes to the top."""
_COUNT, _PHASE, _SMALL = 54.0, 34.0, 26.0
_CURVE_HIGH, _PAD, _MARGIN = 92.0, 12.0, 14.0
_LINE, _DASH = 10.0, 22.0
_CORNER_WIDE, _CORNER_HIGH = 0.3, 0.4
"""Of the picture, what the panel covers of it about."""


@dataclass(frozen=True)
class _Now:
    """Where in the exercise a moment is."""

    phase: str
    """Code of its word."""
    rep: Repetition | None = None
    hold: Hold | None = None
    held_s: float | None = None


def is_exercise(analysis: Analysis) -> bool:
    """Whether the clip is of an exercise."""
    return analysis.activity in load_activity_cards()


class ExerciseDrawing:
    """Prepared once for a clip, looked up for each frame."""

    def __init__(self, analysis: Analysis, lang: Lang) -> None:
        self._analysis, self._lang = analysis, lang
        card = load_activity_cards()[analysis.activity]
        self._curve = analysis.signals.series.get("curve_deg", analysis.signals.series.get(card.curve))
        self._least = QUIET_DEG if card.curve.endswith("_deg") else 1e-6
        whole = [rep for rep in analysis.reps if rep.complete]
        self._number = {id(rep): k for k, rep in enumerate(whole, start=1)}
        self._lines = Lines(analysis, lang)
        tilt = analysis.signals.series.get("trunk_tilt_deg", np.zeros(1))
        self._is_low = bool(np.isfinite(tilt).any()) and float(np.nanmedian(tilt)) > LYING_DEG
        self._on_right = _is_left_taken(analysis)

    # --- on every frame --------------------------------------------------------------------------------

    def draw(self, brush: Brush, thin: Brush, pose: Pose, time_s: float) -> None:
        """Lines, panel and curve."""
        now = self._now(time_s)
        drawn = self.draw_lines(thin, pose, time_s)
        box = self._draw_panel(brush, now, self._lines.level_at(time_s), drawn, time_s)
        self._draw_curve(brush, time_s, box)

    def draw_lines(self, brush: Brush, pose: Pose, time_s: float, size: float = 34.0) -> list[Drawn]:
        """The lines that matter: solid where good, dashed where not, each number with its level's shape."""
        drawn = self._lines.at(pose, time_s)
        for line in drawn:
            for stroke in line.strokes:
                if line.is_plumb:
                    brush.dots(stroke[0], stroke[1], COLOR_OF[line.level], 3.4, 17.0)
                else:
                    dash = 0.0 if line.level in ("good", "unknown") else _DASH
                    brush.line(stroke, COLOR_OF[line.level], _LINE, 0.95, dash)
        for line in drawn:
            if line.words:
                at = line.at + np.array([0.0, -46.0 * brush.unit])
                brush.label(f"{SHAPE_OF[line.level]} {line.words}", at, size, COLOR_OF[line.level])
        return drawn

    # --- parts -----------------------------------------------------------------------------------------

    def _now(self, time_s: float) -> _Now:
        for rep in self._analysis.reps:
            start = rep.start_s if np.isfinite(rep.start_s) else -np.inf
            end = rep.end_s if np.isfinite(rep.end_s) else np.inf
            if start <= time_s <= end:
                return _phase_of(rep, time_s)
        for hold in self._analysis.holds:
            if hold.start_s <= time_s <= hold.end_s:
                return _Now("draw_phase_hold", hold=hold, held_s=time_s - hold.start_s)
        return _Now("draw_phase_rest")

    def _draw_panel(self, brush: Brush, now: _Now, level: Level, drawn: list[Drawn], time_s: float) -> Box:
        """In the upper corner where nobody is: what it is, how many, which phase, how long held."""
        lang = self._lang
        lines: list[tuple[str, float, Color]] = [(text_of(f"activity_{self._analysis.activity}", lang), _SMALL, WHITE)]
        if self._analysis.reps:
            done = sum(rep.complete and rep.end_s <= time_s for rep in self._analysis.reps)
            whole = sum(rep.complete for rep in self._analysis.reps)
            lines.append((text_of("draw_reps_done", lang, n=done, whole=whole), _COUNT, WHITE))
        lines.append((f"{SHAPE_OF[level]} {text_of(now.phase, lang)}", _PHASE, COLOR_OF[level]))
        if now.held_s is not None:
            lines.append((text_of("draw_held", lang, seconds=f"{now.held_s:.1f}"), _PHASE, WHITE))
        for line in drawn:
            if line.name:
                words = text_of("draw_named_value", lang, name=line.name, value=line.words)
                lines.append((f"{SHAPE_OF[line.level]} {words}", _SMALL, COLOR_OF[line.level]))
        lines.append((text_of("draw_time", lang, seconds=f"{time_s:.2f}"), 24.0, WHITE))
        margin, pad = round(_MARGIN * brush.unit), round(_PAD * brush.unit)
        wide = max(brush.text_width(text, size) for text, size, _ in lines)
        step = max(1, round(40 * brush.unit))
        high = round(sum(1.3 * size * brush.unit for _, size, _ in lines))
        wide = -(-wide // step) * step + 2 * pad
        left = max(brush.width - margin - wide, 0) if self._on_right else margin
        box = left, margin, left + wide, margin + high + 2 * pad
        brush.panel(box)
        y = float(margin + pad)
        for text, size, color in lines:
            brush.text(text, left + pad, y + 0.65 * size * brush.unit, size, color)
            y += 1.3 * size * brush.unit
        return box

    def _draw_curve(self, brush: Brush, time_s: float, panel: Box) -> None:
        """The movement over the clip, where the body is not: repetitions and holds as bars, and where we are."""
        signals = self._analysis.signals
        high = round(_CURVE_HIGH * brush.unit)
        margin = round(_MARGIN * brush.unit)
        left, right = 0, brush.width
        if self._is_low:
            left, right = (margin, panel[0] - margin) if self._on_right else (panel[2] + margin, right - margin)
        top = margin if self._is_low else brush.height - high
        bottom = top + high
        brush.panel((left, top, right, bottom))
        start, end = float(signals.time_s[0]), float(signals.time_s[-1])

        def to_x(moment_s: float) -> int:
            return int((moment_s - start) / max(end - start, 1e-6) * (right - left) + left + 0.5)

        bar = max(4, round(12 * brush.unit))
        for rep in self._analysis.reps:
            first, last = (t if np.isfinite(t) else edge for t, edge in ((rep.start_s, start), (rep.end_s, end)))
            box = (to_x(first) + 1, bottom - bar, to_x(last) - 1, bottom)
            brush.bar(box, COLOR_OF[self._lines.level_of(rep)] if rep.complete else GREY, rep.complete)
            if id(rep) in self._number:
                middle = (to_x(first) + to_x(last)) / 2 - 6 * brush.unit
                brush.text(str(self._number[id(rep)]), middle, top + 16 * brush.unit, 22.0)
        for hold in self._analysis.holds:
            brush.bar((to_x(hold.start_s), bottom - bar, to_x(hold.end_s), bottom), WHITE, True)
        line = _scaled(self._curve, signals.time_s, to_x, top + 0.3 * high, bottom - 1.6 * bar, self._least)
        if line is not None:
            brush.line(line, WHITE, 3.0)
        here, half = to_x(time_s), max(1, round(2 * brush.unit))
        brush.bar((here - half, top, here + half, bottom), WHITE, True)


def _phase_of(rep: Repetition, time_s: float) -> _Now:
    if np.isfinite(rep.hold_start_s) and rep.hold_start_s <= time_s <= rep.hold_end_s:
        return _Now("draw_phase_hold", rep, held_s=time_s - rep.hold_start_s)
    return _Now("draw_phase_out" if time_s < rep.top_s else "draw_phase_back", rep)


def _is_left_taken(analysis: Analysis) -> bool:
    """Whether the upper left corner is where the body is, for more of the clip than the upper right one."""
    xy = analysis.signals.xy_px / np.array([max(analysis.pose.width_px, 1), max(analysis.pose.height_px, 1)])
    high = xy[..., 1] < _CORNER_HIGH
    with np.errstate(invalid="ignore"):
        left = (high & (xy[..., 0] < _CORNER_WIDE)).any(axis=1).mean()
        right = (high & (xy[..., 0] > 1 - _CORNER_WIDE)).any(axis=1).mean()
    return bool(left > right)


def _scaled(
    curve: FloatArray | None, time_s: FloatArray, to_x: Callable[[float], int], top: float, bottom: float, least: float
) -> FloatArray | None:
    """The curve as points of the picture, a range below ``least`` not blown up; None where there is nothing to see."""
    if curve is None:
        return None
    good = np.flatnonzero(np.isfinite(curve))
    if len(good) < 2:
        return None
    chosen = good[:: max(1, len(good) // 240)]
    low, high = np.percentile(curve[good], [1, 99])
    share = np.clip((curve[chosen] - low) / max(high - low, least), -0.05, 1.05)
    return np.array([[to_x(float(t)), bottom - s * (bottom - top)] for t, s in zip(time_s[chosen], share, strict=True)])
