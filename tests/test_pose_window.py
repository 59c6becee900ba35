"""Where a small person is looked for, and what is cut out around them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.pose import Person
from formcheck.pose.mediapipe_pose import MediaPipePose, MediaPipeSettings
from formcheck.pose.window import LARGEST_SHARE, Window, WindowPose, people_nearer, window_around
from formcheck.skeleton import LANDMARKS
from formcheck.video import read_frames

SQUAT = Path(__file__).parents[1] / "sample_videos" / "overhead_squat.mp4"
WIDTH_PX, HEIGHT_PX = 960, 540


def person(left: float, top: float, width: float, height: float) -> Person:
    """Somebody whose landmarks fill a box."""
    share = np.linspace(0.0, 1.0, len(LANDMARKS), dtype=np.float32)
    xy_px = np.stack([left + width * share, top + height * np.roll(share, 7)], axis=1)
    return Person(xy_px, np.ones(len(LANDMARKS), np.float32), None)


@given(
    left=st.floats(0, 700),
    top=st.floats(0, 400),
    size=st.floats(40, 140),
    moves=st.floats(-40, 40),
    n=st.integers(3, 9),
)
def test_the_part_looked_at_lies_in_the_picture_and_holds_the_person(
    left: float, top: float, size: float, moves: float, n: int
) -> None:
    seen = [[person(max(left + moves * i / n, 0.0), top, size, size)] for i in range(n)]
    window = window_around(seen, WIDTH_PX, HEIGHT_PX)
    assert window is not None
    assert 0 <= window.left < window.right <= WIDTH_PX
    assert 0 <= window.top < window.bottom <= HEIGHT_PX
    for (one,) in seen:
        low, high = one.xy_px.min(axis=0), one.xy_px.max(axis=0)
        assert window.left <= low[0]
        assert window.top <= low[1]
        assert high[0] <= max(window.right, WIDTH_PX)
        assert high[1] <= max(window.bottom, HEIGHT_PX)
    assert window.longer_side_px <= LARGEST_SHARE * WIDTH_PX


def test_nothing_is_cut_out_around_large_people_crowds_and_what_was_seen_twice_only() -> None:
    small, other, large = person(100, 100, 120, 90), person(600, 300, 90, 120), person(100, 20, 300, 500)
    assert window_around([[small]] * 2, WIDTH_PX, HEIGHT_PX) is None
    assert window_around([[small, other]] * 9, WIDTH_PX, HEIGHT_PX) is None
    assert window_around([[large]] * 9, WIDTH_PX, HEIGHT_PX) is None
    assert window_around([[small]] * 3 + [[]] * 6, WIDTH_PX, HEIGHT_PX) is not None


@pytest.fixture(scope="module")
def finder() -> Iterator[MediaPipePose]:
    finder = MediaPipePose(MediaPipeSettings("full", n_people=2, with_outline=True))
    yield finder
    finder.close()


@pytest.fixture(scope="module")
def picture() -> npt.NDArray[np.uint8]:
    """The squat's first picture, set small into one of 960 x 540: upper left corner at (600, 200)."""
    with read_frames(SQUAT) as frames:
        near = next(frames).image
    height = 240
    small = cv2.resize(near, (round(near.shape[1] * height / near.shape[0]), height), interpolation=cv2.INTER_AREA)
    right, below = WIDTH_PX - 600 - small.shape[1], HEIGHT_PX - 200 - height
    return np.asarray(cv2.copyMakeBorder(small, 200, below, 600, right, cv2.BORDER_REPLICATE), np.uint8)


def test_somebody_too_small_for_the_whole_picture_is_found_in_a_part_of_it(
    finder: MediaPipePose, picture: npt.NDArray[np.uint8]
) -> None:
    assert finder.find(picture) == []
    (found,) = people_nearer(finder, picture)
    window = window_around([[found]] * 3, WIDTH_PX, HEIGHT_PX)
    assert window is not None
    (again,) = WindowPose(finder, window).find(picture)
    assert np.linalg.norm(again.xy_px - found.xy_px, axis=1).max() < 12.0
    assert again.outline_px is not None
    inside = (again.outline_px > [600, 200]) & (again.outline_px < [WIDTH_PX, 440])
    assert inside.mean() > 0.95


def test_who_has_left_the_part_is_looked_for_in_the_whole_picture(finder: MediaPipePose) -> None:
    with read_frames(SQUAT) as frames:
        near = next(frames).image
    height, width = near.shape[:2]
    (whole,) = finder.find(near)
    cut = Window(0, 0, width, height // 2)
    assert not cut.holds(whole)
    (found,) = WindowPose(finder, cut).find(near)
    assert found.xy_px == pytest.approx(whole.xy_px)


def test_nobody_is_seen_in_an_empty_room(finder: MediaPipePose) -> None:
    rng = np.random.default_rng(5)
    walls = cv2.resize(rng.integers(0, 255, (9, 16, 3), dtype=np.uint8), (WIDTH_PX, HEIGHT_PX))
    assert people_nearer(finder, np.asarray(walls, np.uint8)) == []
