"""Quadriceps stretch: whether the thigh swings ahead of the vertical."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import held, of_holds, thigh_forward_deg, working
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees of the stretched leg's thigh, knee ahead of the hip +, behind it -."""
    return of_holds(
        recording,
        "stretch_thigh_ahead_deg",
        "deg",
        lambda hold: float(thigh_forward_deg(held(recording, hold), working(hold.side, recording))),
        per_side=True,
    )
