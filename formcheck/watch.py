"""Progress and pictures out, stop in: what whoever waits for an analysis is told while it goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from formcheck.memory import give_back
from formcheck.pace import Stage, learn, plan
from formcheck.records import Stopped

if TYPE_CHECKING:
    from formcheck.pose import Person

PREVIEW_EVERY_S = 0.25


@dataclass(frozen=True)
class Progress:
    """How far the whole analysis is."""

    stage: Stage
    share: float
    """0..1 of the time everything takes, drawing and report included."""


@dataclass(frozen=True)
class Preview:
    """The picture being worked on, for whoever watches."""

    time_s: float
    """Where in the clip, as it plays."""
    image: npt.NDArray[np.uint8]
    """(h, w, 3) RGB, only to be looked at."""
    bodies: tuple[npt.NDArray[np.float32], ...] = ()
    """Landmarks (33, 2) of everyone found, in pixels of ``image``; none where they are drawn on it already."""


OnProgress = Callable[[Progress], None]
OnPreview = Callable[[Preview], None]
ShouldStop = Callable[[], bool]


class Watch:
    """Progress and pictures out, stop in."""

    def __init__(
        self,
        on_progress: OnProgress | None,
        should_stop: ShouldStop | None,
        on_preview: OnPreview | None,
        hide_bodies: bool = False,
    ) -> None:
        """``hide_bodies``: what is shown was not drawn on yet, and faces in it are to be hidden."""
        self._on_progress, self._should_stop, self._on_preview = on_progress, should_stop, on_preview
        self._hide_bodies = hide_bodies
        self._next_preview_s = 0.0
        self.expect(0, "")

    def expect(self, n_frames: int, profile: str) -> None:
        """A clip of that many frames, searched that way."""
        self._n_frames, self._profile, self._plan = n_frames, profile, plan(n_frames, profile)

    @contextmanager
    def stage(self, stage: Stage) -> Iterator[None]:
        """Tell its beginning and its end, and remember how long it took unless it is stopped or fails."""
        began_s = time.monotonic()
        self.check()
        self.report(stage, 0.0)
        yield
        learn(stage, self._profile, time.monotonic() - began_s, self._n_frames)
        self.report(stage, 1.0)

    def silent(self) -> Watch:
        """Can be stopped all the same."""
        return Watch(None, self._should_stop, None)

    def check(self) -> None:
        """Before something large is begun: raise Stopped when asked to stop, and give unused memory back."""
        self._stop_if_asked()
        give_back()

    def _stop_if_asked(self) -> None:
        if self._should_stop is not None and self._should_stop():
            raise Stopped

    def show(self, time_s: float, image: npt.NDArray[np.uint8], people: Iterable[Person] = ()) -> None:
        """Hand out the picture being worked on, a few times a second."""
        if self._on_preview is None or time.monotonic() < self._next_preview_s:
            return
        self._next_preview_s = time.monotonic() + PREVIEW_EVERY_S
        bodies = tuple(person.xy_px for person in people)
        if self._hide_bodies:
            from formcheck.annotate import hide_all_but_bodies

            image = image.copy()
            hide_all_but_bodies(image, bodies)
        self._on_preview(Preview(time_s, image, bodies))

    def report(self, stage: Stage, share: float) -> None:
        """Tell how far a stage is; raises Stopped when asked to stop."""
        self._stop_if_asked()
        if self._on_progress is not None:
            self._on_progress(Progress(stage, self._plan.share(stage, share)))

    def progress(self, share: float) -> None:
        """``report`` of the search for the body."""
        self.report("pose", share)

    def of_stage(self, stage: Stage) -> Callable[[float], None]:
        """``report`` of one stage."""
        return lambda share: self.report(stage, share)
