"""Telling the back from arms that stick out behind it, on lines that vary as the model's backs do."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.back_reading import CLEAR, read_back
from formcheck.lumbar import estimate_looks, load_model
from formcheck.outline import STATIONS, BackLine
from formcheck.records import FloatArray
from formcheck.skeleton import INDEX, SIDES

N_LOOKS = 60
ELBOW = (STATIONS > 0.42) & (STATIONS < 0.68)


def backs(seed: int = 4) -> tuple[FloatArray, FloatArray]:
    """(n, stations) lines of one person and their lumbar extension, as the model says they go together."""
    model, rng = load_model(), np.random.default_rng(seed)
    slope = model.with_lumbar / model.lumbar_var
    rest = model.covariance - np.outer(slope, model.with_lumbar)
    lumbar = rng.normal(0.0, 5.0, N_LOOKS)
    found = lumbar[:, None] * slope + rng.multivariate_normal(np.zeros(len(rest)), rest, N_LOOKS)
    return 0.2 + found[:, :-2], lumbar


def line_of(back: FloatArray, outer: FloatArray, arm_edge: FloatArray) -> BackLine:
    """A line whose outermost crossing is ``outer``; behind it, where that is not the back, comes the back."""
    inner = np.where(outer > back + 0.01, back, np.nan)
    n = len(back)
    up = np.tile([0.0, -1.0], (n, 1))
    behind = np.tile([-1.0, 0.0], (n, 1))
    crossings = np.stack([outer, inner], axis=-1)
    trunk, hip = np.full(n, 150.0), np.full((n, 2), 300.0)
    return BackLine(np.arange(n) / 30, crossings, arm_edge, trunk, hip, up, behind)


def test_a_clear_back_is_read_as_it_is() -> None:
    back, _ = backs()
    read = read_back(line_of(back, back, np.full(back.shape, -np.inf)), load_model().covariance[:-2, :-2])
    seen = np.isfinite(read)
    assert seen.mean() > 0.9
    np.testing.assert_allclose(read[seen], back[seen], atol=1e-9)


@pytest.mark.parametrize("out", [0.04, 0.08, 0.3])
def test_an_elbow_behind_is_no_back(out: float) -> None:
    back, _ = backs()
    arm = ELBOW & (np.arange(N_LOOKS)[:, None] % 2 == 0)
    outer = np.where(arm, back + out, back)
    line = line_of(back, outer, np.where(arm, outer + 0.02, -np.inf))
    read = read_back(line, load_model().covariance[:-2, :-2])
    wrong = np.isfinite(read) & (np.abs(read - back) > 0.02)
    assert wrong[arm].mean() < 0.03
    assert np.isfinite(read)[~arm & ELBOW].mean() > 0.8


def test_an_arm_in_front_of_the_back_takes_nothing_away() -> None:
    back, _ = backs()
    clear = read_back(line_of(back, back, back - CLEAR - 0.01), load_model().covariance[:-2, :-2])
    near = read_back(line_of(back, back, back - CLEAR + 0.03), load_model().covariance[:-2, :-2])
    assert np.isfinite(clear).mean() > 0.9
    assert np.isfinite(near).mean() < np.isfinite(clear).mean()


def test_lumbar_extension_comes_back_from_the_line() -> None:
    back, lumbar = backs()
    looks = estimate_looks(line_of(back, back, np.full(back.shape, -np.inf)), upright(), load_model())
    slope, _ = np.polyfit(lumbar, looks.lumbar_deg, 1)
    assert 0.8 < slope < 1.2
    assert np.std(looks.lumbar_deg - lumbar) < 2 * np.median(looks.sd_deg)


def upright() -> FloatArray:
    """(n, 33, 2) somebody whose thighs hang straight down."""
    points = np.full((N_LOOKS, 33, 2), 300.0)
    for side in SIDES:
        points[:, INDEX[f"{side}_shoulder"], 1] = 150.0
        points[:, INDEX[f"{side}_knee"], 1] = 430.0
    return points
