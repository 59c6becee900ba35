"""What a click sets off is done whole.

Streamlit breaks a callback off at any look at ``st.session_state`` when the browser has asked for another run of the
page meanwhile (a timer that found something new, a second click), and does not take it up again: of five files sent off
only the first would be analysed, and nobody would be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from streamlit.runtime.scriptrunner import get_script_run_ctx

P = ParamSpec("P")
R = TypeVar("R")


def whole(callback: Callable[P, R]) -> Callable[P, R]:
    """The same callback, which the browser's next request waits for."""

    @wraps(callback)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with _the_next_request_waits():
            return callback(*args, **kwargs)

    return run


@contextmanager
def _the_next_request_waits() -> Iterator[None]:
    """Streamlit has no switch for it: its session state asks ``_yield_callback`` before each answer."""
    context = get_script_run_ctx(suppress_warning=True)
    state = None if context is None else context.session_state
    asks = getattr(state, "_yield_callback", None)
    if asks is None:
        yield
        return
    object.__setattr__(state, "_yield_callback", lambda: None)  # the state takes attributes for keys
    try:
        yield
    finally:
        object.__setattr__(state, "_yield_callback", asks)
