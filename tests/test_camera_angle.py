"""How the camera stands: a tilted or turned camera is found, and the angles are those of a level, square one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from accuracy.camera import Filming, film
from accuracy.truth import Trial, trials, why_absent
from synthetic import Runner, jittered, rotated

from formcheck.camera_angle import ONE_FOOT_ERROR_DEG, YAW_TRUST, belt_slope_deg, squared, tilt_deg, yaw_deg_of
from formcheck.records import Signals
from formcheck.signals import NETWORK, build_signals, levelled
from formcheck.skeleton import INDEX, SIDES, Side, index_of

needs_truth = pytest.mark.skipif(why_absent() is not None, reason=str(why_absent()))


def _inside(signals: Signals, margin_s: float = 0.2) -> np.ndarray:
    return (signals.time_s > margin_s) & (signals.time_s < signals.time_s[-1] - margin_s)


# --------------------------------------------------------------------------------------------------------- level


@pytest.mark.parametrize("rate", [30.0, 60.0, 120.0])
def test_a_level_belt_is_level(rate: float) -> None:
    assert build_signals(Runner(rate_hz=rate).pose()).level_deg == pytest.approx(0.0, abs=1.0)


@pytest.mark.parametrize("facing", ["left", "right"])
@pytest.mark.parametrize("roll", [-5.0, -3.0, -1.0, 1.0, 3.0, 5.0])
def test_a_rolled_camera_is_found_and_changes_no_angle(facing: str, roll: float) -> None:
    pose = jittered(Runner(facing=facing).pose(), 1.0)  # type: ignore[arg-type]
    straight, tilted = build_signals(pose), build_signals(rotated(pose, roll))
    # Turned counter-clockwise on the screen, the right-hand end goes up: for a runner facing right, the forward end.
    expected = roll if facing == "right" else -roll
    assert tilted.level_deg - straight.level_deg == pytest.approx(expected, rel=0.1)
    inside = _inside(straight)
    for name in ("thigh_left_deg", "thigh_right_deg", "knee_flexion_right_deg", "trunk_lean_deg", "shank_left_deg"):
        off = (tilted.series[name] - straight.series[name])[inside]
        assert np.abs(off).max() < 0.1 * abs(roll) + 0.1, name


def test_no_belt_no_level() -> None:
    points = np.zeros((60, 33, 2))
    assert np.isnan(belt_slope_deg(points, 400.0, 60.0)[0])
    assert tilt_deg(float("nan"), 1.0, 5.0) == 0.0


def test_feet_that_disagree_are_believed_less() -> None:
    points = Runner().pose().xy_px * [1.0, -1.0]
    both, error = belt_slope_deg(points, 400.0, 60.0)
    bent = points.copy()
    foot = [INDEX["left_foot_index"]]
    bent[:, foot, 1] += np.tan(np.radians(4.0)) * bent[:, foot, 0]
    disputed, more = belt_slope_deg(bent, 400.0, 60.0)
    assert disputed == pytest.approx(both + 2.0, abs=0.6)
    assert more > 1.5 > error
    assert abs(tilt_deg(3.0, more, 0.0)) < 2.2 < 2.7 < tilt_deg(3.0, error, 0.0) <= 3.0


def test_a_foot_never_seen_leaves_the_other_to_tell() -> None:
    level, points = (pose.xy_px * [1.0, -1.0] for pose in (Runner().pose(), rotated(Runner().pose(), 3.0)))
    points[:, INDEX["left_foot_index"]] = np.nan
    slope, error = belt_slope_deg(points, 400.0, 60.0)
    assert slope == pytest.approx(belt_slope_deg(level, 400.0, 60.0)[0] + 3.0, abs=0.3)
    assert error == ONE_FOOT_ERROR_DEG


def test_a_belt_too_steep_for_a_treadmill_is_no_belt() -> None:
    assert build_signals(rotated(Runner().pose(), 20.0)).level_deg == 0.0


@needs_truth
@pytest.mark.parametrize("roll", [-3.0, 2.0])
def test_a_rolled_camera_before_a_real_runner_is_found(roll: float) -> None:
    """Through perspective and jitter, and never by more than the belt's slope of the level clip."""
    trial = trials()[1]
    for near in SIDES:
        level = [
            build_signals(film(trial, Filming(rate_hz=60.0, roll_deg=angle), near, 3).pose).level_deg
            for angle in (0.0, roll)
        ]
        expected = roll if near == "right" else -roll
        assert level[0] == pytest.approx(0.0, abs=1.0)
        assert level[1] - level[0] == pytest.approx(expected, abs=0.5)


