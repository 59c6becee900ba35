"""Foot strike: which part of the foot lands first, with how likely that is."""

from __future__ import annotations

import math

from formcheck.metrics import foot_angle_at_contact
from formcheck.metrics.summary import not_measurable
from formcheck.records import Measurement, Note, Recording

METRIC, UNIT = "foot_strike", "class"
REARFOOT_ABOVE_DEG, FOREFOOT_BELOW_DEG = 8.0, -1.6
"""Borders of Altman & Davis 2012, 10.1016/j.gaitpost.2011.09.104."""


def measure(recording: Recording) -> list[Measurement]:
    """Class of the near foot from its angle at contact; ``probabilities`` follow from that angle's own error."""
    return [_classified(angle) for angle in foot_angle_at_contact.measure(recording)]


def _classified(angle: Measurement) -> Measurement:
    if not isinstance(angle.value, float) or angle.uncertainty is None:
        return not_measurable(METRIC, UNIT, angle.side, angle.reason or Note("not_seen"))
    sd = max(angle.uncertainty / 1.96, 0.5)
    rearfoot = 1.0 - _normal_below((REARFOOT_ABOVE_DEG - angle.value) / sd)
    forefoot = _normal_below((FOREFOOT_BELOW_DEG - angle.value) / sd)
    likely = {"rearfoot": rearfoot, "midfoot": max(0.0, 1.0 - rearfoot - forefoot), "forefoot": forefoot}
    best = max(likely, key=lambda name: likely[name])
    sure = likely[best] >= 0.7
    return Measurement(
        METRIC,
        angle.side,
        UNIT,
        best,
        n=angle.n,
        status=angle.status if sure else "low_confidence",
        reason=angle.reason if sure else Note("near_border"),
        times_s=angle.times_s,
        probabilities=likely,
    )


def _normal_below(z: float) -> float:
    return 0.5 * (1.0 + math.erf(z / math.sqrt(2.0)))
