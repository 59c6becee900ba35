"""What landmarks that lie off do to the lines of back and front: each moves in a way that its own shape tells.

The lines are told against the landmarks of hips and shoulders (``outline.py``). Where these wander with the stride, a
line shifts, turns and stretches; in running that comes again at each stride, so that more strides do not mend it.
Which movements of a line are of that kind follows from geometry alone, given where the line runs.
"""

from __future__ import annotations

import numpy as np

from formcheck.outline import FRONT_STATIONS, STATIONS
from formcheck.records import FloatArray

FRAME_SD = 0.02
"""Trunk lengths, of mid-hip and mid-shoulder in each direction. Chosen on runners tuned on; 0.01 did about as well."""
THIGHS_TURN: FloatArray = np.array([[0.0, -1.0, 0.0, 1.0]] * 2)
"""(2, 4) radians by which both thighs turn against the trunk's line."""


def frame_moves(middle: FloatArray) -> FloatArray:
    """(k, 4) how lines at ``middle`` (k,), as of ``outline.trunk_lines``, move by what the landmarks lie off.

    Columns: mid-hip upward and behind, mid-shoulder upward and behind, by one trunk length each; first order.
    """
    k = len(STATIONS)
    back = _moves(STATIONS, middle[:k])
    front = -_moves(FRONT_STATIONS, -middle[k:])
    return np.concatenate([back, front])


def _moves(station: FloatArray, behind: FloatArray) -> FloatArray:
    """(m, 4) of one line: ``behind`` (m,) the trunk's axis at these heights (m,)."""
    slope = np.gradient(behind, station)
    columns = []
    for hip_up, hip_behind, shoulder_up, shoulder_behind in np.eye(4):
        turn, stretch = shoulder_behind - hip_behind, shoulder_up - hip_up
        higher = -hip_up - station * stretch + turn * behind
        farther = -hip_behind - turn * station - behind * stretch
        columns.append(farther - slope * higher)
    return np.stack(columns, axis=1)
