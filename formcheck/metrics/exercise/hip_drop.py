"""Hip drop on one leg: how far the pelvis sinks on the free side. Not measured yet, and why."""

from __future__ import annotations

from formcheck.metrics.summary import not_measurable
from formcheck.records import Measurement, Note, Recording
from formcheck.skeleton import Side


def measure(recording: Recording) -> list[Measurement]:
    """One row for each leg stood on, none with a number.

    The pose network draws both hips nearly level whatever the pelvis does, and lifts the one of the raised leg: on
    rendered bodies a drop of 10 deg comes out as 1 deg the other way (``docs/accuracy_exercises.md``).
    """
    sides: list[Side | None] = [*sorted({hold.side for hold in recording.holds if hold.side is not None})]
    return [not_measurable("hip_drop_deg", "deg", side, Note("pelvis_flattened")) for side in sides or [None]]
