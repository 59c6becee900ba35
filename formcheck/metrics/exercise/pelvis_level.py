"""Pelvis level in a single-leg deadlift, from the front or behind. Not measured yet, and why."""

from __future__ import annotations

from formcheck.metrics.summary import not_measurable
from formcheck.records import Measurement, Note, Recording
from formcheck.skeleton import Side


def measure(recording: Recording) -> list[Measurement]:
    """One row for each leg stood on, none with a number.

    The pose network draws both hips nearly level whatever the pelvis does: on rendered bodies a pelvis that opens by
    24 deg comes out as 7 (``docs/accuracy_exercises.md``).
    """
    sides: list[Side | None] = [*sorted({rep.side for rep in recording.reps if rep.side is not None})]
    return [not_measurable("pelvis_level_deg", "deg", side, Note("pelvis_flattened")) for side in sides or [None]]
