"""Roll of trunk and pelvis in a clamshell."""

from __future__ import annotations

import numpy as np

from formcheck.metrics.by_repetition import at, at_top, of_reps
from formcheck.metrics.exercise.lying_on_side import NOT_FROM_THE_FRONT, apart_trunk, is_from_the_front
from formcheck.metrics.summary import not_measurable
from formcheck.records import Measurement, Recording, Repetition


def measure(recording: Recording) -> list[Measurement]:
    """Degrees by which hips and shoulders turn about the body's long axis, from rest to the top.

    A roll narrows the distance of left and right across the picture, that of the shoulders and of the hips: its cosine,
    as if they were square to the camera at rest. Rolls of less than some 10 deg are lost in that.
    """
    if not is_from_the_front(recording.signals):
        return [not_measurable("pelvis_roll_deg", "deg", None, NOT_FROM_THE_FRONT)]
    signals = recording.signals
    wide = [apart_trunk(signals, joint) for joint in ("shoulder", "hip")]

    def roll(rep: Repetition) -> float:
        share = np.mean([at_top(signals, apart, rep) / at(signals, apart, rep.start_s) for apart in wide])
        return float(np.degrees(np.arccos(np.clip(share, 0.0, 1.0))))

    return [of_reps(recording, "pelvis_roll_deg", "deg", roll, ("shoulder", "hip"))]
