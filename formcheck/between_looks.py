"""Tracks between the looks of the pose network, from the runner's own cycle.

The best pose network is slow; looking at every second picture halves its cost. What lies between two looks is not
guessed from these two alone: a runner repeats the same movement every stride, and the looks of many strides together
show all of its phases. Each track is therefore a sum of harmonics of the stride's phase plus what each look departs
from that, which changes slowly and is carried over in straight lines::

    track(t) = cycle(phase(t)) + departure(t),    departure = look - cycle at every look, straight in between

At a look the track is the look itself. Where nobody walks or runs (no phase) a cubic takes the cycle's place.

Motion capture shows what it costs (``python -m tests.accuracy``): from 12 looks a second in place of 30, contact and
toe-off keep their scatter, from 10 they gain a millisecond. It stops being true where strides differ much from one
another (starts, stumbles, uneven ground): there only the looks themselves are known.
"""

from __future__ import annotations

import numpy as np
from scipy.interpolate import CubicSpline

from formcheck.records import FloatArray, stretch_of

HARMONICS = 6
"""Of the stride: up to some 8 Hz, what the filters let through at 25-30 frames a second."""
STRETCH_S, OVERLAP_S = 20.0, 10.0
"""The cycle is that of a stretch of the clip and its neighbourhood: a runner changes over minutes."""
_RIDGE = 1e-3
"""Per look: holds harmonics small that looks in step with the stride cannot tell apart."""
_MIN_LOOKS_PER_COLUMN = 3


def between_looks(time_s: FloatArray, values: FloatArray, phase: FloatArray | None, grid_s: FloatArray) -> FloatArray:
    """Values (m, k) at ``grid_s`` (m,) from looks (n, k), all finite, at ``time_s`` (n,) with n >= 4.

    ``phase`` (n,) is the stride's in radians at the looks, growing or falling steadily; None outside gait.
    """
    if phase is None or len(time_s) < _MIN_LOOKS_PER_COLUMN * (2 * HARMONICS + 1):
        return np.asarray(CubicSpline(time_s, values)(grid_s))
    phase_on_grid = np.interp(grid_s, time_s, phase)
    out = np.empty((len(grid_s), values.shape[1]))
    edges = np.linspace(time_s[0], time_s[-1], max(1, round((time_s[-1] - time_s[0]) / STRETCH_S)) + 1)
    part = stretch_of(edges, grid_s)
    for i in np.unique(part):
        mine = part == i
        near = (time_s >= edges[i] - OVERLAP_S) & (time_s <= edges[i + 1] + OVERLAP_S)
        out[mine] = _from_cycle(time_s[near], values[near], phase[near], grid_s[mine], phase_on_grid[mine])
    return out


def _from_cycle(
    time_s: FloatArray, values: FloatArray, phase: FloatArray, grid_s: FloatArray, phase_on_grid: FloatArray
) -> FloatArray:
    basis = _basis(phase)
    if len(basis) < _MIN_LOOKS_PER_COLUMN * basis.shape[1]:
        return _straight(time_s, values, grid_s)
    penalty = _RIDGE * len(basis) * np.eye(basis.shape[1])
    penalty[0, 0] = 0.0
    fit = np.linalg.solve(basis.T @ basis + penalty, basis.T @ values)
    return _basis(phase_on_grid) @ fit + _straight(time_s, values - basis @ fit, grid_s)


def _basis(phase: FloatArray) -> FloatArray:
    waves = [wave(k * phase) for k in range(1, HARMONICS + 1) for wave in (np.cos, np.sin)]
    return np.stack([np.ones_like(phase), *waves], axis=1)


def _straight(time_s: FloatArray, values: FloatArray, grid_s: FloatArray) -> FloatArray:
    return np.stack([np.interp(grid_s, time_s, column) for column in values.T], axis=1)
