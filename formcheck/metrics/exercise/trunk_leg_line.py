"""Trunk-leg line: how straight the line from shoulder over hip to the raised ankle is, in a single-leg deadlift."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import angle_deg, free, moment, of_reps
from formcheck.records import Measurement, Recording, Repetition


def measure(recording: Recording) -> list[Measurement]:
    """Degrees at the hip at the deepest moment, 180 straight; the side is that of the leg stood on."""

    def value(rep: Repetition) -> float:
        f, leg = moment(recording, rep.top_s), free(rep.side, recording)
        return float(angle_deg(f.mid("shoulder"), f.mid("hip"), f.of(leg, "ankle")))

    return of_reps(recording, "trunk_leg_line_deg", "deg", value, per_side=True)
