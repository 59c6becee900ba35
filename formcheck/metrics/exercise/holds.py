"""Holds: how many times the position was held."""

from __future__ import annotations

import math

from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Holds of a held exercise, or repetitions held at their top; none where nothing was held."""
    held = sum(math.isfinite(rep.hold_start_s) for rep in recording.reps)
    n = len(recording.holds) or held
    return [Measurement("holds", None, "count", float(n), n=n)] if n else []
