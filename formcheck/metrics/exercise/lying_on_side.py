"""Somebody lying on the side, seen from the front or from nearer to the feet. Not a metric."""

from __future__ import annotations

import numpy as np

from formcheck.records import FloatArray, Note, Signals
from formcheck.skeleton import SIDES

SHANK_TRUNKS = 0.95
"""Knee to ankle over hip to shoulder in the picture: 0.6-0.75 from the front, 1.25-1.5 from half-way round to the feet,
where the trunk looks short."""
NOT_FROM_THE_FRONT = Note("needs_view_from_belly")


def is_from_the_front(signals: Signals) -> bool:
    """Whether the camera faces the belly, so that what is across the body lies in the picture."""
    shanks = [
        np.hypot(*(signals.series[f"knee_{a}_{side}_trunk"] - signals.series[f"ankle_{a}_{side}_trunk"] for a in "xy"))
        for side in SIDES
    ]
    return bool(min(np.nanmedian(shank) for shank in shanks) < SHANK_TRUNKS)


def apart_trunk(signals: Signals, joint: str) -> FloatArray:
    """(m,) distance of the left joint from the right one, trunk lengths."""
    apart = [signals.series[f"{joint}_{a}_left_trunk"] - signals.series[f"{joint}_{a}_right_trunk"] for a in "xy"]
    return np.asarray(np.hypot(*apart))
