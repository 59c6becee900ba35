"""What is drawn on exercises: count, phase, hold clock, the lines that matter in their levels' colours, the curve.

Looks things up in the records; measures nothing. Green ●, amber ▲ and red ■ are the levels of ``lines.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from formcheck.activities.card import load_activity_cards
from formcheck.annotate.body import draw_body
from formcheck.annotate.brush import Brush
from formcheck.annotate.exercise_panels import ExercisePanels, Now
from formcheck.annotate.lines import COLOR_OF, SHAPE_OF, Drawn, Lines, is_during
from formcheck.annotate.timeline import Pose
from formcheck.cards import Lang
from formcheck.records import Analysis, FloatArray, Repetition
from formcheck.skeleton import ARM, INDEX, LEG, SIDES, index_of

_LINE, _DASH = 10.0, 22.0
_BESIDE = 22.0
"""Between a number and what it stands beside."""
_BONES = [
    (index_of(side, a), index_of(side, b))
    for side in SIDES
    for a, b in (*pairwise((*LEG[::-1], *ARM)), (ARM[-1], "index"))
]
_POINTS_A_BONE = 24
_HEAD_LEG = 0.16
"""Half of a head's height, in legs."""


def is_exercise(analysis: Analysis) -> bool:
    """Whether the clip is of an exercise."""
    return analysis.activity in load_activity_cards()


class ExerciseDrawing:
    """Prepared once for a clip, looked up for each frame."""

    def __init__(self, analysis: Analysis, lang: Lang) -> None:
        self._analysis = analysis
        self._lines = Lines(analysis, lang)
        self._panels = ExercisePanels(analysis, self._lines, lang)

    def draw(self, brush: Brush, thin: Brush, pose: Pose, time_s: float) -> None:
        """Panel and curve, over them the body, and over that its lines with their numbers."""
        drawn = self._lines.at(pose, time_s)
        now = self._now(time_s)
        for box in self._panels.draw(brush, now, self._lines.level_at(time_s), drawn, time_s):
            thin.keep_off(box)
        _keep_off_head(thin, pose)
        draw_body(thin, pose, self._analysis.signals.near_side)
        _draw(thin, drawn, pose)

    def draw_lines(self, brush: Brush, pose: Pose, time_s: float, size: float = 34.0) -> None:
        """The lines that matter: solid where good, dashed where not, each number with its level's shape."""
        _keep_off_head(brush, pose)
        _draw(brush, self._lines.at(pose, time_s), pose, size)

    def _now(self, time_s: float) -> Now:
        for rep in self._analysis.reps:
            start = rep.start_s if np.isfinite(rep.start_s) else -np.inf
            end = rep.end_s if np.isfinite(rep.end_s) else np.inf
            if start <= time_s <= end:
                return _phase_of(rep, time_s)
        for hold in self._analysis.holds:
            if is_during(hold, time_s):
                return Now("draw_phase_hold", hold=hold, held_s=max(time_s - hold.start_s, 0.0))
        return Now("draw_phase_rest")


def _draw(brush: Brush, drawn: Sequence[Drawn], pose: Pose, size: float = 34.0) -> None:
    for line in drawn:
        for stroke in line.strokes:
            if line.is_plumb:
                brush.dots(stroke[0], stroke[1], COLOR_OF[line.level], 3.4, 17.0)
            else:
                dash = 0.0 if line.level in ("good", "unknown") else _DASH
                brush.line(stroke, COLOR_OF[line.level], _LINE, 0.95, dash)
    for line in drawn:
        if line.words:
            _draw_number(brush, line, pose, size)


def _draw_number(brush: Brush, line: Drawn, pose: Pose, size: float) -> None:
    words, color = f"{SHAPE_OF[line.level]} {line.words}", COLOR_OF[line.level]
    half_px, half_high_px = 0.5 * brush.text_width(words, size), 0.71 * size * brush.unit
    if not line.is_beside:
        brush.label(words, _above(line, half_px, brush.unit * _BESIDE + half_high_px), size, color)
        return
    left, right = _sides_of_body(pose, float(line.at[1]), half_high_px)
    gap = brush.unit * _BESIDE
    if right + gap + 2 * (half_px + half_high_px) <= brush.width:
        brush.label(words, np.array([right + gap, line.at[1]]), size, color, "left")
    else:
        brush.label(words, np.array([left - gap, line.at[1]]), size, color, "right")


def _sides_of_body(pose: Pose, y: float, half_high_px: float) -> tuple[float, float]:
    """How far left and right (x) the body's bones reach within ``half_high_px`` above and below a height of it."""
    points = np.concatenate([np.linspace(pose.xy_px[a], pose.xy_px[b], _POINTS_A_BONE) for a, b in _BONES])
    near = points[np.abs(points[:, 1] - y) <= half_high_px, 0]
    return (float(near.min()), float(near.max())) if len(near) else (np.nan, np.nan)


def _above(line: Drawn, half_px: float, gap_px: float) -> FloatArray:
    """``gap_px`` above where the number belongs, and above what of a lying line runs within ``half_px`` of there."""
    top = float(line.at[1])
    for start, end in (pair for stroke in line.strokes for pair in pairwise(stroke)):
        if abs(end[1] - start[1]) < abs(end[0] - start[0]):  # beside one that stands there is no way around it
            across = np.clip([start[0], end[0]], line.at[0] - half_px, line.at[0] + half_px)
            share = (across - start[0]) / (end[0] - start[0])
            touches = min(start[0], end[0]) <= line.at[0] + half_px and max(start[0], end[0]) >= line.at[0] - half_px
            top = min([top, *(start[1] + share * (end[1] - start[1]))]) if touches else top
    return np.array([line.at[0], top - gap_px])


def _keep_off_head(brush: Brush, pose: Pose) -> None:
    """Keep numbers out of the face."""
    center = (pose.middle("ear") + pose.xy_px[INDEX["nose"]]) / 2
    radius = _HEAD_LEG * pose.leg_px
    if np.isfinite([*center, radius]).all():
        x, y = center.tolist()
        brush.keep_off((int(x - radius), int(y - radius), int(x + radius), int(y + radius)))


def _phase_of(rep: Repetition, time_s: float) -> Now:
    if np.isfinite(rep.hold_start_s) and rep.hold_start_s <= time_s <= rep.hold_end_s:
        return Now("draw_phase_hold", rep, held_s=time_s - rep.hold_start_s)
    return Now("draw_phase_out" if time_s < rep.top_s else "draw_phase_back", rep)
