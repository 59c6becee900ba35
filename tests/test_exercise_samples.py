"""The exercises among the sample clips, through the real pose network, against their exact truth."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from formcheck import analyze_video
from formcheck.records import Analysis

FOLDER = Path(__file__).parents[1] / "sample_videos"
SAMPLES = sorted(path for path in FOLDER.glob("*.mp4") if "runner_" not in path.stem)
QUICK = "plank_sagging"
"""The one of the default run; the others take a minute more."""
REP_TIME_S, ANGLE_DEG = 0.3, 8.0
"""Limits of one clip; the means over all clips are in docs/accuracy_exercises.md."""
FAULT_TOLD_BY = {
    "hip_lift_over_arched": "lumbar_overarch_deg",
    "plank_sagging": "hip_sag_pct",
    "overhead_squat": "arms_fall_deg",
}


@dataclass(frozen=True)
class Sample:
    """One clip, what is true of it, and what was found without telling what is done."""

    name: str
    truth: dict[str, Any]
    analysis: Analysis

    def found(self, metric: str) -> float:
        """What was measured."""
        row = next(m for m in self.analysis.measurements if m.metric == metric)
        assert isinstance(row.value, float), (metric, row.reason)
        return row.value

    def true_at_tops(self, track: str) -> float:
        """Median of a true track at the tops of the repetitions."""
        frames = self.truth["frames"]
        tops = [rep["top_s"] for rep in self.truth["reps"]]
        return float(np.median(np.interp(tops, frames["time_s"], frames[track])))


def _param(path: Path) -> Any:
    return pytest.param(path, id=path.stem, marks=() if path.stem == QUICK else pytest.mark.slow)


@pytest.fixture(scope="module", params=[_param(path) for path in SAMPLES])
def sample(request: pytest.FixtureRequest) -> Sample:
    """Each clip is analysed once for all tests."""
    video: Path = request.param
    truth = json.loads(video.with_suffix(".truth.json").read_text(encoding="utf-8"))
    return Sample(video.stem, truth, analyze_video(video))


def test_it_is_small(sample: Sample) -> None:
    assert (FOLDER / f"{sample.name}.mp4").stat().st_size < 900_000


def test_activity_and_view_are_recognised(sample: Sample) -> None:
    assert (sample.analysis.activity, sample.analysis.view) == (sample.truth["activity"], sample.truth["view"])
    assert sample.analysis.signals.facing == sample.truth["facing"]


def test_every_repetition_is_counted_at_its_time(sample: Sample) -> None:
    true = sample.truth["reps"]
    found = [rep for rep in sample.analysis.reps if rep.complete]
    assert len(found) == len(true)
    for rep, right in zip(found, true, strict=True):
        assert rep.start_s == pytest.approx(right["start_s"], abs=REP_TIME_S)
        assert rep.end_s == pytest.approx(right["end_s"], abs=REP_TIME_S)
        assert right["hold_start_s"] - REP_TIME_S < rep.top_s < right["hold_end_s"] + REP_TIME_S


def test_a_held_position_is_timed(sample: Sample) -> None:
    if sample.truth["reps"]:
        assert all(np.isfinite(rep.start_s) for rep in sample.analysis.reps)
        return
    (true,) = sample.truth["holds"]
    longest = max(hold.end_s - hold.start_s for hold in sample.analysis.holds)
    assert longest == pytest.approx(true["end_s"] - true["start_s"], abs=1.5)


def test_its_fault_is_told(sample: Sample) -> None:
    finding = next(f for f in sample.analysis.findings if f.metric == FAULT_TOLD_BY[sample.name])
    assert finding.level in ("watch", "act")
    assert finding.direction == "above"


def test_angles_at_the_top(sample: Sample) -> None:
    near = sample.truth["near_side"]
    tracks = {
        "hip_lift_over_arched": ("hip_line_deg", f"hip_line_{near}_deg"),
        "overhead_squat": ("arms_fall_deg", f"arm_ahead_{near}_deg"),
    }
    if sample.name in tracks:
        metric, track = tracks[sample.name]
        assert sample.found(metric) == pytest.approx(sample.true_at_tops(track), abs=ANGLE_DEG)
    else:
        lines = sample.truth["frames"][f"body_line_{near}_deg"]
        time = np.array(sample.truth["frames"]["time_s"])
        (hold,) = sample.truth["holds"]
        kept = np.array(lines)[(time > hold["start_s"]) & (time < hold["end_s"])]
        assert sample.found("body_line_deg") == pytest.approx(float(np.median(kept)), abs=ANGLE_DEG)
