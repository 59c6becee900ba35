"""Somebody lying on the side, seen from the front or from nearer to the feet. Not a metric."""

from __future__ import annotations

import numpy as np

from formcheck.records import FloatArray, Note, Signals
from formcheck.skeleton import SIDES

SHANK_TRUNKS = 0.95
"""Knee to ankle over hip to shoulder in the picture: 0.6-0.75 from the front, 1.25-1.5 from half-way round to the feet,
where the trunk looks short."""
NOT_FROM_THE_FRONT = Note("needs_view_from_belly")
FROM_NEARER_THE_FEET = Note("seen_from_nearer_the_feet")
NOT_FOLLOWED = Note("lower_leg_not_followed")
NOT_SEEN = Note("body_not_followed")
UNSTEADY = 1.15
"""Longest over shortest look of the lower leg, which lies still (``activities.clamshell.unsteadiness``): up to 1.07
where it is followed, 1.2 and more where hips or knees are drawn elsewhere now and then."""


def is_from_the_front(signals: Signals) -> bool:
    """Whether the camera faces the belly, so that what is across the body lies in the picture."""
    if not is_seen(signals):
        return False
    shanks = [
        np.hypot(*(signals.series[f"knee_{a}_{side}_trunk"] - signals.series[f"ankle_{a}_{side}_trunk"] for a in "xy"))
        for side in SIDES
    ]
    return bool(min(np.nanmedian(shank) for shank in shanks) < SHANK_TRUNKS)


def is_followed(signals: Signals) -> bool:
    """Whether the legs were found where they are, told by the lower one, which lies still."""
    return is_seen(signals) and bool(signals.series["leg_unsteadiness"][0] <= UNSTEADY)


def is_seen(signals: Signals) -> bool:
    """Whether a body was followed at all, and not the motion of the pictures alone."""
    return "leg_unsteadiness" in signals.series


def why_not(signals: Signals, otherwise: Note) -> Note:
    """Why there is no number: that no body was followed, or what else it is."""
    return otherwise if is_seen(signals) else NOT_SEEN


def apart_trunk(signals: Signals, joint: str) -> FloatArray:
    """(m,) distance of the left joint from the right one, trunk lengths."""
    apart = [signals.series[f"{joint}_{a}_left_trunk"] - signals.series[f"{joint}_{a}_right_trunk"] for a in "xy"]
    return np.asarray(np.hypot(*apart))
