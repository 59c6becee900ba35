"""The line of the back at push-off: a curve along the outline, told by colour and by cross strokes."""

from __future__ import annotations

from copy import copy

import numpy as np
import numpy.typing as npt

from formcheck.annotate.brush import MARK, WHITE, Brush, Color
from formcheck.back_reading import read_back
from formcheck.lumbar import load_model
from formcheck.outline import STATIONS, BackLine, back_line
from formcheck.records import Analysis, FloatArray

SHOWN_S = 0.12
"""Before and after push-off."""
ARCHED: Color = (255, 96, 64)
FULL_DEG = 10.0
"""More arch than the stride's mean by this much is drawn in the full colour, with the longest strokes."""
_STROKES = (0.1, 0.2, 0.3, 0.4)


class DrawnBack:
    """Draws the back of one clip; nothing where its outline tells nothing. ``scale`` is that of the pictures."""

    def __init__(self, analysis: Analysis, scale: float) -> None:
        signals, back = analysis.signals, analysis.signals.back
        self._scale, self._line = scale, None
        if back is None or back.reason is not None or "lumbar_extension_deg" not in signals.series:
            return
        self._line = back_line(analysis.pose, signals.facing == "right")
        self._offset = read_back(self._line, load_model().covariance[:-2, :-2])
        self._times, self._lumbar = signals.time_s, signals.series["lumbar_extension_deg"]
        self._push_offs = np.array([e.time_s for e in analysis.events if e.kind == "toe_off"])

    def at_scale(self, scale: float) -> DrawnBack:
        """The same for pictures of another size, without reading the outline again."""
        other = copy(self)
        other._scale = scale
        return other

    def draw(self, brush: Brush, time_s: float) -> None:
        """The curve on a frame near a push-off; where an arm covers the back there is a gap."""
        line = self._line
        if line is None or not (np.abs(self._push_offs - time_s) < SHOWN_S).any():
            return
        look = int(np.argmin(np.abs(line.time_s - time_s)))
        if abs(float(line.time_s[look]) - time_s) > 0.04:
            return
        arch = float(np.clip(np.interp(time_s, self._times, self._lumbar) / FULL_DEG, -1.0, 1.0))
        xy = self._scale * line.xy_px(look, self._offset[look])
        for run in _runs(xy):
            brush.line(xy[run], _colour(arch), 6.0)
        self._draw_strokes(brush, line, look, xy, arch)

    def _draw_strokes(self, brush: Brush, line: BackLine, look: int, xy: FloatArray, arch: float) -> None:
        """Short strokes away from the back, longer the more it is arched: colour is not all that tells."""
        for station in _STROKES:
            k = int(np.argmin(np.abs(STATIONS - station)))
            if np.isfinite(xy[k]).all() and arch > 0.1:
                out = 0.12 * arch * self._scale * line.trunk_px[look] * line.behind[look]
                brush.line(np.stack([xy[k], xy[k] + out]), WHITE, 3.0)


def _runs(xy: FloatArray) -> list[npt.NDArray[np.intp]]:
    """Indices of what is seen without a gap, mid-thigh left out."""
    seen = np.isfinite(xy[:, 0]) & (STATIONS > -0.2)
    parts = np.split(np.arange(len(xy)), np.flatnonzero(np.diff(seen.astype(int))) + 1)
    return [part for part in parts if seen[part[0]] and len(part) > 1]


def _colour(arch: float) -> Color:
    """From yellow (as usual, or flatter) to red (more arched than the stride's mean)."""
    share = max(arch, 0.0)
    red, green, blue = (round((1 - share) * a + share * b) for a, b in zip(MARK, ARCHED, strict=True))
    return red, green, blue
