"""The page from top to bottom."""

from __future__ import annotations

import os
import secrets
import time
from functools import cache
from html import escape
from typing import Any, cast

import streamlit as st

from formcheck.cards import LANGS, Lang
from formcheck.guidance.told import say
from formcheck.texts import text
from formcheck.ui import LANG_VARIABLE
from formcheck.ui.area import Area, choose_area
from formcheck.ui.asking import Check, current_check, show_check
from formcheck.ui.choosing import show_choosing
from formcheck.ui.empty import show_empty
from formcheck.ui.example import example
from formcheck.ui.exercise import show_asked
from formcheck.ui.guided import show_booklet
from formcheck.ui.job import warm_up
from formcheck.ui.keep import show_day, show_keep
from formcheck.ui.live import leave_live, show_live
from formcheck.ui.next_person import offer_next_person
from formcheck.ui.owner import current_owner
from formcheck.ui.problems import show_failures
from formcheck.ui.remembering import PERSON
from formcheck.ui.running import show_running
from formcheck.ui.style import refused, style_sheet
from formcheck.ui.timer import is_only_timed, show_timer
from formcheck.ui.visit import MOST_RESULTS, STILL_HERE_S, Visit, visit_of
from formcheck.ui.web_component import web_file
from formcheck.ui.whole import whole
from formcheck.ui.words import word, words_for

LANGUAGE_NAMES: dict[Lang, str] = {"ja": "日本語", "en": "English"}
COOKIE = f"formcheck_{secrets.token_hex(4)}"
"""Another server on this machine has another one: cookies do not tell ports apart."""
STREAMLIT_SAYS = {
    "Choose an option": "own_choose",
    "Choose date": "own_day",
    "Clear value": "own_clear",
    "Close fullscreen": "own_small",
    "Decrement": "own_less",
    "Fullscreen": "own_large",
    "Help for": "own_help",
    "Scroll tabs left": "own_scroll_left",
    "Scroll tabs right": "own_scroll_right",
    "Increment": "own_more",
    "Open": "own_open",
    "add icon": "own_add",
    "day": "own_day_of_date",
    "file upload": "own_upload",
    "month": "own_month",
    "progress": "own_progress",
    "year": "own_year",
}
"""English of Streamlit's parts that is heard, not seen, and the word of this page for it."""
WIDENS_S = 0.1
"""Streamlit sends what it has several times within this."""
KEPT = ("check", "lang", "area", PERSON)


def main() -> None:
    """The whole page, once for every click."""
    st.set_page_config(page_title="formcheck", layout="wide")
    _let_the_page_widen()
    visit = current_visit()
    visit.settle()
    st.html(style_sheet(_lang()))  # before anything is shown: else it would all move
    lang = _header()
    _safety(lang)
    busy = visit.job is not None
    if busy:
        show_running(visit, lang)
    area = choose_area(lang)
    if area != "live":
        leave_live()
    if area == "clip":
        show_failures(visit.failures, len(visit.failures) + len(visit.results) > 1, lang)
    if area == "people":
        from formcheck.ui.people import show_people  # only now: the database takes a moment to load

        show_people(visit, lang, current_check().settled)
    else:
        nothing_yet = area == "clip" and not busy and visit.result is None
        check = _check(visit, lang, busy or area == "live", beside=nothing_yet)
        if area == "clip":
            _clip_area(visit, lang, busy, check.settled)
        elif area == "live" and check.settled:
            show_live(visit.token, lang, check.answers)
        elif area == "compare" and check.settled:
            from formcheck.ui.comparing import show_comparing

            show_comparing(visit, lang)
        else:
            st.info(say("check_first").get(lang))
    _footer(visit, lang, area)
    _remember(visit, lang)
    _still_here(visit)
    warm_up()


def _check(visit: Visit, lang: Lang, busy: bool, beside: bool) -> Check:
    """The safety check, with the sample ``beside`` it as long as nothing has been answered or brought."""
    if current_check().settled or not beside or example() is None:
        # files made anew leave it open: it may be the answers that changed, and a danger sign is to be in sight
        return show_check(lang, visit.answered, folded=busy and (visit.task is None or visit.task.again is None))
    left, right = st.columns([3, 2], gap="large")
    with left:
        # on a phone the sample is below all the questions
        words = escape(word("sample_title", lang))
        st.html(f'<button type="button" class="fc-way fc-phone-way">{words}</button>')
        check = show_check(lang, visit.answered)
    with right:
        show_empty(lang)
    return check


def _clip_area(visit: Visit, lang: Lang, busy: bool, settled: bool) -> None:
    """A clip to choose, and what came of the last one."""
    if visit.result is None and not busy:
        show_choosing(visit, lang, busy)
    else:
        # while it runs, too: what runs is to be in sight, also on a phone that has scrolled down to the button
        with st.expander(text("ui_another_clip", lang), key="fold_another_clip"):
            offer_next_person(visit, lang, busy)
            show_choosing(visit, lang, busy)
    if visit.result is not None:
        if settled:
            _which(visit, lang)
            show_day(visit, lang)
            show_asked(visit, visit.result, lang, busy)
            from formcheck.ui.results import show_results  # plots take a moment to load

            show_results(visit.result, lang, lambda: visit.draw_again(_lang()), busy)
            from formcheck.ui.together import offer_together

            offer_together(visit.results, visit.result.outcome.analysis.activity, lang)
            show_keep(visit, lang)
        else:
            st.info(say("check_first").get(lang))
    if settled:
        show_timer(lang, opened=visit.result is not None and is_only_timed(visit.result.outcome.analysis))
    if not busy:
        show_booklet(lang)
        if visit.result is None and settled:
            show_empty(lang)


