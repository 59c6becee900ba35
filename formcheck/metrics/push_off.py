"""What changes from midstance to push-off, and how sure that is where the back's outline tells it. Not a metric.

    midstance                       push-off (toe-off)
    ankle below the hips  ------->  the toe leaves the belt
          lumbar extension, pelvic tilt, hip extension: value there less value here

The uncertainty is that of ``summary.py``; what is the same for all strides (the strides are laid over one another to
find it, ``lumbar.py``) has no spread of its own. Where back and front tell different things, half of what they differ
by is one more error of their mean::

    uncertainty = sqrt(that of summary.py ** 2 + (1.96 * (told by the back - told by the front) / 2) ** 2)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from formcheck.lumbar import with_lumbar
from formcheck.metrics.summary import MIN_STRIDES, Curve, error_sd_of, not_measurable, of_strides, whole_body
from formcheck.records import FloatArray, Measurement, Note, Recording, Segment, Signals, Stride, stretch_of
from formcheck.skeleton import SIDES, Side

ValueOfStride = Callable[[Stride], float]
ValueFrom = Callable[[Signals], ValueOfStride]
"""How a stride's value is told from signals: these, or the same with lumbar extension as one half tells it."""
WANDERS_SHARE = 0.5
"""Of the SD of a number's error: what may change of it within one clip. The same person filmed twice, in other clothes
and another room, differed by some 2.0 deg (1.6 on average, 4 pairs, ``docs/lumbar.md``), each clip by 1.4: half of what
a clip is off by against truth. Within one clip it should be less; no study tells how much."""
LEAST_STRIDES = 2
"""Fewer than elsewhere: the back's cycle is laid through all looks; strides only tell when things happen."""


def midstance_s(signals: Signals, stride: Stride) -> float:
    """When the ankle passes under the hips; the middle of the contact where that was not seen."""
    return _ankle_under_hips_s(_ankle_ahead(signals, stride.side), stride)


def _ankle_ahead(signals: Signals, side: Side) -> Curve:
    return Curve(signals, f"ankle_ahead_{side}_pct_leg")


def _ankle_under_hips_s(ahead: Curve, stride: Stride) -> float:
    times = np.linspace(stride.contact_s, stride.toe_off_s, 60)
    path = ahead.at(times)
    behind = np.flatnonzero(path < 0)
    if len(behind) == 0 or behind[0] == 0:
        return float((stride.contact_s + stride.toe_off_s) / 2)
    return float(times[behind[0]])


def why_not(recording: Recording) -> Note | None:
    """Why the back's outline tells nothing about this recording; None where it does."""
    back = recording.signals.back
    return Note("needs_outline") if back is None else back.reason


def change_of(signals: Signals, series: str) -> ValueOfStride:
    """Push-off less midstance of a series; ``{side}`` in its name is the stride's."""
    curves = {side: Curve(signals, series.format(side=side)) for side in SIDES}
    ahead = {side: _ankle_ahead(signals, side) for side in SIDES}

    def change(stride: Stride) -> float:
        curve = curves[stride.side]
        return curve(stride.toe_off_s) - curve(_ankle_under_hips_s(ahead[stride.side], stride))

    return change


def at_push_off(recording: Recording, metric: str, unit: str, value_from: ValueFrom) -> list[Measurement]:
    """One measurement for each foot's push-off; the far leg's thigh is hidden at times, so it is trusted less."""
    reason, near = why_not(recording), recording.signals.near_side
    if reason:
        return [not_measurable(metric, unit, side, reason) for side in SIDES]
    rows = []
    value_of, halves = value_from(recording.signals), by_halves(recording, value_from)
    for side in SIDES:
        row = of_strides(recording, metric, unit, side, value_of, LEAST_STRIDES)
        row = over_time(_as_sure_as_halves_agree(row, recording, halves), recording, value_from)
        if side != near and row.status == "ok":
            row = replace(row, status="low_confidence", reason=Note("far_side"))
        rows.append(row)
    return rows


