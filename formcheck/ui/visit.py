"""What belongs to one visitor: a private folder, the running job, the result. It all goes when the visitor goes.

What holds, and by which means:

* Each visitor has a folder of mode 700 with a random name; nothing in it carries a name the visitor chose.
* Page loaded anew: the browser shows the visit's token, a cookie of this browser session, and goes on where it was.
* Tab closed, connection lost: Streamlit then empties the session's own cache
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
import weakref
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, TYPE_CHECKING, Any, Protocol, TypeVar

from formcheck.analysis import Options, with_answers
from formcheck.cards import Lang
from formcheck.records import Analysis, Answers, InputError
from formcheck.ui.job import SERVER_LINE, Job, Line, Outcome, Work, analysis_of
from formcheck.ui.plain import PlainClip
from formcheck.ui.reopening import again_of, reopening_of
from formcheck.ui.sweeping import sweep_once

if TYPE_CHECKING:
    from formcheck.history.tables import KeptAnalysis
    from formcheck.ui.chosen import Choice

SUFFIXES = ("mp4", "mov", "m4v", "webm", "avi", "gif", "mkv")
STOP_AFTER_S = 30.0
REMOVE_AFTER_S = 120.0
STILL_HERE_S = 20.0
MOST_RESULTS = 8
"""Kept side by side for one visitor, to be shown again and compared."""
PREFIX = "formcheck-visit-"
"""Of visitors' folders; the process's number comes next."""
_LONGEST_NAME = 80


class Following(Protocol):
    """Work beside the jobs that writes into a visit's folder."""

    @property
    def pending(self) -> bool: ...

    def stop(self) -> None: ...

    def then(self, action: Callable[[], None]) -> None: ...


_F = TypeVar("_F", bound=Following)


@dataclass(frozen=True)
class Clip:
    """A clip on disk and what its owner calls it; ``ours`` if it is a copy of an upload, to be removed."""

    path: Path
    shown_name: str
    ours: bool


@dataclass(frozen=True, eq=False)  # each is itself: arrays in it have no yes or no
class Result:
    """A finished analysis, the folder of the job that made it, and its clip."""

    outcome: Outcome
    job_folder: Path
    clip: Clip
    plain: PlainClip | None = None
    """The clip without drawings, in the making; None where nobody wants one."""


@dataclass(frozen=True, eq=False)
class Task:
    """Something to be done for this visitor: an analysis, or the files of a result once more."""

    work: Work
    clip: Clip
    again: Result | None = None
    """The result whose files are made anew; None for an analysis."""
    aside: tuple[Path, ...] = ()
    """Copies of uploads that only this analysis needs; they go with it."""


@dataclass(frozen=True)
class Failure:
    """What came of a clip without a result."""

    name: str
    error: InputError


