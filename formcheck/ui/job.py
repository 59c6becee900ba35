"""One analysis in a thread of its own: how far it is, stopping it, waiting for its turn. Knows nothing of the page.

A job writes into one folder only. Whatever does not end in a result leaves nothing behind: neither the folder nor the
uploaded clip it was made for.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Literal

from formcheck.analysis import (
    OnPreview,
    OnProgress,
    Options,
    Preview,
    Progress,
    ShouldStop,
    Stage,
    analyze_video,
    write_results,
)
from formcheck.cards import Lang
from formcheck.records import Analysis, InputError, Stopped
from formcheck.ui.afterwards import Afterwards

Phase = Literal["waiting", "running", "done", "failed", "stopped"]
_LOOK_AGAIN_S = 0.2
_KNOWN_AFTER_S, _KNOWN_AFTER_SHARE = 4.0, 0.05
_ANALYSIS_NICENESS = 10
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What an analysis came to: the records, and the folder of the eight outputs in one language."""

    analysis: Analysis
    folder: Path
    lang: Lang


Work = Callable[[Path, OnProgress, ShouldStop, OnPreview], Outcome]
"""Given a folder to write in; raises InputError or Stopped."""


def analysis_of(clip: Path, shown_name: str, options: Options) -> Work:
    """Analyse ``clip``; results carry the name the visitor knows, not the one the file has on disk."""

    def work(folder: Path, on_progress: OnProgress, should_stop: ShouldStop, on_preview: OnPreview) -> Outcome:
        analysis = analyze_video(clip, options, on_progress, should_stop, on_preview)
        analysis = replace(analysis, video=replace(analysis.video, name=shown_name))
        written = write_results(analysis, clip, folder, options.lang, on_progress, should_stop, on_preview)
        return Outcome(analysis, written, options.lang)

    return work


def drawing_of(analysis: Analysis, clip: Path, lang: Lang) -> Work:
    """Draw the clip and write the report once more, in another language, without looking for the body again."""

    def work(folder: Path, on_progress: OnProgress, should_stop: ShouldStop, on_preview: OnPreview) -> Outcome:
        return Outcome(
            analysis, write_results(analysis, clip, folder, lang, on_progress, should_stop, on_preview), lang
        )

    return work


@cache
def warm_up() -> None:
    """Load the pose library while the visitor still chooses a clip: it takes a second or two, once."""

    def load() -> None:
        from formcheck.loading import import_mediapipe
        from formcheck.pose.mediapipe_pose import MediaPipePose, MediaPipeSettings, keep_to_this_machine

        keep_to_this_machine()
        import_mediapipe()
        with suppress(InputError):  # the analysis will say what is missing
            MediaPipePose(MediaPipeSettings("full")).close()
        for module in ("annotate", "first_look", "charts", "comparisons"):  # what a result and a choice will want
            import_module(f"formcheck.{module}")

    threading.Thread(target=load, name="warm-up", daemon=True).start()


def _let_the_page_go_first() -> None:
    """Lower the priority of this thread and of those it will start: answering a visitor takes little, but at once.

    On Linux, where threads have priorities of their own; elsewhere everything stays as it is.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            me = os.PRIO_PROCESS, threading.get_native_id()
            os.setpriority(*me, os.getpriority(*me) + _ANALYSIS_NICENESS)


class Line:
    """Those who wait for one of ``places``, first come first served."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._tickets: list[object] = []
        self._moved = threading.Condition()

    @contextmanager
    def turn(self, ticket: object, should_stop: ShouldStop) -> Iterator[None]:
        """Wait, then hold a place. Raises Stopped when ``should_stop`` says so while waiting."""
        with self._moved:
            self._tickets.append(ticket)
        try:
            with self._moved:
                while self._ahead(ticket) > 0:
                    if should_stop():
                        raise Stopped
                    self._moved.wait(_LOOK_AGAIN_S)
            yield
        finally:
            with self._moved:
                self._tickets.remove(ticket)
                self._moved.notify_all()

    def ahead(self, ticket: object) -> int:
        """How many have to finish first; 0 for whoever has a place or does not wait."""
        with self._moved:
            return self._ahead(ticket) if ticket in self._tickets else 0

    @property
    def waiting(self) -> int:
        """How many have no place yet."""
        with self._moved:
            return max(0, len(self._tickets) - self._places)

    def _ahead(self, ticket: object) -> int:
        return max(0, self._tickets.index(ticket) - self._places + 1)


SERVER_LINE = Line(2 if (os.cpu_count() or 1) >= 8 else 1)
"""All visitors of this server: one analysis alone keeps four cores busy, more at once only make each slower."""


