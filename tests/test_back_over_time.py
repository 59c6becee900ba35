"""Whether the back changes over a long clip: samples whose truth is known, one after the other, over and over.

``python tests/test_back_over_time.py`` prints what is told of them. Landmarks and outlines are those that the network
found in the samples' pictures, shaken anew at every look, since a network is not wrong by the same twice.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from formcheck import analyze_pose, analyze_video
from formcheck.charts import strides_chart
from formcheck.comparisons import LAID_TOGETHER, MIN_STRETCHES_FOR_DRIFT, compare, notable
from formcheck.exports.analysis_json import analysis_as_dict
from formcheck.records import Analysis, Comparison, Measurement, PoseTrack, Segment, VideoFacts
from formcheck.report import report_html
from formcheck.texts import text

SAMPLES = Path(__file__).parents[1] / "sample_videos"
SHAKEN_PX = 1.0
CHANGE, SHARE = "lumbar_extension_change_deg", "lumbar_share_pct"
GOOD, SWAY = "runner_right_good", "runner_right_sway"


@cache
def pose_of(name: str) -> PoseTrack:
    return analyze_video(SAMPLES / f"{name}.mp4").pose


def joined(names: list[str], seed: int = 0) -> PoseTrack:
    """The poses of these samples one after the other."""
    random, poses = np.random.default_rng(seed), [pose_of(name) for name in names]
    times, starts_s = [], 0.0
    for pose in poses:
        times.append(pose.time_s - pose.time_s[0] + starts_s)
        starts_s = times[-1][-1] + float(np.median(np.diff(pose.time_s)))
    xy = np.concatenate([pose.xy_px for pose in poses])
    outline = np.concatenate([pose.outline_qpx for pose in poses])
    shaken = np.rint(random.normal(0.0, 4 * SHAKEN_PX / 2, outline.shape)).astype(outline.dtype)
    return replace(
        poses[0],
        time_s=np.concatenate(times),
        xy_px=xy + random.normal(0.0, SHAKEN_PX, xy.shape),
        visibility=np.concatenate([pose.visibility for pose in poses]),
        outline_qpx=np.where(outline[..., :1] >= 0, np.maximum(outline + shaken, 0), outline),
    )


@cache
def analysis(first: str, then: str, times: int = 9) -> Analysis:
    pose = joined(times * [first] + times * [then])
    facts = VideoFacts(
        "long", pose.width_px, pose.height_px, len(pose.time_s), float(pose.time_s[-1]), 60.0, False, 1.0
    )
    return analyze_pose(pose, facts)


def true_change(name: str, side: str) -> float:
    rows = json.loads((SAMPLES / f"{name}.truth.json").read_text("utf-8"))["measurements"]
    return float(next(row["value"] for row in rows if (row["metric"], row["side"]) == (CHANGE, side)))


def drifts(found: Analysis) -> dict[tuple[str, str | None], Comparison]:
    return {(c.metric, c.side): c for c in found.comparisons if c.kind == "drift" and c.metric in LAID_TOGETHER}


def over_clip(drift: Comparison) -> tuple[float, float]:
    assert drift.value is not None
    assert drift.uncertainty is not None
    assert drift.span_s is not None
    return drift.value * drift.span_s / 60.0, drift.uncertainty * drift.span_s / 60.0


@pytest.mark.slow
def test_a_back_that_stays_as_it_is_does_not_drift() -> None:
    found = drifts(analysis(GOOD, GOOD))
    assert {metric for metric, _ in found} == LAID_TOGETHER
    for drift in found.values():
        change, error = over_clip(drift)
        assert abs(change) < error
    change, error = over_clip(found[CHANGE, "right"])
    assert abs(change) < 2.0
    assert error < 6.0
    assert not {c.metric for c in notable(analysis(GOOD, GOOD).comparisons) if c.kind == "drift"} & LAID_TOGETHER


@pytest.mark.slow
def test_a_back_that_pays_more_from_the_middle_on_is_told_to() -> None:
    """Every stretch is as far off as the whole clip's number may be, and the step between them is as large as it is."""
    found = analysis(GOOD, SWAY)
    truth = {name: true_change(name, "right") for name in (GOOD, SWAY)}
    mine = [s for s in found.segments if (s.metric, s.side) == (CHANGE, "right")]
    assert len(mine) >= MIN_STRETCHES_FOR_DRIFT
    before, after = (np.array([s.value for s in half]) for half in (mine[:2], mine[-2:]))
    assert after.mean() - before.mean() == pytest.approx(truth[SWAY] - truth[GOOD], abs=4.0)
    (whole,) = [m for m in found.measurements if (m.metric, m.side) == (CHANGE, "right")]
    assert isinstance(whole.value, float)
    assert before.max() < whole.value < after.min()
    change, _ = over_clip(drifts(found)[CHANGE, "right"])
    assert change > 5.0


