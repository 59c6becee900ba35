"""Series cut into strides and stretched to 0-100 % of the stride, so that strides can be laid on top of each other.

::

    contact          toe-off                          next contact
       |----- stance ---|------------- swing --------------|
       0 %           toe_off_pct                         100 %
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline

from formcheck.records import BoolArray, FloatArray, Signals, Stride
from formcheck.skeleton import Side

PERCENT: FloatArray = np.linspace(0.0, 100.0, 101)
"""Where on the stride the columns of ``Cycles.values`` are."""


@dataclass(frozen=True)
class Cycles:
    """One series over the strides of one foot."""

    values: FloatArray
    """(n, 101) one row a stride, in time order; never NaN. (0, 101) without a usable stride."""
    toe_off_pct: FloatArray
    """(n,) when the foot leaves the ground, in per cent of the stride."""

    @property
    def mean(self) -> FloatArray:
        """(101,) mean over strides; NaN without a stride."""
        return self.values.mean(axis=0) if len(self.values) else np.full(len(PERCENT), np.nan)

    @property
    def sd(self) -> FloatArray:
        """(101,) SD over strides; NaN below two of them."""
        return self.values.std(axis=0, ddof=1) if len(self.values) > 1 else np.full(len(PERCENT), np.nan)


def cycles_of(signals: Signals, strides: Iterable[Stride], series: str, side: Side) -> Cycles:
    """Clean strides of ``side`` in which ``series`` was seen from contact to contact; cubic between frames.

    A series that is not there gives no strides.
    """
    time_s = signals.time_s
    values = signals.series.get(series, np.full(len(time_s), np.nan))
    seen = np.isfinite(values)
    usable = [s for s in strides if s.side == side and s.clean and _whole(time_s, seen, s)]
    if seen.sum() < 4 or not usable:
        return Cycles(np.empty((0, len(PERCENT))), np.empty(0))
    curve = CubicSpline(time_s[seen], values[seen])
    start = np.array([s.contact_s for s in usable])
    length = np.array([s.next_contact_s for s in usable]) - start
    lift = np.array([s.toe_off_s for s in usable]) - start
    times = start[:, None] + length[:, None] * PERCENT / 100.0
    return Cycles(np.asarray(curve(times), dtype=np.float64), 100.0 * lift / length)


def _whole(time_s: FloatArray, seen: BoolArray, stride: Stride) -> bool:
    """Whether the stride lies inside the clip and every frame of it, and one on either side, was seen."""
    first = int(np.searchsorted(time_s, stride.contact_s, side="right")) - 1
    last = int(np.searchsorted(time_s, stride.next_contact_s, side="left"))
    inside = first >= 0 and last < len(time_s) and stride.next_contact_s > stride.contact_s
    return inside and bool(seen[first : last + 1].all())
