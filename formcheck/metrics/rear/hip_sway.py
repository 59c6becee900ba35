"""How far the hips travel from side to side within a stride."""

from __future__ import annotations

import numpy as np

from formcheck.metrics.rear.across import of_strides
from formcheck.metrics.summary import Curve
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Per cent of leg length: range of mid-hip's sideways path over a stride; slow wandering is left out."""
    path = Curve(recording.signals, "midhip_x_pct_leg")
    return [
        of_strides(
            recording,
            "hip_sway_pct_leg",
            "pct",
            None,
            recording.strides,
            lambda s: float(np.ptp(path.span(s.contact_s, s.next_contact_s))),
        )
    ]
