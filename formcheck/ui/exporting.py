"""The comparison as files, written in a thread of its own while the page goes on."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

from formcheck.cards import Lang
from formcheck.compare import Compared, write_comparison
from formcheck.records import InputError, Stopped
from formcheck.ui.afterwards import Afterwards

_log = logging.getLogger(__name__)


class Export:
    """Writes into ``folder``: page, table, pictures and the side-by-side clip; nothing half-made stays."""

    def __init__(self, compared: Compared, folders: tuple[Path, Path], folder: Path, lang: Lang) -> None:
        self.folder, self.lang = folder, lang
        self.share = 0.0
        self.problem: InputError | None = None
        self._stop = threading.Event()
        self._afterwards = Afterwards()
        self._work: Callable[[], None] = lambda: write_comparison(compared, folders, folder, lang, self._report)
        threading.Thread(target=self._run, name="export", daemon=True).start()

    @property
    def pending(self) -> bool:
        """Whether it is being written."""
        return not self._afterwards.ended

    @property
    def done(self) -> bool:
        """Whether the files are there."""
        return self._afterwards.ended and self.problem is None and not self._stop.is_set()

    def stop(self) -> None:
        """Leave it."""
        self._stop.set()

    def remove(self) -> None:
        """Stop, and remove the files once nobody writes them any more."""
        self.stop()
        self.then(lambda: shutil.rmtree(self.folder, ignore_errors=True))

    def then(self, action: Callable[[], None]) -> None:
        """Do ``action`` once the thread no longer touches any file; at once if it has ended."""
        self._afterwards.then(action)

    def _report(self, share: float) -> None:
        if self._stop.is_set():
            raise Stopped
        self.share = max(self.share, min(share, 1.0))

    def _run(self) -> None:
        try:
            self._work()
        except Stopped:
            shutil.rmtree(self.folder, ignore_errors=True)
        except InputError as problem:
            self.problem = problem
        except Exception:
            _log.exception("a comparison could not be written")
            self.problem = InputError("ui_unexpected")
        finally:
            self._afterwards.end()
