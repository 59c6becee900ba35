"""From a stream of pictures to one person's raw landmarks: several workers, results in order, bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Protocol

import numpy as np
import numpy.typing as npt

from formcheck.pose import Person, PoseFinder
from formcheck.pose.scene import Scene

RgbImage = npt.NDArray[np.uint8]
_AHEAD_PER_WORKER = 2
"""Pictures waiting for each worker: enough to keep it busy, few enough to keep memory flat."""


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
