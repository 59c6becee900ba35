"""Knee angle at the top of a hip lift."""

from __future__ import annotations

from formcheck.metrics.by_repetition import at_top, of_reps
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees, 180 straight; of the leg that stays down."""
    flexion = recording.signals.series["planted_knee_flexion_deg"]
    return [
        of_reps(
            recording,
            "knee_angle_deg",
            "deg",
            lambda rep: 180.0 - at_top(recording.signals, flexion, rep),
            ("hip", "knee", "ankle"),
        )
    ]