@pytest.mark.slow
def test_stretches_stand_in_the_file_and_in_the_report() -> None:
    found = analysis(GOOD, SWAY)
    rows = [row for row in analysis_as_dict(found)["segments"] if row["metric"] == SHARE]
    assert {row["side"] for row in rows} == {"left", "right"}
    assert all(row["uncertainty"] > 0 for row in rows)
    figure = strides_chart(found, SHARE, "en")
    drawn = {trace.name: trace for trace in figure.data}
    assert len(drawn[text("chart_segment", "en", name=text("side_right", "en"))].y) == len(rows) / 2
    low, high = figure.layout.yaxis.range
    told = [s.value for s in found.segments if s.metric == SHARE and s.value is not None]
    assert low < min(told) < max(told) < high
    assert f'"{SHARE}"' in report_html(found, [], "en")


def test_a_short_clip_says_what_it_would_take() -> None:
    short = drifts(analysis(GOOD, GOOD, 1))
    assert {c.reason.code for c in short.values() if c.reason} == {"back_needs_two_minutes"}
    assert all(c.value is None for c in short.values())


def of_stretches(values: list[float | None], wander: float = 0.0) -> Measurement:
    stretches = tuple(
        Segment(CHANGE, "right", "deg", 30.0 * i, 30.0 * (i + 1), value, 1.0, 20) for i, value in enumerate(values)
    )
    return Measurement(CHANGE, "right", "deg", 6.0, 0.1, 200, 5.0, stretches=stretches, may_wander=wander)


def drift_of(row: Measurement) -> Comparison:
    (found,) = [c for c in compare([row], 60.0) if c.kind == "drift"]
    return found


def test_the_line_goes_through_the_stretches_that_tell_something() -> None:
    found = drift_of(of_stretches([5.0, 6.0, None, 8.0, 9.0]))
    assert found.value == pytest.approx(2.0)
    assert found.uncertainty == pytest.approx(0.0, abs=1e-9)
    assert (found.n, found.span_s) == (4, 120.0)
    assert drift_of(of_stretches([5.0, 6.0, None, 8.0, None])).reason is not None


def test_what_may_wander_is_counted_at_both_ends() -> None:
    found = drift_of(of_stretches([5.0, 6.0, 7.0, 8.0, 9.0], wander=1.5))
    assert over_clip(found) == pytest.approx((4.0, 1.96 * np.hypot(1.5, 1.5)))


def test_false_alarms_are_rare() -> None:
    random, alarms = np.random.default_rng(3), 0
    for _ in range(400):
        rows = [of_stretches([float(v) for v in 6.0 + random.normal(size=6)]) for _ in range(8)]
        alarms += bool(notable(compare(rows, 60.0)))
    assert alarms <= 32, "one clip in twenty, and chance allows a few more"


def main() -> None:
    """Print the true and the told changes of the back."""
    for then in (GOOD, SWAY):
        found = analysis(GOOD, then)
        told = [
            f"{s.value:.1f}" for s in found.segments if (s.metric, s.side) == (CHANGE, "right") and s.value is not None
        ]
        change, error = over_clip(drifts(found)[CHANGE, "right"])
        true = true_change(then, "right") - true_change(GOOD, "right")
        print(f"{GOOD}, then {then}: {', '.join(told)} deg; true step {true:.1f}; line {change:.1f} +- {error:.1f}")


if __name__ == "__main__":
    main()
