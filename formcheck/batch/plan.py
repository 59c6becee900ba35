"""Which clips of a folder there are, which of them are done already, and what the folders of the others are called."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from formcheck.analysis import Options
from formcheck.folders import folder_name
from formcheck.records import InputError

State = Literal["written", "kept", "failed"]
ENDINGS = (
    ".3gp",
    ".avi",
    ".flv",
    ".gif",
    ".m2ts",
    ".m4v",
    ".mkv",
    ".mov",
    ".mp4",
    ".mpeg",
    ".mpg",
    ".mts",
    ".mxf",
    ".ogv",
    ".ts",
    ".webm",
    ".wmv",
)
OUTPUTS = ("analysis.json", "annotated.mp4", "report.html", "signals.csv", "events.csv", "pose.npz", "frames")


@dataclass(frozen=True)
class Clip:
    """A clip as it lies in the folder; another size or time of change makes it another clip."""

    name: str
    """Its path below the folder, with "/"."""
    path: Path
    size_bytes: int
    mtime_ns: int


@dataclass(frozen=True)
class Entry:
    """What became of a clip, as ``batch.json`` keeps it."""

    clip: str
    folder: str
    """Name of its folder of results."""
    state: State
    size_bytes: int
    mtime_ns: int
    options: Mapping[str, Any]
    """As ``fingerprint`` gives them."""
    time_s: float = 0.0
    result_mtime_ns: int | None = None
    """Of ``analysis.json``: tells whether the folder still is the one that was written."""
    error: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def clips_in(folder: Path, out: Path) -> tuple[list[Clip], int]:
    """All clips below the folder in the order of their names, and the number of other files.

    Hidden files, ``out`` and folders of earlier results are passed over. Raises InputError ``no_such_folder`` and
    ``no_clips``.
    """
    if not folder.is_dir():
        raise InputError("no_such_folder", path=str(folder))
    clips, n_others = [], 0
    for path in sorted(_files(folder, out.resolve())):
        if path.suffix.lower() in ENDINGS:
            facts = path.stat()
            clips.append(Clip(path.relative_to(folder).as_posix(), path, facts.st_size, facts.st_mtime_ns))
        else:
            n_others += 1
    if not clips:
        raise InputError("no_clips", path=str(folder))
    return clips, n_others


def _files(folder: Path, out: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        place = Path(here)
        folders[:] = [name for name in folders if not name.startswith(".") and (place / name).resolve() != out]
        if "analysis.json" not in files and (place.resolve() != out or place == folder):
            yield from (place / name for name in files if not name.startswith(".") and (place / name).is_file())


def fingerprint(options: Options) -> dict[str, Any]:
    """All that decides what a result is, apart from the clip, as JSON holds it. How many work on it does not.

    What a person said about their health is kept as a hash only.
    """
    decisive = {name: value for name, value in vars(options).items() if name not in ("workers", "answers")}
    if options.answers is not None:
        said = json.dumps(vars(options.answers), default=_plain, sort_keys=True)
        decisive["answers_sha256"] = hashlib.sha256(said.encode()).hexdigest()
    # tuples and paths do not come back from JSON as they were
    as_kept: dict[str, Any] = json.loads(json.dumps(decisive, default=str))
    return as_kept | {"formcheck": version("formcheck")}


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else sorted(value)


def still_good(clip: Clip, entry: Entry | None, options: Mapping[str, Any], out: Path) -> bool:
    """Whether the entry's folder is whole and was made from this very clip with these options."""
    if entry is None or entry.state == "failed" or entry.options != options:
        return False
    if (entry.size_bytes, entry.mtime_ns) != (clip.size_bytes, clip.mtime_ns):
        return False
    folder = out / entry.folder
    return all((folder / name).exists() for name in OUTPUTS) and result_mtime_ns(folder) == entry.result_mtime_ns


def result_mtime_ns(folder: Path) -> int:
    """When the folder's ``analysis.json`` was written."""
    return (folder / "analysis.json").stat().st_mtime_ns


def folder_names(clips: Iterable[Clip], earlier: Mapping[str, Entry]) -> dict[str, str]:
    """A folder's name for each clip: the one it had before, else its own name with those of its sub-folders before it.

    What is taken already gets "_2", "_3" ...; upper and lower case count as the same, as on some file systems.
    """
    clips = list(clips)
    names = {clip.name: earlier[clip.name].folder for clip in clips if clip.name in earlier}
    taken = {name.casefold() for name in names.values()}
    for clip in clips:
        if clip.name not in names:
            names[clip.name] = _free(folder_name(Path(clip.name.replace("/", "_"))), taken)
            taken.add(names[clip.name].casefold())
    return names


def _free(wanted: str, taken: set[str]) -> str:
    name, count = wanted, 1
    while name.casefold() in taken:
        count += 1
        name = f"{wanted}_{count}"
    return name