@dataclass(frozen=True)
class Look:
    """A job as it is at one moment."""

    phase: Phase
    ahead: int = 0
    stage: Stage | None = None
    share: float = 0.0
    """0..1 of this job's time; never falls."""
    left_s: float | None = None
    """How much longer; None while that is a guess about a machine that has hardly begun."""
    elapsed_s: float = 0.0
    preview: Preview | None = None
    outcome: Outcome | None = None
    error: InputError | None = None

    @property
    def busy(self) -> bool:
        """Whether there is something to wait for."""
        return self.phase in ("waiting", "running")


class _Bar:
    """From the share of a whole analysis to that of one job, which may begin with the drawing."""

    def __init__(self) -> None:
        self._first: float | None = None
        self._stage: Stage | None = None
        self._from = self._base = self._to = 0.0

    def done(self, progress: Progress) -> float:
        """0..1 of this job's time."""
        if self._first is None:
            self._first = 0.0 if progress.stage == "pose" else min(progress.share, 0.99)
        return min(max((progress.share - self._first) / (1.0 - self._first), 0.0), 1.0)

    def shown(self, progress: Progress) -> float:
        """The same, but a stage that took longer or shorter than expected makes nothing jump."""
        done = self.done(progress)
        if progress.stage != self._stage:
            self._stage, self._from = progress.stage, min(done, 0.99)
            self._base = self._to
        self._to = max(self._to, self._base + (1.0 - self._base) * (done - self._from) / (1.0 - self._from))
        return self._to


class Job:
    """``work`` in a thread. ``spoils`` are files that go with the job unless it ends in a result."""

    def __init__(self, work: Work, folder: Path, line: Line = SERVER_LINE, spoils: tuple[Path, ...] = ()) -> None:
        self.folder = folder
        self._work, self._line, self._spoils = work, line, spoils
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._look = Look("waiting")
        self._preview: Preview | None = None
        self._began_s: float | None = None
        self._bar = _Bar()
        self._afterwards = Afterwards()
        # a daemon, so that the server can be ended at any time
        self._thread = threading.Thread(target=self._run, name="analysis", daemon=True)

    def start(self) -> Job:
        """Get in line."""
        self.folder.mkdir(mode=0o700)
        self._thread.start()
        return self

    def stop(self) -> None:
        """From now on the job counts as stopped; its thread ends, and clears up, as soon as it looks."""
        self._stop.set()

    def look(self) -> Look:
        """How it is going."""
        with self._lock:
            look, began_s, preview = self._look, self._began_s, self._preview
        if self._stop.is_set():
            return Look("stopped")
        elapsed_s = time.monotonic() - began_s if look.busy and began_s is not None else look.elapsed_s
        ahead = self._line.ahead(self) if look.phase == "waiting" else 0
        return replace(look, elapsed_s=elapsed_s, ahead=ahead, preview=preview if look.busy else None)

    def then(self, action: Callable[[], None]) -> None:
        """Do ``action`` once the thread no longer touches any file; at once if it has ended."""
        self._afterwards.then(action)

    def wait(self, timeout_s: float) -> bool:
        """Whether the thread has ended within that time."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # ------------------------------------------------------------------------------------- inside the thread

    def _run(self) -> None:
        _let_the_page_go_first()
        end = self._ending()
        if end.outcome is None or self._stop.is_set():
            shutil.rmtree(self.folder, ignore_errors=True)
            for path in self._spoils:
                path.unlink(missing_ok=True)
        with self._lock:
            elapsed_s = 0.0 if self._began_s is None else time.monotonic() - self._began_s
            self._look = replace(end, elapsed_s=elapsed_s)
            self._preview = None
        self._afterwards.end()

    def _ending(self) -> Look:
        try:
            with self._line.turn(self, self._stop.is_set):
                self._begin()
                return Look(
                    "done", share=1.0, outcome=self._work(self.folder, self._tell, self._stop.is_set, self._show)
                )
        except Stopped:
            return Look("stopped")
        except InputError as error:
            return Look("failed", error=error)
        except Exception:
            _log.exception("an analysis failed")
            return Look("failed", error=InputError("ui_unexpected"))

    def _begin(self) -> None:
        if self._stop.is_set():
            raise Stopped
        with self._lock:
            self._began_s = time.monotonic()
            self._look = Look("running")

    def _tell(self, progress: Progress) -> None:
        with self._lock:
            elapsed_s = time.monotonic() - (self._began_s or 0.0)
            done = self._bar.done(progress)
            known = elapsed_s > _KNOWN_AFTER_S and done > _KNOWN_AFTER_SHARE
            left_s = elapsed_s * (1.0 - done) / done if known else None
            self._look = Look("running", stage=progress.stage, share=self._bar.shown(progress), left_s=left_s)

    def _show(self, preview: Preview) -> None:
        with self._lock:
            self._preview = preview
