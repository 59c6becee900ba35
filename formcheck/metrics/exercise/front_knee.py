"""Front knee in the half-kneeling hip-flexor stretch. Not measured yet, and why."""

from __future__ import annotations

from formcheck.metrics.summary import not_measurable
from formcheck.records import Measurement, Note, Recording
from formcheck.skeleton import Side


def measure(recording: Recording) -> list[Measurement]:
    """One row for each side stretched, none with a number.

    In this position the pose network draws the hips up to a fifth of the trunk too high, which opens the front knee by
    13 to 45 deg on rendered bodies.
    """
    sides: list[Side | None] = [*sorted({hold.side for hold in recording.holds if hold.side is not None})]
    return [not_measurable("front_knee_deg", "deg", side, Note("kneeling_hips_high")) for side in sides or [None]]
