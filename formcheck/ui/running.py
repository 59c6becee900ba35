"""What is shown while an analysis runs: how far it is, how long it will take, and the picture being looked at."""

from __future__ import annotations

import base64
import math
from html import escape

import streamlit as st

from formcheck.cards import Lang
from formcheck.texts import text
from formcheck.ui.alone import Alone
from formcheck.ui.job import Look
from formcheck.ui.visit import Visit
from formcheck.ui.words import word

LOOK_EVERY_S = 0.4


def show_running(visit: Visit, lang: Lang) -> None:
    """Looks at the job a few times a second; the worker itself never touches the page."""

    alone, begun = Alone(), visit.job

    @st.fragment(run_every=LOOK_EVERY_S)
    def show() -> None:
        job, by_itself = visit.job, alone()
        # another job than before: what the last one came to is there to be shown
        if job is None or job is not begun or not (look := job.look()).busy:
            if by_itself:
                st.rerun()
            return
        with st.container(border=True, key="running"):
            bar, button = st.columns([5, 1], vertical_alignment="center")
            bar.progress(look.share, text=_name(visit) + _how_far(look, lang))
            button.button(text("stop", lang), on_click=visit.stop, width="stretch", key="stop")
            st.html(_live_picture(look, lang))
            _queue(visit, lang)

    show()


def _queue(visit: Visit, lang: Lang) -> None:
    """What comes after it, each to be taken out, all to be stopped."""
    waiting = list(visit.waiting)
    if not waiting:
        return
    st.markdown(f"**{word('queue_title', lang)}**")
    for i, task in enumerate(waiting):
        with st.container(horizontal=True, vertical_alignment="center"):
            name = task.clip.shown_name
            st.text(name if task.again is None else word("queue_again", lang, name=name))
            if task.again is None:
                st.button(word("queue_drop", lang), on_click=visit.drop, args=(task,), key=f"drop_{i}_{id(task)}")
    st.button(word("queue_stop_all", lang), on_click=visit.stop_all, key="stop_all")


def _name(visit: Visit) -> str:
    """Whose turn it is, where there is more than one."""
    task = visit.task
    return "" if task is None or not (visit.waiting or visit.results) else f"{task.clip.shown_name} · "


def _live_picture(look: Look, lang: Lang) -> str:
    """A box that is as high without a picture as with one, so that nothing jumps."""
    if look.preview is None:
        return f'<div class="fc-live"><p>{escape(text("ui_live_soon", lang))}</p></div>'
    from formcheck.annotate import preview_jpeg

    jpeg = base64.b64encode(preview_jpeg(look.preview.image, look.preview.bodies)).decode()
    words = escape(text("ui_live_picture", lang, time=f"{look.preview.time_s:.1f}"))
    # decoded before it is shown: else the box would flash white at every new picture
    return (
        f'<div class="fc-live"><img decoding="sync" alt="{words}" src="data:image/jpeg;base64,{jpeg}">'
        f"<p>{words}</p></div>"
    )


def _how_far(look: Look, lang: Lang) -> str:
    if look.phase == "waiting":
        return text("ui_waiting", lang, n=look.ahead)
    stage = text(f"stage_{look.stage}" if look.stage else "stage_decoding", lang)
    if look.stage == "reading":  # nobody knows how far that is; that it goes on is seen by the seconds
        return text("ui_how_long", lang, stage=stage, elapsed=text("span_seconds", lang, n=int(look.elapsed_s)))
    # rounded down: a bar at 100 % that is still working is not believed twice
    words = text("ui_how_far", lang, stage=stage, pct=int(100 * look.share))
    if look.left_s is not None:
        words += text("ui_time_left", lang, left=_in_words(look.left_s, lang))
    return words


def _in_words(seconds: float, lang: Lang) -> str:
    """A time no more exact than it can be known: to 5 seconds, above a minute and a half to half minutes."""
    if seconds <= 90:
        return text("span_seconds", lang, n=max(5, 5 * math.ceil(seconds / 5)))
    return text("span_minutes", lang, n=round(2 * seconds / 60) / 2)
