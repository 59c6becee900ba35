"""The person's own back as a curve to draw: where it was seen, and how the rest of it runs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.back_reading import read_back
from formcheck.lumbar import load_model, load_shape
from formcheck.outline import STATIONS, BackLine, back_line
from formcheck.records import Analysis, FloatArray

LUMBAR = "lumbar_extension_deg"


@dataclass(frozen=True)
class BackCurve:
    """The back of one clip at every look."""

    line: BackLine
    offset: FloatArray
    """(n, k) where it was seen at STATIONS, trunk lengths behind the trunk's line; NaN elsewhere."""
    middle: FloatArray
    """(k,) the person's own, at the stride's mean."""

    def bent(self, lumbar_deg: float) -> FloatArray:
        """(k,) the own back bent by so much more than at the stride's mean; NaN where it is never seen."""
        return np.asarray(self.middle + load_model().per_degree * lumbar_deg)

    def whole(self, look: int, lumbar_deg: float) -> FloatArray:
        """(k,) the back at a look, and where it is hidden as it runs when bent like that. For drawing only."""
        seen, bent = self.offset[look], self.bent(lumbar_deg)
        off = seen - bent
        known = np.isfinite(off)
        if not known.any():
            return bent
        return np.asarray(np.where(known, seen, bent + np.interp(STATIONS, STATIONS[known], off[known])))


def back_curve(analysis: Analysis) -> BackCurve | None:
    """None where the outline told nothing about the back (``Signals.back``)."""
    signals = analysis.signals
    if signals.back is None or signals.back.reason is not None or LUMBAR not in signals.series:
        return None
    line = back_line(analysis.pose, signals.facing == "right")
    offset = read_back(line, load_model().covariance[:-2, :-2], shape=load_shape())
    ever = np.isfinite(offset).any(axis=0)
    middle = np.full(len(STATIONS), np.nan)
    middle[ever] = np.nanmedian(offset[:, ever], axis=0)
    return BackCurve(line, offset, middle)
