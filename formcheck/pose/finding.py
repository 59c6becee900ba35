"""From a stream of pictures to one person's raw landmarks: several workers, results in order, bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Literal, Protocol

import cv2
import numpy as np
import numpy.typing as npt

from formcheck.pose import Person, PoseFinder

RgbImage = npt.NDArray[np.uint8]
Thumbnail = npt.NDArray[np.float64]
_AHEAD_PER_WORKER = 2
"""Pictures waiting for each worker: enough to keep it busy, few enough to keep memory flat."""
_THUMBNAIL_PX = 24
_CUT_WITHIN_S = 0.4
"""A cut or cross-fade changes the picture within this time."""
_CUT_GREY_LEVELS = 40.0
"""Mean difference of two thumbnails ``_CUT_WITHIN_S`` apart. Real clips: cuts 59-80, a camera following a runner up to
33, treadmills up to 10."""
_MOVING_GREY_LEVELS = 5.0
"""SD over time of the quietest quarter of the thumbnail. Real clips: tripods and steady hands 0-3, moving ones 6-15."""


class TimedImage(Protocol):
    """A picture and its time, as ``video.Frame``."""

    @property
    def time_s(self) -> float: ...

    @property
    def image(self) -> RgbImage: ...


class FinderPool:
    """Pose finders working side by side, one picture each. Inference leaves Python, so threads are enough."""

    def __init__(self, make_finder: Callable[[], PoseFinder], n_workers: int) -> None:
        self._idle: SimpleQueue[PoseFinder] = SimpleQueue()
        self._finders: list[PoseFinder] = []
        self._executor = ThreadPoolExecutor(n_workers, thread_name_prefix="pose")
        self.n_workers = n_workers
        try:
            for _ in range(n_workers):
                self._finders.append(make_finder())
        except BaseException:
            self.close()
            raise
        for finder in self._finders:
            self._idle.put(finder)

    def submit(self, image: RgbImage) -> Future[list[Person]]:
        """People of one picture, some time later."""
        return self._executor.submit(self._find, image)

    def describe(self) -> str:
        """What the finders are."""
        return self._finders[0].describe()

    def close(self) -> None:
        """Drop what has not begun, wait for what has, free the networks."""
        self._executor.shutdown(wait=True, cancel_futures=True)
        for finder in self._finders:
            finder.close()

    def _find(self, image: RgbImage) -> list[Person]:
        finder = self._idle.get()
        try:
            return finder.find(image)
        finally:
            self._idle.put(finder)


@contextmanager
def finder_pool(make_finder: Callable[[], PoseFinder], n_workers: int) -> Iterator[FinderPool]:
    """A pool that is closed whatever happens."""
    pool = FinderPool(make_finder, n_workers)
    try:
        yield pool
    finally:
        pool.close()


def people_in(frames: Iterable[TimedImage], pool: FinderPool, scene: Scene) -> Iterator[tuple[float, list[Person]]]:
    """(time, people) of every frame, in order; ``scene`` sees every picture on its way."""
    waiting: deque[tuple[float, Future[list[Person]]]] = deque()
    for frame in frames:
        scene.add(frame.time_s, frame.image)
        waiting.append((frame.time_s, pool.submit(frame.image)))
        if len(waiting) > _AHEAD_PER_WORKER * pool.n_workers:
            time_s, people = waiting.popleft()
            yield time_s, people.result()
    for time_s, people in waiting:
        yield time_s, people.result()


class Scene:
    """What the pictures as a whole tell, from thumbnails: cuts, and whether the camera moves."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, Thumbnail]] = deque()
        self._changing_s: list[float] = []
        self._n = 0
        self._mean = np.zeros((_THUMBNAIL_PX, _THUMBNAIL_PX))
        self._square = np.zeros((_THUMBNAIL_PX, _THUMBNAIL_PX))

    def add(self, time_s: float, image: RgbImage) -> None:
        """The next picture."""
        size = (_THUMBNAIL_PX, _THUMBNAIL_PX)
        grey = cv2.resize(image[::2, ::2], size, interpolation=cv2.INTER_AREA).astype(np.float64).mean(axis=2)
        self._n += 1
        change = grey - self._mean
        self._mean += change / self._n
        self._square += change * (grey - self._mean)
        self._recent.append((time_s, grey))
        while len(self._recent) > 1 and self._recent[1][0] <= time_s - _CUT_WITHIN_S:
            self._recent.popleft()
        if float(np.abs(grey - self._recent[0][1]).mean()) > _CUT_GREY_LEVELS:
            self._changing_s.append(time_s)

    def camera(self) -> Literal["static", "moving"]:
        """Whether even the quietest quarter of the picture changes over the clip."""
        sd = np.sqrt(self._square / max(self._n, 1))
        return "moving" if float(np.percentile(sd, 25)) > _MOVING_GREY_LEVELS else "static"

    def cuts_s(self) -> tuple[float, ...]:
        """Begin and end of every change of scene, seconds, increasing."""
        half = _CUT_WITHIN_S / 2
        edges: list[float] = []
        for time_s in self._changing_s:
            if edges and time_s - half <= edges[-1] + half:
                edges[-1] = time_s - half
            else:
                edges += [time_s - half, time_s - half]
        return tuple(edges)
