"""What is drawn from behind and in front: lines of hips and shoulders, the hips' path, where the feet land.

Looks things up in the records; measures nothing.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from formcheck.annotate.brush import FAR, MARK, NEAR, WHITE, Brush, stack
from formcheck.annotate.timeline import HOLD_S, Pose, Timeline, series_at
from formcheck.cards import Lang
from formcheck.records import Analysis, FloatArray
from formcheck.skeleton import INDEX, SIDES, Side, index_of
from formcheck.texts import text as text_of

HEADER_UNITS = 140.0
"""Above it stands the panel with the cadence."""
TRAIL_S, FOOTFALLS = 1.0, 3
"""How long the hips' path stays; how many of each foot's places."""
_BEYOND = 0.35
"""How far the lines of hips and shoulders reach beyond the joints, of their length."""


def seen_across(analysis: Analysis) -> bool:
    """Whether the clip is of a runner from behind or in front."""
    return analysis.activity == "running" and analysis.view in ("rear", "front")


@dataclass(frozen=True)
class _Footfall:
    time_s: float
    at_px: FloatArray


class Across:
    """Prepared once for a clip, looked up for each frame."""

    def __init__(self, analysis: Analysis, timeline: Timeline, scale: float, lang: Lang) -> None:
        self._signals, self._scale, self._lang = analysis.signals, scale, lang
        hips = [INDEX["left_hip"], INDEX["right_hip"]]
        self._hips = analysis.signals.xy_px[:, hips].mean(axis=1) * scale
        self._middles = {side: [(s.start_s + s.end_s) / 2 for s in timeline.stances[side] if s.clean] for side in SIDES}
        self._footfalls = {side: [self._footfall(side, t) for t in self._middles[side]] for side in SIDES}

    def _footfall(self, side: Side, time_s: float) -> _Footfall:
        row = min(int(np.searchsorted(self._signals.time_s, time_s)), len(self._signals.time_s) - 1)
        return _Footfall(time_s, self._signals.xy_px[row, index_of(side, "heel")] * self._scale)

    def draw_below(self, brush: Brush, time_s: float) -> None:
        """What lies under the body: where the feet landed, and the hips' path."""
        self._draw_footfalls(brush, time_s)
        start, stop = np.searchsorted(self._signals.time_s, [time_s - TRAIL_S, time_s])
        path = self._hips[start : stop + 1]
        path = path[np.isfinite(path).all(axis=1)]
        if len(path) > 2:
            brush.line(path, MARK, 3.0, 0.85)

    def draw_above(self, brush: Brush, pose: Pose, time_s: float) -> None:
        """The lines of shoulders and pelvis against the level, and the trunk's lean at midstance.

        The network's hips stay level whatever the pelvis does: its line is the one that the numbers are read from.
        """
        _draw_line(brush, pose, "shoulder")
        _draw_line(brush, pose, "hip", series_at(self._signals, "pelvis_line_deg", time_s))
        side = self._midstance_of(time_s)
        lean = series_at(self._signals, "trunk_side_lean_deg", time_s)
        if side is not None and np.isfinite(lean):
            trunk = pose.middle("shoulder") - pose.middle("hip")
            at = pose.middle("shoulder") + 0.78 * float(np.hypot(*trunk)) * pose.up
            at[1] = max(at[1], HEADER_UNITS * brush.unit)
            brush.label(side_lean_text(lean, self._lang), at, 30.0, MARK)

    def _midstance_of(self, time_s: float) -> Side | None:
        for side in SIDES:
            k = bisect_right(self._middles[side], time_s + HOLD_S / 2) - 1
            if k >= 0 and abs(self._middles[side][k] - time_s) <= HOLD_S / 2:
                return side
        return None

    def _draw_footfalls(self, brush: Brush, time_s: float) -> None:
        """Upright strokes where the last footfalls were; the newest is the strongest."""
        for side in SIDES:
            color = NEAR if side == "left" else FAR
            before = bisect_right(self._middles[side], time_s)
            for age, fall in enumerate(reversed(self._footfalls[side][max(0, before - FOOTFALLS) : before])):
                tall = 26.0 * brush.unit
                up = np.array([0.0, tall])
                ends = stack([fall.at_px - up, fall.at_px + up])
                brush.line(ends, color, 5.0, 0.95 - 0.25 * age, 0.0 if side == "left" else 9.0)


def _draw_line(brush: Brush, pose: Pose, joint: str, tilt_deg: float = math.nan) -> None:
    """Through both joints, or as long and tilted by that much, left end up +."""
    left, right = pose.joint("left", joint), pose.joint("right", joint)
    along, middle = left - right, (left + right) / 2
    if not np.isfinite(along).all():
        return
    if math.isfinite(tilt_deg):
        tilt, way = math.radians(tilt_deg), math.copysign(1.0, along[0])
        along = float(np.hypot(*along)) * np.array([way * math.cos(tilt), -math.sin(tilt)])
    half = (0.5 + _BEYOND) * along
    level = np.array([half[0], 0.0])
    brush.dots(middle - level, middle + level, WHITE, 2.6, 11.0)
    brush.line(stack([middle - half, middle + half]), MARK, 5.0)


def pelvis_text(line_deg: float, lang: Lang) -> str:
    """Which side of the pelvis is how much lower, in words; a rounded zero is level."""
    degrees = round(abs(line_deg))
    if degrees == 0:
        return text_of("draw_pelvis_level", lang)
    side = text_of("side_left" if line_deg < 0 else "side_right", lang)
    return text_of("draw_pelvis_low", lang, deg=degrees, side=side)


def side_lean_text(lean_deg: float, lang: Lang) -> str:
    """Lean to the side in words; a rounded zero leans nowhere."""
    degrees = round(abs(lean_deg))
    if degrees == 0:
        return text_of("draw_trunk_upright", lang, deg=0)
    side = text_of("side_left" if lean_deg > 0 else "side_right", lang)
    return text_of("draw_trunk_side", lang, deg=degrees, side=side)
