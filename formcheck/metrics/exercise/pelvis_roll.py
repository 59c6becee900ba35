"""Roll of trunk and pelvis in a clamshell."""

from __future__ import annotations

import numpy as np

from formcheck.metrics.by_repetition import at, at_top, of_reps
from formcheck.metrics.exercise.lying_on_side import NOT_FROM_THE_FRONT, apart_trunk, is_from_the_front, why_not
from formcheck.metrics.summary import not_measurable
from formcheck.records import Measurement, Recording, Repetition

NOSE_TRUNKS = 0.23


def measure(recording: Recording) -> list[Measurement]:
    """Degrees by which hips and shoulders turn about the body's long axis, from rest to the top.

    Mean of two signs. A roll narrows the distance of left and right across the picture, of the shoulders and of the
    hips: its cosine, as if they were square to the camera at rest; a camera that looks down on them sees little of it.
    And the nose, ``NOSE_TRUNKS`` before the body's axis, rises in the picture as the chest turns up; a head that stays
    where it is halves the number. Rolls of less than some 10 deg are lost.
    """
    if not is_from_the_front(recording.signals):
        return [not_measurable("pelvis_roll_deg", "deg", None, why_not(recording.signals, NOT_FROM_THE_FRONT))]
    signals = recording.signals
    wide = [apart_trunk(signals, joint) for joint in ("shoulder", "hip")]

    nose = (signals.series["nose_y_trunk"] - signals.series["shoulder_y_trunk"]) / NOSE_TRUNKS

    def roll(rep: Repetition) -> float:
        share = np.mean([at_top(signals, apart, rep) / at(signals, apart, rep.start_s) for apart in wide])
        rise = at_top(signals, nose, rep) - at(signals, nose, rep.start_s)
        signs = np.arccos(np.clip(share, 0.0, 1.0)), np.arcsin(np.clip(rise, 0.0, 1.0))
        return float(np.degrees(np.mean(signs)))

    return [of_reps(recording, "pelvis_roll_deg", "deg", roll, ("shoulder", "hip"))]
