"""Running held against the same person standing: bodies whose back's line is bent exactly as the model says."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from synthetic import Runner
from synthetic_body import SideBody

from formcheck.activities import examine
from formcheck.activities.examined import Examined
from formcheck.back_at_rest import LEAST_RANGE_DEG, back_at_rest
from formcheck.lumbar import load_model
from formcheck.outline import STATIONS, trunk_frame
from formcheck.records import Facing, FloatArray, Measurement, PoseTrack, Subject
from formcheck.standing import find_standing

RATE_HZ, HOLD_S = 30.0, 2.0
SWING_DEG = 5.0
"""Lumbar extension of the runner: a sine twice a stride, most near toe-off."""


def with_back(pose: PoseTrack, lumbar_deg: FloatArray, facing: Facing) -> PoseTrack:
    """The same clip with an outline: a back bent by ``lumbar_deg`` (n,), a straight front."""
    midhip, up, behind, trunk = trunk_frame(pose.xy_px, facing == "right")
    offset = 0.18 + np.outer(lumbar_deg, load_model().per_degree)
    stations = np.concatenate([STATIONS, STATIONS[::-1]])
    across = np.concatenate([offset, np.full(offset.shape, -0.2)], axis=1)
    along = stations[:, None] * up[:, None] + across[..., None] * behind[:, None]
    outline = midhip[:, None] + trunk[:, None, None] * along
    return replace(pose, outline_qpx=np.rint(4 * outline).astype(np.int16))


@cache
def running(facing: Facing = "right") -> PoseTrack:
    runner = Runner(facing=facing, lean_swing_deg=0.0)
    pose = runner.pose()
    share = runner.share(runner.near_side, pose.time_s)
    return with_back(pose, SWING_DEG * np.sin(4 * np.pi * (share - 0.2)), facing)


def standing(held_deg: tuple[float, ...], facing: Facing = "right", trunk_deg: float = 2.0) -> PoseTrack:
    """Somebody who holds the back at each of these for two seconds, against the runner's mean."""
    each = round(HOLD_S * RATE_HZ)
    lumbar = np.repeat(held_deg, each)
    pose = SideBody(trunk=trunk_deg, facing=facing, arm=25.0).pose(len(lumbar), 300.0)
    return with_back(replace(pose, time_s=np.arange(len(lumbar)) / RATE_HZ), lumbar, facing)


@cache
def examined(held_deg: tuple[float, ...], **body: float) -> Examined:
    rest = find_standing(standing(held_deg, **body), "standing.mp4")  # type: ignore[arg-type]
    assert rest is not None
    return examine(running(), Subject(), "running", "side", [rest])


def told(found: Examined, metric: str) -> Measurement:
    side = found.signals.near_side
    return next(m for m in found.measurements if m.metric == metric and m.side in (side, None))


@pytest.mark.parametrize("facing", ["left", "right"])
@pytest.mark.parametrize("usual", [-9.0, 0.0, 7.0])
def test_standing_is_told_against_running(usual: float, facing: Facing) -> None:
    rest = back_at_rest(running(facing), standing((usual,), facing))
    assert rest is not None
    assert rest.usual_deg == pytest.approx(usual, abs=2.0)
    assert rest.most_arched_deg is None


def test_the_clip_of_standing_may_look_the_other_way() -> None:
    there, back = (back_at_rest(running("right"), standing((6.0,), facing)) for facing in ("right", "left"))
    assert there is not None
    assert back is not None
    assert there.usual_deg == pytest.approx(back.usual_deg, abs=0.5)


@pytest.mark.parametrize("usual", [-4.0, 3.0])
def test_the_own_range_is_found_in_the_clip_of_standing(usual: float) -> None:
    rest = back_at_rest(running(), standing((usual, usual + 12.0, usual - 7.0, usual)))
    assert rest is not None
    assert rest.flattest_deg is not None
    assert rest.most_arched_deg is not None
    assert rest.usual_deg == pytest.approx(usual, abs=2.0)
    assert rest.most_arched_deg - rest.flattest_deg == pytest.approx(19.0, rel=0.15)


def test_swaying_is_no_range() -> None:
    sway = LEAST_RANGE_DEG / 2 - 1.0
    rest = back_at_rest(running(), standing((0.0, sway, -sway, 0.0)))
    assert rest is not None
    assert rest.most_arched_deg is None