def over_stride(recording: Recording, metric: str, unit: str, series: str) -> list[Measurement]:
    """The range of a series over whole strides."""
    if reason := why_not(recording):
        return [not_measurable(metric, unit, None, reason)]

    def range_from(signals: Signals) -> ValueOfStride:
        curve = Curve(signals, series)
        return lambda stride: float(np.ptp(curve.span(stride.contact_s, stride.next_contact_s)))

    rows = whole_body(recording, metric, unit, range_from(recording.signals))
    halves = by_halves(recording, range_from)
    return [over_time(_as_sure_as_halves_agree(row, recording, halves), recording, range_from) for row in rows]


def by_halves(recording: Recording, value_from: ValueFrom) -> list[ValueOfStride]:
    """How a stride's value is told by the back alone and by the front alone, as far as each was seen."""
    back = recording.signals.back
    return [value_from(with_lumbar(recording.signals, half)) for half in back.halves_deg] if back else []


def over_time(row: Measurement, recording: Recording, value_from: ValueFrom) -> Measurement:
    """The measurement with its value in each stretch of a long clip, told from that stretch's own cycle."""
    back = recording.signals.back
    if back is None or back.over_time is None or not isinstance(row.value, float):
        return row
    told, foot = back.over_time, row.side or recording.signals.near_side
    strides = [stride for stride in recording.strides if stride.side == foot and stride.clean]
    ways = [told.lumbar_deg, *(told.lumbar_deg + error for error in told.errors_deg)]
    values = np.array([_values(value_from(with_lumbar(recording.signals, way)), strides) for way in ways])
    of = stretch_of(told.edges_s, np.array([s.contact_s for s in strides]))
    stretches = tuple(_stretch(row, values[:, of == i], *told.edges_s[i : i + 2]) for i in range(len(told.edges_s) - 1))
    wander = WANDERS_SHARE * error_sd_of(row.metric, recording.signals)
    return replace(row, stretches=stretches, may_wander=wander)


def _values(value_of: ValueOfStride, strides: list[Stride]) -> list[float]:
    return [value_of(stride) for stride in strides]


def _stretch(row: Measurement, values: FloatArray, start_s: float, end_s: float) -> Segment:
    """``values`` (1 + e, n) of its strides: as told, then with one error each."""
    values = values[:, np.isfinite(values).all(axis=0)]
    n, value, half_width = values.shape[1], None, None
    if n >= MIN_STRIDES:
        medians = np.median(values, axis=1)
        value = float(medians[0])
        scatter_var = (math.pi / 2) * float(values[0].var(ddof=1)) / n
        half_width = 1.96 * math.sqrt(scatter_var + float(np.sum((medians[1:] - value) ** 2)))
    return Segment(row.metric, row.side, row.unit, float(start_s), float(end_s), value, half_width, n)


def _as_sure_as_halves_agree(row: Measurement, recording: Recording, halves: list[ValueOfStride]) -> Measurement:
    if row.uncertainty is None:
        return row
    return replace(row, uncertainty=math.hypot(row.uncertainty, 1.96 * halves_sd(recording, row.side, halves)))


def halves_sd(recording: Recording, side: Side | None, halves: list[ValueOfStride]) -> float:
    """Half of what back and front differ by in a number, in its unit; 0 where only one of them was seen.

    ``side`` None: over the near foot's strides. Strides of which a half tells nothing are left out.
    """
    foot = side or recording.signals.near_side
    strides = [stride for stride in recording.strides if stride.side == foot and stride.clean]
    values = np.array([[value_of(stride) for stride in strides] for value_of in halves])
    told = values[:, np.isfinite(values).all(axis=0)] if len(halves) > 1 else np.empty((2, 0))
    return float(np.ptp(np.median(told, axis=1))) / 2 if told.size else 0.0
