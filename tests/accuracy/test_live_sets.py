"""Counting and correcting aloud on all exercise clips that have been made, and that the document is what they gave."""

from __future__ import annotations

import numpy as np
import pytest

from .exercises import why_absent
from .live import Set, sets
from .rendered import GROUPS

pytestmark = [
    pytest.mark.accuracy,
    pytest.mark.skipif(why_absent() is not None, reason=str(why_absent())),
]


@pytest.fixture(scope="module", params=GROUPS)
def heard(request: pytest.FixtureRequest) -> tuple[Set, ...]:
    """What was said during each clip of a group."""
    if not sets(request.param):
        pytest.skip(f"no {request.param} clips: python tools/render_clips.py --exercises --group {request.param}")
    return sets(request.param)


def test_every_repetition_is_counted_aloud_and_soon(heard: tuple[Set, ...]) -> None:
    counted = [one for one in heard if one.clip.whole_reps and one.clip.view != "feet"]
    assert np.mean([one.counted == one.true for one in counted]) >= 0.95
    late_s = [late for one in counted for late in one.late_s]
    assert np.percentile(late_s, 95) < 0.8
    assert min(late_s) > -1.5, "not before the body is on its way back"


def test_from_the_feet_none_is_counted_that_was_not_done(heard: tuple[Set, ...]) -> None:
    assert all(one.counted <= one.true for one in heard if one.clip.view == "feet")


def test_hardly_a_remark_is_wrong(heard: tuple[Set, ...]) -> None:
    remarks = [one.is_true(metric) for one in heard for metric in one.faults]
    assert len(remarks) > 20
    assert sum(true is False for true in remarks) <= 0.05 * len(remarks)
