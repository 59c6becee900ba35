"""Loading the large libraries so that nobody waits for what is not needed yet.

The search for the body waits for MediaPipe. What the later steps import and read takes most of a second more, and is
done while MediaPipe's networks are opened and look at their first pictures.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from types import ModuleType
from typing import Any

_NOT_USED_HERE = ("matplotlib", "matplotlib.pyplot", "sounddevice")
"""What MediaPipe imports for drawing and for recording sound."""
_TURN_S = 0.0005
_turns_lock = threading.Lock()
_usual_turn_s: list[float] = []
"""One entry for each block that has short turns now; the first is the length from before."""


def import_mediapipe() -> None:
    """Import MediaPipe without the libraries that it imports for work never done here, which takes twice as long.

    Whoever uses them through MediaPipe later, or imports them himself, gets the real ones. Raises ImportError.
    """
    if "mediapipe" in sys.modules:
        return
    with _stood_in_for(_NOT_USED_HERE):
        import_module("mediapipe")


@contextmanager
def doing_ahead(steps: Iterable[object]) -> Iterator[None]:
    """Take one of ``steps`` after the other in a thread, and no more of them from the end of the block on."""
    enough = threading.Event()

    def take() -> None:
        with suppress(Exception):  # whoever needs what failed here meets the same error himself
            for _ in steps:
                if enough.is_set():
                    return

    thread = threading.Thread(target=take, name="ahead of its time", daemon=True)
    thread.start()
    try:
        with _short_turns():
            yield
    finally:
        enough.set()
        thread.join()


@contextmanager
def _short_turns() -> Iterator[None]:
    """Threads of Python take turns ten times as often.

    Whoever decodes gives the interpreter away with every picture, and gets it back from a thread that imports only at
    the end of its turn: with turns of 5 ms the first look over a clip took twice as long.
    """
    with _turns_lock:
        _usual_turn_s.append(sys.getswitchinterval())
        sys.setswitchinterval(_TURN_S)
    try:
        yield
    finally:
        with _turns_lock:
            last = _usual_turn_s.pop()
            if not _usual_turn_s:
                sys.setswitchinterval(last)


@contextmanager
def _stood_in_for(names: Sequence[str]) -> Iterator[None]:
    """Empty modules in place of those that are not imported yet, to be found by imports inside the block."""
    stand_ins = {name: _stand_in(name) for name in names if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name, module in stand_ins.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


def _stand_in(name: str) -> ModuleType:
    """A module that becomes the real one's shadow at the first use after its real name is free again."""

    def attribute_of(attribute: str) -> Any:
        if sys.modules.get(name) is stand_in:
            raise AttributeError(f"{name} is not loaded yet")
        return getattr(import_module(name), attribute)

    stand_in = ModuleType(name)
    stand_in.__dict__["__getattr__"] = attribute_of
    return stand_in
