"""Stride length: how far the belt runs in one stride."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.metrics.summary import not_measurable, whole_body
from formcheck.records import Measurement, Note, Recording
from formcheck.scale import BELT_SPEED_ERROR, estimated_belt_speed_mps

METRIC, UNIT = "stride_length_m", "m"


def measure(recording: Recording) -> list[Measurement]:
    """Metres: the belt's speed times the stride time; a treadmill's display may be off by some %.

    Where no speed was given but a height, the speed of the feet on the belt stands in, with less trust.
    """
    speed = recording.subject.belt_speed_mps
    if speed is not None:
        return _at(recording, speed)
    estimated = estimated_belt_speed_mps(recording)
    if estimated is None:
        return [not_measurable(METRIC, UNIT, None, Note("needs_belt_speed"))]
    return [_less_sure(m, estimated) for m in _at(recording, estimated)]


def _at(recording: Recording, speed_mps: float) -> list[Measurement]:
    return whole_body(recording, METRIC, UNIT, lambda stride: speed_mps * (stride.next_contact_s - stride.contact_s))


def _less_sure(measurement: Measurement, speed_mps: float) -> Measurement:
    if not isinstance(measurement.value, float) or measurement.uncertainty is None:
        return measurement
    by_speed = 1.96 * BELT_SPEED_ERROR
    details = {"speed": round(speed_mps, 1), "margin": round(by_speed * speed_mps, 1)}
    return replace(
        measurement,
        uncertainty=float(np.hypot(measurement.uncertainty, by_speed * measurement.value)),
        status="low_confidence",
        reason=Note("belt_speed_estimated", details),
    )
