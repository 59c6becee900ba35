"""Work for the page's jobs to do in tests: work that ends at once, fails, or goes on until it is stopped."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from synthetic_analysis import build_analysis

from formcheck.analysis import OnPreview, OnProgress, Progress, ShouldStop
from formcheck.records import Stopped
from formcheck.ui.job import Job, Look, Outcome


def until_stopped(folder: Path, on_progress: OnProgress, should_stop: ShouldStop, on_preview: OnPreview) -> Outcome:
    """Work without end that looks at the stop flag at every step, as an analysis does at every frame."""
    (folder / "half.mp4").write_bytes(b"half")
    on_progress(Progress("pose", 0.25))
    while not should_stop():
        time.sleep(0.01)
    raise Stopped


def at_once(name: str) -> Callable[[Path, OnProgress, ShouldStop, OnPreview], Outcome]:
    """Work that is done immediately and leaves one file."""

    def work(folder: Path, on_progress: OnProgress, should_stop: ShouldStop, on_preview: OnPreview) -> Outcome:
        (folder / "analysis.json").write_text(name)
        on_progress(Progress("drawing", 0.64))
        analysis = build_analysis()
        return Outcome(replace(analysis, video=replace(analysis.video, name=name)), folder, "en")

    return work


def failing(error: Exception) -> Callable[[Path, OnProgress, ShouldStop, OnPreview], Outcome]:
    def work(folder: Path, on_progress: OnProgress, should_stop: ShouldStop, on_preview: OnPreview) -> Outcome:
        (folder / "half.mp4").write_bytes(b"half")
        raise error

    return work


def until(true: Callable[[], bool], timeout_s: float = 5.0) -> None:
    deadline_s = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < deadline_s
        time.sleep(0.01)


def wait_for(job: Job, phase: str) -> Look:
    deadline_s = time.monotonic() + 5
    while (look := job.look()).phase != phase:
        assert time.monotonic() < deadline_s, look
        time.sleep(0.01)
    return look
