"""Left against right, stride against stride, and the clip's end against its beginning, for every measurement.

* asymmetry: left less right, where both feet were measured. Its error is that of both sides together.
* variability: SD from stride to stride. It holds the scatter of measuring too, so it is an upper limit: below 100
  frames a second much of what the timing shows is the camera's.
* drift: straight line through the clip, change per minute (ordinary least squares, 95 % interval of the slope by
  Student's t). Constant errors of measuring fall out of it. From forty strides on the line goes through the medians
  of 5 to 12 equal stretches: neighbouring strides are alike (Hausdorff et al. 1995,
  doi:10.1152/jappl.1995.78.1.349), and an interval that took each for new evidence would be too narrow. Below forty
  strides it is too narrow by that much.
* segments: a long clip in equal stretches, each with its own median.

Numbers of the back (``LAID_TOGETHER``) have no variability: what strides differ by is not in them. From two minutes on
their drift is the line through the clip's stretches, each with a cycle of its own (``back_over_time.py``); what may
wander within the clip without the person's doing is counted at both ends of the line.
In no direction is variability bad by itself: studies of runners with back pain found more of it and less of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np
from scipy.special import stdtrit

from formcheck.records import Comparison, FloatArray, Measurement, Note, Segment, stretch_of

COMPARED: tuple[str, ...] = ("asymmetry", "drift", "variability")
"""In the order in which they are told."""
LAID_TOGETHER = frozenset(
    {
        "hip_extension_change_deg",
        "lumbar_extension_change_deg",
        "lumbar_extension_range_deg",
        "lumbar_share_pct",
        "pelvic_tilt_range_deg",
    }
)
"""Numbers told from one cycle laid through all strides (``lumbar.py``): alike at each stride by construction, even
where the person changed."""
MIN_STRIDES_FOR_DRIFT = 8
MIN_SPAN_FOR_DRIFT_S = 6.0
STRIDES_PER_BLOCK, MIN_BLOCKS, MAX_BLOCKS = 8, 5, 12
MIN_RATE_FOR_TIMING_HZ = 100.0
SIDES_ALIKE = {"standing_unknown_reason"}
"""Reasons for less trust that leave nothing of the difference between the sides."""
MIN_SPAN_FOR_SEGMENTS_S = 120.0
SEGMENT_LENGTHS_S = (30.0, 60.0, 120.0, 300.0, 600.0)
"""The shortest that gives no more than ``MAX_SEGMENTS`` is taken."""
MAX_SEGMENTS = 30
MIN_STRIDES_PER_SEGMENT = 4
MIN_STRETCHES_FOR_DRIFT = 4


def compare(measurements: Sequence[Measurement], frame_rate_hz: float) -> tuple[Comparison, ...]:
    """Every comparison the measurements allow, in their order; classes and missing numbers give none."""
    found: list[Comparison] = []
    for m in measurements:
        if m.metric in LAID_TOGETHER and isinstance(m.value, float):
            found += [_untold(m, "variability", "one_cycle_for_all"), _drift_of_stretches(m)]
        elif isinstance(m.value, float) and m.spread is not None and m.values:
            found += [_variability(m, m.spread, frame_rate_hz), _drift(m)]
    return (*asymmetries(measurements), *found)


def notable(comparisons: Iterable[Comparison]) -> list[Comparison]:
    """Differences between the sides, and drifts over forty strides or more, that are larger than their error.

    One in twenty 95 % intervals misses zero by chance, and a clip has dozens: the intervals are widened so that all of
    a kind together are right 95 times in 100 (Bonferroni). Variability has no zero to be held against.
    """
    known = [c for c in comparisons if c.kind != "variability" and c.status == "ok" and c.uncertainty is not None]
    counts = {kind: sum(c.kind == kind for c in known) for kind in ("asymmetry", "drift")}
    return [c for c in known if _is_beyond_error(c, counts[c.kind])]


def _is_beyond_error(comparison: Comparison, n_compared: int) -> bool:
    if comparison.value is None or comparison.uncertainty is None:
        return False
    if comparison.kind == "drift" and comparison.metric not in LAID_TOGETHER and _n_blocks(comparison.n) == 0:
        return False
    # the error of a difference between the sides is mostly that of measuring, known from many clips
    freedom = _freedom(comparison) if comparison.kind == "drift" else math.inf
    wider = float(stdtrit(freedom, 1 - 0.025 / n_compared) / stdtrit(freedom, 0.975))
    return abs(comparison.value) > wider * comparison.uncertainty


# -------------------------------------------------------------------------------------------- the three comparisons


def asymmetries(measurements: Sequence[Measurement]) -> list[Comparison]:
    """Left less right of every number that is there of both sides."""
    by_side = {(m.metric, m.side): m for m in measurements if isinstance(m.value, float)}
    return [
        _asymmetry(left, by_side[metric, "right"])
        for (metric, side), left in by_side.items()
        if side == "left" and (metric, "right") in by_side
    ]


def _asymmetry(left: Measurement, right: Measurement) -> Comparison:
    assert isinstance(left.value, float)
    assert isinstance(right.value, float)
    doubtful = next((m for m in (left, right) if m.status != "ok"), None)
    if doubtful and doubtful.reason and doubtful.reason.code in SIDES_ALIKE:
        n = min(left.n, right.n)
        return Comparison("asymmetry", left.metric, None, left.unit, None, None, n, "not_measurable", doubtful.reason)
    return Comparison(
        "asymmetry",
        left.metric,
        None,
        left.unit,
        left.value - right.value,
        math.hypot(left.uncertainty or 0.0, right.uncertainty or 0.0),
        min(left.n, right.n),
        "ok" if doubtful is None else doubtful.status,
        None if doubtful is None else doubtful.reason,
    )


def _untold(m: Measurement, kind: Literal["variability", "drift"], why: str) -> Comparison:
    return Comparison(kind, m.metric, m.side, m.unit, None, None, m.n, "not_measurable", Note(why))


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
    span_s = float(np.ptp(times)) if len(times) else 0.0
    if len(values) < MIN_STRIDES_FOR_DRIFT or span_s < MIN_SPAN_FOR_DRIFT_S:
        reason = Note("too_few_strides", {"n": len(values), "needed": MIN_STRIDES_FOR_DRIFT})
        return Comparison("drift", m.metric, m.side, m.unit, None, None, len(values), "not_measurable", reason)
    slope, error = line_through(*_blocks(times, values))
    half_width = float(stdtrit(_drift_freedom(len(values)), 0.975)) * error
    per_minute = 60.0 * slope
    return Comparison(
        "drift", m.metric, m.side, m.unit, per_minute, 60.0 * half_width, len(values), m.status, m.reason, span_s
    )


def _drift_of_stretches(m: Measurement) -> Comparison:
    """Of a number of the back. Its ``n`` is that of the stretches that tell it."""
    told = [(s, s.value) for s in m.stretches if s.value is not None]
    if len(told) < MIN_STRETCHES_FOR_DRIFT:
        return _untold(m, "drift", "back_seen_too_seldom" if m.stretches else "back_needs_two_minutes")
    times = np.array([(s.start_s + s.end_s) / 2 for s, _ in told])
    slope, error = line_through(times, np.array([value for _, value in told]))
    span_s = float(np.ptp(times))
    scatter = float(stdtrit(len(told) - 2, 0.975)) * error * span_s
    change = math.hypot(scatter, 1.96 * math.sqrt(2.0) * m.may_wander)
    per_minute = 60.0 / span_s
    return Comparison(
        "drift", m.metric, m.side, m.unit, 60.0 * slope, per_minute * change, len(told), m.status, m.reason, span_s
    )


def line_through(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    """Slope of the straight line of least squares through points (n >= 3), and its standard error.

    To the last digit what ``scipy.stats.linregress`` says, whose import takes longer than all else done here; 0 where
    that says NaN, of points at one height.
    """
    of_x, of_both, _, of_y = np.cov(x, y, bias=True).flat
    r = 0.0 if of_y == 0.0 else float(np.clip(of_both / np.sqrt(of_x * of_y), -1.0, 1.0))
    return float(of_both / of_x), float(np.sqrt((1.0 - r**2) * of_y / of_x / (len(x) - 2)))


def _blocks(times: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean time and median of equally many strides each; the strides themselves where there are few."""
    n_blocks = _n_blocks(len(values))
    if n_blocks == 0:
        return times, values
    parts = np.array_split(np.argsort(times), n_blocks)
    return np.array([times[part].mean() for part in parts]), np.array([np.median(values[part]) for part in parts])