def _which(visit: Visit, lang: Lang) -> None:
    """Which of several results is shown."""
    results = visit.results
    if len(results) < 2 or visit.result is None:
        return
    names = {
        str(i): word("queue_numbered", lang, n=i + 1, name=result.outcome.analysis.video.name)
        for i, result in enumerate(results)
    }
    # a new result is shown, whatever was chosen before it came
    key = f"which_{lang}_{len(results) + len(visit.gone)}"

    @whole
    def chosen() -> None:
        if (number := st.session_state.get(key)) is not None:
            visit.show(results[int(number)])

    shown = str(next(i for i, result in enumerate(results) if result is visit.result))
    if st.session_state.get(key) not in (None, shown):  # chosen in another tab
        st.session_state[key] = shown
    label = word("queue_which", lang)
    st.pills(label, list(names), default=shown, format_func=names.__getitem__, key=key, on_change=chosen, required=True)
    _how_many_stay(visit, lang)


def _how_many_stay(visit: Visit, lang: Lang) -> None:
    """Which results have gone because there were too many, and which one goes next."""
    told = []
    if visit.gone:
        told.append(word("queue_gone", lang, n=MOST_RESULTS, names=" · ".join(visit.gone)))
    if len(visit.results) >= MOST_RESULTS:
        told.append(word("queue_goes_next", lang, n=MOST_RESULTS, name=visit.results[0].clip.shown_name))
    if told:
        st.html("".join(f'<p class="fc-plain">{escape(words)}</p>' for words in told))


# ---------------------------------------------------------------------------------------------------- the visitor


def current_visit() -> Visit:
    """This visitor's things: those of this browser, also after the page was loaded anew; else new ones."""
    visit, owner = st.session_state.get("visit"), current_owner()
    if not isinstance(visit, Visit) or visit.closed or not visit.is_of(owner):
        known = visit_of(st.context.cookies.get(COOKIE))
        visit = known if known is not None and known.is_of(owner) else Visit()
        st.session_state["visit"] = visit
        for name in KEPT:
            if name in visit.kept:
                st.session_state.setdefault(name, visit.kept[name])
    visit.here()
    _presence(visit.folder.name, visit)
    return visit


def _remember(visit: Visit, lang: Lang) -> None:
    """What this visitor has when the page is loaded anew."""
    visit.kept |= {name: st.session_state[name] for name in KEPT if name in st.session_state}
    words: dict[str, object] = {**words_for(("upload_remove", "upload_cancel", "upload_add"), lang)}
    own = words_for(tuple(STREAMLIT_SAYS.values()), lang)
    words |= {"upload_refused": refused(lang), "own": {said: own[code] for said, code in STREAMLIT_SAYS.items()}}
    _cookie()(key="visit_token", data={"name": COOKIE, "token": visit.token, "lang": lang, "words": words}, height=1)


@cache
def _cookie() -> Any:
    return st.components.v2.component("formcheck_visit", html="", js=web_file("visit.js"), isolate_styles=False)


def _released(visit: Visit) -> None:
    visit.left()


# Holds no data of its own: it is the one public way to be told that a browser tab has gone.
@st.cache_resource(scope="session", on_release=_released, show_spinner=False)
def _presence(name: str, _visit: Visit) -> Visit:
    return _visit


def _still_here(visit: Visit) -> None:
    """An open page says so, also when nobody clicks and after a lost connection was found again."""

    @st.fragment(run_every=STILL_HERE_S)
    def beat() -> None:
        if visit.closed:
            st.rerun()
        visit.here()
        _presence(visit.folder.name, visit)

    beat()


# ------------------------------------------------------------------------------------------- head and foot of page


def _let_the_page_widen() -> None:
    """Once for each page: the browser is told that it is wide a moment before there are words that would move."""
    if "widened" not in st.session_state:
        st.session_state["widened"] = True
        time.sleep(WIDENS_S)


def _lang() -> Lang:
    if "lang" not in st.session_state:
        locale = os.environ.get(LANG_VARIABLE) or st.context.locale or "ja"
        st.session_state["lang"] = "ja" if locale.lower().startswith("ja") else "en"
    return cast(Lang, st.session_state["lang"])


def _header() -> Lang:
    lang = _lang()
    title, switch = st.columns([4, 1], vertical_alignment="center")
    title.title(text("page_title", lang), anchor=False)
    with switch:
        st.radio(
            text("language", lang),
            LANGS,
            format_func=lambda code: LANGUAGE_NAMES[code],
            horizontal=True,
            label_visibility="collapsed",
            key="lang",
        )
    return lang


def _safety(lang: Lang) -> None:
    st.html(f'<p class="fc-safety">⚠ {escape(text("ui_safety", lang))}</p>')
    with st.expander(text("danger_signs_title", lang), key="fold_danger_signs"):
        st.write(text("danger_signs", lang))
    st.caption(text("disclaimer", lang))


def _footer(visit: Visit, lang: Lang, area: Area) -> None:
    st.divider()
    st.caption(text("privacy", lang))
    # not below what is kept of people, which that button does not touch
    if area != "people" and (visit.results or visit.job is not None):
        st.button(word("queue_forget_all", lang), on_click=visit.forget_all, key="forget_all")
