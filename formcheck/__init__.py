"""Running- and exercise-form checker: video in, angles, moments, findings and pictures out.

    from formcheck import analyze_video, write_results

The names below are loaded when they are first used, so that ``import formcheck`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from formcheck.analysis import Options, analyze_pose, analyze_video, write_results
    from formcheck.records import Analysis, InputError

__all__ = ["Analysis", "InputError", "Options", "analyze_pose", "analyze_video", "write_results"]

_HOME = {
    "Analysis": "formcheck.records",
    "InputError": "formcheck.records",
    "Options": "formcheck.analysis",
    "analyze_pose": "formcheck.analysis",
    "analyze_video": "formcheck.analysis",
    "write_results": "formcheck.analysis",
}


def __getattr__(name: str) -> Any:
    """The public name, from the module it lives in."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOME[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
