"""Vertical oscillation of the middle of the hips, in centimetres."""

from __future__ import annotations

from dataclasses import replace

from formcheck.metrics import vertical_oscillation_leg
from formcheck.metrics.summary import error_sd_of, not_measurable
from formcheck.records import Measurement, Note, Recording
from formcheck.scale import leg_m

METRIC, UNIT = "vertical_oscillation_cm", "cm"


def measure(recording: Recording) -> list[Measurement]:
    """Centimetres, scaled by the leg's share of the body height; without a height by the belt's speed. Needs one."""
    scale = leg_m(recording)
    if scale is None:
        return [not_measurable(METRIC, UNIT, None, Note("needs_height"))]
    relative = vertical_oscillation_leg.measure(recording)[0]
    if not isinstance(relative.value, float) or relative.uncertainty is None or relative.spread is None:
        return [replace(relative, metric=METRIC, unit=UNIT)]
    systematic = 1.96 * error_sd_of(METRIC, recording.signals)
    return [
        replace(
            relative,
            metric=METRIC,
            unit=UNIT,
            value=relative.value * scale,
            spread=relative.spread * scale,
            uncertainty=max(relative.uncertainty * scale, systematic),
            values=tuple(value * scale for value in relative.values),
        )
    ]
