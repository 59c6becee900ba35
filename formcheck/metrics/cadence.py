"""Cadence: steps of both feet in a minute."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.events import off_beat, stride_times_s, well_seen
from formcheck.geometry import NORMAL_MEDIAN
from formcheck.metrics.summary import MIN_STRIDES, error_sd_of, not_measurable
from formcheck.records import Event, FloatArray, Measurement, Note, Recording, Signals
from formcheck.skeleton import SIDES

METRIC, UNIT = "cadence_spm", "spm"
MOST_UNEVEN = 0.06
"""Robust SD of the strides' times over their median; the errors of timing alone make 0.03 at 30 pictures a second."""
ANOTHER_TIME, MOST_IN_ANOTHER = 0.12, 0.25
"""A stride so far from the median keeps another time, and where more than this share do, which of the two is the
runner's cannot be known."""
MAX_DISAGREEMENT = 0.03
"""Of the rate of contacts and the rate at which the legs swing: beyond it the contacts are not believed."""


def measure(recording: Recording) -> list[Measurement]:
    """Two steps a stride over the mean stride time of the clean strides of both feet, in steps per minute.

    Each stride's timing error enters the next stride with the other sign, so the error of the mean falls with n, not
    with its root. True for steady running; a clip in which speed changes gives the mean.
    """
    if recording.view in ("rear", "front"):
        return [_from_toe_offs(recording)]
    strides = [stride for stride in recording.strides if stride.clean]
    times = stride_times_s(strides)
    if len(times) < MIN_STRIDES:
        return [_from_swing(recording.signals, len(times))]
    value = 120.0 / float(times.mean())
    event_sd_s = error_sd_of("contact_event_s", recording.signals, recording.view)
    mean_error_s = float(np.sqrt(2.0)) * event_sd_s / (len(times) / 2)
    by_swing = 120.0 * (recording.signals.stride_rate_hz or value / 120.0)
    agreed = abs(by_swing - value) <= MAX_DISAGREEMENT * value
    error = max(_half_width(recording, value * mean_error_s / float(times.mean())), abs(by_swing - value))
    cadence = Measurement(
        METRIC,
        None,
        UNIT,
        value if agreed else by_swing,
        spread=float((120.0 / times).std(ddof=1)),
        n=len(times),
        uncertainty=error,
        status="ok" if agreed else "low_confidence",
        reason=None if agreed else Note("landmarks_doubtful"),
        values=tuple((120.0 / times).tolist()),
        times_s=tuple(stride.contact_s for stride in strides),
    )
    return [_as_even(cadence, stride_times_s(well_seen(recording.strides, recording.signals)))]


def _from_toe_offs(recording: Recording) -> Measurement:
    """From behind and in front: least squares through all toe-offs, whose times scatter least there.

    Each foot has a line of its own with the same slope: one foot's moments may be read late by more than the other's.
    """
    offs = [event for event in recording.events if event.kind == "toe_off" and event.side is not None]
    times = np.array([event.time_s for event in offs])
    if len(times) < 2 * MIN_STRIDES:
        return _from_swing(recording.signals, len(times))
    columns, strides_s = _strides_counted(
        offs, recording.signals.stride_rate_hz or 0.5 / float(np.median(np.diff(times)))
    )
    found = np.linalg.lstsq(columns, times, rcond=None)[0]
    scatter_s = float(np.sqrt(np.sum((times - columns @ found) ** 2) / max(len(times) - columns.shape[1], 1)))
    error_s = scatter_s * float(np.sqrt(np.linalg.inv(columns.T @ columns)[-1, -1])) / 2.0
    step_s = float(found[-1]) / 2.0
    value = 60.0 / step_s
    cadence = Measurement(
        METRIC,
        None,
        UNIT,
        value,
        spread=float(np.std(60.0 / np.diff(times), ddof=1)),
        n=len(times),
        uncertainty=_half_width(recording, value * error_s / step_s),
        values=tuple((60.0 / np.diff(times)).tolist()),
        times_s=tuple(times[:-1].tolist()),
    )
    return _as_even(cadence, strides_s)


def _as_even(cadence: Measurement, strides_s: FloatArray) -> Measurement:
    """The cadence with less trust where strides of (n,) seconds have no rhythm in common, or too many have another."""
    off = np.abs(strides_s / float(np.median(strides_s)) - 1.0)
    uneven, others = float(np.median(off)) / NORMAL_MEDIAN, float((off > ANOTHER_TIME).mean())
    if (uneven <= MOST_UNEVEN and others <= MOST_IN_ANOTHER) or not isinstance(cadence.value, float):
        return cadence
    error = max(cadence.uncertainty or 0.0, 1.96 * max(uneven, float(off.std())) * cadence.value)
    return replace(cadence, uncertainty=error, status="low_confidence", reason=Note("uneven_rhythm"))


def _half_width(recording: Recording, timing_sd_spm: float) -> float:
    """Half-width of the 95 % interval: what the timing is off by together with what cadence was off by in clips."""
    return 1.96 * float(np.hypot(timing_sd_spm, error_sd_of(METRIC, recording.signals, recording.view)))


def _strides_counted(events: list[Event], stride_hz: float) -> tuple[FloatArray, FloatArray]:
    """(n, k + 1): for each event which foot's it is, and how many of its strides came before it; and how long each of
    these took, seconds.

    Where a foot loses the rhythm, as where the clip is cut or paused, it is counted as another foot from there on.
    """
    feet: list[FloatArray] = []
    counted, taken = np.zeros(len(events)), []
    for side in SIDES:
        own = np.flatnonzero([event.side == side for event in events])
        apart_s = np.diff([events[i].time_s for i in own])
        # a moment that was not seen leaves a gap of two strides
        strides = np.maximum(np.rint(apart_s * stride_hz), 1)
        counted[own] = np.concatenate([[0.0], np.cumsum(strides)])[: len(own)]
        parts = np.split(own, np.flatnonzero(off_beat(apart_s / strides)) + 1)
        feet += [np.isin(np.arange(len(events)), part).astype(np.float64) for part in parts if len(part)]
        taken.append(apart_s / strides)
    return np.column_stack([*feet, counted]), np.concatenate(taken)


def _from_swing(signals: Signals, n: int) -> Measurement:
    """Where too few strides are clean: the rate at which the legs swing, which survives bad frames, with less trust."""
    if signals.stride_rate_hz is None:
        return not_measurable(METRIC, UNIT, None, Note("too_few_strides", {"n": n, "needed": MIN_STRIDES}))
    value = 120.0 * signals.stride_rate_hz
    span_s = float(signals.time_s[-1] - signals.time_s[0])
    return Measurement(
        METRIC,
        None,
        UNIT,
        value,
        n=n,
        uncertainty=60.0 / span_s,
        status="low_confidence",
        reason=Note("landmarks_doubtful"),
    )
