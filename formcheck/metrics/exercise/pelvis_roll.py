"""Roll of the pelvis in a clamshell, seen from the feet."""

from __future__ import annotations

import numpy as np

from formcheck.metrics.by_repetition import at, at_top, of_reps
from formcheck.metrics.summary import not_measurable
from formcheck.records import Measurement, Note, Recording

FROM_THE_FEET = 0.9
"""Hips' distance over the trunk's length in the picture: from the feet the trunk is foreshortened."""


def measure(recording: Recording) -> list[Measurement]:
    """Degrees by which the line of both hips turns from rest to the top; only from the feet, where it can be seen."""
    signals = recording.signals
    across = [signals.series[f"hip_{a}_left_trunk"] - signals.series[f"hip_{a}_right_trunk"] for a in "xy"]
    if not float(np.nanmedian(np.hypot(*across))) >= FROM_THE_FEET:
        return [not_measurable("pelvis_roll_deg", "deg", None, Note("needs_view_from_feet"))]
    line = np.degrees(np.unwrap(np.arctan2(across[1], across[0])))
    return [
        of_reps(
            recording,
            "pelvis_roll_deg",
            "deg",
            lambda rep: abs(at_top(signals, line, rep) - at(signals, line, rep.start_s)),
        )
    ]
