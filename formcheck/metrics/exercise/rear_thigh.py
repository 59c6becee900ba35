"""Hip-flexor stretch: how far the rear thigh lies behind the vertical."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import held, of_holds, thigh_forward_deg, working
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees of the kneeling leg's thigh, knee behind the hip +; the side is the one stretched."""
    return of_holds(
        recording,
        "rear_thigh_deg",
        "deg",
        lambda hold: -float(thigh_forward_deg(held(recording, hold), working(hold.side, recording))),
        per_side=True,
    )
