"""``formcheck app``: the page in the browser."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from typing import Literal

import typer


def open_app(lang: Literal["ja", "en"] | None = None) -> None:
    """``formcheck app``: Streamlit with the page's own settings; ``lang`` is what the page speaks at first."""
    from formcheck.ui import LANG_VARIABLE, app_path, streamlit_arguments

    if lang is not None:
        os.environ[LANG_VARIABLE] = lang

    command = [sys.executable, "-m", "streamlit", "run", str(app_path()), *streamlit_arguments()]
    if _has_screen():
        command += ["--server.headless=false", "--server.showEmailPrompt=false"]
    if sys.platform != "win32":
        os.execv(command[0], command)  # one process: whoever stops it stops the page
    with suppress(KeyboardInterrupt):
        raise typer.Exit(subprocess.call(command))


def _has_screen() -> bool:
    """Whether a browser can be opened here."""
    on_a_desktop = sys.platform in ("win32", "darwin")
    return on_a_desktop or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
