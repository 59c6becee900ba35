"""The back's line over the whole clip as one linear Gaussian model, solved exactly; lumbar extension follows from it.

What is the same in all looks is told once, not look by look::

    line(look) = the person's own shape + thighs * per_thigh + cycle(phase of the stride) + noise of the look
    cycle      = lumbar extension * per_degree + what else goes with the stride (trunk turning, landmarks that wander)

Each of the cycle's harmonics varies between runners with a covariance over the stations, learnt from rendered bodies
by expectation-maximisation (``tools/lumbar_cycle.py``), as do shape and noise. A station behind an arm is left out: the
person's shape, other stations and other moments of the stride tell it, as far as they go. Then the stations are read
once more, knowing where the line should be. What is left open widens the stated error (``LineCycle.covariance``).

It stops being true for cloth that moves by itself, which shows in ``misfit``, and for a back unlike those rendered.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.back_reading import Shape, read_back
from formcheck.outline import BackLine
from formcheck.records import BoolArray, FloatArray

ORDERS = (1, 2, 3, 4)
SWAY_DEG = (0.5, 12.0, 0.5, 1.5)
"""SD of lumbar extension's harmonics before anything is seen: pelvis and trunk sway twice in a stride, by any amount.
What comes once in a stride is mostly the trunk turning before the camera."""
EDGE_NOISE = 0.004
"""Trunk lengths: how far the edge of a mask lies off, besides what all looks scatter by."""
READINGS, REWEIGHTINGS = 2, 3
FAR_OFF_SDS = 2.0
"""Beyond so many SDs a station counts less."""
MIN_LOOKS, MIN_STATIONS = 30, 5


@dataclass(frozen=True)
class CycleModel:
    """How lines of the back go with the stride; k stations."""

    shape: Shape
    """Of people's backs in the mean over their strides."""
    per_degree: FloatArray
    """(k,) trunk lengths for a degree of lumbar extension."""
    per_thigh: FloatArray
    """(2, k) trunk lengths for a radian of the rear, of the front thigh."""
    cycle: FloatArray
    """(orders, k, k) covariance of cosine and sine of each harmonic, lumbar extension taken off."""
    look: FloatArray
    """(k, k) covariance of single looks about the cycle."""
    reading: FloatArray
    """(k, k) covariance of single looks about the person's own middle, lumbar extension and all."""


@dataclass(frozen=True)
class LineCycle:
    """Lumbar extension over the stride with its error, and what it was read from."""

    waves: FloatArray
    """(2 * orders,) cosine and sine of each harmonic, degrees; the mean over the stride is 0."""
    covariance: FloatArray
    """(2 * orders, 2 * orders) of ``waves``."""
    misfit: float
    """Squared departure of single looks from the cycle, a station, against what rendered bodies do; cloth: more."""
    n_looks: int
    """Looks at which ``MIN_STATIONS`` and more were read."""

    def at(self, phase: FloatArray) -> FloatArray:
        """Lumbar extension (m,) at phases in radians."""
        return np.asarray(harmonics(phase) @ self.waves)

    def sd_of_change_deg(self, strides: float) -> float:
        """SD of the change within so many strides, root mean square over where in the stride it begins."""
        phase = np.linspace(0.0, 2 * np.pi, 24, endpoint=False)
        change = harmonics(phase + 2 * np.pi * strides) - harmonics(phase)
        return float(np.sqrt(np.mean(np.einsum("na,ab,nb->n", change, self.covariance, change))))


def harmonics(phase: FloatArray) -> FloatArray:
    """(n, 2 * orders) cosine and sine of each of ORDERS."""
    return np.stack([wave(k * phase) for k in ORDERS for wave in (np.cos, np.sin)], axis=1)


def fit_line_cycle(line: BackLine, thighs: FloatArray, phase: FloatArray, model: CycleModel) -> LineCycle | None:
    """The cycle through all looks; None with fewer than ``MIN_LOOKS`` at which enough of the back is seen.

    ``thighs`` (n, 2): rear and front thigh, backward +, radians; ``phase`` (n,) of the stride, radians.
    """
    moved = np.nan_to_num(thighs - np.nanmean(thighs, axis=0)) @ model.per_thigh
    basis = np.column_stack([np.ones(len(phase)), harmonics(phase)])
    back = read_back(line, model.reading, shape=model.shape)
    for i in range(READINGS):
        usable = np.isfinite(back).sum(axis=1) >= MIN_STATIONS
        if usable.sum() < MIN_LOOKS:
            return None
        waves, covariance = _steady(basis, back - moved, model)
        if i < READINGS - 1:
            back = read_back(line, model.look, basis[:, 1:] @ waves[1:] + moved, shape=model.shape)
    misfit = _misfit((back - moved - basis @ waves)[usable], model)
    return LineCycle(*_lumbar(waves[1:], covariance, model), misfit, int(usable.sum()))