def _n_blocks(n: int) -> int:
    """Of n strides; 0 where they are too few to be put together."""
    n_blocks = min(n // STRIDES_PER_BLOCK, MAX_BLOCKS)
    return n_blocks if n_blocks >= MIN_BLOCKS else 0


def _freedom(drift: Comparison) -> int:
    return drift.n - 2 if drift.metric in LAID_TOGETHER else _drift_freedom(drift.n)


def _drift_freedom(n: int) -> int:
    """Degrees of freedom of the line through n strides."""
    return (_n_blocks(n) or n) - 2


# ----------------------------------------------------------------------------------------------------- segments


def segments(measurements: Sequence[Measurement]) -> tuple[Segment, ...]:
    """Every number of a clip of two minutes or more in equal stretches of time, metric by metric; else nothing."""
    numbers = [m for m in measurements if isinstance(m.value, float) and m.values]
    by_stride = [m for m in numbers if m.metric not in LAID_TOGETHER]
    times = [time for m in by_stride for time in m.times_s]
    if not times or max(times) - min(times) < MIN_SPAN_FOR_SEGMENTS_S:
        return ()
    edges_s = stretch_edges_s(min(times), max(times))
    return tuple(
        segment for m in numbers for segment in (m.stretches if m.metric in LAID_TOGETHER else _segments_of(m, edges_s))
    )


def stretch_edges_s(start_s: float, end_s: float) -> FloatArray:
    """(b + 1,) of the equal stretches of a clip that long; for less than two minutes there are none."""
    span_s = end_s - start_s
    length_s = next((s for s in SEGMENT_LENGTHS_S if span_s / s <= MAX_SEGMENTS), span_s / MAX_SEGMENTS)
    return np.linspace(start_s, end_s, round(span_s / length_s) + 1)


def _segments_of(m: Measurement, edges_s: FloatArray) -> list[Segment]:
    times, values = np.asarray(m.times_s), np.asarray(m.values)
    of = stretch_of(edges_s, times)
    return [_segment(m, values[of == i], *edges_s[i : i + 2]) for i in range(len(edges_s) - 1)]


def _segment(m: Measurement, values: FloatArray, start_s: float, end_s: float) -> Segment:
    n, value, half_width = len(values), None, None
    if n >= MIN_STRIDES_PER_SEGMENT:
        value = float(np.median(values))
        sd = float(values.std(ddof=1))
        half_width = float(stdtrit(n - 1, 0.975)) * math.sqrt(math.pi / 2 / n) * sd
    return Segment(m.metric, m.side, m.unit, float(start_s), float(end_s), value, half_width, n)
