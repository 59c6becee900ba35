"""Back and pelvis that should keep still: gap to the floor, arch of the back, level on one leg; made-up bodies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.activities.back_shape import is_square
from formcheck.activities.floor_gap import floor_gap_pct
from formcheck.back_bends import Moments, conditional, told_deg
from formcheck.one_leg import tilt_change_deg, toward_left
from formcheck.records import PoseTrack
from formcheck.skeleton import INDEX

TRUNK_PX, N = 200.0, 40


def lying(gap_px: np.ndarray, head_left: bool = False) -> PoseTrack:
    """Somebody on the back, hips at (300, 300), the head to the right; the small of the back so far off the floor.

    The mask's lower edge stays where it is, as in the body's own shadow.
    """
    n = len(gap_px)
    xy = np.full((n, 33, 2), 300.0)
    for side in ("left", "right"):
        xy[:, INDEX[f"{side}_shoulder"], 0] += TRUNK_PX
    along = np.linspace(-0.4, 1.3, 100)
    dome = np.exp(-(((along - 0.43) / 0.2) ** 2))
    low = np.column_stack([300 + TRUNK_PX * along, np.full(100, 330.0)])
    tops = [np.column_stack([300 + TRUNK_PX * along, 270.0 - gap * dome])[::-1] for gap in gap_px]
    outline = np.stack([np.vstack([low, top]) for top in tops])
    if head_left:
        xy, outline = xy * [-1, 1] + [800, 0], outline * [-1, 1] + [800, 0]
    return PoseTrack(
        time_s=np.arange(n) / 10.0,
        xy_px=xy,
        visibility=np.ones((n, 33)),
        width_px=800,
        height_px=600,
        outline_qpx=np.round(4 * outline).astype(np.int16),
        finder="made up",
    )


@settings(max_examples=15, deadline=None)
@given(gap_pct=st.floats(0.0, 12.0), head_left=st.booleans())
def test_a_gap_under_the_back_opens_by_as_much_as_it_does(gap_pct: float, head_left: bool) -> None:
    pose = lying(np.repeat([0.0, gap_pct * TRUNK_PX / 100], N // 2), head_left)
    found = floor_gap_pct(pose)
    opened = np.median(found[N // 2 :]) - np.median(found[: N // 2])
    # In the middle of the small of the back it is a little less than at its widest.
    assert 0.72 * gap_pct - 0.4 <= opened <= gap_pct + 0.4


@pytest.mark.parametrize(("apart", "square"), [(0.0, True), (0.18, True), (0.3, False)])
def test_the_back_is_read_only_where_the_camera_is_square(apart: float, square: bool) -> None:
    pose = lying(np.zeros(N))
    pose.xy_px[:, INDEX["left_shoulder"], 1] += apart * TRUNK_PX
    assert is_square(pose) is square


def test_who_stands_has_no_gap_to_the_floor() -> None:
    pose = lying(np.zeros(N))
    upright = replace(pose, xy_px=pose.xy_px[..., ::-1].copy())
    assert np.isnan(floor_gap_pct(upright)).all()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), hidden=st.integers(0, 3))
def test_what_an_arm_hides_is_left_out_and_not_guessed(seed: int, hidden: int) -> None:
    """Readings that all follow one hidden number tell it, however few of them are seen."""
    rng = np.random.default_rng(seed)
    slope = rng.uniform(0.5, 2.0, 6) * rng.choice([-1, 1], 6)
    noise, spread, middle = 0.05, 10.0, rng.uniform(-5, 5, 7)
    covariance = np.empty((7, 7))
    covariance[:6, :6] = np.outer(slope, slope) * spread**2 + noise**2 * np.eye(6)
    covariance[:6, 6] = covariance[6, :6] = slope * spread**2
    covariance[6, 6] = spread**2
    bend = float(rng.uniform(-25, 25))
    x = middle[:6] + slope * bend
    x[rng.permutation(6)[:hidden]] = np.nan
    assert told_deg(x, Moments(middle, covariance)) == pytest.approx(middle[6] + bend, abs=0.03 * abs(bend) + 0.2)
    weights = conditional(covariance, np.array([True] * 6 + [False]), np.array([False] * 6 + [True]))
    assert weights.shape == (1, 6)


BODY = {"shoulder": (0.18, 1.4), "elbow": (0.25, 1.1), "wrist": (0.27, 0.9), "hip": (0.1, 0.9), "knee": (0.1, 0.5),
        "ankle": (0.1, 0.1), "heel": (0.1, 0.05), "foot_index": (0.12, 0.02), "ear": (0.07, 1.65)}  # fmt: skip


def standing(rng: np.random.Generator) -> np.ndarray:
    """(n, 33, 2) as a camera before the person sees joints about where they are, x to the person's left and y up."""
    points = np.zeros((N, 33, 2))
    for joint, (out, high) in BODY.items():
        points[:, INDEX[f"left_{joint}"]] = (out, high)
        points[:, INDEX[f"right_{joint}"]] = (-out, high)
    return np.asarray(points + rng.normal(0, 0.01, points.shape[1:]))


def mirrored(points: np.ndarray) -> np.ndarray:
    out = points.copy()
    for joint in BODY:
        out[:, INDEX[f"left_{joint}"]] = points[:, INDEX[f"right_{joint}"]] * [-1, 1]
        out[:, INDEX[f"right_{joint}"]] = points[:, INDEX[f"left_{joint}"]] * [-1, 1]
    out[:, INDEX["nose"]] *= [-1, 1]
    return out


@pytest.mark.parametrize("activity", ["single_leg_stance", "single_leg_deadlift"])
def test_left_and_right_leg_are_measured_alike(activity: str) -> None:
    rng = np.random.default_rng(4)
    rest, held = standing(rng), standing(rng)
    held[:, INDEX["right_ankle"], 1] += 0.3
    found = tilt_change_deg(held, rest, "left", activity)
    assert found == pytest.approx(tilt_change_deg(mirrored(held), mirrored(rest), "right", activity))


def test_the_camera_behind_sees_left_on_the_left() -> None:
    xy = np.array([[[10.0, 20.0]]])
    assert toward_left(xy, "front").tolist() == [[[10.0, -20.0]]]
    assert toward_left(xy, "rear").tolist() == [[[-10.0, -20.0]]]


def test_without_rest_nothing_is_told() -> None:
    held = standing(np.random.default_rng(4))
    assert np.isnan(tilt_change_deg(held, held[:0], "left", "single_leg_stance")).all()
