"""The picture of a moment is the frame of that moment, whichever frames the body was looked for in."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from conftest import write_clip
from synthetic_analysis import build_analysis

from formcheck.annotate.callouts import lean_text
from formcheck.annotate.still import _wrapped, caption_lines
from formcheck.annotate.timeline import readings_at
from formcheck.annotate.typeface import Typeface
from formcheck.annotated_clip import write_annotated_clip
from formcheck.cards import LANGS, Lang
from formcheck.skeleton import other
from formcheck.texts import text

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


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("room_px", [220, 300, 400, 2000])
def test_a_long_caption_goes_on_below(lang: Lang, room_px: int) -> None:
    """Nothing is lost, no row is too wide, and a number stays with its interval."""
    line = text("draw_back_still", lang, back="+6° ± 6°", hip="+37° ± 13°")
    face = Typeface()
    rows = _wrapped(line, face, 14, room_px)
    assert re.sub(r"[ ・]", "", "".join(rows)) == re.sub(r"[ ・]", "", line)
    assert all(face.width_px(row, 14) <= room_px for row in rows)
    assert len(rows) == 1 or room_px < face.width_px(line, 14)
    assert not any(row.startswith("±") or row.endswith("±") for row in rows)


@pytest.mark.parametrize("lang", LANGS)
def test_every_number_of_a_still_says_how_sure_it_is(lang: Lang) -> None:
    """Beside the clip's own with its interval; what the clip has none of is called rough."""
    analysis = build_analysis(180, 320)
    far = other(analysis.signals.near_side)
    moment = next(m for m in analysis.key_moments if m.kind == "contact")
    readings = readings_at(analysis.signals, far, moment.time_s)
    lines = caption_lines(replace(analysis, measurements=()), replace(moment, side=far), readings, lang)
    rough = text("draw_rough", lang, number="")
    assert lines
    assert all(line.endswith(rough) for line in lines)
    assert lean_text(readings.trunk_deg, lang) + rough in lines
