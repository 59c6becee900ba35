"""Tracks between looks: exact for a steady cycle, the looks themselves always kept."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.between_looks import between_looks
from formcheck.records import FloatArray


def _runner(time_s: FloatArray, stride_hz: float = 1.4) -> FloatArray:
    phase = 2 * np.pi * stride_hz * time_s
    return np.stack([100 * np.cos(phase) + 25 * np.sin(3 * phase), 40 * np.sin(2 * phase) + 9 * np.cos(5 * phase)], 1)


@given(rate_hz=st.floats(11.0, 20.0), stride_hz=st.floats(1.2, 1.6))
@settings(max_examples=30, deadline=None)
def test_a_steady_cycle_is_known_between_looks(rate_hz: float, stride_hz: float) -> None:
    """Of an amplitude of 100 px; the looks alone, a cubic through them, are off by tens of pixels."""
    looks = np.arange(0, 20, 1 / rate_hz)
    grid = np.arange(0.5, 19.5, 1 / 60)
    found = between_looks(looks, _runner(looks, stride_hz), 2 * np.pi * stride_hz * looks, grid)
    off = np.abs(found - _runner(grid, stride_hz))
    in_step = abs(rate_hz / stride_hz - round(rate_hz / stride_hz)) < 0.06
    assert off.max() < (30.0 if in_step else 3.0)


def test_a_cubic_would_not_do() -> None:
    looks, grid = np.arange(0, 20, 1 / 11), np.arange(0.5, 19.5, 1 / 60)
    phase = 2 * np.pi * 1.4 * looks
    with_cycle = np.abs(between_looks(looks, _runner(looks), phase, grid) - _runner(grid))
    without = np.abs(between_looks(looks, _runner(looks), None, grid) - _runner(grid))
    assert without.max() > 5 * with_cycle.max()


@given(seed=st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_looks_are_kept_whatever_they_are(seed: int) -> None:
    rng = np.random.default_rng(seed)
    looks = np.cumsum(rng.uniform(0.03, 0.1, 150))
    values = _runner(looks) + rng.normal(0, 15, (150, 2))
    assert between_looks(looks, values, 2 * np.pi * 1.4 * looks, looks) == pytest.approx(values, abs=1e-6)


def test_a_change_over_minutes_is_followed() -> None:
    looks, grid = np.arange(0, 180, 1 / 15), np.arange(1, 179, 1 / 30)

    def stretched(time_s: FloatArray) -> FloatArray:
        return _runner(time_s) * (1 + time_s[:, None] / 180)

    found = between_looks(looks, stretched(looks), 2 * np.pi * 1.4 * looks, grid)
    assert np.sqrt(np.mean((found - stretched(grid)) ** 2)) < 2.5
