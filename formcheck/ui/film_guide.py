"""The film guide: one runner filmed well, and what each mistake costs; the same words tell what a quick look found."""

from __future__ import annotations

import base64
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

import streamlit as st

from formcheck.cards import Lang
from formcheck.texts import text
from formcheck.ui.words import known_words, word

if TYPE_CHECKING:
    from formcheck.first_look import Doubt

MISTAKES = ("oblique", "tilted", "far", "feet_cut", "dark", "blurred", "loose")
"""Each has a picture in ``ui/film_guide``, made by ``tools/render_film_guide.py``."""
_PICTURE_OF = {"coarse": "far"}


def show_film_guide(lang: Lang) -> None:
    """Good and bad side by side; folded, for those who know."""
    with st.expander(word("guide_title", lang), key="fold_film_guide"):
        cards = "".join(_card(name, lang) for name in ("good", *MISTAKES))
        st.html(f'<div class="fc-guide">{cards}</div>')


def doubts_html(doubts: tuple[Doubt, ...], lang: Lang) -> str:
    """What was found, what it costs, and how to do better, each with the picture of it where there is one."""
    return f'<ul class="fc-doubts">{"".join(_doubt(doubt, lang) for doubt in doubts)}</ul>'


def _card(name: str, lang: Lang) -> str:
    good = name == "good"
    mark = "✓" if good else "✗"
    title = f'<h4><span class="fc-mark fc-{"good" if good else "act"}">{mark}</span> {_w(f"guide_{name}", lang)}</h4>'
    words = f"<p>{_w(f'guide_{name}_why', lang)}</p><p><b>{_w(f'guide_{name}_do', lang)}</b></p>"
    return f'<figure class="fc-shot">{_picture(name, lang)}<figcaption>{title}{words}</figcaption></figure>'


def _doubt(doubt: Doubt, lang: Lang) -> str:
    picture = _PICTURE_OF.get(doubt.code, doubt.code)
    shot = _picture(picture, lang) if picture in MISTAKES else ""
    found = escape(word(f"look_{doubt.code}", lang, n=f"{doubt.amount:.0f}"))
    why = _first_known((f"look_{doubt.code}_why", f"guide_{picture}_why"), lang)
    do = _first_known((f"look_{doubt.code}_do", f"guide_{picture}_do"), lang)
    better = escape(word("look_better", lang))
    return f"<li>{shot}<div><p><b>▲ {found}</b> {why}</p><p>{better}{do}</p></div></li>"


def _first_known(codes: tuple[str, ...], lang: Lang) -> str:
    return next((_w(code, lang) for code in codes if code in known_words()), "")


def _picture(name: str, lang: Lang) -> str:
    return f'<img alt="{_w(f"guide_{name}", lang)}" width="180" height="240" loading="lazy" src="{_data(name)}">'


@cache
def _data(name: str) -> str:
    picture = files("formcheck.ui").joinpath("film_guide", f"{name}.webp").read_bytes()
    return "data:image/webp;base64," + base64.b64encode(picture).decode()


def _w(code: str, lang: Lang) -> str:
    return escape(word(code, lang))


def show_steps(steps: tuple[str, ...], lang: Lang) -> None:
    """The guide in words, for who only wants to be reminded."""
    st.markdown(f"**{text('how_to_film', lang)}**")
    st.markdown("\n".join(f"- {text(f'film_{step}', lang)}" for step in steps))
