"""Steps in ten kilometres: how often a small habit is repeated."""

from __future__ import annotations

from dataclasses import replace

from formcheck.metrics import stride_length
from formcheck.metrics.summary import not_measurable
from formcheck.records import Measurement, Note, Recording

METRIC, UNIT = "steps_in_10_km", "steps"
TEN_KM_M, STEPS_A_STRIDE = 10_000.0, 2


def measure(recording: Recording) -> list[Measurement]:
    """Steps of both feet at this clip's stride length, and as sure as that; another speed has another number."""
    (stride,) = stride_length.measure(recording)
    if not isinstance(stride.value, float) or stride.uncertainty is None or stride.value <= 0:
        return [not_measurable(METRIC, UNIT, None, stride.reason or Note("needs_belt_speed"))]
    steps = STEPS_A_STRIDE * TEN_KM_M / stride.value
    per_m = steps / stride.value
    return [
        replace(
            stride,
            metric=METRIC,
            unit=UNIT,
            value=steps,
            spread=None if stride.spread is None else per_m * stride.spread,
            uncertainty=per_m * stride.uncertainty,
            values=tuple(STEPS_A_STRIDE * TEN_KM_M / value for value in stride.values),
        )
    ]
