"""The back's line over the whole clip as one linear Gaussian model, solved exactly; lumbar extension follows from it.

What is the same in all looks is told once, not look by look::

    line(look) = the person's own shape + thighs * per_thigh + cycle(phase of the stride) + noise of the look
    cycle      = lumbar extension * per_degree + what else goes with the stride (trunk turning, landmarks that wander)

This is a linear mixed model of one runner (Laird & Ware 1982, 10.2307/2529876): shape and harmonics of the cycle are
its random effects, normal with covariances over the stations that were learnt from rendered bodies by
expectation-maximisation (``tools/lumbar_cycle.py``), and so is the noise. A station behind an arm is left out: the
person's shape, other stations and other moments of the stride tell it, as far as they go. Stations far off count less,
by reweighting. Then the stations are read once more, knowing where the line should be. What is left open widens the
stated error (``LineCycle.covariance``).

It stops being true for cloth that moves by itself, which shows in ``misfit``, and for a back unlike those rendered.

Throughout: n looks, k stations (``outline.STATIONS``), h = 2 * len(ORDERS) waves (cosine and sine of each harmonic).
Lines are offsets in trunk lengths behind the trunk's line, NaN where the back is not seen. The unknowns are stacked as
(1 + h) rows of k: the shape, then each wave of the line.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.back_reading import Shape, read_back
from formcheck.outline import BackLine
from formcheck.records import BoolArray, FloatArray

ORDERS = (1, 2, 3, 4)
"""Of the harmonics: how often in a stride."""
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
    """How lines of the back go with the stride, as learnt from rendered bodies."""

    shape: Shape
    """Of people's backs in the mean over their strides."""
    per_degree: FloatArray
    """(k,) trunk lengths for a degree of lumbar extension."""
    per_thigh: FloatArray
    """(2, k) trunk lengths for a radian of the rear, of the front thigh."""
    cycle: FloatArray
    """(orders, k, k) covariance of cosine and sine of each harmonic, lumbar extension taken off; trunk lengths ** 2."""
    look: FloatArray
    """(k, k) covariance of single looks about the cycle; trunk lengths ** 2."""
    reading: FloatArray
    """(k, k) covariance of single looks about the person's own middle, lumbar extension and all; trunk lengths ** 2."""


@dataclass(frozen=True)
class LineCycle:
    """Lumbar extension over the stride with its error, and what it was read from."""

    waves: FloatArray
    """(h,) cosine and sine of each harmonic, degrees, ribs bent backward against the pelvis +; mean of the stride 0."""
    covariance: FloatArray
    """(h, h) of ``waves``, degrees ** 2."""
    misfit: float
    """Squared departure of single looks from the cycle, a station, against what rendered bodies do; cloth: more."""
    n_looks: int
    """Looks at which ``MIN_STATIONS`` and more were read."""

    def at(self, phase: FloatArray) -> FloatArray:
        """Lumbar extension (m,) in degrees at phases (m,) of the stride in radians."""
        return np.asarray(harmonics(phase) @ self.waves)

    def sd_of_change_deg(self, strides: float) -> float:
        """SD of the change within so many strides, root mean square over where in the stride it begins."""
        phase = np.linspace(0.0, 2 * np.pi, 24, endpoint=False)
        change = harmonics(phase + 2 * np.pi * strides) - harmonics(phase)
        return float(np.sqrt(np.mean(np.einsum("na,ab,nb->n", change, self.covariance, change))))


@dataclass(frozen=True)
class _Prior:
    """Shape and waves before anything is seen: normal."""

    mean: FloatArray
    """((1 + h) * k,)."""
    precision: FloatArray
    """((1 + h) * k, (1 + h) * k) inverse covariance."""


def harmonics(phase: FloatArray) -> FloatArray:
    """(n, h) cosine and sine of each of ORDERS at phases (n,) in radians."""
    return np.stack([wave(k * phase) for k in ORDERS for wave in (np.cos, np.sin)], axis=1)


def fit_line_cycle(line: BackLine, thighs: FloatArray, phase: FloatArray, model: CycleModel) -> LineCycle | None:
    """The cycle through all looks; None with fewer than ``MIN_LOOKS`` at which enough of the back is seen.

    ``thighs`` (n, 2): rear and front thigh against the trunk, backward +, radians; only how they move about their mean
    counts. ``phase`` (n,) of the stride at each look, radians.
    """
    by_thighs = np.nan_to_num(thighs - np.nanmean(thighs, axis=0)) @ model.per_thigh
    basis = np.column_stack([np.ones(len(phase)), harmonics(phase)])
    back = read_back(line, model.reading, shape=model.shape)
    for i in range(READINGS):
        usable = np.isfinite(back).sum(axis=1) >= MIN_STATIONS
        if usable.sum() < MIN_LOOKS:
            return None
        unknowns, covariance = _robust_posterior(basis, back - by_thighs, model)
        if i < READINGS - 1:
            back = read_back(line, model.look, basis[:, 1:] @ unknowns[1:] + by_thighs, shape=model.shape)
    misfit = _misfit((back - by_thighs - basis @ unknowns)[usable], model)
    return LineCycle(*_lumbar(unknowns[1:], covariance, model), misfit, int(usable.sum()))


