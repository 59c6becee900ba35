"""Range of pelvic tilt over the stride."""

from __future__ import annotations

from formcheck.metrics.push_off import over_stride
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees between the most and the least forward tilt: trunk lean plus lumbar extension."""
    return over_stride(recording, "pelvic_tilt_range_deg", "deg", "pelvic_tilt_deg")
