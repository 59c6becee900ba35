"""Smooth curves through a few points. NumPy only."""

from __future__ import annotations

import numpy as np

from .rotations import Array


def smoothstep(x: Array) -> Array:
    """0 below 0, 1 above 1, with zero slope and zero curvature at both ends."""
    x = np.clip(x, 0.0, 1.0)
    return x**3 * (10.0 - 15.0 * x + 6.0 * x * x)


def eased_through(times: Array, values: Array, at: Array) -> Array:
    """Values at ``at`` that rest (zero slope) at every knot and ease from one knot to the next."""
    times, values = np.asarray(times, float), np.asarray(values, float)
    left = np.clip(np.searchsorted(times, at, side="right") - 1, 0, len(times) - 2)
    share = smoothstep((at - times[left]) / (times[left + 1] - times[left]))
    return values[left] + share * (values[left + 1] - values[left])


class ClampedSpline:
    """Cubic spline through knots, curvature continuous, slopes given at both ends."""

    def __init__(self, x: Array, y: Array, first_slope: float, last_slope: float) -> None:
        self.x, self.y = np.asarray(x, float), np.asarray(y, float)
        gap = np.diff(self.x)
        rise = np.diff(self.y) / gap
        n = len(self.x)
        matrix, right = np.eye(n), np.empty(n)
        right[0], right[-1] = first_slope, last_slope
        for i in range(1, n - 1):
            matrix[i, i - 1], matrix[i, i], matrix[i, i + 1] = gap[i], 2 * (gap[i - 1] + gap[i]), gap[i - 1]
            right[i] = 3 * (gap[i] * rise[i - 1] + gap[i - 1] * rise[i])
        self.slope = np.linalg.solve(matrix, right)

    def __call__(self, at: Array) -> Array:
        """Values at ``at``."""
        i = np.clip(np.searchsorted(self.x, at, side="right") - 1, 0, len(self.x) - 2)
        gap = self.x[i + 1] - self.x[i]
        u = (at - self.x[i]) / gap
        return (
            self.y[i] * (1 + 2 * u) * (1 - u) ** 2
            + self.slope[i] * gap * u * (1 - u) ** 2
            + self.y[i + 1] * u * u * (3 - 2 * u)
            + self.slope[i + 1] * gap * u * u * (u - 1)
        )