def _levelled_by_plates(trial: Trial, near: Side, roll_deg: float, finder: str) -> tuple[Signals, Signals]:
    """A rolled film's signals, and the same with the tilt told over the plates' stances."""
    seen = film(trial, Filming(rate_hz=60.0, roll_deg=roll_deg), near, 3)
    signals = build_signals(replace(seen.pose, finder=finder))
    plates = {side: trial.strides(side) for side in SIDES}
    stances = {side: [(s.contact_s - seen.start_s, s.toe_off_s - seen.start_s) for s in plates[side]] for side in SIDES}
    return signals, levelled(signals, stances)


@needs_truth
@pytest.mark.parametrize("near", SIDES)
def test_whole_stances_tell_a_rolled_camera(near: Side) -> None:
    trial = trials()[1]
    straight, tilted = (_levelled_by_plates(trial, near, roll, NETWORK)[1] for roll in (0.0, 3.0))
    assert straight.level_deg == pytest.approx(0.0, abs=1.5)
    assert tilted.level_deg - straight.level_deg == pytest.approx(3.0 if near == "right" else -3.0, abs=0.5)
    inside = _inside(straight)
    for name in (f"thigh_{near}_deg", f"shank_{near}_deg", f"ankle_ahead_{near}_pct_leg"):
        off = (tilted.series[name] - straight.series[name])[inside]
        assert abs(np.median(off)) < 1.0, name


@needs_truth
def test_markers_are_levelled_by_their_own_limits_alone() -> None:
    before, after = _levelled_by_plates(trials()[1], "right", 2.0, "motion capture")
    assert after is before


def test_no_stance_leaves_the_tilt_as_it_was() -> None:
    signals = build_signals(replace(rotated(Runner().pose(), 3.0), finder=NETWORK))
    assert levelled(signals, {"left": [], "right": [(-5.0, -4.8)]}) is signals


# ----------------------------------------------------------------------------------------------------------- yaw


def _turned(yaw_deg: float, near: Side, apart_leg: float = 0.194) -> np.ndarray:
    """Two hips beside each other, seen from a camera turned toward the front; leg length 1."""
    points = np.zeros((50, 33, 2))
    sense = -np.sin(np.radians(yaw_deg)) * apart_leg
    points[:, index_of(near, "hip"), 0] = sense
    return points


@pytest.mark.parametrize("near", ["left", "right"])
@pytest.mark.parametrize("yaw", [-12.0, -4.0, 0.0, 7.0, 20.0])
def test_yaw_is_read_from_the_hips(yaw: float, near: Side) -> None:
    assert yaw_deg_of(_turned(yaw, near), near, 1.0) == pytest.approx(yaw, abs=0.01)


def test_hips_never_seen_give_no_yaw() -> None:
    assert yaw_deg_of(np.full((50, 33, 2), np.nan), "left", 400.0) == 0.0


@needs_truth
@pytest.mark.parametrize("near", SIDES)
@pytest.mark.parametrize("yaw", [-10.0, 0.0, 10.0])
def test_yaw_of_a_camera_beside_real_runners(yaw: float, near: Side) -> None:
    found = [
        build_signals(film(trial, Filming(rate_hz=60.0, yaw_deg=yaw), near, 5).pose).yaw_deg
        for trial in trials()[1:8:3]
    ]
    off = np.abs(np.array(found) - yaw)
    assert np.median(off) < 3.0
    assert off.max() < 5.0


@needs_truth
@pytest.mark.parametrize("yaw", [-10.0, 10.0])
def test_a_turned_camera_makes_no_tilt(yaw: float) -> None:
    """Such a belt slopes by 2.2 degrees in the picture of a phone that is level."""
    trial = trials()[1]
    for near in SIDES:
        signals = build_signals(film(trial, Filming(rate_hz=60.0, yaw_deg=yaw), near, 5).pose)
        assert abs(signals.level_deg) < 1.3


def test_squaring_puts_a_turned_leg_back() -> None:
    near: Side = "right"
    points = np.zeros((5, 33, 2))
    points[:, INDEX["right_ankle"]] = (0.3, -0.9)
    points[:, INDEX["right_shoulder"]] = (0.1, 0.6)
    yaw = 10.0 / YAW_TRUST
    turned = points * [np.cos(np.radians(10.0)), 1.0]
    turned[:, INDEX["right_ankle"], 0] -= np.sin(np.radians(10.0)) * 0.048
    back = squared(turned, yaw, near, 1.0)
    np.testing.assert_allclose(back[:, INDEX["right_ankle"]], points[:, INDEX["right_ankle"]], atol=1e-9)
    np.testing.assert_allclose(back[:, INDEX["right_shoulder"]], points[:, INDEX["right_shoulder"]], atol=1e-9)


def test_squaring_changes_nothing_for_a_square_camera() -> None:
    points = np.random.default_rng(0).normal(size=(5, 33, 2))
    np.testing.assert_array_equal(squared(points, 0.0, "left", 1.0), points)
