"""Vertical oscillation of the middle of the hips, in centimetres."""

from __future__ import annotations

from dataclasses import replace

from formcheck.metrics import vertical_oscillation_leg
from formcheck.metrics.summary import error_sd_of, not_measurable
from formcheck.records import Measurement, Note, Recording

METRIC, UNIT = "vertical_oscillation_cm", "cm"
LEG_PER_HEIGHT = 0.491
"""Hip to ankle over body height: Winter 2009 (0.530 - 0.039), an average from which people differ by some 3 %."""


def measure(recording: Recording) -> list[Measurement]:
    """Centimetres, scaled by the leg's share of the body height given. Needs the height."""
    height_cm = recording.subject.height_cm
    if height_cm is None:
        return [not_measurable(METRIC, UNIT, None, Note("needs_height"))]
    relative = vertical_oscillation_leg.measure(recording)[0]
    if not isinstance(relative.value, float) or relative.uncertainty is None or relative.spread is None:
        return [replace(relative, metric=METRIC, unit=UNIT)]
    scale = LEG_PER_HEIGHT * height_cm / 100.0
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
