"""How far the pelvis drops on the side of the lifted leg at midstance."""

from __future__ import annotations

from collections.abc import Callable

from formcheck.metrics.rear.across import AtMidstance, corrected, per_side
from formcheck.records import Measurement, Recording, Stride

METRIC = "pelvic_drop_deg"


def measure(recording: Recording) -> list[Measurement]:
    """Degrees for each standing foot at midstance, lifted side lower +."""
    line = AtMidstance(recording, "pelvis_tilt_deg")
    return per_side(recording, METRIC, "deg", lambda stride, sign: sign * line(stride))


def drop_of(recording: Recording) -> Callable[[Stride, float], float]:
    """Corrected drop of one stride of the side with that sign, degrees."""
    line = AtMidstance(recording, "pelvis_tilt_deg")
    return lambda stride, sign: corrected(METRIC, recording.view, sign * line(stride))