class Visit:
    """One visitor's things. Methods are called from the page's script, from timers and from a job that has ended."""

    def __init__(self, line: Line = SERVER_LINE) -> None:
        sweep_once(PREFIX)
        self.folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        self.token = secrets.token_urlsafe(32)
        """Known to this visitor's browser only: whoever has it is this visitor."""
        self.kept: dict[str, Any] = {}
        """What a page that was loaded anew takes over: answers, language."""
        self.choices: list[Choice] = []
        """What was chosen and not yet sent off, one for each tab."""
        self.times_forgotten = 0
        self.job: Job | None = None
        self.results: list[Result] = []
        self.gone: list[str] = []
        """Names of the clips whose results went because there were too many, in the order in which they went."""
        self.failures: list[Failure] = []
        self.measured: set[Path] = set()
        """Every clip that has had a result, whether that is still there or not."""
        self.waiting: list[Task] = []
        self._owner: str | None = None
        self._shown: Result | None = None
        self._task: Task | None = None
        self._line = line
        self._lock = threading.RLock()
        self._timers: list[threading.Timer] = []
        self._running: list[Job | Following] = []
        self._finalizer = weakref.finalize(self, _clear, self.folder, self._running)
        _VISITS[self.token] = self

    @property
    def closed(self) -> bool:
        """Whether the folder is gone; such a visit cannot be used again."""
        return not self._finalizer.alive

    @property
    def result(self) -> Result | None:
        """The result that is shown."""
        return self._shown

    @result.setter
    def result(self, result: Result | None) -> None:
        if result is not None and result not in self.results:
            self.results.append(result)
        self._shown = result

    @property
    def problem(self) -> InputError | None:
        """Why the latest clip has no result."""
        return self.failures[-1].error if self.failures else None

    @problem.setter
    def problem(self, problem: InputError | None) -> None:
        self.failures = [] if problem is None else [Failure("", problem)]

    @property
    def task(self) -> Task | None:
        """What is being done now."""
        return self._task

    def is_of(self, owner: str | None) -> bool:
        """Whether whoever is signed in now (None: nobody) is who this visit belongs to: the first who signed in.

        One browser may be used by several people, one after the other.
        """
        if self._owner is None:
            self._owner = owner
        return self._owner == owner

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

    def begin_anew(self) -> None:
        """What failed before goes, unless something is still running.

        Once before clips are sent off together: the first may have failed before the second is in the queue.
        """
        with self._lock:
            self.failures = self.failures if self.job is not None else []

    def analyse(self, clip: Clip, options: Options) -> None:
        """Put another clip in the queue; earlier results stay, the oldest go when there are too many."""
        with self._lock:
            aside = tuple(path for _, path in options.standing)
            self.waiting.append(Task(analysis_of(clip.path, clip.shown_name, options), clip, aside=aside))
            self._go_on()

    def reopen(self, kept: KeptAnalysis, clips: Path | None, lang: Lang) -> None:
        """Show an analysis that was kept, with the files of ``clips``."""
        from formcheck.keeping import kept_clip

        path = kept_clip(clips) or self.folder / "no clip was kept"
        with self._lock:
            self.failures = []
            self.waiting.append(Task(reopening_of(kept, clips, lang), Clip(path, kept.name, ours=False)))
            self._go_on()

    def draw_again(self, lang: Lang) -> None:
        """Make the files of the shown result in another language; the result stays until they are there."""
        with self._lock:
            if self._shown is not None:
                self._draw(self._shown, lang)

    def answered(self, answers: Answers | None) -> None:
        """Make the files of the results anew where the answers to the safety check are others than they were."""
        with self._lock:
            for result in [r for r in self.results if r.outcome.analysis.answers != answers]:
                analysis = with_answers(result.outcome.analysis, answers)
                changed = replace(result, outcome=replace(result.outcome, analysis=analysis))
                self._put(result, changed)
                self._draw(changed, result.outcome.lang)

    def change(self, how: Callable[[Analysis], Analysis]) -> None:
        """Make the shown result and its files anew; where ``how`` raises InputError it stays, and why is told."""
        with self._lock:
            if self._shown is None:
                return
            outcome = self._shown.outcome
            try:
                changed = replace(self._shown, outcome=replace(outcome, analysis=how(outcome.analysis)))
            except InputError as error:
                self.failures = [Failure(self._shown.clip.shown_name, error)]
                return
            self.failures = []
            self._put(self._shown, changed)
            self._draw(changed, outcome.lang)

    def stop(self) -> None:
        """Stop what is running; what waits goes on."""
        if self.job is not None:
            self.job.stop()

    def stop_all(self) -> None:
        """Stop what is running, and forget what waits."""
        with self._lock:
            for task in self.waiting:
                _discard(task)
            self.waiting.clear()
        self.stop()

    def drop(self, task: Task) -> None:
        """Forget one that waits."""
        with self._lock:
            if task in self.waiting:
                self.waiting.remove(task)
                _discard(task)

    def settle(self) -> None:
        """Take over what a job that has ended came to, and go on with what waits."""
        with self._lock:
            job, task = self.job, self._task
            if job is None or task is None or (look := job.look()).busy:
                return
            self.job = self._task = None
            if look.outcome is None:
                self.failures.append(Failure(task.clip.shown_name, look.error or InputError("stopped")))
                # a job stopped at the very moment it was done has kept its folder
                job.then(lambda: shutil.rmtree(job.folder, ignore_errors=True))
            elif task.again is None:
                self._take(Result(look.outcome, job.folder, task.clip, self._plain(task.clip, look.outcome.analysis)))
            else:
                self._exchange(task.again, look.outcome, job.folder)
            self._go_on()

    def show(self, result: Result) -> None:
        """Show one of the results."""
        if result in self.results:
            self._shown = result

    def forget_all(self) -> None:
        """Remove everything this visitor has brought or been given, now."""
        self.stop_all()
        with self._lock:
            for result in list(self.results):
                self._forget(result)
            self._forget_exports()
            while self.choices:
                self.choices.pop().discard()
            self.times_forgotten += 1
            self._shown, self.failures, self.gone = None, [], []

    def here(self) -> None:
        """The visitor is (still, or again) there."""
        with self._lock:
            timers, self._timers = self._timers, []
        for timer in timers:
            timer.cancel()

    def left(self, stop_after_s: float = STOP_AFTER_S, remove_after_s: float = REMOVE_AFTER_S) -> None:
        """The visitor seems to have gone: clear up after a while, unless ``here`` is called before."""
        self.here()
        timers = [threading.Timer(stop_after_s, self.stop_all), threading.Timer(remove_after_s, self.close)]
        with self._lock:
            self._timers = timers
        for timer in timers:
            timer.daemon = True
            timer.start()

    def close(self) -> None:
        """Stop and remove everything now."""
        self.here()
        self.waiting.clear()
        self._finalizer()

    # ------------------------------------------------------------------------------------------------ the queue

    def _go_on(self) -> None:
        """Begin with the first that waits, where nothing runs."""
        if self.job is not None or not self.waiting or self.closed:
            return
        task = self.waiting.pop(0)
        spoils = (task.clip.path,) if task.clip.ours and task.again is None else ()
        self._start(task.work, task.clip, spoils, task.again)
        if self.job is not None:
            self.job.then(lambda: _remove(task.aside))

    def _start(self, work: Work, clip: Clip, spoils: tuple[Path, ...], again: Result | None = None) -> None:
        self.stop()
        job = Job(work, self.folder / f"run-{secrets.token_hex(8)}", self._line, spoils)
        self._running[:] = [r for r in self._running if not isinstance(r, Job) and r.pending]
        self._running.append(job)
        self.job, self._task = job.start(), Task(work, clip, again)
        me = weakref.ref(self)  # else a job that never ends would keep its visit alive
        job.then(lambda: _settle(me))

    def _draw(self, result: Result, lang: Lang) -> None:
        outcome, clip = result.outcome, result.clip
        self.waiting.append(Task(again_of(outcome, clip.path, lang), clip, result))
        self._go_on()

    def follow(self, work: _F) -> _F:
        """Stop this, too, when the visit ends, and clear up after it."""
        with self._lock:
            self._running.append(work)
        return work

    def _plain(self, clip: Clip, analysis: Analysis) -> PlainClip | None:
        if not clip.path.is_file():
            return None
        return self.follow(PlainClip(clip.path, self.folder / f"plain-{secrets.token_hex(8)}.mp4", analysis))

    # ---------------------------------------------------------------------------------------------- the results

    def _take(self, result: Result) -> None:
        self.result = result
        self.measured.add(result.clip.path)
        for oldest in self.results[:-MOST_RESULTS]:
            self.gone.append(oldest.clip.shown_name)
            self._forget(oldest)

    def _exchange(self, result: Result, outcome: Outcome, job_folder: Path) -> None:
        """The files of ``result`` have been made anew; it may have been changed or forgotten since."""
        known = next((r for r in self.results if r.clip == result.clip and r.job_folder == result.job_folder), None)
        if known is None:
            shutil.rmtree(job_folder, ignore_errors=True)
            return
        shutil.rmtree(known.job_folder, ignore_errors=True)
        self._put(known, replace(known, outcome=outcome, job_folder=job_folder))

    def _put(self, old: Result, new: Result) -> None:
        at = next(i for i, result in enumerate(self.results) if result is old)
        self.results[at] = new
        if self._shown is old:
            self._shown = new

    def _forget(self, result: Result) -> None:
        self.results[:] = [r for r in self.results if r is not result]
        shutil.rmtree(result.job_folder, ignore_errors=True)
        if result.plain is not None:
            result.plain.remove()
        if result.clip.ours:
            result.clip.path.unlink(missing_ok=True)

    def _forget_exports(self) -> None:
        """Saved comparisons show the clips they were made from."""
        for export in self.kept.pop("exports", {}).values():
            export.remove()


