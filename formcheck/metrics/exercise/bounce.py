"""Bouncing in a stretch: how far the stretched position swings to and fro while it is held."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from formcheck.metrics.exercise.figure import (
    Figure,
    angle_deg,
    figures,
    inner,
    of_holds,
    shin_lean_deg,
    thigh_forward_deg,
    trunk_lean_deg,
    working,
)
from formcheck.records import FloatArray, Hold, Measurement, Recording
from formcheck.skeleton import Side

SLOWEST_HZ, FASTEST_HZ = 0.5, 3.0
"""Slower is settling into the stretch or breathing; faster is flicker of the pose network."""
LEAST_S = 4.0


def _leg_to_trunk_deg(f: Figure, side: Side) -> FloatArray:
    return angle_deg(f.mid("shoulder"), f.mid("hip"), f.of(side, "ankle"))


ANGLE_OF: Mapping[str, Callable[[Figure, Side], FloatArray]] = {
    "stretch_hip_flexor": thigh_forward_deg,
    "stretch_quadriceps": lambda f, side: angle_deg(f.of(side, "hip"), f.of(side, "knee"), f.of(side, "ankle")),
    "stretch_hamstring_seated": lambda f, side: trunk_lean_deg(f),
    "stretch_hamstring_towel": _leg_to_trunk_deg,
    "stretch_calf": shin_lean_deg,
}
"""The angle that bouncing would move, by activity."""


def measure(recording: Recording) -> list[Measurement]:
    """Degrees from one end of the swing to the other, of the strongest rhythm between 0.5 and 3 Hz in each hold."""
    angle_of = ANGLE_OF.get(recording.activity, thigh_forward_deg)

    def value(hold: Hold) -> float:
        f = figures(recording, *inner(hold))
        return swing_deg(angle_of(f, working(hold.side, recording)), recording.signals.rate_hz)

    return of_holds(recording, "bounce_deg", "deg", value, per_side=True)


def swing_deg(angle: FloatArray, rate_hz: float) -> float:
    """Peak to peak of the strongest sine between 0.5 and 3 Hz; NaN for less than four seconds seen.

    ``angle`` (n,) degrees, evenly spaced. Its slow path (a parabola) is taken out first. A rhythm that lasts for part
    of the stretch counts as much as it fills of it.
    """
    good = np.isfinite(angle)
    if good.sum() < LEAST_S * rate_hz:
        return math.nan
    time_s = np.flatnonzero(good) / rate_hz
    left = angle[good] - np.polyval(np.polyfit(time_s, angle[good], 2), time_s)
    rates = np.arange(SLOWEST_HZ, min(FASTEST_HZ, 0.4 * rate_hz), 0.25 / (time_s[-1] - time_s[0]))
    waves = np.exp(-2j * np.pi * rates[:, None] * time_s[None])
    return float(2 * np.abs(waves @ left).max() * 2 / len(left))
