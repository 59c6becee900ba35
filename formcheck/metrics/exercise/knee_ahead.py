"""Knee against the plumb line through the ankle."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import held, of_holds, working
from formcheck.records import Hold, Measurement, Recording
from formcheck.scale import LEG_PER_HEIGHT


def measure(recording: Recording) -> list[Measurement]:
    """% of body height (from the leg's length): the near knee from the near ankle, ahead +."""

    def value(hold: Hold) -> float:
        f, side = held(recording, hold), working(None, recording)
        return float(100 * LEG_PER_HEIGHT * (f.of(side, "knee") - f.of(side, "ankle"))[0])

    return of_holds(recording, "knee_ahead_pct_height", "pct", value)
