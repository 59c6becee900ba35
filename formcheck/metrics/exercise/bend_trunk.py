"""Forward bend: how far the trunk comes down."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import moment, of_reps, rest, trunk_lean_deg, wrapped_deg
from formcheck.records import Measurement, Recording, Repetition


def measure(recording: Recording) -> list[Measurement]:
    """Degrees of trunk lean at the lowest moment less at the start; hip and back together."""

    def value(rep: Repetition) -> float:
        lean = [trunk_lean_deg(f) for f in (moment(recording, rep.top_s), rest(recording, rep))]
        return float(wrapped_deg(lean[0] - lean[1]))

    return of_reps(recording, "bend_trunk_deg", "deg", value)
