"""Pelvis level in a single-leg deadlift, from the front or behind."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import level_deg, moment, of_reps, rest, working
from formcheck.records import Measurement, Recording, Repetition


def measure(recording: Recording) -> list[Measurement]:
    """Degrees of the hip line at the deepest moment less at the start; the free side higher +.

    The free side higher means that the pelvis opens (turns up); the side is that of the leg stood on.
    """

    def value(rep: Repetition) -> float:
        tilt = [float(level_deg(f, "hip")) for f in (moment(recording, rep.top_s), rest(recording, rep))]
        sign = -1.0 if working(rep.side, recording) == "left" else 1.0
        return sign * (tilt[0] - tilt[1])

    return of_reps(recording, "pelvis_level_deg", "deg", value, per_side=True)
