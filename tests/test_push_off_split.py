"""Hip pays, back pays, cannot tell: by the whole interval."""

from __future__ import annotations

import pytest

from formcheck.push_off_split import A_THIRD_PCT, told_of, verdict_code
from formcheck.records import Measurement, Status


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


@pytest.mark.parametrize(("status", "marked"), [("ok", False), ("low_confidence", True)])
def test_a_doubtful_number_is_marked_in_the_bar_too(status: Status, marked: bool) -> None:
    told = told_of(Measurement("lumbar_extension_change_deg", "left", "deg", 5.3, uncertainty=12.0, status=status))
    assert told.en.startswith("5° ± 12°")
    assert ("less sure" in told.en, "参考程度" in told.ja) == (marked, marked)


def test_no_number_no_verdict() -> None:
    row = Measurement("lumbar_share_pct", "left", "pct", None, status="not_measurable")
    assert verdict_code(row) == "push_off_unsure"
