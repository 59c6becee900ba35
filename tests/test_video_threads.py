"""Work ahead and behind: everything in order, little in memory, errors as they were, no thread left."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from formcheck.video import ahead, behind


class Source(Iterator[int]):
    """Counts, and remembers what was done to it."""

    def __init__(self, n: int, fails_at: int | None = None) -> None:
        self.given = 0
        self.closed_by: str | None = None
        self._n, self._fails_at = n, fails_at

    def __next__(self) -> int:
        if self.given == self._fails_at:
            raise OSError("the disk is gone")
        if self.given == self._n:
            raise StopIteration
        self.given += 1
        return self.given - 1

    def close(self) -> None:
        self.closed_by = threading.current_thread().name


def names() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


def test_items_come_in_order_and_the_source_is_closed_where_it_was_read() -> None:
    source = Source(500)
    with ahead(source, 3, "reading") as items:
        assert list(items) == list(range(500))
        assert list(items) == []
    assert source.closed_by == "reading"
    assert "reading" not in names()


def test_only_a_few_are_read_ahead() -> None:
    source = Source(500)
    with ahead(source, 3) as items:
        for taken, _ in enumerate(items, start=1):
            time.sleep(0.001)
            assert source.given <= taken + 4
            if taken == 100:
                break


@pytest.mark.parametrize("taken", [0, 1, 7])
def test_leaving_early_ends_the_thread_at_once(taken: int) -> None:
    source = Source(10**9)
    start = time.monotonic()
    with ahead(source, 3, "endless") as items:
        for _ in range(taken):
            next(items)
    assert time.monotonic() - start < 1
    assert source.closed_by == "endless"
    assert "endless" not in names()


def test_an_error_while_reading_comes_out_after_what_was_read_before() -> None:
    with ahead(Source(500, fails_at=20), 3, "broken") as items:
        assert [next(items) for _ in range(20)] == list(range(20))
        with pytest.raises(OSError, match="disk is gone"):
            next(items)
    assert "broken" not in names()


def test_work_is_done_in_order_and_whole_before_the_block_ends() -> None:
    done: list[int] = []

    def slow(item: int) -> None:
        time.sleep(0.001)
        done.append(item)

    with behind(slow, 3, "writing") as hand_over:
        for item in range(200):
            hand_over(item)
            assert len(done) >= item - 4
    assert done == list(range(200))
    assert "writing" not in names()


def test_an_error_in_the_work_is_raised_where_it_was_handed_over() -> None:
    done: list[int] = []

    def work(item: int) -> None:
        if item == 5:
            raise OSError("the disk is full")
        done.append(item)

    def hand_over_all() -> None:
        with behind(work, 3, "full") as hand_over:
            for item in range(1000):
                hand_over(item)

    with pytest.raises(OSError, match="disk is full"):
        hand_over_all()
    assert done == [0, 1, 2, 3, 4]
    assert "full" not in names()


def test_an_error_in_the_last_work_is_raised_at_the_end() -> None:
    def work(item: int) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk is full"), behind(work, 3) as hand_over:
        hand_over(1)


def test_an_error_in_the_block_drops_what_is_waiting() -> None:
    done: list[int] = []
    begun, go_on = threading.Event(), threading.Event()

    def work(item: int) -> None:
        begun.set()
        go_on.wait(5)
        done.append(item)

    def fail() -> None:
        with behind(work, 3, "dropped") as hand_over:
            for item in range(3):
                hand_over(item)
            assert begun.wait(5)
            threading.Timer(0.05, go_on.set).start()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert done == [0]
    assert "dropped" not in names()
