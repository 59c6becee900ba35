"""What is drawn on exercises: count, phase, hold clock, the line that matters in its level's colour, the curve.

Looks things up in the records; measures nothing. Green ●, amber ▲ and red ■ are the levels of the findings: for a
repetition that of its own value of the metric which judges the line, for a hold that of the line at this moment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from formcheck.activities.card import ActivityCard, load_activity_cards
from formcheck.annotate.brush import GREY, WHITE, Brush, Color, stack
from formcheck.annotate.timeline import Pose, series_at
from formcheck.cards import Lang, load_cards
from formcheck.findings import judge
from formcheck.records import Analysis, FloatArray, Hold, Level, Repetition
from formcheck.skeleton import INDEX
from formcheck.texts import text as text_of

COLOR_OF: Mapping[Level, Color] = {
    "good": (0, 158, 115),
    "watch": (240, 170, 20),
    "act": (224, 60, 30),
    "unknown": (200, 200, 200),
}
SHAPE_OF: Mapping[Level, str] = {"good": "●", "watch": "▲", "act": "■", "unknown": "○"}
SAG_PCT, PIKE_PCT = 5.0, 10.0
"""Borders of a plank's line at each moment, those of its cards."""
LYING_DEG = 45.0
"""People whose trunk is tilted more are low in the picture: the curve goes to the top."""
_COUNT, _PHASE, _SMALL = 54.0, 34.0, 26.0
_CURVE_HIGH, _PAD, _MARGIN = 92.0, 12.0, 14.0
_LINE, _DASH = 10.0, 22.0


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
        self._card: ActivityCard = load_activity_cards()[analysis.activity]
        self._curve = analysis.signals.series.get("curve_deg", analysis.signals.series.get(self._card.curve))
        whole = [rep for rep in analysis.reps if rep.complete]
        self._number = {id(rep): k for k, rep in enumerate(whole, start=1)}
        self._level = {id(rep): self._level_of(rep) for rep in analysis.reps}
        self._joints = _joints_of(self._card, analysis)
        tilt = analysis.signals.series.get("trunk_tilt_deg", np.zeros(1))
        self._panel_right = 0
        self._is_low = bool(np.isfinite(tilt).any()) and float(np.nanmedian(tilt)) > LYING_DEG

    # --- on every frame --------------------------------------------------------------------------------

    def draw(self, brush: Brush, thin: Brush, pose: Pose, time_s: float) -> None:
        """Line, panel and curve."""
        now = self._now(time_s)
        level = self.level_at(time_s)
        self.draw_line(thin, pose, time_s, level)
        self._draw_panel(brush, now, level, time_s)
        self._draw_curve(brush, time_s)

    def draw_line(self, brush: Brush, pose: Pose, time_s: float, level: Level, size: float = 34.0) -> None:
        """The line that matters: solid where good, dashed where not, with its angle and the level's shape."""
        if not self._joints:
            return
        points = stack([pose.xy_px[list(group)].mean(axis=0) for group in self._joints])
        if not np.isfinite(points).all():
            return
        dash = 0.0 if level in ("good", "unknown") else _DASH
        brush.line(points, COLOR_OF[level], _LINE, 0.95, dash)
        value = series_at(self._analysis.signals, "curve_deg", time_s)
        if np.isfinite(value) and len(points) > 1:
            at = points[len(points) // 2] + np.array([0.0, -46.0 * brush.unit])
            brush.label(f"{SHAPE_OF[level]} {value:.0f}°", at, size, COLOR_OF[level])

    def level_at(self, time_s: float) -> Level:
        """The level of the repetition or hold at a moment; "unknown" between them."""
        now = self._now(time_s)
        if now.rep is not None:
            return self._level[id(now.rep)]
        if now.hold is None:
            return "unknown"
        dip = series_at(self._analysis.signals, "dip_pct", time_s)
        line = series_at(self._analysis.signals, "curve_deg", time_s)
        card = load_cards().get(self._card.judged_by)
        if np.isfinite(dip + line) and card is not None and card.range is not None and self._analysis.findings:
            return "act" if dip > SAG_PCT else "watch" if dip < -PIKE_PCT else judge(line, 0.0, card.range)[0]
        found = [f.level for f in self._analysis.findings if f.metric == self._card.judged_by]
        return found[0] if found else "unknown"

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

    def _level_of(self, rep: Repetition) -> Level:
        card = load_cards().get(self._card.judged_by)
        if card is None or card.range is None or not self._analysis.findings:
            return "unknown"
        for m in self._analysis.measurements:
            if m.metric != card.metric:
                continue
            for value, time_s in zip(m.values, m.times_s, strict=False):
                if abs(time_s - rep.top_s) < 0.05 and np.isfinite(value):
                    return judge(value, m.uncertainty or 0.0, card.range)[0]
        return "unknown"

    def _draw_panel(self, brush: Brush, now: _Now, level: Level, time_s: float) -> None:
        """Top left: what it is, how many, which phase, how long held."""
        lang = self._lang
        lines: list[tuple[str, float, Color]] = [(text_of(f"activity_{self._analysis.activity}", lang), _SMALL, WHITE)]
        if self._analysis.reps:
            done = sum(rep.complete and rep.end_s <= time_s for rep in self._analysis.reps)
            whole = sum(rep.complete for rep in self._analysis.reps)
            lines.append((text_of("draw_reps_done", lang, n=done, whole=whole), _COUNT, WHITE))
        lines.append((f"{SHAPE_OF[level]} {text_of(now.phase, lang)}", _PHASE, COLOR_OF[level]))
        if now.held_s is not None:
            lines.append((text_of("draw_held", lang, seconds=f"{now.held_s:.1f}"), _PHASE, WHITE))
        lines.append((text_of("draw_time", lang, seconds=f"{time_s:.2f}"), 24.0, WHITE))
        margin, pad = round(_MARGIN * brush.unit), round(_PAD * brush.unit)
        wide = max(brush.text_width(text, size) for text, size, _ in lines)
        step = max(1, round(40 * brush.unit))
        high = round(sum(1.3 * size * brush.unit for _, size, _ in lines))
        self._panel_right = margin + -(-wide // step) * step + 2 * pad
        brush.panel((margin, margin, self._panel_right, margin + high + 2 * pad))
        y = float(margin + pad)
        for text, size, color in lines:
            brush.text(text, margin + pad, y + 0.65 * size * brush.unit, size, color)
            y += 1.3 * size * brush.unit

    def _draw_curve(self, brush: Brush, time_s: float) -> None:
        """The movement over the clip, where the body is not: repetitions and holds as bars, and where we are."""
        signals = self._analysis.signals
        high = round(_CURVE_HIGH * brush.unit)
        left = self._panel_right + round(_MARGIN * brush.unit) if self._is_low else 0
        top = round(_MARGIN * brush.unit) if self._is_low else brush.height - high
        right, bottom = brush.width - (round(_MARGIN * brush.unit) if self._is_low else 0), top + high
        brush.panel((left, top, right, bottom))
        start, end = float(signals.time_s[0]), float(signals.time_s[-1])

        def to_x(moment_s: float) -> int:
            return int((moment_s - start) / max(end - start, 1e-6) * (right - left) + left + 0.5)

        bar = max(4, round(12 * brush.unit))
        for rep in self._analysis.reps:
            first, last = (t if np.isfinite(t) else edge for t, edge in ((rep.start_s, start), (rep.end_s, end)))
            box = (to_x(first) + 1, bottom - bar, to_x(last) - 1, bottom)
            brush.bar(box, COLOR_OF[self._level[id(rep)]] if rep.complete else GREY, rep.complete)
            if id(rep) in self._number:
                middle = (to_x(first) + to_x(last)) / 2 - 6 * brush.unit
                brush.text(str(self._number[id(rep)]), middle, top + 16 * brush.unit, 22.0)
        for hold in self._analysis.holds:
            brush.bar((to_x(hold.start_s), bottom - bar, to_x(hold.end_s), bottom), WHITE, True)
        line = _scaled(self._curve, signals.time_s, to_x, top + 0.3 * high, bottom - 1.6 * bar)
        if line is not None:
            brush.line(line, WHITE, 3.0)
        here, half = to_x(time_s), max(1, round(2 * brush.unit))
        brush.bar((here - half, top, here + half, bottom), WHITE, True)


def _phase_of(rep: Repetition, time_s: float) -> _Now:
    if np.isfinite(rep.hold_start_s) and rep.hold_start_s <= time_s <= rep.hold_end_s:
        return _Now("draw_phase_hold", rep, held_s=time_s - rep.hold_start_s)
    return _Now("draw_phase_out" if time_s < rep.top_s else "draw_phase_back", rep)


def _joints_of(card: ActivityCard, analysis: Analysis) -> list[tuple[int, ...]]:
    """For each point of the line the landmarks whose middle it is."""
    names = list(card.line)
    if "plank_on_knees" in {note.code for note in analysis.warnings} and names:
        names[-1] = "knee"
    if analysis.view == "side":
        return [(INDEX[f"{analysis.signals.near_side}_{name}"],) for name in names]
    if len(names) > 1 and names[0] == names[-1]:
        ends = [(INDEX[f"left_{names[0]}"],), (INDEX[f"right_{names[0]}"],)]
        return [ends[0], *(_both(name) for name in names[1:-1]), ends[1]]
    return [_both(name) for name in names]


def _both(name: str) -> tuple[int, ...]:
    return INDEX[f"left_{name}"], INDEX[f"right_{name}"]


def _scaled(
    curve: FloatArray | None, time_s: FloatArray, to_x: Callable[[float], int], top: float, bottom: float
) -> FloatArray | None:
    """The curve as points of the picture; None where there is nothing to see."""
    if curve is None:
        return None
    good = np.flatnonzero(np.isfinite(curve))
    if len(good) < 2:
        return None
    chosen = good[:: max(1, len(good) // 240)]
    low, high = np.percentile(curve[good], [1, 99])
    share = np.clip((curve[chosen] - low) / max(high - low, 1e-6), -0.05, 1.05)
    return np.array([[to_x(float(t)), bottom - s * (bottom - top)] for t, s in zip(time_s[chosen], share, strict=True)])
