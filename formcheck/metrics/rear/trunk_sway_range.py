"""How far the trunk swings from side to side within a stride."""

from __future__ import annotations

import numpy as np

from formcheck.metrics.rear.across import of_strides
from formcheck.metrics.summary import Curve
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees: largest less smallest side lean of the trunk over a stride, both feet's strides.

    The lean is that learned from all joints (``pelvis.py``): shoulders over hips alone followed the truth with r 0.4.
    """
    lean = Curve(recording.signals, "trunk_sway_deg")
    return [
        of_strides(
            recording,
            "trunk_sway_range_deg",
            "deg",
            None,
            recording.strides,
            lambda s: float(np.ptp(lean.span(s.contact_s, s.next_contact_s))),
        )
    ]
