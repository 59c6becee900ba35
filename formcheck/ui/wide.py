"""Tables that may be wider than a phone."""

from __future__ import annotations

from html import escape


def wide(table: str, name: str, extra: str = "") -> str:
    """``table`` in a box that scrolls sideways, also by keyboard; ``name`` is what a screen reader calls it."""
    about = f'class="fc-wide {extra}" tabindex="0" role="region" aria-label="{escape(name)}"'
    return f'<div {about}><table class="fc-table">{table}</table></div>'
