"""Clips a visitor has chosen and not yet sent off: copied into the visit's folder, looked at while options are read."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol, TypeVar

from formcheck.records import InputError
from formcheck.ui.visit import Clip

if TYPE_CHECKING:
    from formcheck.first_look import FirstLook

_log = logging.getLogger(__name__)


class Upload(Protocol):
    """What the browser has sent."""

    name: str
    file_id: str

    def seek(self, offset: int, /) -> int: ...

    def read(self, size: int = ..., /) -> bytes: ...


_U = TypeVar("_U", bound=Upload)


@dataclass(frozen=True)
class Looked:
    """What the quick look said: a look, or why there can be none."""

    look: FirstLook | None
    problem: InputError | None = None


@dataclass(frozen=True)
class Chosen:
    """A chosen clip and the quick look at it."""

    clip: Clip
    looking: Future[Looked]

    @property
    def looked(self) -> Looked | None:
        """None while it is still being looked at."""
        return self.looking.result() if self.looking.done() else None

    def discard(self) -> None:
        """It is not wanted any more."""
        self.looking.cancel()
        self.looking.add_done_callback(lambda _: self.clip.path.unlink(missing_ok=True))


@dataclass(eq=False)  # each is itself
class Choice:
    """What one visitor has chosen in one tab so far, by the browser's names of the files."""

    chosen: dict[str, Chosen] = field(default_factory=dict)
    problems: dict[str, InputError] = field(default_factory=dict)
    handed_over: dict[str, Path] = field(default_factory=dict)
    """Sent off already, and the copy; such a file is copied again only when it is sent off again."""

    def follow(self, uploads: list[Upload], keep: Callable[[str, IO[bytes]], Clip]) -> None:
        """Copy and look at what is new, forget what was taken away."""
        here = {upload.file_id for upload in uploads}
        for gone in self.chosen.keys() - here:
            self.chosen.pop(gone).discard()
        self.problems = {file_id: problem for file_id, problem in self.problems.items() if file_id in here}
        for upload in uploads:
            if upload.file_id not in self.chosen.keys() | self.problems.keys() | self.handed_over.keys():
                self._add(upload, keep)

    def take(self, upload: Upload, keep: Callable[[str, IO[bytes]], Clip]) -> Clip:
        """The clip to be analysed; from now on it belongs to the analysis. Raises InputError as ``keep``."""
        chosen = self.chosen.pop(upload.file_id, None)
        self.problems.pop(upload.file_id, None)
        clip = chosen.clip if chosen is not None else keep(upload.name, upload)  # type: ignore[arg-type]
        self.handed_over[upload.file_id] = clip.path
        return clip

    def still_to_do(self, uploads: Sequence[_U], measured: Set[Path]) -> list[_U]:
        """Those without a result yet, ``measured`` being the clips that have had one; all where none is left."""
        left = [upload for upload in uploads if self.handed_over.get(upload.file_id) not in measured]
        return left or list(uploads)

    def discard(self) -> None:
        """Nothing of it is wanted any more."""
        while self.chosen:
            self.chosen.popitem()[1].discard()

    def _add(self, upload: Upload, keep: Callable[[str, IO[bytes]], Clip]) -> None:
        try:
            clip = keep(upload.name, upload)  # type: ignore[arg-type]
        except InputError as problem:
            self.problems[upload.file_id] = problem
            return
        self.chosen[upload.file_id] = Chosen(clip, _looker().submit(_look, clip))


def _look(clip: Clip) -> Looked:
    from formcheck.first_look import first_look  # only now: the page is to be there soon

    try:
        return Looked(first_look(clip.path))
    except InputError as problem:
        return Looked(None, problem)
    except Exception:
        _log.exception("a first look failed")
        return Looked(None)


@cache
def _looker() -> ThreadPoolExecutor:
    """One at a time for the whole server: looks are short."""
    return ThreadPoolExecutor(1, "first look")
