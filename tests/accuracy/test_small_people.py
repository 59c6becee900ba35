"""Who takes up a third of the picture is found, recognised and counted as if filmed from near."""

from __future__ import annotations

import pytest

from tests.accuracy.small_people import NAMES, found

pytestmark = pytest.mark.accuracy


@pytest.mark.parametrize("name", NAMES)
def test_a_small_person_is_found_and_told_what_they_do(name: str) -> None:
    one = found(name)
    assert one.share >= 0.98
    assert one.apart_pct <= 1.0
    assert one.analysis.activity == one.truth["activity"]
    assert sum(rep.complete for rep in one.analysis.reps) == sum(rep["complete"] for rep in one.truth["reps"])
    true_s = [hold["end_s"] - hold["start_s"] for hold in one.truth["holds"]]
    assert max((hold.end_s - hold.start_s for hold in one.analysis.holds), default=0.0) == pytest.approx(
        max(true_s, default=0.0), abs=0.5
    )
