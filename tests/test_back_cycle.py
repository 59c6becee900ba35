"""The joint reading of a whole clip, on backs drawn from the model itself with elbows put behind them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.back_cycle import EDGE_NOISE, ORDERS, LineCycle, fit_line_cycle, harmonics, posterior
from formcheck.lumbar import load_cycle_model
from formcheck.outline import STATIONS, BackLine
from formcheck.records import FloatArray

N_LOOKS, STRIDES = 90, 6.3
MODEL = load_cycle_model()
PHASE = np.linspace(0.0, 2 * np.pi * STRIDES, N_LOOKS)
LEGS = 0.4 * np.column_stack([np.abs(np.sin(PHASE)), -np.abs(np.cos(PHASE))])


def clip(seed: int, sway_deg: float) -> tuple[FloatArray, FloatArray]:
    """(n, stations) the back of one runner at every look, and the harmonics of lumbar extension."""
    rng = np.random.default_rng(seed)
    waves = rng.normal(0.0, np.repeat([0.3, sway_deg, 0.3, 0.8], 2))
    k = len(STATIONS)
    swing = np.concatenate([rng.multivariate_normal(np.zeros(k), MODEL.cycle[i], 2) for i in range(len(ORDERS))])
    shape = rng.multivariate_normal(MODEL.shape.mean, MODEL.shape.covariance)
    looks = rng.multivariate_normal(np.zeros(k), MODEL.look, N_LOOKS) + rng.normal(0, EDGE_NOISE, (N_LOOKS, k))
    cycle = harmonics(PHASE) @ (swing + np.outer(waves, MODEL.per_degree))
    return shape + cycle + (LEGS - LEGS.mean(axis=0)) @ MODEL.per_thigh + looks, waves


def seen_as(back: FloatArray, elbow: bool) -> BackLine:
    """The line with, or without, an elbow behind the small of the back in half of each stride."""
    hidden = (STATIONS > 0.3) & (STATIONS < 0.75) & (np.cos(2 * PHASE)[:, None] > -0.2) & elbow
    outer = np.where(hidden, back + 0.15, back)
    n = len(back)
    return BackLine(
        np.arange(n) / 20,
        np.stack([outer, np.full(outer.shape, np.nan)], axis=-1),
        np.where(hidden, outer + 0.02, -np.inf),
        np.full(n, 150.0),
        np.full((n, 2), 300.0),
        np.tile([0.0, -1.0], (n, 1)),
        np.tile([-1.0, 0.0], (n, 1)),
    )


def told(seed: int, sway_deg: float, elbow: bool) -> tuple[LineCycle, FloatArray]:
    """What is told, and the harmonics that are true."""
    back, waves = clip(seed, sway_deg)
    cycle = fit_line_cycle(seen_as(back, elbow), LEGS, PHASE, MODEL)
    assert cycle is not None
    return cycle, waves


@pytest.mark.parametrize("elbow", [False, True])
def test_stated_errors_are_those_made(elbow: bool) -> None:
    off = []
    for seed in range(8):
        cycle, waves = told(seed, 5.0, elbow)
        sway = slice(2, 4)
        error = (cycle.waves - waves)[sway]
        off.append(error @ np.linalg.solve(cycle.covariance[sway, sway], error))
    assert 0.2 < np.mean(off) / 2 < 3.0


def test_what_is_hidden_makes_it_less_sure() -> None:
    (clear, _), (hidden, _) = told(3, 5.0, False), told(3, 5.0, True)
    assert hidden.sd_of_change_deg(0.2) > clear.sd_of_change_deg(0.2)


def test_the_model_fits_itself_and_a_fluttering_shirt_does_not() -> None:
    back, _ = clip(5, 5.0)
    cloth = 0.03 * np.random.default_rng(5).normal(size=back.shape)
    still, flutter = (fit_line_cycle(seen_as(b, False), LEGS, PHASE, MODEL) for b in (back, back + cloth))
    assert still is not None
    assert still.misfit < 1.3
    assert flutter is None or flutter.misfit > 1.5 * still.misfit


def test_too_few_looks_tell_nothing() -> None:
    back, _ = clip(1, 5.0)
    back[20:] = np.nan
    assert fit_line_cycle(seen_as(back, False), LEGS, PHASE, MODEL) is None


@settings(max_examples=8, deadline=None)
@given(st.floats(-10.0, 10.0), st.floats(-10.0, 10.0))
def test_more_arching_is_told_as_much_more(cosine: float, sine: float) -> None:
    """The solution is linear: what is added to the line comes out added, not drawn toward the middle."""
    back, _ = clip(7, 5.0)
    added = np.column_stack([np.cos(2 * PHASE), np.sin(2 * PHASE)]) @ np.array([cosine, sine])
    basis = np.column_stack([np.ones(N_LOOKS), harmonics(PHASE)])
    lines = [back, back + np.outer(added, MODEL.per_degree)]
    (first, _), (second, _) = (posterior(basis, line, np.zeros(back.shape), MODEL) for line in lines)
    difference = basis @ (second - first)
    np.testing.assert_allclose(difference, np.outer(added, MODEL.per_degree), atol=0.002)


def test_the_prior_is_all_there_is_without_looks() -> None:
    basis = np.column_stack([np.ones(N_LOOKS), harmonics(PHASE)])
    nothing = np.full((N_LOOKS, len(STATIONS)), np.nan)
    waves, covariance = posterior(basis, nothing, np.zeros(nothing.shape), MODEL)
    np.testing.assert_allclose(waves[0], MODEL.shape.mean, atol=1e-6)
    np.testing.assert_allclose(waves[1:], 0.0, atol=1e-9)
    k = len(STATIONS)
    np.testing.assert_allclose(covariance[:k, :k], MODEL.shape.covariance, rtol=1e-3, atol=1e-7)
