"""Weight shift: how far the hips move to one side at the bottom of a squat."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import moment, of_reps, rest
from formcheck.records import Measurement, Recording, Repetition


def measure(recording: Recording) -> list[Measurement]:
    """% of leg length: mid-hip from mid-ankle at the bottom, less the same at the start; toward the left leg +."""

    def value(rep: Repetition) -> float:
        bottom, start = moment(recording, rep.top_s), rest(recording, rep)
        offsets = [f.mid("hip")[0] - f.mid("ankle")[0] for f in (bottom, start)]
        return float(100 * (offsets[0] - offsets[1]))

    return of_reps(recording, "weight_shift_pct_leg", "pct", value)
