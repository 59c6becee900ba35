"""Pictures in, people out: in order, with little waiting in memory; cuts; the outline of a mask."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest

from formcheck.pose import N_OUTLINE_POINTS, Person
from formcheck.pose.finding import FinderPool, Scene, finder_pool, people_in
from formcheck.pose.mediapipe_pose import outline_of_mask
from formcheck.skeleton import INDEX

Image = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class _Picture:
    time_s: float
    image: Image


class _Numbers:
    """A finder that reads the number a picture carries, slowly for some; even numbers show a person."""

    def __init__(self, log: list[str]) -> None:
        self.log = log
        self._busy = threading.Lock()

    def describe(self) -> str:
        return "numbers"

    def find(self, image_rgb: Image) -> list[Person]:
        assert self._busy.acquire(blocking=False), "a finder is for one thread"
        try:
            number = int(image_rgb[0, 0, 0])
            time.sleep(0.004 if number % 3 == 0 else 0.0)
            if number == 255:
                raise ValueError("cannot look at this one")
            xy = np.full((33, 2), number, dtype=np.float32)
            return [Person(xy, np.ones(33, dtype=np.float32), None)] if number % 2 == 0 else []
        finally:
            self._busy.release()

    def close(self) -> None:
        self.log.append("closed")


def _picture(i: int, number: int | None = None) -> _Picture:
    image = np.full((96, 96, 3), 90, dtype=np.uint8)
    image[0, 0, 0] = i if number is None else number
    return _Picture(i / 30, image)


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_people_come_in_the_order_of_the_pictures(workers: int) -> None:
    log: list[str] = []
    with finder_pool(lambda: _Numbers(log), workers) as pool:
        found = list(people_in((_picture(i) for i in range(60)), pool, Scene()))
        assert pool.describe() == "numbers"
    assert [time_s for time_s, _ in found] == pytest.approx([i / 30 for i in range(60)])
    assert [len(people) for _, people in found] == [1, 0] * 30
    assert [people[0].xy_px[0, 0] for _, people in found if people] == list(range(0, 60, 2))
    assert log == ["closed"] * workers


def test_few_pictures_wait_in_memory() -> None:
    drawn = 0

    def pictures() -> Iterator[_Picture]:
        nonlocal drawn
        for i in range(100):
            drawn += 1
            yield _picture(i)

    with finder_pool(lambda: _Numbers([]), 2) as pool:
        for taken, _ in enumerate(people_in(pictures(), pool, Scene()), start=1):
            assert drawn - taken <= 5


def test_no_pictures_no_people() -> None:
    with finder_pool(lambda: _Numbers([]), 2) as pool:
        assert list(people_in([], pool, Scene())) == []


def test_a_finder_that_fails_is_heard_and_all_are_closed() -> None:
    log: list[str] = []
    with finder_pool(lambda: _Numbers(log), 2) as pool, pytest.raises(ValueError, match="cannot look"):
        list(people_in((_picture(i, 255 if i == 7 else None) for i in range(30)), pool, Scene()))
    assert log == ["closed", "closed"]


def test_a_finder_that_cannot_be_made_leaves_none_open() -> None:
    log: list[str] = []
    made: list[_Numbers] = []

    def make() -> _Numbers:
        if len(made) == 2:
            raise RuntimeError("no memory")
        made.append(_Numbers(log))
        return made[-1]

    with pytest.raises(RuntimeError, match="no memory"):
        FinderPool(make, 3)
    assert log == ["closed", "closed"]


def test_stopping_early_closes_the_pool() -> None:
    log: list[str] = []
    with finder_pool(lambda: _Numbers(log), 2) as pool:
        for number, _ in enumerate(people_in((_picture(i) for i in range(100)), pool, Scene())):
            if number == 3:
                break
    assert log == ["closed", "closed"]


# --------------------------------------------------------------------------------------------- cuts and the camera


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


# --------------------------------------------------------------------------------------------------------- outline


def _torso_at(x: float, y: float) -> npt.NDArray[np.float32]:
    xy = np.zeros((33, 2), dtype=np.float32)
    for name in ("left_shoulder", "right_shoulder", "left_hip", "right_hip"):
        xy[INDEX[name]] = (x, y)
    return xy


def test_outline_of_a_box_lies_on_its_edge() -> None:
    mask = np.zeros((200, 100), dtype=np.float32)
    mask[40:161, 30:71] = 0.9
    outline = outline_of_mask(mask, _torso_at(50, 100))
    assert outline is not None
    assert outline.shape == (N_OUTLINE_POINTS, 2)
    on_edge = np.isin(outline[:, 0].round(), (30, 70)) | np.isin(outline[:, 1].round(), (40, 160))
    assert on_edge.all()
    steps = np.linalg.norm(np.diff(np.vstack([outline, outline[:1]]), axis=0), axis=1)
    assert steps.max() < 1.5 * np.median(steps)


def test_outline_is_that_of_the_blob_with_the_torso() -> None:
    mask = np.zeros((200, 300, 1), dtype=np.float32)
    mask[20:180, 150:290] = 1.0  # larger, but somebody else
    mask[60:140, 20:60] = 1.0
    outline = outline_of_mask(mask, _torso_at(40, 100))
    assert outline is not None
    assert outline[:, 0].max() < 61


def test_no_blob_no_outline() -> None:
    assert outline_of_mask(np.zeros((50, 50), dtype=np.float32), _torso_at(25, 25)) is None
    point = np.zeros((50, 50), dtype=np.float32)
    point[25, 25] = 1.0
    assert outline_of_mask(point, _torso_at(25, 25)) is None
