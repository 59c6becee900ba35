"""Bent knees in standing."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import held, knee_flexion_deg, of_holds, working
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees of flexion of the near knee; 0 straight, - bent backward."""
    return of_holds(
        recording,
        "standing_knee_deg",
        "deg",
        lambda hold: float(knee_flexion_deg(held(recording, hold), working(None, recording))),
    )
