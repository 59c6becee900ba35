"""Trunk in sitting: upright, leaning back or leaning forward."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import held, of_holds, trunk_lean_deg
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees of mid-hip to mid-shoulder against the vertical, forward +."""
    return of_holds(recording, "sitting_trunk_deg", "deg", lambda hold: float(trunk_lean_deg(held(recording, hold))))
