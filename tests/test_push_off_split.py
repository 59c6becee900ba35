"""Hip pays, back pays, cannot tell: by the whole interval."""

from __future__ import annotations

import pytest

from formcheck.push_off_split import A_THIRD_PCT, verdict_code
from formcheck.records import Measurement


@pytest.mark.parametrize(
    ("share", "half", "code"),
    [
        (10.0, 15.0, "hip_pays"),
        (60.0, 15.0, "back_pays"),
        (25.0, 15.0, "push_off_unsure"),
        (A_THIRD_PCT, 0.0, "push_off_unsure"),
        (60.0, 40.0, "push_off_unsure"),
    ],
)
def test_verdict_holds_over_the_whole_interval(share: float, half: float, code: str) -> None:
    assert verdict_code(Measurement("lumbar_share_pct", "left", "pct", share, uncertainty=half)) == code


def test_no_number_no_verdict() -> None:
    row = Measurement("lumbar_share_pct", "left", "pct", None, status="not_measurable")
    assert verdict_code(row) == "push_off_unsure"
