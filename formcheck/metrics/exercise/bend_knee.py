"""Knees in a forward bend: bent or straight."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import knee_flexion_deg, moment, of_reps, working
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees of flexion of the near knee at the lowest moment; 0 straight."""
    return of_reps(
        recording,
        "bend_knee_deg",
        "deg",
        lambda rep: float(knee_flexion_deg(moment(recording, rep.top_s), working(None, recording))),
    )
