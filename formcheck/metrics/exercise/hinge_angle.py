"""Seated hamstring stretch: how far the trunk folds over the leg."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import angle_deg, held, of_holds, working
from formcheck.records import Hold, Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees between trunk and stretched leg (mid-shoulder, mid-hip, ankle); smaller is further."""

    def value(hold: Hold) -> float:
        f = held(recording, hold)
        return float(angle_deg(f.mid("shoulder"), f.mid("hip"), f.of(working(hold.side, recording), "ankle")))

    return of_holds(recording, "hinge_angle_deg", "deg", value, per_side=True)
