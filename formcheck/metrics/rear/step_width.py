"""How far apart the lines are on which the left and the right foot land."""

from __future__ import annotations

import math
from itertools import pairwise

from formcheck.metrics.rear.across import AtMidstance, of_strides
from formcheck.records import Measurement, Recording, Stride
from formcheck.skeleton import SIDES


def measure(recording: Recording) -> list[Measurement]:
    """Per cent of leg length between the ankles of two steps in a row, each at its own midstance.

    Negative where the left foot lands to the right of the right one (the feet cross over).
    """
    at = {side: AtMidstance(recording, f"ankle_x_{side}_leg") for side in SIDES}
    places = {s: at[s.side](s) for s in recording.strides}
    following = dict(pairwise(recording.strides))

    def width(stride: Stride) -> float:
        after = following.get(stride)
        if after is None or after.side == stride.side or after.contact_s > stride.next_contact_s:
            return math.nan
        apart = places[stride] - places[after]
        return 100.0 * (apart if stride.side == "left" else -apart)

    return [of_strides(recording, "step_width_pct_leg", "pct", None, recording.strides, width)]
