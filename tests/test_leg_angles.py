"""What is taken off thigh and shank for what the network sees wrongly: exact bodies, and the rendered bench."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.leg_angles import (
    MAX_AHEAD_PCT,
    MAX_DEG,
    NAMES,
    ankle_ahead_off_pct,
    features,
    thigh_and_shank_off_deg,
)
from formcheck.records import FloatArray, PoseTrack
from formcheck.signals import build_signals, network_of
from formcheck.skeleton import INDEX, LANDMARKS, SIDES, leg_indices

ROOT = Path(__file__).parents[1]
TRUTH = ROOT / "sample_videos" / "runner_right_good.truth.json"
NETWORK = "balanced: mediapipe heavy landmarks by litert, steady crop"


@pytest.fixture(scope="module")
def truth() -> dict:
    """What is true of a sample."""
    return dict(json.loads(TRUTH.read_text(encoding="utf-8")))


def _points(truth: dict) -> FloatArray:
    """The sample's true joints in its picture, (n, 33, 2)."""
    joints = truth["frames"]["joints_px"]
    xy = np.full((truth["video"]["n_frames"], len(LANDMARKS), 2), np.nan)
    xy[:, :11] = np.array(joints["nose"])[:, None]
    for name, track in joints.items():
        xy[:, INDEX[name]] = track
    for side in SIDES:
        for finger in ("pinky", "index", "thumb"):
            xy[:, INDEX[f"{side}_{finger}"]] = joints[f"{side}_wrist"]
    return xy


def _pose(truth: dict, finder: str) -> PoseTrack:
    xy = _points(truth)
    return PoseTrack(
        time_s=np.array(truth["frames"]["time_s"]),
        xy_px=xy,
        visibility=np.full(xy.shape[:2], 0.9),
        width_px=truth["video"]["width_px"],
        height_px=truth["video"]["height_px"],
        outline_qpx=np.full((len(xy), 1, 2), -1, dtype=np.int16),
        finder=finder,
    )


def _leg_units(truth: dict) -> FloatArray:
    """The same, x forward (this runner faces right) and y up, in leg lengths."""
    points = _points(truth) * [1.0, -1.0]
    hip, knee, ankle = (points[:, INDEX[f"right_{joint}"]] for joint in ("hip", "knee", "ankle"))
    return points / np.median(np.linalg.norm(hip - knee, axis=1) + np.linalg.norm(knee - ankle, axis=1))


def test_exact_joints_are_left_alone_and_the_networks_are_not(truth: dict) -> None:
    exact, seen = (build_signals(_pose(truth, finder)).series for finder in ("exact", NETWORK))
    changed = np.abs(seen["thigh_right_deg"] - exact["thigh_right_deg"])
    assert np.nanmax(changed) > 0.5
    assert np.nanmax(changed) <= MAX_DEG + 1.0  # and the level, which exact toes tell a little differently
    ahead = np.abs(seen["ankle_ahead_right_pct_leg"] - exact["ankle_ahead_right_pct_leg"])
    assert 0.5 < np.nanmax(ahead) <= MAX_AHEAD_PCT + 2.0


@pytest.mark.parametrize("side", SIDES)
def test_the_knee_goes_with_thigh_and_shank(truth: dict, side: str) -> None:
    """Knee flexion is what lies between thigh and shank, before and after."""
    for finder in ("exact", NETWORK):
        series = build_signals(_pose(truth, finder)).series
        between = -series[f"thigh_{side}_deg"] - series[f"shank_{side}_deg"]
        assert np.nanmax(np.abs(series[f"knee_flexion_{side}_deg"] - between)) < 1e-6


def test_a_body_seen_from_its_other_side_is_put_right_alike(truth: dict) -> None:
    """Names of the legs mean nothing, only which is the near one."""
    points = _leg_units(truth)
    exchanged = points.copy()
    left, right = leg_indices("left"), leg_indices("right")
    exchanged[:, left], exchanged[:, right] = points[:, right], points[:, left]
    for a, b in (SIDES, SIDES[::-1]):
        assert np.allclose(
            thigh_and_shank_off_deg(points, a, "near", "heavy"), thigh_and_shank_off_deg(exchanged, b, "near", "heavy")
        )


def test_features_carry_their_names(truth: dict) -> None:
    found = dict(zip(NAMES, features(_leg_units(truth), "right").T, strict=True))
    assert np.median(found["thigh_length_leg"] + found["shank_length_leg"]) == pytest.approx(1.0, abs=0.01)
    true = np.array(truth["frames"]["thigh_right_deg"])
    assert np.corrcoef(found["thigh_deg"], true)[0, 1] > 0.99
    assert found["thigh_deg"].mean() == pytest.approx(true.mean(), abs=2.0)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 100.0))
def test_no_pose_whatever_is_changed_by_more_than_the_limit(seed: int, spread: float) -> None:
    points = np.random.default_rng(seed).normal(0.0, spread, (4, len(LANDMARKS), 2))
    for network in ("heavy", "full"):
        for which in ("near", "far"):
            off = thigh_and_shank_off_deg(points, "left", which, network)
            assert off.shape == (4, 2)
            assert np.abs(off).max() <= MAX_DEG
            ahead = ankle_ahead_off_pct(points, "left", which, network)
            assert ahead.shape == (4,)
            assert np.abs(ahead).max() <= MAX_AHEAD_PCT


@pytest.mark.filterwarnings("ignore:All-NaN slice")
def test_a_joint_that_was_not_seen_changes_nothing(truth: dict) -> None:
    pose = _pose(truth, NETWORK)
    pose.xy_px[:, INDEX["left_shoulder"]] = np.nan
    thigh = build_signals(pose).series["thigh_right_deg"]
    exact = build_signals(_pose(truth, "exact")).series["thigh_right_deg"]
    assert np.nanstd(thigh - exact) < 0.05  # the same but for the level, which exact toes tell a little differently


def test_the_network_is_read_from_the_finder() -> None:
    assert network_of("fast: mediapipe full landmarks by litert, steady crop") == "full"
    assert network_of("fast: mediapipe 0.10.35 full, each picture alone") == "full"
    assert network_of(NETWORK) == "heavy"
    assert network_of("another finder") == "heavy"


@pytest.mark.accuracy
def test_rendered_runners_from_whom_nothing_was_learnt_are_seen_better(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spread of the near leg's angle errors over the stride, tuning clips of the bench, with and without."""
    from accuracy import rendered

    from formcheck import signals

    clips = rendered.clips("tuning")
    if not clips:
        pytest.skip(str(rendered.why_absent()))

    def spread() -> FloatArray:
        found = [(clip, rendered.analysed(clip, "balanced")) for clip in clips]
        return np.array(
            [
                [rendered.track_error_deg(clip, a, f"{angle}_{clip.near}_deg").std() for angle in ("thigh", "shank")]
                for clip, a in found
            ]
        )

    put_right = spread()
    monkeypatch.setattr(signals, "thigh_and_shank_off_deg", lambda points, *_: np.zeros((len(points), 2)))
    as_seen = spread()
    assert (put_right.mean(axis=0) < 0.92 * as_seen.mean(axis=0)).all()
    assert ((put_right < as_seen).mean(axis=0) > 0.6).all()
