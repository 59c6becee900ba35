"""What has to wait until a thread no longer touches its files."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Afterwards:
    """Actions for the end of one piece of work; each is done once, whichever of the two threads is first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._actions: list[Callable[[], None]] = []
        self._ended = False

    @property
    def ended(self) -> bool:
        """Whether the work no longer touches any file."""
        return self._ended

    def then(self, action: Callable[[], None]) -> None:
        """Do ``action`` at the end; at once where that has come."""
        with self._lock:
            if not self._ended:
                self._actions.append(action)
                return
        action()

    def end(self) -> None:
        """Say that the end has come, and do what has waited for it."""
        with self._lock:
            self._ended = True
        for action in self._actions:
            action()
