"""Fragments that want the whole page made anew."""

from __future__ import annotations


class Alone:
    """Whether a fragment runs by itself: asked once in each of its runs, it says no to the first.

    In its first run the whole page is being made. ``st.rerun()`` there would end that before what stands below was
    made, again and again where work ends just then.
    """

    def __init__(self) -> None:
        self._runs = 0

    def __call__(self) -> bool:
        self._runs += 1
        return self._runs > 1
