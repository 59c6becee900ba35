"""The picture of a moment is the frame of that moment, whichever frames the body was looked for in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from conftest import write_clip
from synthetic_analysis import build_analysis

from formcheck.annotated_clip import write_annotated_clip

RATE_HZ = 60


@pytest.mark.parametrize("slow_motion", [1.0, 4.0])
@pytest.mark.parametrize("looked_at_every", [1, 2, 5])
def test_a_still_shows_its_own_frame(tmp_path: Path, looked_at_every: int, slow_motion: float) -> None:
    """Frames get brighter by one each, so that a corner tells which frame it is."""
    pictures = [np.full((320, 180, 3), 20 + number, np.uint8) for number in range(180)]
    clip = write_clip(tmp_path / "clip.mp4", pictures, frame_rate_hz=round(RATE_HZ / slow_motion))
    analysis = build_analysis(180, 320, rate_hz=RATE_HZ, slow_motion=slow_motion)
    pose = replace(analysis.pose, time_s=analysis.pose.time_s[::looked_at_every])
    out = tmp_path / "out"
    out.mkdir()
    analysis = replace(analysis, pose=pose)
    stills = write_annotated_clip(analysis, clip, out, "en", lambda _: None, lambda _time_s, _image: None)
    assert len(stills) == len(analysis.key_moments)
    for still in stills:
        decoded = cv2.imdecode(np.frombuffer(still.jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
        assert decoded is not None
        number = float(np.median(decoded[:40, :20])) - 20
        # colours are rounded on the way into a clip and out of it, by two or three steps of grey
        assert number == pytest.approx(still.moment.time_s * RATE_HZ, abs=4)
