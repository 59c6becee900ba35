"""Weight on one leg: how far the hips stand to one side of the feet."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import held, of_holds
from formcheck.records import Hold, Measurement, Recording
from formcheck.scale import LEG_PER_HEIGHT


def measure(recording: Recording) -> list[Measurement]:
    """% of body height: mid-hip from mid-ankle, toward the left leg +."""

    def value(hold: Hold) -> float:
        f = held(recording, hold)
        return float(100 * LEG_PER_HEIGHT * (f.mid("hip") - f.mid("ankle"))[0])

    return of_holds(recording, "weight_on_one_leg_pct_height", "pct", value)
