"""Dead bug: how far the small of the back comes off the floor while arm and leg reach out."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from formcheck.metrics.by_repetition import at, at_top, of_reps
from formcheck.metrics.summary import not_measurable
from formcheck.records import Measurement, Note, Recording, Repetition

METRIC, UNIT = "floor_gap_change_pct", "pct"
BREATH_PCT = 1.5
"""House estimate, SD: how much more or less a belly is filled at the reach than at the start. Rendered people, from
whom the error is known, do not breathe; a quiet breath lifts the belly by about a centimetre, 2 % of a trunk."""


def measure(recording: Recording) -> list[Measurement]:
    """% of the trunk's length, at the farthest reach less at the start of the repetition; more gap +."""
    signals = recording.signals
    gap = signals.series.get("floor_gap_pct")
    if gap is None or not np.isfinite(gap).any():
        return [not_measurable(METRIC, UNIT, None, Note("needs_outline"))]

    def opens(rep: Repetition) -> float:
        return at_top(signals, gap, rep) - at(signals, gap, rep.start_s)

    found = of_reps(recording, METRIC, UNIT, opens)
    if found.uncertainty is None:
        return [found]
    return [replace(found, uncertainty=math.hypot(found.uncertainty, 1.96 * BREATH_PCT))]
