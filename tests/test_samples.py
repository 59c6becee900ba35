"""The runners of the sample clips from the video file to the written folder, through the network, against truth.

The clips of real people beside the project are used where they are; nothing of them is kept.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from made_clips import repeated
from synthetic import rotated

from formcheck import analyze_video, write_results
from formcheck.analysis import Options
from formcheck.pose.recorded_pose import read_pose
from formcheck.records import Analysis, InputError
from formcheck.skeleton import SIDES
from formcheck.sureness import CHANGED

ROOT = Path(__file__).parents[1]
SAMPLES = sorted((ROOT / "sample_videos").glob("runner_*.mp4"))
QUICK = "runner_right_good"
"""The sample that is analysed in the default suite, too; the others take another minute."""
CLIPS = Path(os.environ.get("FORMCHECK_CLIPS", ROOT.parent / "shared" / "clips"))
END_S = 0.05
SAME_EVENT_S = 0.08
OUTPUTS = {"analysis.json", "annotated.mp4", "events.csv", "frames", "pose.npz", "report.html", "signals.csv"}


@dataclass(frozen=True)
class Sample:
    """One clip, what is true of it, and what was found."""

    video: Path
    truth: dict[str, Any]
    analysis: Analysis
    folder: Path

    def true_value(self, metric: str, side: str | None = None) -> float:
        """The truth of one measure."""
        rows = [m for m in self.truth["measurements"] if m["metric"] == metric]
        return float(next(m["value"] for m in rows if m["side"] in (side, None)))

    def found_value(self, metric: str, side: str | None = None) -> float:
        """What was measured."""
        rows = [m for m in self.analysis.measurements if m.metric == metric and m.side == side]
        assert rows, metric
        assert isinstance(rows[0].value, float), (metric, rows[0].reason)
        return rows[0].value


@pytest.fixture(
    scope="module",
    params=[pytest.param(path, id=path.stem, marks=[pytest.mark.slow] * (path.stem != QUICK)) for path in SAMPLES],
)
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """Each clip is analysed once for all tests."""
    video: Path = request.param
    truth = json.loads(video.with_suffix(".truth.json").read_text(encoding="utf-8"))
    options = Options(height_cm=truth["height_cm"], belt_speed_mps=truth["belt_speed_mps"])
    analysis = analyze_video(video, options)
    folder = write_results(analysis, video, tmp_path_factory.mktemp("results"))
    return Sample(video, truth, analysis, folder)


def test_the_pose_that_lies_beside_a_clip_is_the_one_that_is_found(sample: Sample) -> None:
    beside = sample.video.with_suffix(".pose.npz")
    if not beside.is_file():
        pytest.skip("none lies beside it")
    kept, found = read_pose(beside), sample.analysis.pose
    assert kept.finder == found.finder, "made by another pose finder: see sample_videos/SOURCES.md"
    assert kept.time_s == pytest.approx(found.time_s, abs=1e-6)
    apart_px = np.hypot(*np.moveaxis(kept.xy_px - found.xy_px, 2, 0))
    assert np.nanmedian(apart_px) < 1.0


# ------------------------------------------------------------------------------------------------ against the truth

BEYOND = {
    ("runner_right_sway", "contact_time_s far"): 0.034,
}
"""Numbers of the balanced profile that miss their limit, and what they must not grow beyond. The limits stay what they
are; whoever brings a number back inside takes it off this list."""


def _expect_beyond(sample: Sample, number: str, error: float, limit: float) -> None:
    known = BEYOND.get((sample.video.stem, number))
    if known is None:
        return
    assert abs(error) > limit, "inside its limit again: take it off the list"
    assert abs(error) <= known
    pytest.xfail(f"off by {error:.3g}, limit {limit:.3g}")


def test_no_number_changed_within_the_clip(sample: Sample) -> None:
    assert not [m.metric for m in sample.analysis.measurements if m.reason is not None and m.reason.code == CHANGED]


def test_facing_and_near_side(sample: Sample) -> None:
    assert sample.analysis.signals.facing == sample.truth["facing"]
    assert sample.analysis.signals.near_side == sample.truth["near_side"]
    assert sample.analysis.view == "side"


def test_every_contact_is_found_and_none_invented(sample: Sample) -> None:
    end_s = sample.truth["video"]["duration_s"]
    for side in SIDES:
        true = np.array([e["time_s"] for e in sample.truth["events"] if (e["kind"], e["side"]) == ("contact", side)])
        found = np.array([e.time_s for e in sample.analysis.events if (e.kind, e.side) == ("contact", side)])
        apart = np.abs(found[:, None] - true[None])
        missed = true[(apart.min(axis=0) > SAME_EVENT_S) & (true > END_S) & (true < end_s - END_S)]
        invented = found[(apart.min(axis=1) > SAME_EVENT_S) & (found > END_S) & (found < end_s - END_S)]
        assert missed.tolist() == []
        assert invented.tolist() == []


def test_cadence_is_within_one_step_a_minute(sample: Sample) -> None:
    assert sample.found_value("cadence_spm") == pytest.approx(sample.true_value("cadence_spm"), abs=1.0)


@pytest.mark.parametrize("which", ["near", "far"])
def test_contact_time_is_within_20_ms(sample: Sample, which: str) -> None:
    near = sample.truth["near_side"]
    side = near if which == "near" else {"left": "right", "right": "left"}[near]
    error = sample.found_value("contact_time_s", side) - sample.true_value("contact_time_s", side)
    _expect_beyond(sample, f"contact_time_s {which}", error, 0.020)
    assert abs(error) <= 0.020


# In degrees, but overstride in percent of leg length.
NEAR_LEG = {
    "thigh_extension_at_toe_off_deg": 4.0,
    "knee_flexion_at_contact_deg": 5.0,
    "overstride_pct_leg": 4.0,
}


@pytest.mark.parametrize("metric", NEAR_LEG)
def test_near_legs_numbers(sample: Sample, metric: str) -> None:
    side = sample.truth["near_side"]
    error = sample.found_value(metric, side) - sample.true_value(metric, side)
    _expect_beyond(sample, metric, error, NEAR_LEG[metric])
    assert abs(error) <= NEAR_LEG[metric]


def test_trunk_lean_is_within_3_deg(sample: Sample) -> None:
    error = sample.found_value("trunk_lean_deg") - sample.true_value("trunk_lean_deg")
    assert abs(error) <= 3.0


def test_vertical_oscillation_is_within_12_mm(sample: Sample) -> None:
    error = sample.found_value("vertical_oscillation_cm") - sample.true_value("vertical_oscillation_cm")
    assert abs(error) <= 1.2


def test_the_cameras_turn_is_found(sample: Sample) -> None:
    """One of the four stands 6 degrees behind, one is rolled by 0.6."""
    camera = sample.truth["made_with"]["camera"]
    rolled = camera["roll_deg"] * (1 if sample.truth["facing"] == "right" else -1)
    assert sample.analysis.signals.yaw_deg == pytest.approx(camera["yaw_deg"], abs=6.0)
    assert sample.analysis.signals.level_deg == pytest.approx(rolled, abs=1.5)


@pytest.mark.parametrize("tilt_deg", [-3.0, 1.0, 3.0])
def test_a_tilted_picture_gives_the_same_angles(sample: Sample, tilt_deg: float) -> None:
    """Within half a degree, a whole one from 30 frames a second; where contacts move, what is read there moves too."""
    from formcheck import analyze_pose

    slow = 2.0 if sample.truth["video"]["frame_rate_hz"] < 45 else 1.0
    options = Options(height_cm=sample.truth["height_cm"], belt_speed_mps=sample.truth["belt_speed_mps"])
    tilted = analyze_pose(rotated(sample.analysis.pose, tilt_deg), sample.analysis.video, options)
    for before, after in zip(sample.analysis.measurements, tilted.measurements, strict=True):
        at_contact = before.metric.endswith("at_contact_deg") or before.metric == "overstride_pct_leg"
        of_back = before.metric.startswith(("lumbar", "hip_extension", "pelvic"))  # its outline is in quarter pixels
        if isinstance(before.value, float) and before.unit in ("deg", "pct") and of_back:
            limit = 5.0 if before.unit == "pct" else 2.0  # the share is of some 40 degrees: 2 degrees are 5 per cent
            assert after.value == pytest.approx(before.value, abs=limit * slow), before.metric
        elif isinstance(before.value, float) and before.unit in ("deg", "pct"):
            assert after.value == pytest.approx(before.value, abs=slow * (1.5 if at_contact else 0.5)), before.metric


def test_stated_intervals_hold_the_truth(sample: Sample) -> None:
    """Nineteen of twenty are promised; a handful of numbers of one clip may miss once or twice."""
    misses = []
    rows = {(m["metric"], m["side"]): m["value"] for m in sample.truth["measurements"]}
    for m in sample.analysis.measurements:
        true = rows.get((m.metric, m.side))
        if isinstance(m.value, float) and true is not None and m.uncertainty is not None:
            misses += [(m.metric, m.side, m.value, true)] if abs(m.value - true) > m.uncertainty else []
    assert len(misses) <= 2, misses


# -------------------------------------------------------------------------------------------------------- the folder


def test_all_outputs_are_there(sample: Sample) -> None:
    assert {path.name for path in sample.folder.iterdir()} == OUTPUTS
    assert all(path.stat().st_size > 0 for path in sample.folder.iterdir())
    assert len(list((sample.folder / "frames").glob("*.jpg"))) == len(sample.analysis.key_moments) >= 3
    assert [path.name for path in sample.folder.parent.iterdir()] == [sample.video.stem]


def test_annotated_clip_plays_everywhere(sample: Sample) -> None:
    """H.264 in 4:2:0, upright without a rotation flag, as long as the clip."""
    with av.open(str(sample.folder / "annotated.mp4")) as made, av.open(str(sample.video)) as given:
        picture, original = made.streams.video[0], given.streams.video[0]
        assert picture.codec_context.name == "h264"
        assert picture.codec_context.pix_fmt == "yuv420p"
        assert (picture.width, picture.height) == (
            sample.truth["video"]["width_px"],
            sample.truth["video"]["height_px"],
        )
        first = next(made.decode(picture))
        assert not getattr(first, "rotation", 0)
        frame_s = 1 / float(original.average_rate)
        assert _seconds(picture) == pytest.approx(_seconds(original), abs=frame_s + 1e-3)
        assert abs(picture.frames - original.frames) <= 1


def _seconds(stream: Any) -> float:
    return float(stream.duration * stream.time_base)


def test_analysis_json_tells_the_same_numbers(sample: Sample) -> None:
    told = json.loads((sample.folder / "analysis.json").read_text(encoding="utf-8"))
    values = {(m["metric"], m["side"]): m["value"] for m in told["measurements"]}
    for m in sample.analysis.measurements:
        if isinstance(m.value, float):
            assert values[m.metric, m.side] == pytest.approx(m.value, rel=1e-3, abs=1e-3)


def test_recorded_pose_gives_the_same_analysis(sample: Sample) -> None:
    from formcheck import analyze_pose
    from formcheck.pose.recorded_pose import read_pose

    options = Options(height_cm=sample.truth["height_cm"], belt_speed_mps=sample.truth["belt_speed_mps"])
    again = analyze_pose(read_pose(sample.folder / "pose.npz"), sample.analysis.video, options)
    for before, after in zip(sample.analysis.measurements, again.measurements, strict=True):
        assert (before.metric, before.side, before.status) == (after.metric, after.side, after.status)
        if isinstance(before.value, float):
            assert after.value == pytest.approx(before.value, rel=1e-3, abs=1e-3)


# ------------------------------------------------------------------------------------------------ clips of real people


def _clip(name: str) -> Path:
    path = CLIPS / name
    if not path.is_file():
        pytest.skip(f"no clip {name} in {CLIPS} (set FORMCHECK_CLIPS to the folder that holds it)")
    return path


@cache
def _analysed(name: str) -> Analysis:
    return analyze_video(_clip(name))


def _refusal(name: str) -> str:
    with pytest.raises(InputError) as refused:
        _analysed(name)
    return refused.value.code


@pytest.mark.slow
def test_treadmill_runner_faces_right_at_a_known_cadence() -> None:
    """The trainer's overlay puts the good part, 16-21 s, at 169-172 steps a minute."""
    analysis = _analysed("tm_movup_goodbad.mp4")
    assert analysis.signals.facing == "right"
    part = [s for s in analysis.strides if s.contact_s >= 16.0 and s.next_contact_s <= 21.0]
    assert len(part) >= 6
    cadence = 120.0 / np.mean([s.next_contact_s - s.contact_s for s in part])
    assert 165.0 <= cadence <= 175.0


