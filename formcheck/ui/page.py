"""The page from top to bottom."""

from __future__ import annotations

import secrets
from functools import cache
from html import escape
from typing import Any, cast, get_args, get_type_hints

import streamlit as st

from formcheck.analysis import Options
from formcheck.cards import LANGS, Lang
from formcheck.guidance.told import say
from formcheck.records import InputError
from formcheck.texts import codes, text
from formcheck.ui import MAX_UPLOAD_MB
from formcheck.ui.area import choose_area
from formcheck.ui.asking import current_check, show_check
from formcheck.ui.guided import show_booklet
from formcheck.ui.job import warm_up
from formcheck.ui.keep import show_day, show_keep
from formcheck.ui.picking import pick
from formcheck.ui.player import web_file
from formcheck.ui.results import show_results
from formcheck.ui.running import show_running
from formcheck.ui.samples import Sample, samples
from formcheck.ui.style import style_sheet
from formcheck.ui.visit import STILL_HERE_S, SUFFIXES, Clip, Visit, visit_of

LANGUAGE_NAMES: dict[Lang, str] = {"ja": "日本語", "en": "English"}
FILMING = ("tripod", "distance", "square", "frame_rate", "light", "clothes", "length", "whole_body", "both_sides")
PEOPLE = (None, 1, 2, 3, 4)
QUALITIES: tuple[str, ...] = get_args(get_type_hints(Options)["pose"])
KMH_PER_MPS = 3.6
_ASKED_FOR = {"height_cm": "your_height", "belt_speed_mps": "ui_belt_speed", "slow_motion": "ui_slow_motion"}
"""What the visitor calls the options of which an error speaks by name."""


COOKIE = f"formcheck_{secrets.token_hex(4)}"
"""Another server on this machine has another one: cookies do not tell ports apart."""
KEPT = ("check", "lang")


def main() -> None:
    """The whole page, once for every click."""
    st.set_page_config(page_title="formcheck", layout="wide")
    visit = current_visit()
    visit.settle()
    lang = _header()
    st.html(style_sheet(lang))
    _safety(lang)
    busy = visit.job is not None
    if busy:
        show_running(visit, lang)
    area = choose_area(lang)
    if visit.problem is not None:
        _problem(visit.problem, lang)
    if area == "people":
        from formcheck.ui.people import show_people  # only now: the database takes a moment to load

        show_people(visit, lang, current_check().settled)
    else:
        check = show_check(lang, visit.answered, folded=busy)
        _clip_area(visit, lang, busy, check.settled)
    _footer(lang)
    _remember(visit, lang)
    _still_here(visit)
    warm_up()


def _clip_area(visit: Visit, lang: Lang, busy: bool, settled: bool) -> None:
    """A clip to choose, and what came of the last one."""
    if visit.result is None and not busy:
        _choose(visit, lang, busy)
    else:
        # while it runs, too: what runs is to be in sight, also on a phone that has scrolled down to the button
        with st.expander(text("ui_another_clip", lang)):
            _choose(visit, lang, busy)
    if visit.result is not None:
        if settled:
            show_day(visit, lang)
            show_results(visit.result, lang, lambda: visit.draw_again(_lang()), busy)
            show_keep(visit, lang)
        else:
            st.info(say("check_first").get(lang))
    if not busy:
        show_booklet(lang)


# ---------------------------------------------------------------------------------------------------- the visitor


def current_visit() -> Visit:
    """This visitor's things: those of this browser, also after the page was loaded anew; else new ones."""
    visit = st.session_state.get("visit")
    if not isinstance(visit, Visit) or visit.closed:
        visit = visit_of(st.context.cookies.get(COOKIE)) or Visit()
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
    _cookie()(key="visit_token", data={"name": COOKIE, "token": visit.token, "lang": lang}, height=1)


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


def _lang() -> Lang:
    return cast(Lang, st.session_state["lang"])


def _header() -> Lang:
    if "lang" not in st.session_state:
        locale = st.context.locale or "ja"
        st.session_state["lang"] = "ja" if locale.lower().startswith("ja") else "en"
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
    with st.expander(text("danger_signs_title", lang)):
        st.write(text("danger_signs", lang))
    st.caption(text("disclaimer", lang))


def _footer(lang: Lang) -> None:
    st.divider()
    st.caption(text("privacy", lang))


