"""Head in sitting: how far the ear is ahead of the hip."""

from __future__ import annotations

from formcheck.geometry import length
from formcheck.metrics.exercise.figure import held, of_holds, working
from formcheck.records import Hold, Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """% of trunk length (hip to shoulder): the near ear from the near hip, ahead +."""

    def value(hold: Hold) -> float:
        f, side = held(recording, hold), working(None, recording)
        ear, shoulder, hip = (f.of(side, joint) for joint in ("ear", "shoulder", "hip"))
        return float(100 * (ear - hip)[0] / length(shoulder, hip))

    return of_holds(recording, "sitting_ear_pct_trunk", "pct", value)
