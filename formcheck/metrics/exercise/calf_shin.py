"""Calf stretch: how far the rear shin leans forward."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import held, of_holds, shin_lean_deg, working
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees of ankle to knee against the vertical, knee ahead +; the side is the one stretched."""
    return of_holds(
        recording,
        "calf_shin_deg",
        "deg",
        lambda hold: float(shin_lean_deg(held(recording, hold), working(hold.side, recording))),
        per_side=True,
    )
