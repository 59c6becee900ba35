"""Many clips: a folder analysed on all cores or on a Dask cluster, where one failure does not stop the rest.

A clip whose folder is whole, and was made from the same file with the same options, is kept as it is: a batch that was
stopped goes on where it stopped, and one that failed for some clips tries only those again. Each clip's folder is put
in its place whole; a batch that is stopped leaves nothing else behind.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from formcheck.analysis import Options, ShouldStop
from formcheck.batch.places import Place, cluster, this_machine
from formcheck.batch.plan import Clip, Entry, clips_in, fingerprint, folder_names, result_mtime_ns, still_good
from formcheck.batch.summary import read_entries, write_csv, write_json
from formcheck.batch.task import GOING, Outcome, Task, shares
from formcheck.folders import take_place
from formcheck.records import InputError, Stopped

WHOLE_CALL = frozenset({"bad_option", "unknown_activity", "model_missing", "model_damaged", "folder_not_shared"})
"""Errors that every further clip would meet as well."""
_LOOK_AGAIN_S = 0.25
_STOPS_WITHIN_S = 60.0


@dataclass(frozen=True)
class Look:
    """A batch as it is at one moment."""

    at_once: int
    n_kept: int
    n_others: int
    """Files that are no clips."""
    entries: tuple[Entry, ...]
    """What has become of clips so far, the kept ones first."""
    n_clips: int
    shares: Mapping[str, float]
    """How far the clips being worked on are, 0..1."""


OnLook = Callable[[Look], None]


def run_batch(
    folder: Path,
    out: Path,
    options: Options,
    processes: int | None = None,
    scheduler: str | None = None,
    on_look: OnLook | None = None,
    should_stop: ShouldStop | None = None,
) -> list[Entry]:
    """Analyse the clips of ``folder`` into ``out``, which is there; an entry for each, in the order of their names.

    Raises InputError where nothing can be done at all (no clips, results of another folder, no scheduler, an option
    that makes no sense ...), and Stopped.
    """
    clips, n_others = clips_in(folder, out)
    earlier, asked = read_entries(out, folder), fingerprint(options)
    kept = [
        replace(earlier[clip.name], state="kept")
        for clip in clips
        if still_good(clip, earlier.get(clip.name), asked, out)
    ]
    batch = _Batch(folder, out, options, folder_names(clips, earlier), kept)
    todo = [clip for clip in clips if clip.name not in batch.entries]
    look = on_look or (lambda _: None)
    try:
        if todo:
            where = this_machine(len(todo), processes) if scheduler is None else cluster(scheduler)
            _work_through(batch, todo, where, n_others, look, should_stop or (lambda: False))
    finally:
        batch.write_summary()
    return batch.in_order(clips)


class _Batch:
    """What has become of the clips so far, on disk as well."""

    def __init__(
        self, folder: Path, out: Path, options: Options, folders: Mapping[str, str], kept: Sequence[Entry]
    ) -> None:
        self.folder, self.out, self.options, self._folders = folder, out, options, folders
        self.n_kept = len(kept)
        self.entries = {entry.clip: entry for entry in kept}

    def add(self, clip: Clip, outcome: Outcome) -> None:
        """Put a clip's folder in its place, and say so in ``batch.json``. Raises InputError of the whole call."""
        if outcome.error in WHOLE_CALL:
            raise InputError(outcome.error, **outcome.details)
        name = self._folders[clip.name]
        entry = Entry(clip.name, name, "failed", clip.size_bytes, clip.mtime_ns, fingerprint(self.options))
        entry = replace(entry, time_s=outcome.time_s, error=outcome.error, details=_plain(outcome.details))
        if outcome.written is not None:
            entry = self._placed(entry, outcome.written)
        self.entries[clip.name] = entry
        write_json(self.out, self.folder, self.entries.values())

    def write_summary(self) -> None:
        """Both files."""
        if self.entries:
            ordered = sorted(self.entries.values(), key=lambda entry: entry.clip)
            write_json(self.out, self.folder, ordered)
            write_csv(self.out, ordered)

    def in_order(self, clips: Sequence[Clip]) -> list[Entry]:
        """The entries as the clips come."""
        return [self.entries[clip.name] for clip in clips]

    def _placed(self, entry: Entry, written: Path) -> Entry:
        final = self.out / entry.folder
        try:
            take_place(written, final)
            return replace(entry, state="written", result_mtime_ns=result_mtime_ns(final))
        except InputError as error:
            return replace(entry, error=error.code, details=_plain(error.details))
        except OSError as error:
            details = {"path": str(final), "why": error.strerror or ""}
            return replace(entry, error="cannot_write_output", details=details)


def _plain(details: Mapping[str, object]) -> dict[str, object]:
    """As JSON can hold them."""
    return {name: value if isinstance(value, int | float) else str(value) for name, value in details.items()}


def _work_through(
    batch: _Batch,
    todo: Sequence[Clip],
    where: AbstractContextManager[Place],
    n_others: int,
    on_look: OnLook,
    should_stop: ShouldStop,
) -> None:
    aside = tempfile.TemporaryDirectory(prefix=".formcheck-", dir=batch.out, ignore_cleanup_errors=True)
    with aside as staging, where as place:
        tasks = _tasks(todo, Path(staging), replace(batch.options, workers=place.pose_workers))
        waiting = {place.submit(task): (clip, task) for clip, task in tasks}
        with _wanted_until_the_end(Path(staging), waiting):
            while waiting:
                going = shares([task for _, task in waiting.values()])
                entries = tuple(batch.entries.values())
                on_look(Look(place.at_once, batch.n_kept, n_others, entries, len(entries) + len(waiting), going))
                if should_stop():
                    raise Stopped
                for future in wait(waiting, _LOOK_AGAIN_S, FIRST_COMPLETED).done:
                    clip, _ = waiting.pop(future)
                    batch.add(clip, _outcome(future))


def _tasks(todo: Sequence[Clip], staging: Path, options: Options) -> Iterator[tuple[Clip, Task]]:
    """The largest first, so that no core ends up alone with a long one."""
    (staging / GOING).touch()
    for number, clip in enumerate(sorted(todo, key=lambda clip: clip.size_bytes, reverse=True)):
        desk = staging / str(number)
        desk.mkdir()
        yield clip, Task(clip.name, clip.path.resolve(), desk.resolve(), options)


@contextmanager
def _wanted_until_the_end(staging: Path, waiting: Mapping[Future[Outcome], object]) -> Iterator[None]:
    """However it ends, nobody goes on writing: tasks look at ``GOING`` before they begin and while they work."""
    try:
        yield
    finally:
        (staging / GOING).unlink(missing_ok=True)
        for future in wait(waiting, _STOPS_WITHIN_S).not_done:
            future.cancel()


def _outcome(future: Future[Outcome]) -> Outcome:
    """What the task says, or what a cluster says in its place."""
    try:
        return future.result()
    except CancelledError as error:
        raise InputError("cluster_lost") from error
    except Stopped:
        raise
    except Exception as error:
        if type(error).__name__ == "KilledWorker":  # distributed's, which need not be installed
            return Outcome(0.0, error="worker_died")
        return Outcome(0.0, error="unexpected_failure", details={"why": f"{type(error).__name__}: {error}"})
