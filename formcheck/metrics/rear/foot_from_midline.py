"""How far outward of the body's middle the standing foot is."""

from __future__ import annotations

from formcheck.metrics.rear.across import AtMidstance, per_side
from formcheck.records import Measurement, Recording

METRIC = "foot_from_midline_pct_leg"


def measure(recording: Recording) -> list[Measurement]:
    """Per cent of leg length for each foot: ankle outward of mid-hip's plumb line at midstance; negative: across it."""
    out = {sign: AtMidstance(recording, f"ankle_out_{side}_leg") for side, sign in (("left", 1.0), ("right", -1.0))}
    return per_side(recording, METRIC, "pct", lambda stride, sign: 100.0 * out[sign](stride))
