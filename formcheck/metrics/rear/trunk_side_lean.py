"""How far the trunk leans to the side of the standing foot at midstance."""

from __future__ import annotations

from formcheck.metrics.rear.across import AtMidstance, per_side
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees for each foot: mid-hip to mid-shoulder against the plumb line, toward the standing foot +.

    A camera that is not square behind the runner shows part of the forward lean as a lean to the side: 1 deg at 8 deg.
    """
    lean = AtMidstance(recording, "trunk_side_lean_deg")
    return per_side(recording, "trunk_side_lean_deg", "deg", lambda stride, sign: sign * lean(stride))
