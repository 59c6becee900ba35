"""Calf stretch: whether the rear heel stays down."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.metrics.exercise.figure import figures, free, heel_lift_pct_leg, held, of_holds, working
from formcheck.records import Hold, Measurement, Note, Recording

METRIC, UNIT = "calf_heel_pct_leg", "pct"
BEFORE_S, LEAST_BEFORE_S = 0.4, 0.6
FLAT_PERCENTILE = 25.0
"""Before the stretch the foot is flat most of the time; steps lift it."""
ANKLE_SHARE = 0.5
"""The ankle rises half as far as the heel when the foot turns about its ball."""


def measure(recording: Recording) -> list[Measurement]:
    """% of leg length: how far the rear heel is up.

    From how far its ankle has risen since before the stretch. The heel's own landmark is a worse witness: with the shin
    leaning forward the network lifts it by up to 5 % of a foot that lies flat. Where the clip shows nothing before, the
    heel above the ball of its foot less the same of the foot in front, with less trust.
    """
    found = of_holds(recording, METRIC, UNIT, lambda hold: _risen(recording, hold), per_side=True)
    if any(m.value is not None for m in found):
        return found
    rough = of_holds(recording, METRIC, UNIT, lambda hold: _above_ball(recording, hold), per_side=True)
    return [
        m if m.value is None else replace(m, status="low_confidence", reason=Note("needs_rest_before")) for m in rough
    ]


def _risen(recording: Recording, hold: Hold) -> float:
    began_s, signals = float(recording.signals.time_s[0]), recording.signals
    if hold.start_s - BEFORE_S - began_s < LEAST_BEFORE_S or signals.camera == "moving":
        return float("nan")
    rear = working(hold.side, recording)
    before = figures(recording, began_s, hold.start_s - BEFORE_S).of(rear, "ankle")[:, 1]
    before = before[np.isfinite(before)]
    if not len(before):
        return float("nan")
    flat = float(np.percentile(before, FLAT_PERCENTILE))
    return 100 * (float(held(recording, hold).of(rear, "ankle")[1]) - flat) / ANKLE_SHARE


def _above_ball(recording: Recording, hold: Hold) -> float:
    f = held(recording, hold)
    rear, front = working(hold.side, recording), free(hold.side, recording)
    return float(heel_lift_pct_leg(f, rear) - heel_lift_pct_leg(f, front))
