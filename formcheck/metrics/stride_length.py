"""Stride length: how far the belt runs in one stride."""

from __future__ import annotations

from formcheck.metrics.summary import not_measurable, whole_body
from formcheck.records import Measurement, Note, Recording

METRIC, UNIT = "stride_length_m", "m"


def measure(recording: Recording) -> list[Measurement]:
    """Metres: the belt's speed times the stride time. Needs the speed; a treadmill's display may be off by some %."""
    speed = recording.subject.belt_speed_mps
    if speed is None:
        return [not_measurable(METRIC, UNIT, None, Note("needs_belt_speed"))]
    return whole_body(recording, METRIC, UNIT, lambda stride: speed * (stride.next_contact_s - stride.contact_s))
