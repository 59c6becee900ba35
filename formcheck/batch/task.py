"""One clip of a batch, analysed in whatever process or machine the task was sent to.

Whoever sends tasks and whoever works on them share a folder and nothing else. In it, the file ``GOING`` is there as
long as results are wanted, and each task has a desk: a folder with its progress, and with one folder of results for
each attempt. An attempt that a process did not survive stays behind there, which is how the next one knows.
"""

from __future__ import annotations

import multiprocessing
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from formcheck.analysis import Options, Progress, analyze_video, write_results
from formcheck.records import InputError, Stopped

GOING = "going"
ATTEMPTS = 2
_TELL_EVERY_S = 0.3


@dataclass(frozen=True)
class Task:
    """What to do and where; travels between processes."""

    clip: str
    """As the batch calls it."""
    video: Path
    desk: Path
    options: Options


@dataclass(frozen=True)
class Outcome:
    """What came of a task: a folder that waits to be given its name, or the code of an error and its details."""

    time_s: float
    written: Path | None = None
    error: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def work_on(task: Task) -> Outcome:
    """Analyse the clip and write its folder onto the desk; never raises, except Stopped when no longer wanted."""
    began_s = time.monotonic()
    try:
        if not task.desk.is_dir():
            raise InputError("folder_not_shared", path=str(task.desk.parent.parent))
        if not (task.desk.parent / GOING).exists():
            raise Stopped
        written = _write(task, _next_attempt(task.desk))
        return Outcome(time.monotonic() - began_s, written)
    except InputError as error:
        return Outcome(time.monotonic() - began_s, error=error.code, details=dict(error.details))
    except Stopped:
        raise
    except Exception as error:  # a fault of ours costs one clip, not the batch
        where = traceback.extract_tb(error.__traceback__)[-1]
        details = {"why": f"{type(error).__name__}: {error}, {Path(where.filename).name}:{where.lineno}"}
        return Outcome(time.monotonic() - began_s, error="unexpected_failure", details=details)


def shares(tasks: list[Task]) -> dict[str, float]:
    """How far each clip that is being worked on is, 0..1."""
    found = {}
    for task in tasks:
        with suppress(OSError, ValueError):  # not begun, or read while it is written
            found[task.clip] = float((task.desk / "share").read_text())
    return found


def _next_attempt(desk: Path) -> Path:
    for number in range(ATTEMPTS):
        with suppress(FileExistsError):
            folder = desk / f"attempt_{number + 1}"
            folder.mkdir()
            return folder
    raise InputError("worker_died")


def _write(task: Task, folder: Path) -> Path:
    should_stop = _no_longer_wanted(task.desk.parent / GOING)
    on_progress = _teller(task.desk / "share")
    analysis = analyze_video(task.video, task.options, on_progress, should_stop)
    return write_results(analysis, task.video, folder, task.options.lang, on_progress, should_stop)


def _no_longer_wanted(going: Path) -> Callable[[], bool]:
    """Looks now and then, because the folder may be on another machine."""
    last_s, wanted = 0.0, True

    def should_stop() -> bool:
        nonlocal last_s, wanted
        if wanted and time.monotonic() - last_s > _TELL_EVERY_S:
            parent = multiprocessing.parent_process()
            wanted = going.exists() and (parent is None or parent.is_alive())
            last_s = time.monotonic()
        return not wanted

    return should_stop


def _teller(path: Path) -> Callable[[Progress], None]:
    last_s = 0.0

    def tell(progress: Progress) -> None:
        nonlocal last_s
        if time.monotonic() - last_s > _TELL_EVERY_S:
            with suppress(OSError):
                path.write_text(f"{progress.share:.3f}")
            last_s = time.monotonic()

    return tell
