"""Left against right, stride against stride, and the clip's end against its beginning, for every measurement.

* asymmetry: left less right, where both feet were measured. Its error is that of both sides together.
* variability: SD from stride to stride. It holds the scatter of measuring too, so it is an upper limit: below 100
  frames a second much of what the timing shows is the camera's.
* drift: straight line through the strides' values, change per minute (ordinary least squares, 95 % interval of the
  slope by Student's t). Constant errors of measuring fall out of it.

In no direction is variability bad by itself: studies of runners with back pain found more of it and less of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.stats import linregress, t

from formcheck.records import Comparison, Measurement, Note

MIN_STRIDES_FOR_DRIFT = 8
MIN_SPAN_FOR_DRIFT_S = 6.0
MIN_RATE_FOR_TIMING_HZ = 100.0


def compare(measurements: Sequence[Measurement], frame_rate_hz: float) -> tuple[Comparison, ...]:
    """Every comparison the measurements allow, in their order; classes and missing numbers give none."""
    found: list[Comparison] = []
    for m in measurements:
        if isinstance(m.value, float) and m.spread is not None and m.values:
            found += [_variability(m, m.spread, frame_rate_hz), _drift(m)]
    return (*_asymmetries(measurements), *found)


def _asymmetries(measurements: Sequence[Measurement]) -> list[Comparison]:
    by_side = {(m.metric, m.side): m for m in measurements if isinstance(m.value, float)}
    return [
        _asymmetry(left, by_side[metric, "right"])
        for (metric, side), left in by_side.items()
        if side == "left" and (metric, "right") in by_side
    ]


def _asymmetry(left: Measurement, right: Measurement) -> Comparison:
    assert isinstance(left.value, float)
    assert isinstance(right.value, float)
    return Comparison(
        "asymmetry",
        left.metric,
        None,
        left.unit,
        left.value - right.value,
        math.hypot(left.uncertainty or 0.0, right.uncertainty or 0.0),
        min(left.n, right.n),
    )


def _variability(m: Measurement, spread: float, frame_rate_hz: float) -> Comparison:
    coarse = m.unit == "s" and frame_rate_hz < MIN_RATE_FOR_TIMING_HZ
    return Comparison(
        "variability",
        m.metric,
        m.side,
        m.unit,
        spread,
        1.96 * spread / math.sqrt(2.0 * max(m.n - 1, 1)),
        m.n,
        "low_confidence" if coarse else "ok",
        Note("frame_rate_too_low", {"rate": round(frame_rate_hz)}) if coarse else None,
    )


def _drift(m: Measurement) -> Comparison:
    """Change per minute, in the measurement's unit."""
    times, values = np.asarray(m.times_s), np.asarray(m.values)
    if len(values) < MIN_STRIDES_FOR_DRIFT or np.ptp(times) < MIN_SPAN_FOR_DRIFT_S:
        reason = Note("too_few_strides", {"n": len(values), "needed": MIN_STRIDES_FOR_DRIFT})
        return Comparison("drift", m.metric, m.side, m.unit, None, None, len(values), "not_measurable", reason)
    line = linregress(times, values)
    half_width = float(t.ppf(0.975, len(values) - 2)) * float(line.stderr)
    return Comparison("drift", m.metric, m.side, m.unit, 60.0 * float(line.slope), 60.0 * half_width, len(values))
