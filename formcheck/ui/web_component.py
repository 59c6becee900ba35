"""The parts of the page that are written in JavaScript: ``web/<name>.js`` draws into one element."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import streamlit as st


@cache
def web_component(name: str, prefix: str, style: str = "") -> Any:
    """What mounts ``web/<name>.js`` with ``web/<style or name>.css``; its element has the class ``<prefix>-root``."""
    return st.components.v2.component(
        f"formcheck_{name}",
        html=f'<div class="{prefix}-root"></div>',
        css=web_file(f"{style or name}.css"),
        js=web_file(f"{name}.js"),
        isolate_styles=False,
    )


@cache
def web_file(name: str) -> str:
    """The text of a file of ``ui/web``."""
    return files("formcheck.ui").joinpath("web", name).read_text(encoding="utf-8")
