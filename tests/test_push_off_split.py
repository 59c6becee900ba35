"""Hip pays, back pays, cannot tell: by the whole interval."""

from __future__ import annotations

import pytest
from synthetic import Runner
from test_back_at_rest import running, standing
from test_back_curve import analysed

from formcheck.analysis import analyze_pose
from formcheck.push_off_split import A_THIRD_PCT, BACK, SHARE, against_standing, splits, told_of, verdict_code, why_none
from formcheck.records import Measurement, Status
from formcheck.standing import find_standing


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


def test_bar_and_sentence_tell_the_same_number() -> None:
    near = analysed().signals.near_side
    told = {m.metric: m for m in analysed().measurements if m.side == near}
    split = splits(analysed())[0]
    assert split.side == near
    assert split.hip_share == pytest.approx(100.0 - told[SHARE].value)  # type: ignore[operator]
    assert split.low <= split.hip_share <= split.high
    whole = split.hip_deg + split.back_deg
    assert 100.0 * split.back_deg / whole == pytest.approx(told[SHARE].value, abs=3.0)
    assert f"{told[SHARE].value:.0f}%" in split.verdict.en
    assert f"{told[BACK].value:.0f}°" in split.back.en


def test_a_clip_without_an_outline_says_why() -> None:
    runner = Runner()
    analysis = analyze_pose(runner.pose(), runner.facts())
    assert splits(analysis) == []
    why = why_none(analysis)
    assert why is not None
    assert "outline" in why.en
    assert "輪郭" in why.ja
    assert why_none(analysed()) is None


def test_standing_is_told_where_somebody_stood() -> None:
    assert against_standing(analysed()) == []
    rest = find_standing(standing((2.0, 14.0, -6.0)), "standing.mp4")
    assert rest is not None
    runner = Runner(lean_swing_deg=0.0)
    both = against_standing(analyze_pose(running(), runner.facts(), None, [rest]))
    assert len(both) == 2
    assert all("±" in line.ja and "±" in line.en for line in both)
