"""Feet turning out: how much further the feet point outward at the bottom of a squat than at its start."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.metrics.exercise.figure import Figure, moment, of_reps, rest
from formcheck.records import Measurement, Note, Recording

FOOT_LEG = 0.26
"""Heel to ball of the foot in leg lengths: how wide a foot that points straight sideways would look."""


def measure(recording: Recording) -> list[Measurement]:
    """Degrees, mean of both feet, from how far the ball of the foot lies outside the heel; turning out +.

    Always of low confidence: from the front a foot is short, and the network places heel and toe within a few pixels.
    """
    rows = of_reps(
        recording,
        "toe_out_change_deg",
        "deg",
        lambda rep: toe_out_deg(moment(recording, rep.top_s)) - toe_out_deg(rest(recording, rep)),
    )
    return [
        replace(m, status="low_confidence", reason=Note("foot_foreshortened")) if m.value is not None else m
        for m in rows
    ]


def toe_out_deg(f: Figure) -> float:
    """How far the feet point outward, from a view across."""
    left = (f.of("left", "foot_index") - f.of("left", "heel"))[0]
    right = (f.of("right", "heel") - f.of("right", "foot_index"))[0]
    return float(np.degrees(np.arcsin(np.clip((left + right) / 2 / FOOT_LEG, -1.0, 1.0))))
