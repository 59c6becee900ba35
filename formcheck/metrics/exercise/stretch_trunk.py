"""Trunk in a half-kneeling or standing stretch: upright or tipped."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import held, of_holds, trunk_lean_deg
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees of mid-hip to mid-shoulder against the vertical, forward +; the side is the one stretched."""
    return of_holds(
        recording,
        "stretch_trunk_deg",
        "deg",
        lambda hold: float(trunk_lean_deg(held(recording, hold))),
        per_side=True,
    )
