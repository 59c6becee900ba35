"""Squat depth: how far the thigh comes toward level at the bottom."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import moment, of_reps, thigh_forward_deg, working
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees of the near thigh against the vertical at the deepest moment; 90 is level, more is deeper."""
    return of_reps(
        recording,
        "squat_depth_deg",
        "deg",
        lambda rep: float(thigh_forward_deg(moment(recording, rep.top_s), working(None, recording))),
    )
