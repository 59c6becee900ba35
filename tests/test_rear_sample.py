"""The sample filmed from behind, from the video file to the numbers, against its truth: it stands, then runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from formcheck import analyze_video
from formcheck.analysis import Options
from formcheck.annotate.brush import MARK
from formcheck.annotate.still import draw_key_moment
from formcheck.records import Analysis
from formcheck.skeleton import INDEX

VIDEO = Path(__file__).parents[1] / "sample_videos" / "rear_runner_sway.mp4"
SIGN = {"left": 1.0, "right": -1.0}
SIDED = ("trunk_side_lean_deg", "foot_from_midline_pct_leg", "knee_window_pct", "arm_out_deg", "hip_adduction_deg")
WHOLE = ("trunk_sway_range_deg", "hip_sway_pct_leg", "step_width_pct_leg", "shoulder_tilt_deg")


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return analyze_video(VIDEO, Options(pose="fast"))


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(VIDEO.with_suffix(".truth.json").read_text(encoding="utf-8"))
    return told


def _true(truth: dict[str, Any], metric: str, side: str | None) -> float:
    return float(next(m["value"] for m in truth["measurements"] if (m["metric"], m["side"]) == (metric, side)))


def _assert_right(analysis: Analysis, metric: str, side: str | None, true: float) -> None:
    found = next(m for m in analysis.measurements if (m.metric, m.side) == (metric, side))
    assert isinstance(found.value, float), found.reason
    assert found.uncertainty is not None
    assert abs(found.value - true) <= found.uncertainty, (metric, side, found.value, true)


def test_who_runs_from_behind_is_seen_from_behind(analysis: Analysis) -> None:
    assert (analysis.activity, analysis.view) == ("running", "rear")


def test_the_standing_is_found_where_it_is(analysis: Analysis, truth: dict[str, Any]) -> None:
    stand = truth["made_with"]["stand"]
    assert analysis.standing is not None
    assert analysis.standing.clip is None
    assert analysis.standing.start_s == pytest.approx(0.0, abs=0.3)
    assert analysis.standing.end_s == pytest.approx(stand["stand_s"], abs=0.4)
    assert min(event.time_s for event in analysis.events) > stand["stand_s"]


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_pelvis_drops_as_far_as_it_does_less_its_tilt_at_rest(
    analysis: Analysis, truth: dict[str, Any], side: str
) -> None:
    own = float(np.median(truth["frames"]["hip_line_deg"][:10]))
    _assert_right(analysis, "pelvic_drop_deg", side, _true(truth, "pelvic_drop_deg", side) - SIGN[side] * own)


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_picture_shows_the_drop_that_the_numbers_tell(analysis: Analysis, side: str) -> None:
    moment = next(m for m in analysis.key_moments if (m.kind, m.side) == ("midstance", side))
    blank = np.zeros((analysis.pose.height_px, analysis.pose.width_px, 3), np.uint8)
    picture = draw_key_moment(blank, analysis, moment, "en").astype(int)
    x, y = np.array([_joint_px(analysis, f"{s}_hip", moment.time_s) for s in ("left", "right")]).mean(axis=0)
    reach = 30
    near = picture[round(y) - reach : round(y) + reach, round(x) - reach : round(x) + reach]
    rows, columns = np.nonzero(np.abs(near - MARK).max(axis=2) < 40)
    lower_to_the_right_deg = float(np.degrees(np.arctan(np.polyfit(columns, rows, 1)[0])))
    drop = next(m for m in analysis.measurements if (m.metric, m.side) == ("pelvic_drop_deg", side))
    step = int(np.argmin(np.abs(np.array(drop.times_s) - moment.time_s)))
    assert SIGN[side] * lower_to_the_right_deg == pytest.approx(drop.values[step], abs=1.5)


def _joint_px(analysis: Analysis, name: str, time_s: float) -> np.ndarray:
    path = analysis.signals.xy_px[:, INDEX[name]]
    return np.array([np.interp(time_s, analysis.signals.time_s, path[:, k]) for k in (0, 1)])


@pytest.mark.parametrize("metric", SIDED)
@pytest.mark.parametrize("side", ["left", "right"])
def test_numbers_of_each_side(analysis: Analysis, truth: dict[str, Any], metric: str, side: str) -> None:
    _assert_right(analysis, metric, side, _true(truth, metric, side))


@pytest.mark.parametrize("metric", WHOLE)
def test_numbers_of_the_whole_body(analysis: Analysis, truth: dict[str, Any], metric: str) -> None:
    _assert_right(analysis, metric, None, _true(truth, metric, None))


def test_cadence_and_every_step_on_its_own_side(analysis: Analysis, truth: dict[str, Any]) -> None:
    true = [(e["time_s"], e["side"]) for e in truth["events"] if e["kind"] == "contact"]
    times = np.array([time for time, _ in true])
    found = next(m for m in analysis.measurements if m.metric == "cadence_spm")
    assert found.value == pytest.approx(60.0 / np.diff(times).mean(), abs=1.0)
    inner = [e for e in analysis.events if e.kind == "contact" and times[0] - 0.1 < e.time_s < times[-1] + 0.1]
    assert len(inner) >= len(true) - 2
    for event in inner:
        assert event.side == true[int(np.argmin(np.abs(times - event.time_s)))][1]
