"""Clips from several sides in one report."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from synthetic import Runner
from test_running_rear import Across

from formcheck.analysis import analyze_pose
from formcheck.records import Analysis, InputError, PoseTrack, VideoFacts
from formcheck.together import agreement, together_as_dict, write_together
from formcheck.ui.job import Outcome
from formcheck.ui.visit import Clip, Result


def _analysis(pose: PoseTrack, name: str) -> Analysis:
    end_s = float(pose.time_s[-1])
    facts = VideoFacts(name, pose.width_px, pose.height_px, len(pose.time_s), end_s, 60.0, False, 1.0)
    return analyze_pose(pose, facts)


@pytest.fixture(scope="module")
def side() -> Analysis:
    return _analysis(Runner(duration_s=8).pose(), "side.mp4")


def _rear(side: Analysis, faster: float = 1.0) -> Analysis:
    cadence = next(m.value for m in side.measurements if m.metric == "cadence_spm")
    assert isinstance(cadence, float)
    return _analysis(Across(cadence_spm=cadence * faster).pose(), "rear.mp4")


def test_one_run_from_two_sides_agrees_and_keeps_every_number(side: Analysis, tmp_path: Path) -> None:
    rear = _rear(side)
    folder = write_together([(side, tmp_path / "side"), (rear, tmp_path / "rear")], tmp_path, "en")
    written = json.loads((folder / "together.json").read_text(encoding="utf-8"))
    assert written["agrees"]
    assert [clip["view"] for clip in written["clips"]] == ["side", "rear"]
    assert len(written["measurements"]) == len(side.measurements) + len(rear.measurements)
    page = (folder / "together.html").read_text(encoding="utf-8")
    for words in ("from the side", "from behind", "Sideways lean of the trunk", "Forward lean of the trunk"):
        assert words in page
    assert "http://" not in page
    assert "https://" not in page


def test_another_speed_is_told(side: Analysis, tmp_path: Path) -> None:
    faster = _rear(side, 1.1)
    assert [note.code for note in agreement([side, faster])] == ["together_cadences_differ"]
    page = write_together([(side, tmp_path / "a"), (faster, tmp_path / "b")], tmp_path, "ja") / "together.html"
    assert "ピッチが違います" in page.read_text(encoding="utf-8")


def test_the_same_view_twice_is_told(side: Analysis) -> None:
    assert "together_same_view" in [note.code for note in agreement([side, side])]


def test_one_clip_cannot_be_joined(side: Analysis, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        write_together([(side, tmp_path)], tmp_path, "en")
    assert refused.value.code == "together_needs_two"


def test_a_number_that_is_not_known_is_null(side: Analysis, tmp_path: Path) -> None:
    nothing = replace(side, measurements=tuple(replace(m, value=None) for m in side.measurements))
    told = together_as_dict([(nothing, tmp_path), (side, tmp_path)])
    assert json.loads(json.dumps(told, allow_nan=False))["measurements"][0]["value"] is None


# ---------------------------------------------------------------------------------------------------- on the page


def _offered(results: list[Result]) -> AppTest:
    def page() -> None:
        import streamlit as st

        from formcheck.ui.together import offer_together

        offer_together(st.session_state["results"], "running", "en")

    app = AppTest.from_function(page, default_timeout=30)
    app.session_state["results"] = results
    return app.run()


def _result(analysis: Analysis, folder: Path) -> Result:
    return Result(Outcome(analysis, folder, "en"), folder, Clip(folder / "clip.mp4", analysis.video.name, False))


def test_the_page_offers_one_report_of_two_sides_and_asks_for_the_second(side: Analysis, tmp_path: Path) -> None:
    alone, both = _result(side, tmp_path), _result(_rear(side), tmp_path)
    asked = _offered([alone])
    assert not asked.exception
    assert any("from behind" in caption.value for caption in asked.caption)
    offered = _offered([alone, both])
    assert not offered.exception
    assert "from the side + from behind" in offered.get("download_button")[0].proto.label
