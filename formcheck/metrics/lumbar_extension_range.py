"""Range of lumbar extension over the stride."""

from __future__ import annotations

from formcheck.metrics.push_off import over_stride
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees between the most and the least arched moment of the stride, from the outline of the back."""
    return over_stride(recording, "lumbar_extension_range_deg", "deg", "lumbar_extension_deg")
