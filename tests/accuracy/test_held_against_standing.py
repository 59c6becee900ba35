"""Running held against standing, on rendered people: what is stated must hold."""

from __future__ import annotations

import numpy as np
import pytest

from . import standing

pytestmark = pytest.mark.accuracy


@pytest.fixture(scope="module", autouse=True)
def _made() -> None:
    absent = standing.why_absent()
    if absent:
        pytest.skip(absent)


@pytest.mark.parametrize("metric", standing.METRICS)
def test_stated_intervals_hold_the_truth(metric: str) -> None:
    given = [row for row in standing.rows() if row.metric == metric and row.near and row.found is not None]
    inside = [abs(row.found - row.true) <= (row.half or 0.0) for row in given if row.found is not None]
    assert len(given) >= 5
    assert np.mean(inside) >= 0.9


def test_arched_usual_and_flat_come_in_that_order_for_everybody() -> None:
    ranges = standing.range_errors_pct()
    assert len(ranges) >= 5
    assert np.abs(ranges).max() < 50.0


def test_more_from_the_back_uses_more_of_the_own_range() -> None:
    found: dict[str, list[tuple[float, float]]] = {}
    for row in standing.rows():
        if row.metric == standing.ARCH_USED and row.near and row.found is not None:
            found.setdefault(row.clip.name.split("_")[1], []).append((row.clip.truth["more_deg"], row.found))
    several = [sorted(pairs) for pairs in found.values() if len(pairs) > 1]
    assert several
    assert all(last[1] > first[1] for first, *_, last in several)