def test_without_an_outline_of_standing_nothing_is_told() -> None:
    pose = standing((0.0,))
    assert back_at_rest(running(), replace(pose, outline_qpx=np.full_like(pose.outline_qpx, -1))) is None


def test_more_arched_standing_makes_the_push_off_less_arched_against_it() -> None:
    metric = "lumbar_extension_at_push_off_vs_standing_deg"
    flat, arched = (told(examined((usual,)), metric) for usual in (-6.0, 4.0))
    assert isinstance(flat.value, float)
    assert isinstance(arched.value, float)
    assert flat.value - arched.value == pytest.approx(10.0, abs=1.5)


def test_push_off_less_midstance_is_the_change() -> None:
    found = examined((0.0,))
    ends = [told(found, f"lumbar_extension_at_{at}_vs_standing_deg").value for at in ("push_off", "midstance")]
    change = told(found, "lumbar_extension_change_deg").value
    assert all(isinstance(value, float) for value in (*ends, change))
    assert ends[0] - ends[1] == pytest.approx(change, abs=1.0)  # type: ignore[operator]


def test_share_of_the_own_range() -> None:
    found = examined((0.0, 12.0, -8.0))
    share, change = told(found, "lumbar_range_used_pct"), told(found, "lumbar_extension_change_deg").value
    assert isinstance(share.value, float)
    assert isinstance(change, float)
    assert share.value == pytest.approx(100.0 * change / 20.0, rel=0.15)
    assert share.uncertainty is not None
    narrow = told(examined((0.0, 6.0, -4.0)), "lumbar_range_used_pct")
    assert narrow.uncertainty is not None
    assert narrow.uncertainty > share.uncertainty


def test_nobody_arched_no_share() -> None:
    share = told(examined((0.0,)), "lumbar_range_used_pct")
    assert share.value is None
    assert share.reason is not None
    assert share.reason.code == "nobody_arched"


def test_trunk_and_thigh_less_standing() -> None:
    upright, stooped = examined((0.0,), trunk_deg=0.0), examined((0.0,), trunk_deg=6.0)
    lean = "trunk_lean_vs_standing_deg"
    assert told(upright, lean).value == pytest.approx(told(upright, "trunk_lean_deg").value, abs=0.5)
    assert told(stooped, lean).value == pytest.approx(told(upright, lean).value - 6.0, abs=0.5)  # type: ignore[operator]
    thigh = told(upright, "thigh_extension_at_toe_off_vs_standing_deg").value
    assert thigh == pytest.approx(told(upright, "thigh_extension_at_toe_off_deg").value, abs=0.5)


def test_without_standing_there_are_no_such_numbers() -> None:
    found = examine(running(), Subject(), "running", "side")
    names = {m.metric for m in found.measurements}
    assert "lumbar_extension_change_deg" in names
    assert not {name for name in names if "standing" in name or name == "lumbar_range_used_pct"}


@pytest.mark.parametrize("flutter", [0.02, 0.05])
def test_a_trunk_whose_lines_flutter_is_refused_with_what_to_do(flutter: float) -> None:
    """``flutter``: trunk lengths by which back and front lie off, differently at every look; beside standing, too."""
    rest = find_standing(standing((0.0, 12.0, -8.0)), "standing.mp4")
    assert rest is not None
    found = examine(fluttering(running(), flutter), Subject(), "running", "side", [rest])
    about = ("lumbar", "hip_extension_change", "pelvic_tilt")
    rows = [m for m in found.measurements if m.metric.startswith(about)]
    assert {"lumbar_extension_change_deg", "lumbar_range_used_pct"} <= {m.metric for m in rows}
    assert {(m.value, m.reason.code if m.reason else None) for m in rows} == {(None, "back_unsteady")}
    assert "lumbar_extension_deg" not in found.signals.series


def fluttering(pose: PoseTrack, by_trunk: float) -> PoseTrack:
    """The outline pushed to and fro along the trunk by waves that begin elsewhere at every look."""
    trunk_px = trunk_frame(pose.xy_px, True)[3]
    begins = np.random.default_rng(3).uniform(0.0, 2 * np.pi, len(trunk_px))
    waves = np.sin(np.linspace(0.0, 4 * np.pi, pose.outline_qpx.shape[1]) + begins[:, None])
    outline = pose.outline_qpx.copy()
    outline[..., 0] += np.rint(4 * by_trunk * trunk_px[:, None] * waves).astype(outline.dtype)
    return replace(pose, outline_qpx=outline)
