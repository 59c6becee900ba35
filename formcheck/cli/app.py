"""``formcheck app``: the page in the browser."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress

import typer


def open_app() -> None:
    """``formcheck app``: Streamlit with the page's own settings."""
    from formcheck.ui import app_path, streamlit_arguments

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
