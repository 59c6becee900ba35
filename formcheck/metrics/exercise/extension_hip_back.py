"""Back extension in standing: what hips and back give, the tipping of the legs not counted."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import (
    moment,
    of_reps,
    rest,
    thigh_forward_deg,
    trunk_lean_deg,
    working,
    wrapped_deg,
)
from formcheck.records import Measurement, Recording, Repetition


def measure(recording: Recording) -> list[Measurement]:
    """Degrees by which the trunk turns backward against the near thigh, from the start to the furthest moment.

    Hip and lumbar spine together: joints alone cannot part them.
    """

    def value(rep: Repetition) -> float:
        side = working(None, recording)
        turned = [
            trunk_lean_deg(f) + thigh_forward_deg(f, side) for f in (rest(recording, rep), moment(recording, rep.top_s))
        ]
        return float(wrapped_deg(turned[0] - turned[1]))

    return of_reps(recording, "extension_hip_back_deg", "deg", value)
