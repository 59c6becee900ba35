"""What the pictures as a whole tell: cuts, a camera that moves, darkness."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from formcheck.pose.scene import Scene

Image = npt.NDArray[np.uint8]


def _room(seed: int) -> Image:
    """A room of large patches."""
    patches = np.random.default_rng(seed).integers(0, 2, (8, 6, 1)) * np.array([190, 200, 180]) + 30
    return np.kron(patches.astype(np.uint8), np.ones((80, 80, 1), dtype=np.uint8))


def _seen(pictures: list[Image], rate: float = 30.0) -> Scene:
    scene = Scene()
    for i, picture in enumerate(pictures):
        scene.add(i / rate, picture)
    return scene


def _with_figure(room: Image, x: int) -> Image:
    """A dark figure somewhere in the room."""
    picture = room.copy()
    picture[200:560, x : x + 100] = 15
    return picture


def test_one_room_has_no_cut_and_a_still_camera() -> None:
    scene = _seen([_room(0)] * 60)
    assert scene.cuts_s() == ()
    assert scene.camera() == "static"


def test_nothing_seen_has_no_cut() -> None:
    assert Scene().cuts_s() == ()
    assert _seen([_room(0)]).cuts_s() == ()


def test_another_room_is_a_cut_at_its_time() -> None:
    cuts = _seen([_room(0)] * 60 + [_room(1)] * 60).cuts_s()
    assert len(cuts) >= 1
    assert min(cuts) <= 2.0 <= max(cuts) + 1 / 30
    assert 1.5 < min(cuts) <= max(cuts) < 2.5


def test_two_cuts_are_two() -> None:
    cuts = np.array(_seen([_room(0)] * 45 + [_room(1)] * 45 + [_room(2)] * 45).cuts_s())
    assert (np.diff(cuts) >= 0).all()
    assert (np.abs(cuts[:, None] - [1.5, 3.0]).min(axis=1) < 0.5).all()
    assert (np.abs(cuts[:, None] - [1.5, 3.0]).min(axis=0) < 0.5).all()


def test_a_cross_fade_is_a_cut() -> None:
    shares = np.clip((np.arange(90) - 40) / 9, 0, 1)
    fade = [((1 - w) * _room(0) + w * _room(1)).astype(np.uint8) for w in shares]
    cuts = _seen(fade).cuts_s()
    assert cuts
    assert 1.0 < min(cuts) <= max(cuts) < 2.0


def test_a_person_moving_in_changing_light_is_no_cut() -> None:
    pictures = [_with_figure(_room(0), 15 * (i % 25)) for i in range(60)]
    lighter = [np.clip(p.astype(int) + i // 2, 0, 255).astype(np.uint8) for i, p in enumerate(pictures)]
    assert _seen(lighter).cuts_s() == ()


def test_a_shaking_hand_is_no_cut_and_no_moving_camera() -> None:
    rng = np.random.default_rng(0)
    shaken = [np.roll(_room(0), tuple(rng.integers(-2, 3, 2)), axis=(0, 1)) for _ in range(60)]
    scene = _seen([np.ascontiguousarray(p) for p in shaken])
    assert scene.cuts_s() == ()
    assert scene.camera() == "static"


def test_a_camera_that_follows_is_moving() -> None:
    pictures = [np.ascontiguousarray(np.roll(_room(0), 6 * i, axis=1)) for i in range(90)]
    assert _seen(pictures).camera() == "moving"


# --------------------------------------------------------------------------------------------------------- darkness


@pytest.mark.parametrize(("share", "dark"), [(1.0, False), (0.2, False), (0.03, True)])
def test_a_room_without_light_is_dark(share: float, dark: bool) -> None:
    assert _seen([(share * _room(0)).astype(np.uint8)] * 10).is_dark() == dark


def test_nothing_seen_is_not_dark() -> None:
    assert not Scene().is_dark()


@pytest.mark.parametrize(("share", "dark"), [(1.0, False), (0.2, False), (0.03, True)])
def test_bars_around_the_picture_are_no_darkness(share: float, dark: bool) -> None:
    """A light strip in the middle of a large black picture."""
    inside = (share * _room(0)).astype(np.uint8)
    framed = np.zeros((2000, 2000, 3), np.uint8)
    framed[600 : 600 + inside.shape[0], 700 : 700 + inside.shape[1]] = inside
    assert _seen([framed] * 10).is_dark() == dark
