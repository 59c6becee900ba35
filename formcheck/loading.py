"""Loading the large libraries so that nobody waits for what is not needed yet.

The search for the body waits for MediaPipe. What the later steps import and read takes most of a second more, and is
done while MediaPipe's networks are opened and look at their first pictures.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from types import ModuleType
from typing import Any

_NOT_USED_HERE: dict[str, tuple[str, ...]] = {"matplotlib": (), "matplotlib.pyplot": (), "sounddevice": ()}
"""What MediaPipe imports for drawing and for recording sound."""
_NOT_USED_BY_SIGNAL = {"scipy.stats": ("scoreatpercentile",), "numpy.f2py": ()}
"""What ``scipy.signal`` imports for ``find_peaks_cwt`` alone, and for a copy of all names of NumPy."""
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


def import_scipy_signal() -> None:
    """Import ``scipy.signal`` without libraries that it imports for work never done here, which takes half as long.

    Whoever uses them later, ``find_peaks_cwt`` too, gets the real ones. Raises ImportError.
    """
    if "scipy.signal" not in sys.modules:
        import_module("numpy")
        with _stood_in_for(_NOT_USED_BY_SIGNAL), suppress(ImportError):  # another SciPy may want more of them
            import_module("scipy.signal")
    import_module("scipy.signal")


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
def _stood_in_for(functions: Mapping[str, Sequence[str]]) -> Iterator[None]:
    """Stand-ins for modules that are not imported yet, each with those functions, for imports inside the block."""
    stand_ins = {name: _stand_in(name, has) for name, has in functions.items() if name not in sys.modules}
    sys.modules.update(stand_ins)
    for name, module in stand_ins.items():
        vars(_package_of(name))[name.rpartition(".")[2]] = module
    try:
        yield
    finally:
        for name, module in stand_ins.items():
            if sys.modules.get(name) is module:
                vars(_package_of(name)).pop(name.rpartition(".")[2], None)
                del sys.modules[name]


def _package_of(name: str) -> ModuleType:
    """Where a module is found by its last name; one that nobody sees where that is not imported yet."""
    return sys.modules.get(name.rpartition(".")[0], ModuleType("nobody"))


def _stand_in(name: str, functions: Sequence[str]) -> ModuleType:
    """A module that becomes the real one's shadow at the first use after its real name is free again."""

    def attribute_of(attribute: str) -> Any:
        if sys.modules.get(name) is not stand_in:
            return getattr(import_module(name), attribute)
        if attribute in functions:
            return lambda *args, **kwargs: getattr(import_module(name), attribute)(*args, **kwargs)
        raise AttributeError(f"{name} is not loaded yet")

    stand_in = ModuleType(name)
    stand_in.__dict__["__getattr__"] = attribute_of
    return stand_in
