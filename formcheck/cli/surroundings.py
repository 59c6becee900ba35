"""What a long command does to its surroundings: signals, standard error, the folder it writes in."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TextIO

from formcheck.records import InputError


def check_writable(out: Path) -> None:
    """Raise InputError now rather than after minutes of work."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise InputError("cannot_write_output", path=str(out), why=error.strerror or "") from error


@contextmanager
def no_empty_folders(out: Path) -> Iterator[None]:
    """Take away at the end what of ``out`` was not there before and has stayed empty."""
    new = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        yield
    finally:
        for folder in new:
            with suppress(OSError):
                folder.rmdir()


@contextmanager
def stop_on_signals() -> Iterator[Callable[[], bool]]:
    """Tells whether Ctrl-C or SIGTERM came; a second one stops without waiting for the next frame."""
    came = False

    def remember(number: int, frame: FrameType | None) -> None:
        nonlocal came
        if came:
            raise KeyboardInterrupt
        came = True

    before = {number: signal.signal(number, remember) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def only_python_on_stderr() -> Iterator[TextIO]:
    """Give ``sys.stderr`` its own way out and close the one that C++ libraries write to.

    MediaPipe logs dozens of lines there, some before any setting of its logger is read. A crash inside a library
    would be silent as well: faulthandler says where it happened.
    """
    before = sys.stderr
    before.flush()
    kept = os.dup(2)
    with open(os.devnull, "w") as nowhere, open(kept, "w", encoding=before.encoding, errors="replace") as voice:
        os.dup2(nowhere.fileno(), 2)
        sys.stderr = voice
        faulthandler.enable(voice)
        try:
            yield voice
        finally:
            faulthandler.disable()
            voice.flush()
            sys.stderr = before
            os.dup2(kept, 2)
