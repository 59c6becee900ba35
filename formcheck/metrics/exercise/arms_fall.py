"""Arms fall: how far the raised arms come forward of the trunk's line at the bottom of an overhead squat."""

from __future__ import annotations

from formcheck.geometry import lean_deg
from formcheck.metrics.exercise.figure import moment, of_reps, trunk_lean_deg, working, wrapped_deg
from formcheck.records import Measurement, Recording, Repetition


def measure(recording: Recording) -> list[Measurement]:
    """Degrees, near shoulder to wrist against the line mid-hip to mid-shoulder carried on; arms forward of it +."""

    def value(rep: Repetition) -> float:
        f, side = moment(recording, rep.top_s), working(None, recording)
        arm = lean_deg(f.of(side, "shoulder"), f.of(side, "wrist"))
        return float(wrapped_deg(arm - trunk_lean_deg(f)))

    return of_reps(recording, "arms_fall_deg", "deg", value)
