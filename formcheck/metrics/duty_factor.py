"""Duty factor: the share of the stride a foot is on the ground."""

from __future__ import annotations

from formcheck.metrics.summary import per_side
from formcheck.records import Measurement, Recording, Stride


def measure(recording: Recording) -> list[Measurement]:
    """Percent of the stride time, each foot. Above 50 there is no flight: the person walks."""

    def duty(stride: Stride) -> float:
        return 100.0 * (stride.toe_off_s - stride.contact_s) / (stride.next_contact_s - stride.contact_s)

    return per_side(recording, "duty_factor_pct", "pct", duty)
