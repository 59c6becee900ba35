"""The guidance on the page: a plan of three things at most, what was left out and why, and short pages to read."""

from __future__ import annotations

import base64
from pathlib import Path

import streamlit as st

from formcheck.cards import Lang, Text
from formcheck.guidance.booklet import leaves
from formcheck.guidance.sheet import Pictures, SheetPicture, leaf_html, part_html, plan_html
from formcheck.guidance.told import ToldGuidance, say
from formcheck.records import Analysis, KeyMoment
from formcheck.skeleton import Side
from formcheck.texts import moment_text
from formcheck.ui.picking import pick

_KINDS = ("topic", "exercise", "finding")


def show_plan(analysis: Analysis, told: ToldGuidance, frames: Path, lang: Lang) -> None:
    """The plan, with the pictures that show why, and a button for one page to print."""
    st.subheader(told.headline.get(lang), anchor=False)
    pictures = pictures_in(analysis, frames)
    st.html(part_html("plan", told, lang, pictures))
    if told.muscles or told.look_also or told.principles or told.keys:
        with st.expander(say("principles_title").get(lang), key="fold_principles"):
            st.html(part_html("more", told, lang))
    st.download_button(
        say("print_plan").get(lang),
        plan_html(told, lang, analysis.video.name, pictures),
        "plan.html",
        "text/html",
        on_click="ignore",
        key="download_plan",
    )


def show_booklet(lang: Lang) -> None:
    """The short pages: one is chosen, one is shown."""
    with st.expander(say("booklet_title").get(lang), key="fold_booklet"):
        kind = pick(say("booklet_kind").get(lang), _KINDS, lambda k: say(f"kind_{k}").get(lang), lang, "leaf_kind")
        found = {leaf.id: leaf for leaf in leaves() if leaf.kind == kind}
        name = pick(say("booklet_page").get(lang), list(found), lambda n: found[n].name.get(lang), lang, f"leaf_{kind}")
        st.html(leaf_html(found[name], lang))


def pictures_in(analysis: Analysis, frames: Path) -> Pictures:
    """The key moments whose pictures are there, as the plan shows them."""
    found: dict[tuple[str, Side | None], SheetPicture] = {}
    for moment in analysis.key_moments:
        path = frames / f"{moment.id}.jpg"
        if path.is_file():
            source = "data:image/jpeg;base64," + base64.b64encode(path.read_bytes()).decode()
            found[moment.kind, moment.side] = SheetPicture(source, _caption(moment))
    return found


def _caption(moment: KeyMoment) -> Text:
    return Text(ja=moment_text(moment, "ja"), en=moment_text(moment, "en"))
