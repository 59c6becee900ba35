"""What belongs to one visitor: a private folder, the running job, the result. It all goes when the visitor goes.

What holds, and by which means:

* Each visitor has a folder of mode 700 with a random name; nothing in it carries a name the visitor chose.
* Tab closed, page loaded anew, connection lost: Streamlit then empties the session's own cache
  (``st.cache_resource(scope="session", on_release=...)``). A running analysis is stopped after ``STOP_AFTER_S`` and
  the folder removed after ``REMOVE_AFTER_S``, unless the same visitor is back by then, as after a lost connection.
  A page that is open says so every ``STILL_HERE_S``.
* The object is collected, or the server ends in an orderly way: a finalizer removes the folder.
* The server was killed: the next one to start removes what is older than a day and whose process is gone.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import threading
import time
import weakref
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, TYPE_CHECKING

from formcheck.analysis import Options, with_answers
from formcheck.cards import Lang
from formcheck.records import Answers, InputError
from formcheck.ui.job import SERVER_LINE, Job, Line, Outcome, Work, analysis_of
from formcheck.ui.reopening import again_of, reopening_of

if TYPE_CHECKING:
    from formcheck.history.tables import KeptAnalysis

SUFFIXES = ("mp4", "mov", "m4v", "webm", "avi", "gif", "mkv")
STOP_AFTER_S = 30.0
REMOVE_AFTER_S = 120.0
STILL_HERE_S = 20.0
_PREFIX = "formcheck-visit-"
_DAY_S = 86400.0
_LONGEST_NAME = 80


@dataclass(frozen=True)
class Clip:
    """A clip on disk and what its owner calls it; ``ours`` if it is a copy of an upload, to be removed."""

    path: Path
    shown_name: str
    ours: bool


@dataclass(frozen=True)
class Result:
    """A finished analysis, the folder of the job that made it, and its clip."""

    outcome: Outcome
    job_folder: Path
    clip: Clip


class Visit:
    """One visitor's things. Methods are called from the page's script and from timers."""

    def __init__(self, line: Line = SERVER_LINE) -> None:
        sweep_once()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
        self.job: Job | None = None
        self.result: Result | None = None
        self.problem: InputError | None = None
        self._clip: Clip | None = None
        self._line = line
        self._lock = threading.Lock()
        self._timers: list[threading.Timer] = []
        self._running: list[Job] = []
        self._finalizer = weakref.finalize(self, _clear, self.folder, self._running)

    @property
    def closed(self) -> bool:
        """Whether the folder is gone; such a visit cannot be used again."""
        return not self._finalizer.alive

    def keep(self, name: str, stream: IO[bytes]) -> Clip:
        """Copy an upload into the folder. Raises InputError ``not_a_video`` for an ending no video has."""
        suffix = Path(name).suffix.lower().lstrip(".")
        if suffix not in SUFFIXES:
            raise InputError("not_a_video")
        path = self.folder / f"{secrets.token_hex(8)}.{suffix}"
        try:
            stream.seek(0)
            with path.open("xb") as file:
                shutil.copyfileobj(stream, file)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise InputError("cannot_write_output", path="", why=error.strerror or "") from error
        return Clip(path, shown(name), ours=True)

    def analyse(self, clip: Clip, options: Options) -> None:
        """Start on another clip; the earlier result goes."""
        self.forget_result()
        spoils = (clip.path,) if clip.ours else ()
        self._start(analysis_of(clip.path, clip.shown_name, options), clip, spoils)

    def reopen(self, kept: KeptAnalysis, clips: Path | None, lang: Lang) -> None:
        """Show an analysis that was kept, with the files of ``clips``; the earlier result goes."""
        from formcheck.keeping import kept_clip

        self.forget_result()
        path = kept_clip(clips) or self.folder / "no clip was kept"
        self._start(reopening_of(kept, clips, lang), Clip(path, kept.name, ours=False), ())

    def draw_again(self, lang: Lang) -> None:
        """Make the files of the result in another language; the result stays until they are there."""
        if self.result is not None:
            outcome, clip = self.result.outcome, self.result.clip
            self._start(again_of(outcome, clip.path, lang), clip, ())

    def answered(self, answers: Answers | None) -> None:
        """Make the files of the result anew where the answers to the safety check are others than they were."""
        if self.result is not None and self.result.outcome.analysis.answers != answers:
            outcome, clip = self.result.outcome, self.result.clip
            outcome = replace(outcome, analysis=with_answers(outcome.analysis, answers))
            self.result = replace(self.result, outcome=outcome)
            self._start(again_of(outcome, clip.path, outcome.lang), clip, ())

    def stop(self) -> None:
        """Stop what is running."""
        if self.job is not None:
            self.job.stop()

    def settle(self) -> None:
        """Take over what a job that has ended came to."""
        job, clip = self.job, self._clip
        if job is None or clip is None or (look := job.look()).busy:
            return
        self.job = None
        if look.outcome is None:
            self.problem = look.error or InputError("stopped")
            # a job stopped at the very moment it was done has kept its folder
            job.then(lambda: shutil.rmtree(job.folder, ignore_errors=True))
            return
        if self.result is not None:
            shutil.rmtree(self.result.job_folder, ignore_errors=True)
        self.result = Result(look.outcome, job.folder, clip)

    def forget_result(self) -> None:
        """Remove the result and the clip it was made from."""
        if self.result is not None:
            shutil.rmtree(self.result.job_folder, ignore_errors=True)
            if self.result.clip.ours:
                self.result.clip.path.unlink(missing_ok=True)
        self.result, self.problem = None, None

    def here(self) -> None:
        """The visitor is (still, or again) there."""
        with self._lock:
            timers, self._timers = self._timers, []
        for timer in timers:
            timer.cancel()

    def left(self, stop_after_s: float = STOP_AFTER_S, remove_after_s: float = REMOVE_AFTER_S) -> None:
        """The visitor seems to have gone: clear up after a while, unless ``here`` is called before."""
        self.here()
        timers = [threading.Timer(stop_after_s, self.stop), threading.Timer(remove_after_s, self.close)]
        with self._lock:
            self._timers = timers
        for timer in timers:
            timer.daemon = True
            timer.start()

    def close(self) -> None:
        """Stop and remove everything now."""
        self.here()
        self._finalizer()

    def _start(self, work: Work, clip: Clip, spoils: tuple[Path, ...]) -> None:
        self.stop()
        self.problem = None
        job = Job(work, self.folder / f"run-{secrets.token_hex(8)}", self._line, spoils)
        self._running[:] = [job]
        self.job, self._clip = job.start(), clip


def shown(name: str) -> str:
    """An uploaded file's name as it may be shown: no folders, no control characters, not endless."""
    bare = PureWindowsPath(PurePosixPath(name).name).name
    return "".join(c for c in bare if c.isprintable())[:_LONGEST_NAME] or "clip"


