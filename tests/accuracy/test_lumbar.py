"""Who pays for the push-off, on rendered runners kept back: what holds, and what must not get worse."""

from __future__ import annotations

import numpy as np
import pytest

from . import lumbar

pytestmark = pytest.mark.accuracy


@pytest.fixture(scope="module")
def changes() -> list[lumbar.Row]:
    """The change of lumbar extension, near foot, of every runner kept back."""
    absent = lumbar.why_absent()
    if absent:
        pytest.skip(absent)
    return [row for row in lumbar.rows("runners") if row.metric == lumbar.CHANGE and row.near]


def test_fluttering_shirts_are_refused_or_honest(changes: list[lumbar.Row]) -> None:
    flapping = [row for row in changes if row.clip.truth["clothes"] == "flapping"]
    assert flapping
    assert all(row.found is None or abs(row.found - row.true) <= (row.half or 0.0) for row in flapping)


def test_stated_intervals_hold_the_truth(changes: list[lumbar.Row]) -> None:
    given = [row for row in changes if row.found is not None]
    inside = [abs(row.found - row.true) <= (row.half or 0.0) for row in given if row.found is not None]
    assert len(given) >= 32
    assert np.mean(inside) >= 0.9


@pytest.mark.usefixtures("changes")
@pytest.mark.parametrize(("group", "least"), [("after", 10), ("fresh", 8)])
def test_stated_intervals_hold_on_other_runners_too(group: str, least: int) -> None:
    """Two whose looks at back and front both scatter were 8 degrees off: they are refused."""
    given = [row for row in lumbar.rows(group) if row.metric == lumbar.CHANGE and row.near and row.found is not None]
    assert len(given) >= least
    assert all(abs(row.found - row.true) <= (row.half or 0.0) for row in given if row.found is not None)


@pytest.mark.usefixtures("changes")
@pytest.mark.parametrize(("group", "least", "mean_deg"), [("unseen", 16, 2.0), ("newest", 26, 2.3)])
def test_of_runners_that_nothing_was_chosen_on_hardly_any_is_told_wrongly(
    group: str, least: int, mean_deg: float
) -> None:
    """Every other one moves as a real runner kept back: told worse than the others, and said to be so."""
    given = [row for row in lumbar.rows(group) if row.metric == lumbar.CHANGE and row.near and row.found is not None]
    assert len(given) >= least
    errors = [abs(row.found - row.true) for row in given if row.found is not None]
    assert np.mean([e <= (row.half or 0.0) for e, row in zip(errors, given, strict=True)]) >= 0.9
    assert np.mean(errors) <= mean_deg


@pytest.mark.usefixtures("changes")
def test_large_changes_are_not_told_too_small() -> None:
    """Slope against the truth of all runners kept back or rendered later; those who move as real ones: 0.6 alone."""
    groups = ("runners", "after", "fresh", "unseen", "newest")
    given = [r for g in groups for r in lumbar.rows(g) if r.metric == lumbar.CHANGE and r.near and r.found is not None]
    true = np.array([row.true for row in given])
    assert len(given) >= 90
    assert 0.85 <= np.polyfit(true, true + lumbar.errors_of(given), 1)[0] <= 1.1


def test_mean_error(changes: list[lumbar.Row]) -> None:
    """1.3 degrees were aimed at: see below and docs/lumbar.md."""
    assert np.mean([abs(row.found - row.true) for row in changes if row.found is not None]) <= 1.6


@pytest.mark.xfail(strict=True, reason="1.45 degrees on the runners kept back, 1.30 on those rendered later")
def test_mean_error_aimed_at(changes: list[lumbar.Row]) -> None:
    assert np.mean([abs(row.found - row.true) for row in changes if row.found is not None]) <= 1.3


@pytest.mark.parametrize("more_deg", [4.0, 7.0])
def test_who_gives_more_from_the_back_is_told(changes: list[lumbar.Row], more_deg: float) -> None:
    share, n = lumbar.pairs_told_apart(more_deg)
    assert n >= 4
    assert share == 1.0


@pytest.mark.usefixtures("changes")
@pytest.mark.parametrize(("more_deg", "least"), [(4.0, 0.93), (7.0, 0.98)])
def test_area_under_the_curve_of_who_gives_more(more_deg: float, least: float) -> None:
    assert lumbar.area_under_curve(more_deg) >= least
