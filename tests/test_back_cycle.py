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


# ------------------------------------------------------------------------------------------- what always holds

SEEDS = st.integers(0, 10_000)
K = len(STATIONS)
FEW = settings(max_examples=4, deadline=None)


def hidden_at_random(back: FloatArray, seed: int, share: float) -> FloatArray:
    return np.where(np.random.default_rng(seed).random(back.shape) < share, np.nan, back)


def solved(lines: FloatArray, phase: FloatArray = PHASE) -> tuple[FloatArray, FloatArray]:
    basis = np.column_stack([np.ones(len(phase)), harmonics(phase)])
    return posterior(basis, lines, np.zeros(lines.shape), MODEL)


@FEW
@given(SEEDS, st.floats(0.0, 0.9))
def test_the_covariance_is_one_and_looks_only_make_it_smaller(seed: int, share: float) -> None:
    lines = hidden_at_random(clip(seed, 5.0)[0], seed, share)
    _, covariance = solved(lines)
    np.testing.assert_allclose(covariance, covariance.T, atol=1e-9)
    assert np.linalg.eigvalsh(covariance).min() > 0.0
    _, of_half = solved(lines[: N_LOOKS // 2], PHASE[: N_LOOKS // 2])
    assert np.linalg.eigvalsh(of_half - covariance).min() > -1e-9


@FEW
@given(SEEDS, st.floats(0.0, 0.7))
def test_the_order_of_looks_does_not_matter(seed: int, share: float) -> None:
    lines = hidden_at_random(clip(seed, 5.0)[0], seed, share)
    order = np.random.default_rng(seed).permutation(N_LOOKS)
    np.testing.assert_allclose(solved(lines[order], PHASE[order])[0], solved(lines)[0], atol=1e-8)


@FEW
@given(SEEDS, st.floats(0.0, 2 * np.pi))
def test_where_the_stride_is_said_to_begin_does_not_matter(seed: int, later: float) -> None:
    back, _ = clip(seed, 5.0)
    here, there = (fit_line_cycle(seen_as(back, True), LEGS, PHASE + shift, MODEL) for shift in (0.0, later))
    assert here is not None
    assert there is not None
    np.testing.assert_allclose(there.at(PHASE + later), here.at(PHASE), atol=1e-5)
    assert there.misfit == pytest.approx(here.misfit, rel=1e-5)
    assert there.sd_of_change_deg(0.2) == pytest.approx(here.sd_of_change_deg(0.2), rel=0.05)


@FEW
@given(SEEDS, st.floats(-0.5, 0.5))
def test_only_how_the_thighs_move_counts(seed: int, turned: float) -> None:
    back, _ = clip(seed, 5.0)
    here, there = (fit_line_cycle(seen_as(back, False), LEGS + by, PHASE, MODEL) for by in (0.0, turned))
    assert here is not None
    assert there is not None
    np.testing.assert_allclose(there.waves, here.waves, atol=1e-6)


@given(SEEDS, st.floats(0.01, 0.99))
def test_a_change_within_whole_strides_is_none_and_as_sure_either_way(seed: int, strides: float) -> None:
    root = np.random.default_rng(seed).normal(size=(2 * len(ORDERS), 2 * len(ORDERS)))
    cycle = LineCycle(root[0], root @ root.T, 0.0, 0)
    assert cycle.sd_of_change_deg(1.0) == pytest.approx(0.0, abs=1e-6)
    np.testing.assert_allclose(cycle.at(PHASE + 2 * np.pi), cycle.at(PHASE), atol=1e-9)
    moments = np.linspace(0.0, 2 * np.pi, 24, endpoint=False)
    assert abs(cycle.at(moments).mean()) < 1e-9
    assert cycle.sd_of_change_deg(strides) >= 0.0


@FEW
@given(SEEDS)
def test_all_looks_at_once_are_each_by_itself(seed: int) -> None:
    """The equations are summed in one product over all looks; by hand, one look at a time, the same comes out."""
    lines = hidden_at_random(clip(seed, 5.0)[0][:40], seed, 0.5)
    basis = np.column_stack([np.ones(40), harmonics(PHASE[:40])])
    waves, covariance = posterior(basis, lines, np.zeros(lines.shape), MODEL)
    nothing = np.full(lines.shape, np.nan)
    mean, before = posterior(basis, nothing, np.zeros(lines.shape), MODEL)
    precision = np.linalg.inv(before)
    pull = precision @ mean.ravel()
    for row, line in zip(basis, lines, strict=True):
        seen = np.flatnonzero(np.isfinite(line))
        design = np.kron(row, np.eye(K))[seen]
        weight = np.linalg.inv((MODEL.look + EDGE_NOISE**2 * np.eye(K))[np.ix_(seen, seen)])
        precision += design.T @ weight @ design
        pull += design.T @ weight @ line[seen]
    np.testing.assert_allclose(waves.ravel(), np.linalg.solve(precision, pull), atol=1e-6)
    np.testing.assert_allclose(covariance, np.linalg.inv(precision), atol=1e-8)
