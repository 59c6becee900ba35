"""Vertical oscillation of the middle of the hips, in percent of leg length."""

from __future__ import annotations

import numpy as np

from formcheck.metrics.summary import Curve, whole_body
from formcheck.records import Measurement, Recording, Stride


def measure(recording: Recording) -> list[Measurement]:
    """Percent of leg length: highest less lowest within each half of the stride, mean of the two halves.

    A straight line through the stride's ends is taken off first, so that a camera or runner drifting up or down adds
    nothing. The hips' middle moves a little more than the body's centre of mass.
    """
    height = Curve(recording.signals, "midhip_height_pct_leg")

    def oscillation(stride: Stride) -> float:
        path = height.span(stride.contact_s, stride.next_contact_s)
        if len(path) < 6:
            return float("nan")
        path = path - np.linspace(path[0], path[-1], len(path))
        half = len(path) // 2
        return float((np.ptp(path[: half + 1]) + np.ptp(path[half:])) / 2)

    return whole_body(recording, "vertical_oscillation_pct_leg", "pct", oscillation)