@pytest.mark.slow
def test_walking_is_refused() -> None:
    assert _refusal("wk_s2d_demo4.mp4") == "not_running"


@pytest.mark.slow
def test_standing_is_refused() -> None:
    assert _refusal("st_s2d_demo5.mp4") == "activity_unknown"


@pytest.mark.slow
@pytest.mark.parametrize(("name", "marked"), [("sq_gl_front_side.mp4", 8), ("sq_nv_front.mp4", 5)])
def test_squats_are_counted_and_never_taken_for_running(name: str, marked: int) -> None:
    """Counted by eye: tests/accuracy/marks/exercises/marks.csv."""
    found = _analysed(name)
    assert (found.activity, len(found.reps)) == ("squat", marked)
    with pytest.raises(InputError) as refused:
        analyze_video(_clip(name), Options(activity="running"))
    assert refused.value.code == "not_running"


@pytest.mark.slow
def test_slow_motion_is_suspected() -> None:
    analysis = _analysed("tm_mhuang_slowmo.mp4")
    assert "slow_motion_suspected" in {note.code for note in analysis.warnings}
    assert all(m.value is None for m in analysis.measurements)


# ------------------------------------------------------------------------------------------------------------ memory

_MEASURE_PEAK = """
import resource, sys
from pathlib import Path
from formcheck import analyze_video, write_results
from formcheck.analysis import Options
video = Path(sys.argv[1])
write_results(analyze_video(video, Options(pose="fast")), video, Path(sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def _peak_kib(video: Path, out: Path) -> int:
    """Peak memory of a process of its own that does everything with one clip."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE_PEAK, str(video), str(out)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return int(done.stdout.split()[-1])


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="this system does not tell a process its peak memory")
def test_a_ten_minute_clip_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    source = min(SAMPLES, key=lambda path: path.stat().st_size)
    short = repeated(source, tmp_path / "short.mp4", 20.0)
    long = repeated(source, tmp_path / "long.mp4", 600.0)
    assert _peak_kib(long, tmp_path / "out") <= 1.3 * _peak_kib(short, tmp_path / "out")
