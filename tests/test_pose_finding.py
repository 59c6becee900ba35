"""Pictures in, people out: in order, with little waiting in memory; the outline of a mask."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from formcheck.pose import N_OUTLINE_POINTS, Person
from formcheck.pose.finding import FinderPool, finder_pool, people_in
from formcheck.pose.mediapipe_pose import outline_of_mask
from formcheck.pose.scene import Scene
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


@pytest.mark.parametrize("side_px", [64, 256, 700])  # drawn larger by 16, by 4, not at all
def test_how_much_emptiness_is_around_a_person_changes_nothing(side_px: int) -> None:
    random = np.random.default_rng(side_px)
    person = cv2.GaussianBlur(random.random((40, 24)).astype(np.float32), (0, 0), 3)
    person = (person - person.min()) / np.ptp(person)
    person[16:24, 8:16] = 1.0
    near, far = np.zeros((2, side_px, side_px), np.float32)
    near[5:45, 5:29] = person
    far[20:60, 30:54] = person
    at_once, moved = outline_of_mask(near, _torso_at(17, 25)), outline_of_mask(far, _torso_at(42, 40))
    assert at_once is not None
    assert moved is not None
    np.testing.assert_allclose(moved - [25, 15], at_once, atol=1e-3)


def test_no_blob_no_outline() -> None:
    assert outline_of_mask(np.zeros((50, 50), dtype=np.float32), _torso_at(25, 25)) is None
    point = np.zeros((50, 50), dtype=np.float32)
    point[25, 25] = 1.0
    assert outline_of_mask(point, _torso_at(25, 25)) is None
