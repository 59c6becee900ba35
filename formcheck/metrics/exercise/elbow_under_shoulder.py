"""Elbow under the shoulder in a plank."""

from __future__ import annotations

from formcheck.metrics.by_repetition import of_hold
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Elbow ahead of the shoulder (towards the head +), per cent of the trunk's length, median over the hold."""
    series = recording.signals.series
    ahead = 100.0 * (series["elbow_x_trunk"] - series["shoulder_x_trunk"])
    return [of_hold(recording, "elbow_under_shoulder_pct", "pct", ahead, ("elbow", "shoulder"))]
