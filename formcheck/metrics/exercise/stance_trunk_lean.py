"""Trunk lean on one leg: how far the trunk leans over the leg stood on."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import held, of_holds, trunk_lean_deg, working
from formcheck.records import Hold, Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees against the vertical; toward the leg stood on +."""

    def value(hold: Hold) -> float:
        lean = float(trunk_lean_deg(held(recording, hold)))
        return lean if working(hold.side, recording) == "left" else -lean

    return of_holds(recording, "stance_trunk_lean_deg", "deg", value, per_side=True)
