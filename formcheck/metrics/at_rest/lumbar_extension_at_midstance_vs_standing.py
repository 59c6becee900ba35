"""Arch of the back at midstance against the same person standing."""

from __future__ import annotations

from formcheck.metrics.at_rest.held_against import of_back
from formcheck.metrics.push_off import midstance_s
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees of lumbar extension at midstance less those of quiet standing, more arched +; never a posture."""
    return of_back(
        recording,
        "lumbar_extension_at_midstance_vs_standing_deg",
        "deg",
        lambda stride, lumbar, rest: lumbar(midstance_s(recording.signals, stride)) - rest.usual_deg,
    )
