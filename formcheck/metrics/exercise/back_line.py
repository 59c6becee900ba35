"""Seated hamstring stretch: how straight ear, shoulder and hip line up."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import angle_deg, held, of_holds, working
from formcheck.records import Hold, Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees at the near shoulder between ear and hip, 180 straight; a rounded back bends it."""

    def value(hold: Hold) -> float:
        f, side = held(recording, hold), working(None, recording)
        return float(angle_deg(f.of(side, "ear"), f.of(side, "shoulder"), f.of(side, "hip")))

    return of_holds(recording, "back_line_deg", "deg", value)
