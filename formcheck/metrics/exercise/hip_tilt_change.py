"""Asymmetric depth: how much the line between the hips tips at the bottom of a squat."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import level_deg, moment, of_reps, rest
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees of the hip line at the bottom less at the start; left hip higher +."""
    return of_reps(
        recording,
        "hip_tilt_change_deg",
        "deg",
        lambda rep: float(level_deg(moment(recording, rep.top_s), "hip") - level_deg(rest(recording, rep), "hip")),
    )
