"""How far the pelvis drops on the side of the lifted leg at midstance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from formcheck.frontal import tilt_at_rest_deg
from formcheck.metrics.rear.across import AtMidstance, corrected, per_side
from formcheck.pelvis import tilt_deg
from formcheck.records import Measurement, Note, Recording, Stride

METRIC = "pelvic_drop_deg"
UNKNOWN_TILT_SD_DEG = 2.0
"""How far pelvis and phone together are from level where nobody was seen standing; this project's own guess."""


def measure(recording: Recording) -> list[Measurement]:
    """Degrees for each standing foot at midstance, lifted side lower +; the tilt in quiet standing is subtracted.

    Without standing it is against the picture's horizontal, with a wider interval.
    """
    line = AtMidstance(recording, "pelvis_tilt_deg")
    rest_deg = rest_tilt_deg(recording)
    found = per_side(recording, METRIC, "deg", lambda stride, sign: sign * (line(stride) - rest_deg))
    return found if recording.standing is not None else [_less_sure(measurement) for measurement in found]


def rest_tilt_deg(recording: Recording) -> float:
    """Tilt of the hip line in quiet standing, left end up +, as the running's is read; 0 where nobody stood."""
    return 0.0 if recording.standing is None else tilt_at_rest_deg(recording.standing, tilt_deg)


def drop_of(recording: Recording) -> Callable[[Stride, float], float]:
    """Corrected drop against the picture of one stride of the side with that sign, degrees."""
    line = AtMidstance(recording, "pelvis_tilt_deg")
    return lambda stride, sign: corrected(METRIC, recording.view, sign * line(stride))


def _less_sure(measurement: Measurement) -> Measurement:
    if measurement.uncertainty is None:
        return measurement
    wider = float(np.hypot(measurement.uncertainty, 1.96 * UNKNOWN_TILT_SD_DEG))
    return replace(measurement, uncertainty=wider, status="low_confidence", reason=Note("standing_unknown"))
