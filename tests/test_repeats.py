"""Repeated pictures are found where an editor put them in, and nowhere else."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from conftest import ROOT

from formcheck import analyze_video
from formcheck.video import different_share, read_frames
from formcheck.video.repeats import CLEAR_GREY_LEVELS

RUNNER = ROOT / "sample_videos" / "runner_right_good.mp4"
CLIPS = Path(os.environ.get("FORMCHECK_CLIPS", ROOT.parent / "shared" / "clips"))


def filled_up(path: Path, shown_hz: int, different_hz: int, end_s: float = 2.0) -> Path:
    """The runner at ``shown_hz`` of 60, each picture repeated until the next of ``different_hz``."""
    with read_frames(RUNNER, max_side_px=480, end_s=end_s) as frames:
        pictures = [frame.image for frame in frames]
    with av.open(str(path), "w") as made:
        stream = made.add_stream("libx264", rate=shown_hz, options={"crf": "23", "preset": "veryfast"})
        stream.height, stream.width, stream.pix_fmt = *pictures[0].shape[:2], "yuv420p"
        for i in range(int(end_s * shown_hz)):
            taken = int(i * different_hz / shown_hz) * 60 / different_hz
            frame = av.VideoFrame.from_ndarray(pictures[min(round(taken), len(pictures) - 1)], format="rgb24")
            frame.pts, frame.time_base = i, Fraction(1, shown_hz)
            made.mux(stream.encode(frame))
        made.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(("shown_hz", "different_hz"), [(60, 30), (60, 15), (60, 25), (60, 12), (30, 24), (30, 15)])
def test_a_clip_that_was_filled_up_has_fewer_pictures(tmp_path: Path, shown_hz: int, different_hz: int) -> None:
    path = filled_up(tmp_path / "filled.mp4", shown_hz, different_hz)
    assert different_share(path) == pytest.approx(different_hz / shown_hz, abs=0.06)


@pytest.mark.parametrize("rate_hz", [60, 30, 20, 15])
def test_a_clip_of_its_own_rate_has_all(tmp_path: Path, rate_hz: int) -> None:
    assert different_share(filled_up(tmp_path / "own.mp4", rate_hz, rate_hz)) == 1.0


@pytest.mark.parametrize("path", sorted((ROOT / "sample_videos").glob("*.mp4")), ids=lambda path: path.stem)
def test_no_sample_has_repeated_pictures(path: Path) -> None:
    assert different_share(path) == 1.0


@pytest.mark.skipif(not CLIPS.is_dir(), reason="the real clips beside the project are absent")
def test_no_real_clip_is_taken_for_one() -> None:
    found = {path.name: different_share(path) for path in CLIPS.iterdir() if path.suffix in (".mp4", ".mov")}
    assert {name for name, share in found.items() if share < 1.0} == set()


def test_a_still_picture_tells_nothing(tmp_path: Path) -> None:
    path = tmp_path / "still.mp4"
    with av.open(str(path), "w") as made:
        stream = made.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for i in range(30):
            level = 100 + (int(CLEAR_GREY_LEVELS) // 2 if i % 2 else 0)
            made.mux(stream.encode(av.VideoFrame.from_ndarray(np.full((240, 320, 3), level, np.uint8), format="rgb24")))
        made.mux(stream.encode(None))
    assert different_share(path) == 1.0


@pytest.mark.slow
def test_what_is_measured_is_as_coarse_as_what_was_filmed(tmp_path: Path) -> None:
    found = analyze_video(filled_up(tmp_path / "filled.mp4", 60, 15, end_s=6.0))
    notes = {note.code: note.details for note in found.warnings}
    assert notes["repeated_pictures"] == {"rate": 60, "different": 15}
    assert "low_frame_rate" in notes
    told = {m.metric: m for m in found.measurements if m.side in (None, "right")}
    cadence, knee = told["cadence_spm"], told["knee_flexion_at_contact_deg"]
    assert isinstance(cadence.value, float)
    assert cadence.value == pytest.approx(171.4, abs=max(cadence.uncertainty or 0.0, 2.0))
    assert {m.status for m in found.measurements if m.metric != "cadence_spm"} <= {"low_confidence", "not_measurable"}
    assert not [
        c for c in found.comparisons if c.status == "ok" and c.metric != "cadence_spm" and c.kind != "variability"
    ]
    assert knee.value is None
    assert knee.reason is not None
    assert knee.reason.code == "frame_rate_too_low"
