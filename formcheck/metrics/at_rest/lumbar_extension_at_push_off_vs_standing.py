"""Arch of the back at push-off against the same person standing."""

from __future__ import annotations

from formcheck.metrics.at_rest.held_against import of_back
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees of lumbar extension at toe-off less those of quiet standing, more arched +; never a posture."""
    return of_back(
        recording,
        "lumbar_extension_at_push_off_vs_standing_deg",
        "deg",
        lambda stride, lumbar, rest: lumbar(stride.toe_off_s) - rest.usual_deg,
    )