def posterior(
    basis: FloatArray, lines: FloatArray, extra_variance: FloatArray, model: CycleModel
) -> tuple[FloatArray, FloatArray]:
    """Mean (1 + h, k) and covariance ((1 + h) * k, (1 + h) * k) of shape and waves, given lines (n, k).

    ``basis`` (n, 1 + h): ones and harmonics; ``extra_variance`` (n, k): added to that of each station, so that it
    counts less.
    """
    normal, pull = _normal_equations(basis, lines, extra_variance, model, _prior(model))
    covariance = np.linalg.inv(normal)
    return np.asarray((covariance @ pull).reshape(basis.shape[1], -1)), np.asarray(covariance)


def _robust_posterior(basis: FloatArray, lines: FloatArray, model: CycleModel) -> tuple[FloatArray, FloatArray]:
    """``posterior`` where a station that is far off has its variance raised, till it is ``FAR_OFF_SDS`` off."""
    variance, prior = np.diag(model.look), _prior(model)
    limit = FAR_OFF_SDS * np.sqrt(variance + EDGE_NOISE**2)
    extra = np.zeros(lines.shape)
    for _ in range(REWEIGHTINGS):
        normal, pull = _normal_equations(basis, lines, extra, model, prior)
        unknowns = np.linalg.solve(normal, pull).reshape(basis.shape[1], -1)
        off = np.nan_to_num((lines - basis @ unknowns) / limit)
        extra = variance * (np.maximum(1.0, off**2) - 1.0)
    return posterior(basis, lines, extra, model)


def _normal_equations(
    basis: FloatArray, lines: FloatArray, extra_variance: FloatArray, model: CycleModel, prior: _Prior
) -> tuple[FloatArray, FloatArray]:
    """Precision of all unknowns ((1 + h) * k square), and precision times their mean ((1 + h) * k,)."""
    n, size = basis.shape
    seen = np.isfinite(lines)
    weight = _precisions(seen, extra_variance, model)
    k = lines.shape[1]
    # the sum over looks of kron(basis basis', weight), as one product of matrices
    products = (basis[:, :, None] * basis[:, None, :]).reshape(n, -1)
    told = (products.T @ weight.reshape(n, -1)).reshape(size, size, k, k)
    normal = told.transpose(0, 2, 1, 3).reshape(size * k, size * k) + prior.precision
    pull = basis.T @ np.einsum("nij,nj->ni", weight, np.where(seen, lines, 0.0))
    return np.asarray(normal), np.asarray(pull.ravel() + prior.precision @ prior.mean)


def _prior(model: CycleModel) -> _Prior:
    k = len(model.per_degree)
    size = (1 + 2 * len(ORDERS)) * k
    mean, precision = np.zeros(size), np.zeros((size, size))
    mean[:k], precision[:k, :k] = model.shape.mean, np.linalg.inv(model.shape.covariance)
    for i, inverse in enumerate(np.linalg.inv(_wave_covariances(model))):
        for start in ((1 + 2 * i) * k, (2 + 2 * i) * k):
            precision[start : start + k, start : start + k] = inverse
    return _Prior(mean, precision)


def _wave_covariances(model: CycleModel) -> FloatArray:
    """(orders, k, k) covariance of each harmonic of the line, lumbar extension and all."""
    bent = np.outer(model.per_degree, model.per_degree)
    return np.asarray(model.cycle + np.square(SWAY_DEG)[:, None, None] * bent)


def _precisions(seen: BoolArray, extra_variance: FloatArray, model: CycleModel) -> FloatArray:
    """(n, k, k) inverse covariance of the stations seen (n, k) at each look; 0 in rows and columns of the others.

    Stations not seen get the rows of the identity for the inversion: so all looks are inverted at once, and what is
    seen does not notice.
    """
    k = seen.shape[1]
    both = seen[:, :, None] & seen[:, None, :]
    covariance = np.where(both, model.look + EDGE_NOISE**2 * np.eye(k), np.eye(k))
    index = np.arange(k)
    covariance[:, index, index] += np.where(seen, extra_variance, 0.0)
    return np.where(both, np.linalg.inv(covariance), 0.0)


def _lumbar(line_waves: FloatArray, covariance: FloatArray, model: CycleModel) -> tuple[FloatArray, FloatArray]:
    """Lumbar extension's waves (h,) and their covariance (h, h), from the line's waves (h, k).

    ``covariance``: of shape and waves, as of ``posterior``. Each wave of the line is lumbar extension and something
    else, both normal: regression tells the one from the sum, and what it leaves open is added to the error.
    """
    h, k = line_waves.shape
    variance = np.repeat(np.square(SWAY_DEG), 2)
    regression = np.linalg.solve(_wave_covariances(model), model.per_degree[None, :, None])[..., 0]
    gain = np.repeat(regression, 2, axis=0) * variance[:, None]
    of_line = covariance[k:, k:].reshape(h, k, h, k)
    told = np.einsum("ai,aibj,bj->ab", gain, of_line, gain, optimize=True)
    left_open = variance * (1.0 - gain @ model.per_degree)
    return np.asarray((gain * line_waves).sum(axis=1)), np.asarray(told + np.diag(left_open))


def _misfit(off: FloatArray, model: CycleModel) -> float:
    """Median over looks of the squared departure (n, k) from the cycle, a station, as rendered looks depart."""
    seen = np.isfinite(off)
    weight = _precisions(seen, np.zeros(off.shape), model)
    known = np.where(seen, off, 0.0)
    return float(np.median(np.einsum("ni,nij,nj->n", known, weight, known) / seen.sum(axis=1)))
