"""Roll of trunk and pelvis in a clamshell."""

from __future__ import annotations

import numpy as np

from formcheck.metrics.by_repetition import at, at_top, of_reps
from formcheck.records import FloatArray, Measurement, Recording, Repetition, Signals

FROM_THE_FEET = 0.9
"""Hips' distance over the trunk's length in the picture: from the feet the trunk is foreshortened."""


def measure(recording: Recording) -> list[Measurement]:
    """Degrees by which hips and shoulders turn about the body's long axis, from rest to the top.

    From the feet the line of both hips turns in the picture. From the front a roll narrows the distance of left and
    right across the picture, that of the shoulders and of the hips: its cosine, as if they were square to the camera
    at rest. Rolls of less than some 10 deg are lost in that.
    """
    signals = recording.signals
    across = [signals.series[f"hip_{a}_left_trunk"] - signals.series[f"hip_{a}_right_trunk"] for a in "xy"]
    if float(np.nanmedian(np.hypot(*across))) >= FROM_THE_FEET:
        line = np.degrees(np.unwrap(np.arctan2(across[1], across[0])))

        def roll(rep: Repetition) -> float:
            return abs(at_top(signals, line, rep) - at(signals, line, rep.start_s))
    else:
        wide = [_wide(signals, joint) for joint in ("shoulder", "hip")]

        def roll(rep: Repetition) -> float:
            share = np.mean([at_top(signals, apart, rep) / at(signals, apart, rep.start_s) for apart in wide])
            return float(np.degrees(np.arccos(np.clip(share, 0.0, 1.0))))

    return [of_reps(recording, "pelvis_roll_deg", "deg", roll, ("shoulder", "hip"))]


def _wide(signals: Signals, joint: str) -> FloatArray:
    """(m,) distance of the left joint from the right one, trunk lengths."""
    apart = [signals.series[f"{joint}_{a}_left_trunk"] - signals.series[f"{joint}_{a}_right_trunk"] for a in "xy"]
    return np.asarray(np.hypot(*apart))
