"""Memory of everything with a clip of 1080p, in processes of their own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from made_clips import enlarged, repeated

from formcheck.bench import run_apart
from formcheck.video import probe

PROMISED_MB = 900
MORE_FOR_FOUR_TIMES_AS_LONG = 1.1


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="this system does not tell a process its peak memory")
def test_a_1080p_clip_takes_less_than_promised_however_long_it_is(
    tmp_path: Path, sample_video: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    short = enlarged(sample_video, tmp_path / "short.mp4", 4.0)
    long = repeated(short, tmp_path / "long.mp4", 16.0)
    assert min(probe(short).width_px, probe(short).height_px) == 1080
    peaks = []
    for clip in (short, long):
        run = run_apart("whole", clip, {"pose": "balanced"})
        assert run.peak_mb is not None
        peaks.append(run.peak_mb)
        with capsys.disabled():
            print(f" {run.n_frames} frames of 1080p: {run.peak_mb:.0f} MB", end="")
    assert max(peaks) < PROMISED_MB
    assert peaks[1] <= MORE_FOR_FOUR_TIMES_AS_LONG * peaks[0]