def _problem(problem: InputError, lang: Lang) -> None:
    if problem.code == "stopped":
        st.info(text("stopped", lang))
        return
    code = problem.code if problem.code in codes() else "ui_unexpected"
    details = dict(problem.details)
    name = str(details.get("name", ""))
    if name in _ASKED_FOR:
        details["name"] = text(_ASKED_FOR[name], lang)
    st.error(text(code, lang, **details))


# ------------------------------------------------------------------------------------------------- choosing a clip


def _choose(visit: Visit, lang: Lang, busy: bool) -> None:
    """Own clip or sample on the left, how to film on the right."""
    left, right = st.columns([3, 2], gap="large")
    with right, st.container(border=True):
        st.markdown(f"**{text('how_to_film', lang)}**")
        st.markdown("\n".join(f"- {text(f'film_{step}', lang)}" for step in FILMING))
    with left:
        _samples(visit, lang, busy)
        upload = st.file_uploader(text("upload_prompt", lang), SUFFIXES, key="upload")
        st.caption(text("ui_upload_limit", lang, kinds=" ".join(SUFFIXES).upper(), mb=MAX_UPLOAD_MB))
        with st.expander(text("ui_options", lang)):
            _options_asked(lang)
        # no closure over the upload: the callback runs before the page is made anew
        st.button(
            text("analyse", lang),
            type="primary",
            disabled=busy or upload is None or not current_check().settled,
            on_click=_analyse_upload,
            args=(visit,),
            key="analyse",
        )


def _samples(visit: Visit, lang: Lang, busy: bool) -> None:
    found = samples()
    if not found:
        return
    with st.container(border=True):
        st.markdown(text("ui_no_clip_yet", lang))
        chosen = found[0]
        if len(found) > 1:
            chosen = pick(text("ui_sample_clip", lang), found, lambda sample: sample.name(lang), lang, "sample")
        st.button(
            text("choose_sample", lang),
            type="primary" if visit.result is None else "secondary",
            disabled=busy or not current_check().settled,
            on_click=_analyse_sample,
            args=(visit, chosen),
            key="analyse_sample",
        )


def _options_asked(lang: Lang) -> None:
    """Everything here may be left alone."""
    st.number_input(text("your_height", lang), 80.0, 250.0, None, 1.0, format="%.0f", key="height_cm")
    speed, unit = st.columns(2, vertical_alignment="bottom")
    speed.number_input(text("ui_belt_speed", lang), 0.0, 43.0, None, 0.1, format="%.1f", key="belt_speed")
    unit.radio(
        text("ui_unit", lang), ("km/h", "m/s"), horizontal=True, label_visibility="collapsed", key="belt_speed_unit"
    )
    st.number_input(
        text("ui_slow_motion", lang),
        1.0,
        64.0,
        1.0,
        1.0,
        format="%.1f",
        key="slow_motion",
        help=text("ui_slow_help", lang),
    )
    st.radio(
        text("ui_pose", lang),
        QUALITIES,
        QUALITIES.index(Options().pose),
        format_func=lambda quality: _quality(quality, lang),
        key="pose",
    )
    automatic = text("ui_person_auto", lang)
    pick(text("ui_person", lang), PEOPLE, lambda person: str(person or automatic), lang, "person")


def _quality(quality: str, lang: Lang) -> str:
    words = text(f"ui_pose_{quality}", lang)
    return text("ui_recommended", lang, choice=words) if quality == Options().pose else words


def _options() -> Options:
    asked = st.session_state
    speed = asked.get("belt_speed")
    per_mps = KMH_PER_MPS if asked.get("belt_speed_unit", "km/h") == "km/h" else 1.0
    return Options(
        height_cm=asked.get("height_cm"),
        belt_speed_mps=None if speed is None else speed / per_mps,
        slow_motion=asked.get("slow_motion", 1.0),
        pose=asked.get("pose", Options().pose),
        person=asked.get("person"),
        lang=_lang(),
        answers=current_check().answers,
    )


def _analyse_upload(visit: Visit) -> None:
    upload = st.session_state.get("upload")
    if upload is None:
        return
    try:
        visit.analyse(visit.keep(upload.name, upload), _options())
    except InputError as problem:
        visit.problem = problem


def _analyse_sample(visit: Visit, sample: Sample) -> None:
    visit.analyse(Clip(sample.path, f"{sample.path.stem}.mp4", ours=False), _options())
