"""Trunk lean range: how far the trunk pitches to and fro within a stride."""

from __future__ import annotations

import numpy as np

from formcheck.metrics.summary import Curve, whole_body
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees, largest less smallest lean of each stride. Jitter of the landmarks adds to it, never takes away."""
    lean = Curve(recording.signals, "trunk_lean_deg")
    return whole_body(
        recording,
        "trunk_lean_range_deg",
        "deg",
        lambda stride: float(np.ptp(lean.span(stride.contact_s, stride.next_contact_s))),
    )
