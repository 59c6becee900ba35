"""A runner filmed with few pictures a second, at a cadence that evenly spread looks fall into step with."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import pytest
from made_clips import all_frames, encode

from formcheck import analyze_video
from formcheck.analysis import Options

CLIP = Path(__file__).parents[1] / "sample_videos" / "runner_right_good.mp4"
"""60 pictures a second, 171 steps a minute."""
AT_CONTACT = (
    "foot_angle_at_contact_deg",
    "knee_flexion_at_contact_deg",
    "overstride_pct_leg",
    "shank_angle_at_contact_deg",
)


@pytest.mark.slow
@pytest.mark.parametrize("rate_hz", [30, 20])
def test_numbers_at_contact_hold_where_few_pictures_are_looked_at(rate_hz: int, tmp_path: Path) -> None:
    """Every third of 30 or second of 20 pictures a second shows the same seven phases of each of this runner's strides.

    Looked at so, the knee at contact comes out 7 degrees off at 30 and 10 at 20 pictures a second.
    """
    pictures = (frame.image for frame in islice(all_frames(CLIP), 0, None, 60 // rate_hz))
    filmed = encode(tmp_path / "slow.mp4", pictures, rate=rate_hz, options={"crf": "16"})
    true = {
        (m["metric"], m["side"]): m["value"]
        for m in json.loads(CLIP.with_suffix(".truth.json").read_text("utf-8"))["measurements"]
    }
    found = {
        (m.metric, m.side): m
        for m in analyze_video(filmed, Options(activity="running")).measurements
        if m.metric in AT_CONTACT
    }
    near = {metric: found[metric, "right"] for metric in AT_CONTACT}
    assert {metric: m.reason for metric, m in near.items() if not isinstance(m.value, float)} == {}
    for metric, m in near.items():
        assert m.value == pytest.approx(true[metric, "right"], abs=m.uncertainty), metric
    assert near["knee_flexion_at_contact_deg"].value == pytest.approx(
        true["knee_flexion_at_contact_deg", "right"], abs=5.0
    )
