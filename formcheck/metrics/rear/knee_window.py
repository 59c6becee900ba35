"""How much room there is between the knees at midstance."""

from __future__ import annotations

from formcheck.metrics.rear.across import AtMidstance, per_side
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Per cent of the distance between the hip joints for each standing foot: knee joints apart at midstance, across.

    The joints lie inside the knees: below some 50 per cent the knees touch.
    """
    apart = AtMidstance(recording, "knees_apart_pct")
    return per_side(recording, "knee_window_pct", "pct", lambda stride, sign: apart(stride))