@cache
def sweep_once() -> None:
    """Remove what killed servers left, once in the life of this one."""
    sweep(Path(tempfile.gettempdir()), time.time())


def sweep(temporary: Path, now_s: float) -> None:
    """Remove visitors' folders older than a day whose server no longer runs. Others' folders are left alone."""
    for folder in temporary.glob(f"{_PREFIX}*-*"):
        try:
            facts = folder.lstat()
            pid = int(folder.name.removeprefix(_PREFIX).split("-")[0])
        except (OSError, ValueError):
            continue
        mine = not hasattr(os, "getuid") or facts.st_uid == os.getuid()
        if mine and folder.is_dir() and not folder.is_symlink() and _abandoned(pid, now_s - facts.st_mtime):
            shutil.rmtree(folder, ignore_errors=True)


def _abandoned(pid: int, age_s: float) -> bool:
    if os.name == "nt":
        # there, asking for a process by signal 0 would end it: age alone decides
        return age_s > 7 * _DAY_S
    if age_s <= _DAY_S:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _clear(folder: Path, running: list[Job]) -> None:
    """Of the finalizer: must not hold on to the visit, and must not wait for a thread."""
    for job in running:
        job.stop()
    shutil.rmtree(folder, ignore_errors=True)
    for job in running:
        # what its thread wrote while the folder was being removed
        job.then(lambda: shutil.rmtree(folder, ignore_errors=True))
    running.clear()
