"""The line of the back at push-off: a curve along the outline, told by colour, by cross strokes and in degrees."""

from __future__ import annotations

from copy import copy
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from formcheck.annotate.brush import MARK, WHITE, Brush, Color
from formcheck.back_curve import LUMBAR, back_curve
from formcheck.cards import Lang
from formcheck.outline import STATIONS, BackLine
from formcheck.records import Analysis, FloatArray, Measurement
from formcheck.skeleton import Side
from formcheck.texts import text as text_of

SHOWN_S = 0.12
"""Before and after push-off."""
ARCHED: Color = (255, 96, 64)
FULL_DEG = 10.0
"""More arch than the stride's mean by this much is drawn in the full colour, with the longest strokes."""
LOWEST = -0.2
"""Mid-thigh is left out."""
HIGHEST_LUMBAR = 0.55
"""Above it the line is drawn thin and white: nothing is told about the upper back and the neck."""
_STROKES = (0.1, 0.2, 0.3, 0.4)
_LABEL_STATION, _LETTERS = 0.05, 28.0


class DrawnBack:
    """Draws the back of one clip; nothing where its outline tells nothing. ``scale`` is that of the pictures."""

    def __init__(self, analysis: Analysis, scale: float, lang: Lang) -> None:
        self._scale, self._lang = scale, lang
        self._curve = back_curve(analysis)
        if self._curve is None:
            return
        signals = analysis.signals
        self._times, self._lumbar = signals.time_s, signals.series[LUMBAR]
        self._push_offs = [(e.time_s, e.side) for e in analysis.events if e.kind == "toe_off"]
        self._changes = {side: change_of(analysis, side) for side in ("left", "right")}

    def at_scale(self, scale: float) -> DrawnBack:
        """The same for pictures of another size, without reading the outline again."""
        other = copy(self)
        other._scale = scale
        return other

    def draw(self, brush: Brush, time_s: float) -> None:
        """The curve on a frame near a push-off, dotted where something hides it, and what the clip tells of it."""
        nearest = min(self._push_offs, key=lambda push_off: abs(push_off[0] - time_s)) if self._curve else None
        if self._curve is None or nearest is None or abs(nearest[0] - time_s) >= SHOWN_S:
            return
        line = self._curve.line
        look = int(np.argmin(np.abs(line.time_s - time_s)))
        if abs(float(line.time_s[look]) - time_s) > 0.04:
            return
        lumbar = float(np.interp(time_s, self._times, self._lumbar))
        arch = float(np.clip(lumbar / FULL_DEG, -1.0, 1.0))
        whole = self._scale * line.xy_px(look, self._curve.whole(look, lumbar))
        seen = np.isfinite(self._curve.offset[look]) & (STATIONS > LOWEST)
        for run in _runs(~seen & (STATIONS > LOWEST) & np.isfinite(whole[:, 0])):
            _draw_hidden(brush, whole[max(run[0] - 1, 0) : run[-1] + 2])
        low = STATIONS <= HIGHEST_LUMBAR
        for run in _runs(seen & ~low):
            brush.line(whole[run], WHITE, 3.0)
        for run in _runs(seen & low):
            brush.line(whole[run], _colour(arch), 6.0)
        self._draw_strokes(brush, line, look, whole, arch)
        self._draw_degrees(brush, line, look, whole, nearest[1])

    def _draw_strokes(self, brush: Brush, line: BackLine, look: int, xy: FloatArray, arch: float) -> None:
        """Short strokes away from the back, longer the more it is arched: colour is not all that tells."""
        for station in _STROKES:
            k = _at(station)
            if np.isfinite(xy[k]).all() and arch > 0.1:
                out = 0.12 * arch * self._scale * line.trunk_px[look] * line.behind[look]
                brush.line(np.stack([xy[k], xy[k] + out]), WHITE, 3.0)

    def _draw_degrees(self, brush: Brush, line: BackLine, look: int, xy: FloatArray, side: Side | None) -> None:
        """How much more the back arches at that foot's push-off, over the whole clip."""
        change, at = self._changes.get(side or ""), xy[_at(_LABEL_STATION)]
        if change is None or not np.isfinite(at).all():
            return
        behind = line.behind[look]
        place = at + 0.2 * self._scale * line.trunk_px[look] * behind
        brush.label(change_text(change, self._lang), place, _LETTERS, WHITE, "left" if behind[0] >= 0 else "right")


def change_of(analysis: Analysis, side: str) -> Measurement | None:
    """The clip's change of lumbar extension from midstance to that foot's push-off."""
    rows = [m for m in analysis.measurements if (m.metric, m.side) == ("lumbar_extension_change_deg", side)]
    return next((m for m in rows if isinstance(m.value, float)), None)


def change_text(change: Measurement, lang: Lang) -> str:
    """The change with its error, in words."""
    return text_of("draw_back_change", lang, deg=f"{change.value:+.0f}", half=f"{change.uncertainty or 0.0:.0f}")


def back_sample(brush: Brush, left: float, middle: float) -> None:
    """The legend's: from flat to arched, with its strokes."""
    at = left + np.linspace(0.0, 52.0, 4) * brush.unit
    for k in range(3):
        brush.line(
            np.array([[at[k], middle + 4 * brush.unit], [at[k + 1], middle + 4 * brush.unit]]), _colour(k / 2), 6.0
        )
    for k, high in ((1, 7.0), (2, 12.0)):
        x = (at[k] + at[k + 1]) / 2
        brush.line(np.array([[x, middle + 2 * brush.unit], [x, middle + (2 - high) * brush.unit]]), WHITE, 3.0)


def _draw_hidden(brush: Brush, points: FloatArray) -> None:
    good = points[np.isfinite(points).all(axis=1)]
    for start, end in pairwise(good):
        brush.dots(start, end, WHITE, 2.5, 9.0)


def _at(station: float) -> int:
    return int(np.argmin(np.abs(STATIONS - station)))


def _runs(chosen: npt.NDArray[np.bool_]) -> list[npt.NDArray[np.intp]]:
    """Indices of the stretches without a gap."""
    parts = np.split(np.arange(len(chosen)), np.flatnonzero(np.diff(chosen.astype(int))) + 1)
    return [part for part in parts if chosen[part[0]]]


def _colour(arch: float) -> Color:
    """From yellow (as usual, or flatter) to red (more arched than the stride's mean)."""
    share = max(arch, 0.0)
    red, green, blue = (round((1 - share) * a + share * b) for a, b in zip(MARK, ARCHED, strict=True))
    return red, green, blue
