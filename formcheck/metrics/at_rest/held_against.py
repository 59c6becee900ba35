"""Running held against the same person standing quietly. Not a metric.

There are no rows at all where nobody was seen standing: that is an addition which a person may ask for. How sure it is
was measured on rendered people who run and stand (``accuracy_standing.toml``, ``python -m tests.accuracy.standing``).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from formcheck.metrics.push_off import ValueFrom, ValueOfStride, at_push_off, why_not
from formcheck.metrics.summary import Curve, not_measurable
from formcheck.records import BackAtRest, InputError, Measurement, Note, Recording, Signals, Stride
from formcheck.signals import build_signals
from formcheck.skeleton import SIDES

ValueAtRest = Callable[[Stride, Curve, BackAtRest], float]


def median_at_rest_deg(recording: Recording, series: str) -> float | None:
    """Median of a series while the person stands, told as in the running, the phone's turn taken out; None: unseen."""
    if recording.standing is None:
        return None
    try:
        standing = build_signals(recording.standing.pose)
    except InputError:
        return None
    values = standing.series[series]
    if not np.isfinite(values).any():
        return None
    return float(np.nanmedian(values)) + recording.signals.level_deg - standing.level_deg


def of_back(recording: Recording, metric: str, unit: str, value_of: ValueAtRest) -> list[Measurement]:
    """One measurement for each foot's push-off, of lumbar extension against the back in standing."""
    back = recording.signals.back
    if recording.standing is None:
        return []
    if back is None or back.at_rest is None:
        reason = why_not(recording) or Note("back_at_rest_hidden")
        return [not_measurable(metric, unit, side, reason) for side in SIDES]
    return at_push_off(recording, metric, unit, value_from(value_of, back.at_rest))


def value_from(value_of: ValueAtRest, rest: BackAtRest) -> ValueFrom:
    """How such a number is told from signals."""

    def from_signals(signals: Signals) -> ValueOfStride:
        lumbar = Curve(signals, "lumbar_extension_deg")
        return lambda stride: value_of(stride, lumbar, rest)

    return from_signals
