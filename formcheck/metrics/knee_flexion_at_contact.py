"""Knee flexion at contact."""

from __future__ import annotations

from formcheck.metrics.summary import Curve, landing_s, near_side
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees of the near knee at contact, 0 straight, flexion +."""
    knee = Curve(recording.signals, f"knee_flexion_{recording.signals.near_side}_deg")
    signals = recording.signals
    return near_side(recording, "knee_flexion_at_contact_deg", "deg", lambda stride: knee(landing_s(signals, stride)))
