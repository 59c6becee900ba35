"""What lines of the back do over a stride, learnt from stills and runners by expectation-maximisation.

Each body's lines, lumbar extension and thighs taken off, are a mean of its own, harmonics of the stride's phase drawn
with a covariance for each order, and the scatter of single looks (Laird & Ware 1982, 10.2307/2529876). Needs
formcheck's own packages only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.back_cycle import ORDERS, harmonics

ROUNDS = 12
LEAST_SD = 0.002
"""Trunk lengths: what so few bodies do not show."""
SHAPE_SD = 0.008
"""The same of a person's own shape."""
BROAD = 100.0
"""Trunk lengths ** -2: precision of a body's mean before anything is seen."""


@dataclass(frozen=True)
class BodyLines:
    """Whole lines of one body at moments of running."""

    phase: np.ndarray
    """(n,) radians."""
    lines: np.ndarray
    """(n, k) trunk lengths."""
    thighs: np.ndarray
    """(n, 2) radians."""
    lumbar_deg: np.ndarray
    """(n,)."""


def learn_cycle(learnt_alone: list[BodyLines], runners: list[BodyLines]) -> dict[str, np.ndarray]:
    """The arrays of ``formcheck.back_cycle.CycleModel`` (but ``reading``).

    ``learnt_alone``: bodies whose lumbar extension goes with nothing else; from them come what a degree and what the
    thighs do, and people's shapes.
    """
    x = np.vstack([_less_mean(np.column_stack([b.thighs, b.lumbar_deg])) for b in learnt_alone])
    y = np.vstack([_less_mean(b.lines) for b in learnt_alone])
    slopes = np.linalg.lstsq(x, y, rcond=None)[0]
    rest = y - x @ slopes
    means = np.array([b.lines.mean(axis=0) for b in learnt_alone])
    bodies = [(b.phase, _rest(b, slopes)) for b in (*learnt_alone, *runners)]
    cycle, look = _maximised(bodies, rest.T @ rest / len(rest))
    least = LEAST_SD**2 * np.eye(len(look))
    return {
        "shape_mean": means.mean(axis=0),
        "shape_covariance": np.cov(means.T) + SHAPE_SD**2 * np.eye(len(look)),
        "per_degree": slopes[2],
        "per_thigh": slopes[:2],
        "cycle": cycle + least,
        "look": look + least,
    }


def _less_mean(values: np.ndarray) -> np.ndarray:
    return values - values.mean(axis=0)


def _rest(body: BodyLines, slopes: np.ndarray) -> np.ndarray:
    return _less_mean(body.lines) - _less_mean(np.column_stack([body.thighs, body.lumbar_deg])) @ slopes


def _maximised(bodies: list[tuple[np.ndarray, np.ndarray]], start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Covariances (orders, k, k) of the harmonics and (k, k) of single looks, from phases and lines of each body."""
    k = len(start)
    cycle, look = np.stack([0.15 * start] * len(ORDERS)), 0.15 * start + 0.003**2 * np.eye(k)
    for _ in range(ROUNDS):
        found = [_expected(phase, lines, cycle, look) for phase, lines in bodies]
        cycle = np.mean([harmonic for harmonic, _ in found], axis=0)
        look = np.sum([scatter for _, scatter in found], axis=0) / sum(len(phase) for phase, _ in bodies)
    return cycle, look


def _expected(
    phase: np.ndarray, lines: np.ndarray, cycle: np.ndarray, look: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Expected squares of one body's harmonics (orders, k, k), and of its looks about them, summed (k, k)."""
    k, size = len(look), 1 + 2 * len(ORDERS)
    basis = np.column_stack([np.ones(len(phase)), harmonics(phase)])
    precision = np.zeros((size * k, size * k))
    precision[:k, :k] = BROAD * np.eye(k)
    for i, inverse in enumerate(np.repeat(np.linalg.inv(cycle + 1e-7 * np.eye(k)), 2, axis=0)):
        precision[(1 + i) * k : (2 + i) * k, (1 + i) * k : (2 + i) * k] = inverse
    weight = np.linalg.inv(look + 1e-7 * np.eye(k))
    covariance = np.linalg.inv(np.kron(basis.T @ basis, weight) + precision)
    waves = (covariance @ (basis.T @ lines @ weight).ravel()).reshape(size, k)
    off, left = lines - basis @ waves, covariance.reshape(size, k, size, k)
    squares = [np.outer(waves[i], waves[i]) + left[i, :, i] for i in range(1, size)]
    of_orders = np.array(squares).reshape(len(ORDERS), 2, k, k).mean(axis=1)
    return of_orders, off.T @ off + np.einsum("ab,akbl->kl", basis.T @ basis, left)
