"""Standing knee of a single-leg deadlift: how far it bends at the bottom."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import knee_flexion_deg, moment, of_reps, working
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees at the deepest moment, 0 straight; the side is that of the leg stood on."""
    return of_reps(
        recording,
        "stance_knee_deg",
        "deg",
        lambda rep: float(knee_flexion_deg(moment(recording, rep.top_s), working(rep.side, recording))),
        per_side=True,
    )
