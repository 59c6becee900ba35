"""Decoding before and encoding after what is done to a frame, each in a thread of its own.

FFmpeg and x264 leave Python while they work, so the three run at the same time. Only ``depth`` frames wait at each
side, whatever the length of the clip. An error in a thread comes out at its caller as it was. Leaving a ``with``
block ends the thread: at once after an error, after the work is done otherwise.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Closable(Protocol[T_co]):
    """An iterator to be closed, as `FrameReader`."""

    def __next__(self) -> T_co: ...

    def __iter__(self) -> Iterator[T_co]: ...

    def close(self) -> None: ...


class _Failed:
    """What went wrong in the thread."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


@contextmanager
def ahead(items: Closable[T], depth: int, name: str = "ahead") -> Iterator[Iterator[T]]:
    """The same items, taken and in the end closed by a thread that keeps up to ``depth`` of them ready."""
    ready: SimpleQueue[T | _Failed] = SimpleQueue()
    room = threading.Semaphore(depth)
    stop = threading.Event()

    def work() -> None:
        end = _Failed(None)
        try:
            for item in items:
                ready.put(item)
                room.acquire()
                if stop.is_set():
                    break
        except BaseException as error:  # whatever it is, it is the caller's
            end.error = error
        finally:
            items.close()
            ready.put(end)

    def taken() -> Iterator[T]:
        while True:
            item = ready.get()
            if isinstance(item, _Failed):
                if item.error is not None:
                    raise item.error
                return
            room.release()
            yield item

    thread = threading.Thread(target=work, name=name, daemon=True)
    thread.start()
    try:
        yield taken()
    finally:
        stop.set()
        room.release()
        thread.join()


@contextmanager
def behind(work: Callable[[T], None], depth: int, name: str = "behind") -> Iterator[Callable[[T], None]]:
    """A function that hands items over to ``work``, done in order by a thread; it waits while ``depth`` are waiting.

    What goes wrong in ``work`` is raised by the next call, or at the end of the block.
    """
    line = _Line(work, depth)
    thread = threading.Thread(target=line.run, name=name, daemon=True)
    thread.start()
    try:
        yield line.put
    except BaseException:
        line.given_up = True
        raise
    finally:
        line.end()
        thread.join()
    line.check()


class _Line(Generic[T]):
    """Items waiting to be worked on."""

    def __init__(self, work: Callable[[T], None], depth: int) -> None:
        self._work = work
        self._waiting: SimpleQueue[T | _Failed] = SimpleQueue()
        self._room = threading.Semaphore(depth)
        self._error: BaseException | None = None
        self.given_up = False

    def put(self, item: T) -> None:
        self.check()
        self._room.acquire()
        self.check()
        self._waiting.put(item)

    def end(self) -> None:
        self._waiting.put(_Failed(None))

    def check(self) -> None:
        """Raise what went wrong."""
        if self._error is not None:
            raise self._error

    def run(self) -> None:
        while not isinstance(item := self._waiting.get(), _Failed):
            try:
                if not self.given_up and self._error is None:
                    self._work(item)
            except BaseException as error:  # whatever it is, it is the caller's
                self._error = error
            finally:
                self._room.release()