_VISITS: weakref.WeakValueDictionary[str, Visit] = weakref.WeakValueDictionary()


def visit_of(token: str | None) -> Visit | None:
    """The visit whose token this is, unless it is over."""
    visit = _VISITS.get(token) if token else None
    return visit if visit is not None and not visit.closed else None


def _settle(visit: weakref.ref[Visit]) -> None:
    if (there := visit()) is not None and not there.closed:
        there.settle()


def _discard(task: Task) -> None:
    """A clip that was never looked at goes with its task."""
    if task.clip.ours and task.again is None:
        task.clip.path.unlink(missing_ok=True)
    _remove(task.aside)


def _remove(paths: tuple[Path, ...]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def shown(name: str) -> str:
    """An uploaded file's name as it may be shown: no folders, no control characters, not endless."""
    bare = PureWindowsPath(PurePosixPath(name).name).name
    return "".join(c for c in bare if c.isprintable())[:_LONGEST_NAME] or "clip"


def _clear(folder: Path, running: list[Job | Following]) -> None:
    """Of the finalizer: must not hold on to the visit, and must not wait for a thread."""
    for one in running:
        one.stop()
    shutil.rmtree(folder, ignore_errors=True)
    for one in running:
        # what its thread wrote while the folder was being removed
        one.then(lambda: shutil.rmtree(folder, ignore_errors=True))
    running.clear()
