"""Folders of results: their names, and how they appear whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from formcheck.records import InputError

_NAME_BYTES = 200
"""Disks take 255; what is left is for numbers and endings that others put behind the name."""
_DEVICES = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"} | {
    port + number for port in ("COM", "LPT") for number in "0123456789¹²³"
}
"""Windows opens a device under these names, whatever follows behind a dot."""

OURS = ("analysis.json", "together.json")
"""A folder with one of these is an earlier result, and may be replaced."""


def folder_name(video: Path) -> str:
    """The name of a clip's folder: the file's name without its ending, freed of what file systems dislike."""
    return _cut(_no_device(_cut(_plain(video.stem)))) or "clip"


def _plain(name: str) -> str:
    """Without what cannot be seen, turns the line around or separates folders; all spaces are ordinary ones."""
    spaced = "".join(" " if c.isspace() else c for c in name)
    return "".join("_" if c in '<>:"/\\|?*' else c for c in spaced if c.isprintable())


def _cut(name: str) -> str:
    """At most ``_NAME_BYTES`` long, no character halved, no space or dot at either end."""
    return name.strip(" .").encode()[:_NAME_BYTES].decode(errors="ignore").rstrip(" .")


def _no_device(name: str) -> str:
    device, dot, rest = name.partition(".")
    device = device.rstrip(" ")
    return f"{device}_{dot}{rest}" if device.upper() in _DEVICES else name


@contextmanager
def whole_folder(out_dir: Path, name: str) -> Iterator[Path]:
    """A folder to write in that takes its name only at the end; nothing is left of it after an exception."""
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        # Not named after the clip: a name that just fits the disk would no longer fit with more behind it.
        working = Path(tempfile.mkdtemp(prefix=".formcheck-", dir=out_dir))
    except OSError as error:
        raise InputError("cannot_write_output", path=str(out_dir), why=error.strerror or "") from error
    try:
        yield working
        take_place(working, out_dir / name)
    except OSError as error:
        raise InputError("cannot_write_output", path=str(out_dir), why=error.strerror or str(error)) from error
    finally:
        shutil.rmtree(working, ignore_errors=True)


def take_place(working: Path, final: Path) -> None:
    """Give a whole folder its name in the same file system; an earlier result of that name is replaced.

    Raises InputError ``cannot_write_output`` where something else has the name, and OSError where the system refuses.
    """
    if final.exists():
        if final.is_symlink() or not any((final / name).is_file() for name in OURS):
            raise InputError("cannot_write_output", path=str(final), why="it holds something else")
        _replace(final, working)
    else:
        working.rename(final)
    final.chmod(0o755)


def _replace(final: Path, working: Path) -> None:
    """The earlier folder stays aside until the new one stands, and comes back when it cannot."""
    aside = Path(tempfile.mkdtemp(prefix=".old-", dir=final.parent))
    try:
        earlier = final.rename(aside / final.name)
        try:
            working.rename(final)
        except OSError:
            earlier.rename(final)
            raise
        shutil.rmtree(earlier, ignore_errors=True)
    finally:
        with suppress(OSError):  # not empty: the earlier result is still in it
            aside.rmdir()