def _steady(basis: FloatArray, lines: FloatArray, model: CycleModel) -> tuple[FloatArray, FloatArray]:
    """``posterior`` with stations far off it counted less."""
    variance = np.diag(model.look)
    limit = FAR_OFF_SDS * np.sqrt(variance + EDGE_NOISE**2)
    more = np.zeros(lines.shape)
    for _ in range(REWEIGHTINGS):
        waves = np.linalg.solve(*_normal(basis, lines, more, model)).reshape(basis.shape[1], -1)
        off = np.nan_to_num((lines - basis @ waves) / limit)
        more = variance * (np.maximum(1.0, off**2) - 1.0)
    return posterior(basis, lines, more, model)


def posterior(
    basis: FloatArray, lines: FloatArray, more: FloatArray, model: CycleModel
) -> tuple[FloatArray, FloatArray]:
    """Mean (1 + 2 * orders, k) and covariance (both flattened) of shape and harmonics, given lines (n, k), NaN unseen.

    ``basis`` (n, 1 + 2 * orders): ones and harmonics; ``more`` (n, k): variance added to each station.
    """
    normal, pull = _normal(basis, lines, more, model)
    covariance = np.linalg.inv(normal)
    return np.asarray((covariance @ pull).reshape(basis.shape[1], -1)), np.asarray(covariance)


def _normal(basis: FloatArray, lines: FloatArray, more: FloatArray, model: CycleModel) -> tuple[FloatArray, FloatArray]:
    """The normal equations of ``posterior``: precision of all unknowns, and precision times their mean."""
    mean, precision = _prior(model)
    seen = np.isfinite(lines)
    weight = _precisions(seen, more, model)
    k = lines.shape[1]
    squares = (basis[:, :, None] * basis[:, None, :]).reshape(len(basis), -1)
    size = basis.shape[1]
    told = (squares.T @ weight.reshape(len(basis), -1)).reshape(size, size, k, k)
    normal = told.transpose(0, 2, 1, 3).reshape(size * k, size * k) + precision
    pull = basis.T @ np.einsum("nij,nj->ni", weight, np.where(seen, lines, 0.0))
    return np.asarray(normal), np.asarray(pull.ravel() + precision @ mean)


def _prior(model: CycleModel) -> tuple[FloatArray, FloatArray]:
    """Mean and precision of shape and harmonics before anything is seen."""
    k = len(model.per_degree)
    size = (1 + 2 * len(ORDERS)) * k
    mean, precision = np.zeros(size), np.zeros((size, size))
    mean[:k], precision[:k, :k] = model.shape.mean, np.linalg.inv(model.shape.covariance)
    for i, inverse in enumerate(np.linalg.inv(_swing(model))):
        for start in ((1 + 2 * i) * k, (2 + 2 * i) * k):
            precision[start : start + k, start : start + k] = inverse
    return mean, precision


def _swing(model: CycleModel) -> FloatArray:
    """(orders, k, k) covariance of each harmonic of the line, lumbar extension and all."""
    bent = np.outer(model.per_degree, model.per_degree)
    return np.asarray(model.cycle + np.square(SWAY_DEG)[:, None, None] * bent)


def _precisions(seen: BoolArray, more: FloatArray, model: CycleModel) -> FloatArray:
    """(n, k, k) inverse covariance of what is seen at each look; 0 where nothing is."""
    k = seen.shape[1]
    both = seen[:, :, None] & seen[:, None, :]
    covariance = np.where(both, model.look + EDGE_NOISE**2 * np.eye(k), np.eye(k))
    index = np.arange(k)
    covariance[:, index, index] += np.where(seen, more, 0.0)
    return np.where(both, np.linalg.inv(covariance), 0.0)


def _lumbar(waves: FloatArray, covariance: FloatArray, model: CycleModel) -> tuple[FloatArray, FloatArray]:
    """Lumbar extension's harmonics and their covariance, from those of the line (2 * orders, k)."""
    k, n = waves.shape[1], waves.shape[0]
    variance = np.repeat(np.square(SWAY_DEG), 2)
    gain = np.repeat(np.linalg.solve(_swing(model), model.per_degree[None, :, None])[..., 0], 2, axis=0)
    gain = gain * variance[:, None]
    of_line = covariance[k:, k:].reshape(n, k, n, k)
    told = np.einsum("ai,aibj,bj->ab", gain, of_line, gain, optimize=True)
    left = variance * (1.0 - gain @ model.per_degree)
    return np.asarray((gain * waves).sum(axis=1)), np.asarray(told + np.diag(left))


def _misfit(off: FloatArray, model: CycleModel) -> float:
    """Median over looks of the squared departure (n, k) from the cycle, in the covariance of rendered looks."""
    seen = np.isfinite(off)
    weight = _precisions(seen, np.zeros(off.shape), model)
    known = np.where(seen, off, 0.0)
    return float(np.median(np.einsum("ni,nij,nj->n", known, weight, known) / seen.sum(axis=1)))
