"""Trunk against shin: how much further forward the trunk leans than the shin at the bottom of a squat."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import moment, of_reps, shin_lean_deg, trunk_lean_deg, working
from formcheck.records import Measurement, Recording, Repetition


def measure(recording: Recording) -> list[Measurement]:
    """Degrees, trunk lean less the near shin's; 0 with both parallel, as the overhead squat asks, + trunk further."""

    def value(rep: Repetition) -> float:
        f = moment(recording, rep.top_s)
        return float(trunk_lean_deg(f) - shin_lean_deg(f, working(None, recording)))

    return of_reps(recording, "trunk_over_shin_deg", "deg", value)
