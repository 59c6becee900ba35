"""Back extension in standing: how far the trunk goes backward."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import moment, of_reps, rest, trunk_lean_deg, wrapped_deg
from formcheck.records import Measurement, Recording, Repetition


def measure(recording: Recording) -> list[Measurement]:
    """Degrees of trunk lean at the start less at the furthest moment, backward +; legs, hips and back together."""

    def value(rep: Repetition) -> float:
        lean = [trunk_lean_deg(f) for f in (rest(recording, rep), moment(recording, rep.top_s))]
        return float(wrapped_deg(lean[0] - lean[1]))

    return of_reps(recording, "extension_trunk_deg", "deg", value)
