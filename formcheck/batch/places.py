"""Where the clips of a batch are worked on: processes of this machine, or a Dask cluster."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from queue import SimpleQueue
from typing import Any

from formcheck.batch.task import ATTEMPTS, Outcome, Task, work_on
from formcheck.cores import usable_cores
from formcheck.records import InputError

_CONNECT_WITHIN_S = 10
_CLEARS_UP_WITHIN_S = 5
_MOST_POSE_WORKERS = 4


@dataclass(frozen=True)
class Place:
    """Something that tasks are submitted to."""

    submit: Callable[[Task], Future[Outcome]]
    at_once: int
    """Clips."""
    pose_workers: int
    """Pose networks for each clip, so that all cores are busy and none has two jobs."""


@contextmanager
def this_machine(n_clips: int, processes: int | None) -> Iterator[Place]:
    """Processes of their own, one for each core unless told otherwise; one that dies takes nobody with it."""
    at_once = max(1, min(n_clips, processes or usable_cores()))
    pool = _Processes(at_once)
    try:
        yield Place(pool.submit, at_once, max(1, min(usable_cores() // at_once, _MOST_POSE_WORKERS)))
    finally:
        pool.close()


@contextmanager
def cluster(address: str) -> Iterator[Place]:
    """The workers of a Dask scheduler: one clip and one pose network for each of their threads.

    Raises InputError ``cluster_missing``, ``no_scheduler`` or ``no_cluster_workers``.
    """
    try:
        connect: Any = import_module("distributed").Client
    except ImportError as error:
        raise InputError("cluster_missing") from error
    for name in ("distributed", "distributed.client"):  # what goes wrong is said once, by us, and not as a traceback
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = connect(address, timeout=_CONNECT_WITHIN_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError("no_scheduler", address=address) from error
    with client:
        threads = sum(client.nthreads().values())
        if threads == 0:
            raise InputError("no_cluster_workers", address=address)
        executor: Executor = client.get_executor(pure=False)
        yield Place(lambda task: executor.submit(work_on, task), threads, 1)


class _Processes:
    """Single processes side by side. A pool of many would lose all of them and all of its work with any one."""

    def __init__(self, n: int) -> None:
        self._threads = ThreadPoolExecutor(n, thread_name_prefix="batch")
        self._idle: SimpleQueue[ProcessPoolExecutor] = SimpleQueue()
        self._n = n
        for _ in range(n):
            self._idle.put(_one_process())

    def submit(self, task: Task) -> Future[Outcome]:
        """The task's outcome, some time later."""
        return self._threads.submit(self._work_on, task)

    def close(self) -> None:
        """Drop what has not begun and wait for what has."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        for _ in range(self._n):
            self._idle.get().shutdown(wait=True)

    def _work_on(self, task: Task) -> Outcome:
        """Again in a new process when one dies: the task says when it gives up, unless no process can even begin it."""
        process = self._idle.get()
        try:
            for _ in range(ATTEMPTS + 1):
                try:
                    return process.submit(work_on, task).result()
                except BrokenProcessPool:
                    process.shutdown(wait=True)
                    process = _one_process()
            return Outcome(0.0, error="worker_died")
        finally:
            self._idle.put(process)


def _one_process() -> ProcessPoolExecutor:
    # spawned, because a fork would copy locks that threads of this process hold
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=_live_with_the_parent)


def _live_with_the_parent() -> None:
    """Stop when the parent says so, and end when it has gone.

    Ctrl-C reaches every process of a terminal, so it is ignored here; and an idle process would wait for work for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_after_the_parent, daemon=True).start()


def _end_after_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        time.sleep(_CLEARS_UP_WITHIN_S)  # the clip at work has seen it as well
        os._exit(1)
