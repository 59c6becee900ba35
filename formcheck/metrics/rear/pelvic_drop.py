"""How far the pelvis drops on the side of the lifted leg at midstance."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from formcheck.frontal import tilt_at_rest_deg
from formcheck.metrics.rear.across import CORRECTED, AtMidstance, estimated, per_side
from formcheck.metrics.summary import Curve, uncertainty
from formcheck.pelvis import tilt_deg
from formcheck.records import FloatArray, Measurement, Note, Recording

METRIC = "pelvic_drop_deg"
WITHOUT_STANDING = "pelvic_drop_without_standing_deg"
"""Its row in ``accuracy_rear.toml``: the error where a tilt at rest is not known."""


def measure(recording: Recording) -> list[Measurement]:
    """Degrees for each standing foot at midstance, lifted side lower +; the tilt in quiet standing is subtracted.

    Without standing the mean tilt over the strides is: how far both sides drop is still told, which drops further
    hardly is.
    """
    line = AtMidstance(recording, "pelvis_tilt_deg")
    rest_deg = rest_tilt_deg(recording)
    found = per_side(recording, METRIC, "deg", lambda stride, sign: sign * (line(stride) - rest_deg))
    return [estimated(m) if recording.standing is not None else _less_sure(m, recording) for m in found]


def pelvis_line_deg(recording: Recording) -> FloatArray:
    """(m,) the pelvis against the level as the numbers have it, left end up +: less its tilt at rest, and corrected."""
    gain, _ = CORRECTED[METRIC][recording.view]
    return gain * (recording.signals.series["pelvis_tilt_deg"] - rest_tilt_deg(recording))


def rest_tilt_deg(recording: Recording) -> float:
    """Tilt of the hip line that counts as level, left end up +: in quiet standing, else the mean over whole strides."""
    if recording.standing is not None:
        return tilt_at_rest_deg(recording.standing, tilt_deg)
    line = Curve(recording.signals, "pelvis_tilt_deg")
    means = [float(line.span(s.contact_s, s.next_contact_s).mean()) for s in recording.strides if s.clean]
    means = [mean for mean in means if math.isfinite(mean)]
    return float(np.median(means)) if means else 0.0


def _less_sure(found: Measurement, recording: Recording) -> Measurement:
    if found.value is None:
        return found
    wider = uncertainty(WITHOUT_STANDING, recording.signals, found.spread or 0.0, found.n, recording.view)
    return replace(found, uncertainty=wider, status="low_confidence", reason=Note("standing_unknown_reason"))
