"""Trunk at the bottom of a single-leg deadlift: how far it tips forward."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import moment, of_reps, trunk_lean_deg
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees from upright at the deepest moment; 90 is level. The side is that of the leg stood on."""
    return of_reps(
        recording,
        "deadlift_trunk_deg",
        "deg",
        lambda rep: float(trunk_lean_deg(moment(recording, rep.top_s))),
        per_side=True,
    )
