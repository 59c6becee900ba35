"""Left and right told apart; nothing changed where nothing was wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from synthetic import (
    Runner,
    exchange_spells,
    exchanged,
    jittered,
    jumped,
    lost,
    mirrored,
    squatting,
    standing,
    uneven_times,
)

from formcheck.legs import sort_legs
from formcheck.records import PoseTrack
from formcheck.skeleton import INDEX, leg_indices

RATES = (25.0, 30.0, 60.0, 120.0)
LEGS = leg_indices("left") + leg_indices("right")


def _legs_apart(pose: PoseTrack) -> np.ndarray:
    """(n,) True where the feet are far enough apart for their names to matter, and not within 0.1 s of the ends."""
    left, right = pose.xy_px[:, INDEX["left_ankle"]], pose.xy_px[:, INDEX["right_ankle"]]
    inside = (pose.time_s > 0.1) & (pose.time_s < pose.time_s[-1] - 0.1)
    return (np.linalg.norm(left - right, axis=1) > 20) & inside


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("jitter_px", [0.0, 4.0])
def test_clean_runner_is_left_alone(rate: float, jitter_px: float) -> None:
    pose = jittered(Runner(rate_hz=rate).pose(), jitter_px)
    legs = sort_legs(pose.time_s, pose.xy_px)
    assert not legs.exchanged.any()
    assert not legs.jumped.any()
    np.testing.assert_array_equal(legs.xy_px, pose.xy_px)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_every_exchange_is_undone(rate: float, seed: int) -> None:
    pose = jittered(Runner(rate_hz=rate, duration_s=8).pose(), 3.0, seed)
    wrong = exchange_spells(len(pose.time_s), rate, share=0.25, seed=seed)
    legs = sort_legs(pose.time_s, exchanged(pose, wrong).xy_px)
    matters = _legs_apart(pose)
    np.testing.assert_array_equal(legs.exchanged[matters], wrong[matters])


@pytest.mark.parametrize("rate", RATES)
def test_a_runner_facing_left_is_sorted_alike(rate: float) -> None:
    pose = Runner(rate_hz=rate, facing="left", duration_s=8).pose()
    wrong = exchange_spells(len(pose.time_s), rate, share=0.3, seed=5)
    legs = sort_legs(pose.time_s, exchanged(pose, wrong).xy_px)
    matters = _legs_apart(pose)
    np.testing.assert_array_equal(legs.exchanged[matters], wrong[matters])


def test_one_exchanged_frame_is_one_exchange() -> None:
    pose = Runner(rate_hz=60).pose()
    wrong = np.zeros(len(pose.time_s), dtype=bool)
    wrong[[100, 200]] = True
    legs = sort_legs(pose.time_s, exchanged(pose, wrong).xy_px)
    assert legs.n_exchanges == 2
    np.testing.assert_allclose(legs.xy_px[:, LEGS], pose.xy_px[:, LEGS])


def test_exchanges_are_undone_at_a_variable_rate_and_between_gaps() -> None:
    runner = Runner(rate_hz=30, duration_s=8)
    pose = runner.pose(uneven_times(runner))
    gone = np.zeros(len(pose.time_s), dtype=bool)
    gone[60:75] = gone[150:158] = True
    wrong = exchange_spells(len(pose.time_s), 30, share=0.2, seed=3) & ~gone
    legs = sort_legs(pose.time_s, lost(exchanged(pose, wrong), gone).xy_px)
    matters = _legs_apart(pose) & ~gone
    np.testing.assert_array_equal(legs.exchanged[matters], wrong[matters])
    assert np.isnan(legs.xy_px[gone][:, LEGS]).all()


def test_the_majority_names_the_legs() -> None:
    """With two thirds exchanged the other third is turned round: the clip is consistent, which is all one can know."""
    pose = Runner(rate_hz=60, duration_s=8).pose()
    wrong = np.arange(len(pose.time_s)) >= len(pose.time_s) // 3
    legs = sort_legs(pose.time_s, exchanged(pose, wrong).xy_px)
    matters = _legs_apart(pose)
    np.testing.assert_array_equal(legs.exchanged[matters], ~wrong[matters])


@pytest.mark.parametrize("jitter_px", [0.0, 2.0, 5.0])
def test_standing_person_is_left_alone(jitter_px: float) -> None:
    pose = jittered(standing(), jitter_px)
    legs = sort_legs(pose.time_s, pose.xy_px)
    assert not legs.exchanged.any()
    assert not legs.jumped.any()


@pytest.mark.parametrize("jitter_px", [0.0, 3.0])
def test_squat_is_left_alone(jitter_px: float) -> None:
    pose = jittered(squatting(), jitter_px)
    legs = sort_legs(pose.time_s, pose.xy_px)
    assert not legs.exchanged.any()
    assert not legs.jumped.any()


def test_a_leg_in_a_wrong_place_becomes_a_gap() -> None:
    pose = jumped(Runner(rate_hz=60).pose(), 120, "left_ankle", (160.0, -60.0))
    legs = sort_legs(pose.time_s, pose.xy_px)
    assert np.argwhere(legs.jumped).tolist() == [[120, INDEX["left_ankle"]]]
    assert np.isnan(legs.xy_px[120, INDEX["left_ankle"]]).all()
    assert np.isfinite(np.delete(legs.xy_px, 120, axis=0)).all()


def test_slow_motion_is_sorted_too() -> None:
    pose = Runner(rate_hz=240, duration_s=4).pose()
    slow = replace(pose, time_s=pose.time_s * 8)
    wrong = exchange_spells(len(slow.time_s), 30, share=0.2, seed=1)
    legs = sort_legs(slow.time_s, exchanged(slow, wrong).xy_px)
    matters = _legs_apart(slow)
    np.testing.assert_array_equal(legs.exchanged[matters], wrong[matters])


def test_mirroring_mirrors_the_answer() -> None:
    pose = jittered(Runner(rate_hz=60).pose(), 3.0)
    wrong = exchange_spells(len(pose.time_s), 60, seed=9)
    mixed = exchanged(pose, wrong)
    there = sort_legs(mixed.time_s, mixed.xy_px)
    back = sort_legs(mixed.time_s, mirrored(mixed).xy_px)
    matters = _legs_apart(pose)
    np.testing.assert_array_equal(there.exchanged[matters], back.exchanged[matters])


def test_input_is_not_edited() -> None:
    pose = Runner(rate_hz=60, duration_s=3).pose()
    wrong = exchange_spells(len(pose.time_s), 60, seed=2)
    mixed = exchanged(pose, wrong)
    before = mixed.xy_px.copy()
    sort_legs(mixed.time_s, mixed.xy_px)
    np.testing.assert_array_equal(mixed.xy_px, before)


@pytest.mark.parametrize("n", [0, 1, 5, 11])
def test_too_little_to_sort_is_left_alone(n: int) -> None:
    pose = Runner().pose()
    legs = sort_legs(pose.time_s[:n], pose.xy_px[:n])
    assert legs.xy_px.shape == (n, 33, 2)
    assert legs.n_exchanges == 0


def test_nobody_at_all_is_left_alone() -> None:
    pose = Runner(duration_s=1).pose()
    legs = sort_legs(pose.time_s, np.full_like(pose.xy_px, np.nan))
    assert not legs.exchanged.any()
