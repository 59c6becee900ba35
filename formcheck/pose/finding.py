"""From a stream of pictures to one person's raw landmarks: several workers, results in order, bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt

from formcheck.pose import Person, PoseFinder

RgbImage = npt.NDArray[np.uint8]
_AHEAD_PER_WORKER = 2
"""Pictures waiting for each worker: enough to keep it busy, few enough to keep memory flat."""
_CUT_SIZE = (24, 24)
_CUT_MEAN_DIFFERENCE = 34.0
"""Mean grey difference of two neighbouring frames' 24 x 24 thumbnails at a cut; runners alone stay below 12."""


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


def people_in(frames: Iterable[TimedImage], pool: FinderPool) -> Iterator[tuple[float, list[Person], bool]]:
    """(time, people, is the frame the first after a cut) of every frame, in order."""
    waiting: deque[tuple[float, bool, Future[list[Person]]]] = deque()
    cuts = CutFinder()
    for frame in frames:
        waiting.append((frame.time_s, cuts.is_cut(frame.image), pool.submit(frame.image)))
        if len(waiting) > _AHEAD_PER_WORKER * pool.n_workers:
            time_s, cut, people = waiting.popleft()
            yield time_s, people.result(), cut
    for time_s, cut, people in waiting:
        yield time_s, people.result(), cut


class CutFinder:
    """Tells when the whole picture changes from one frame to the next, as in an edited clip."""

    def __init__(self) -> None:
        self._last: npt.NDArray[np.float32] | None = None

    def is_cut(self, image: RgbImage) -> bool:
        """True when ``image`` shows something else than the one before."""
        small = cv2.resize(image[::4, ::4], _CUT_SIZE, interpolation=cv2.INTER_AREA).astype(np.float32).mean(axis=2)
        last, self._last = self._last, small
        if last is None:
            return False
        return float(np.abs(small - last).mean()) > _CUT_MEAN_DIFFERENCE
