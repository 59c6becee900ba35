"""Contact time: from a foot's contact to its toe-off."""

from __future__ import annotations

from formcheck.metrics.summary import per_side
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Seconds, each foot. Below 45 frames a second read the median only, never a single stride."""
    return per_side(recording, "contact_time_s", "s", lambda stride: stride.toe_off_s - stride.contact_s)
