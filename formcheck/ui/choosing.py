"""Choosing what to analyse: own files, a recording or a sample; a quick look at each, and how to film."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any, cast, get_args, get_type_hints

import streamlit as st

from formcheck.analysis import Options
from formcheck.cards import LANGS, Lang
from formcheck.records import InputError
from formcheck.texts import text
from formcheck.ui import MAX_UPLOAD_MB
from formcheck.ui.alone import Alone
from formcheck.ui.asking import current_check
from formcheck.ui.chosen import Choice, Looked
from formcheck.ui.exercise import activity_asked, ask_activity
from formcheck.ui.film_guide import doubts_html, show_film_guide, show_steps
from formcheck.ui.picking import pick, picked
from formcheck.ui.problems import sentence
from formcheck.ui.samples import Sample, samples
from formcheck.ui.visit import SUFFIXES, Clip, Failure, Visit
from formcheck.ui.web_component import web_component
from formcheck.ui.whole import whole
from formcheck.ui.words import word, words_for

FILMING = (
    "tripod",
    "distance",
    "square",
    "frame_rate",
    "light",
    "clothes",
    "length",
    "whole_body",
    "standing",
    "both_sides",
)
PEOPLE = (None, 1, 2, 3, 4)
QUALITIES: tuple[str, ...] = get_args(get_type_hints(Options)["pose"])
KMH_PER_MPS = 3.6
LONGEST_RECORDING_S = 180
LOOK_EVERY_S = 0.5
_AT_FIRST: dict[str, Any] = {
    "height_cm": None,
    "belt_speed": None,
    "belt_speed_unit": "km/h",
    "slow_motion": 1.0,
    "pose": Options().pose,
    "blur_face": False,
}
"""The options by their keys. Streamlit forgets a widget that a run did not show."""
_CAMERA_WORDS = tuple(
    f"camera_{name}"
    for name in (
        "open", "close", "record", "stop", "wait", "seconds", "use", "again", "denied", "none", "rate", "preview",
        "recording", "handed",
    )
)  # fmt: skip


def show_choosing(visit: Visit, lang: Lang, busy: bool) -> None:
    """Own clips, camera or sample on the left, how to film on the right."""
    left, right = st.columns([3, 2], gap="large")
    with right, st.container(border=True):
        show_steps(FILMING, lang)
    with left:
        _samples(visit, lang, busy)
        uploads = _uploader(visit, lang)
        st.caption(text("ui_upload_limit", lang, kinds=" ".join(SUFFIXES).upper(), mb=MAX_UPLOAD_MB))
        _camera(lang)
        # in boxes of their own: what comes and goes would move the folds after it, and Streamlit then closes them
        with st.container():
            _looks(visit, uploads, lang)
        with st.container():
            ask_activity(lang)
        with st.expander(text("ui_options", lang), key="fold_options"):
            _options_asked(visit, lang)
        with st.container():
            if st.session_state.get("blur_face"):
                st.caption(f"✓ {word('face_hidden', lang)}")
            if done := len(uploads) - len(choice_of(visit).still_to_do(uploads, visit.measured)):
                st.caption(f"✓ {word('upload_done_before', lang, n=done)}")
        # no closure over the uploads: the callback runs before the page is made anew
        st.button(
            text("analyse", lang),
            type="primary",
            disabled=busy or not uploads or not current_check().settled,
            on_click=_analyse_uploads,
            args=(visit,),
            key="analyse",
        )
    show_film_guide(lang)


def _uploader(visit: Visit, lang: Lang) -> list[Any]:
    """The files chosen in this tab; another uploader, an empty one, once everything was deleted."""
    with st.container(key="upload"):
        return st.file_uploader(text("upload_prompt", lang), SUFFIXES, accept_multiple_files=True, key=_uploads(visit))


def _uploads(visit: Visit) -> str:
    return f"uploads_{visit.times_forgotten}"


def _standings(visit: Visit) -> str:
    return f"standing_{visit.times_forgotten}"


# ------------------------------------------------------------------------------------------------- a quick look


def choice_of(visit: Visit) -> Choice:
    """What this visitor has chosen in this tab and not yet sent off: another tab's uploader knows nothing of it."""
    choice = _choice(visit.folder.name, visit.times_forgotten)
    if choice not in visit.choices:
        visit.choices.append(choice)
    return choice


@st.cache_resource(scope="session", on_release=Choice.discard, show_spinner=False)
def _choice(name: str, times_forgotten: int) -> Choice:
    """Goes with its tab."""
    return Choice()


def _looks(visit: Visit, uploads: list[Any], lang: Lang) -> None:
    """What a quick look said of each chosen clip."""
    choice = choice_of(visit)
    choice.follow(uploads, visit.keep)
    if not choice.chosen:
        return
    waits = any(chosen.looked is None for chosen in choice.chosen.values())
    alone = Alone()

    @st.fragment(run_every=LOOK_EVERY_S if waits else None)
    def show() -> None:
        if alone() and waits and all(chosen.looked is not None for chosen in choice.chosen.values()):
            st.rerun()
        with st.container(border=True, key="look"):
            st.markdown(f"**{word('look_title', lang)}**")
            for chosen in choice.chosen.values():
                st.html(_looked_html(chosen.clip.shown_name, chosen.looked, lang))

    show()


def _looked_html(name: str, looked: Looked | None, lang: Lang) -> str:
    head = f'<p class="fc-head"><b>{escape(name)}</b></p>'
    if looked is None:
        return f'{head}<p class="fc-small">{escape(word("look_running", lang))}</p>'
    if looked.problem is not None:
        return f"{head}<p>■ {escape(sentence(looked.problem, lang))}</p>"
    if looked.look is None or not looked.look.doubts:
        return f"{head}<p>✓ {escape(word('look_fine', lang))}</p>"
    anyway = f'<p class="fc-small">{escape(word("look_anyway", lang))}</p>'
    return head + doubts_html(looked.look.doubts, lang) + anyway


# -------------------------------------------------------------------------------------------------- own camera


def _camera(lang: Lang) -> None:
    with st.expander(word("camera_title", lang), key="fold_camera"):
        st.caption(word("camera_how", lang))
        data = {
            "lang": lang,
            "upload": "upload",
            "longest_s": LONGEST_RECORDING_S,
            "words": words_for(_CAMERA_WORDS, lang),
        }
        web_component("camera", "fcc")(key="camera", data=data)


# --------------------------------------------------------------------------------------------- sample and options


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


def _options_asked(visit: Visit, lang: Lang) -> None:
    """Everything here may be left alone. What was set stays set, also while another part of the page is shown."""
    # each tab has its own; a page loaded anew begins with those of the tab that was used last
    kept: dict[str, Any] = st.session_state.setdefault("options", visit.kept.get("options", _AT_FIRST).copy())
    for name, value in kept.items():
        # only where it is another than the widget's own: a value set from here takes the place of a click under way
        if name not in st.session_state and name != "pose" and (name == "slow_motion" or value != _AT_FIRST[name]):
            st.session_state[name] = value
    st.number_input(text("your_height", lang), 80.0, 250.0, None, 1.0, format="%.0f", key="height_cm")
    speed, unit = st.columns(2, vertical_alignment="bottom")
    speed.number_input(text("ui_belt_speed", lang), 0.0, 43.0, None, 0.1, format="%.1f", key="belt_speed")
    units = ("km/h", "m/s")
    unit.radio(text("ui_unit", lang), units, horizontal=True, label_visibility="collapsed", key="belt_speed_unit")
    slow, help_ = text("ui_slow_motion", lang), text("ui_slow_help", lang)
    st.number_input(slow, 1.0, 64.0, None, 1.0, format="%.1f", key="slow_motion", help=help_)
    # one for each language, as in ``picking``: else a change of language would choose the first, and nobody would know
    st.session_state.setdefault(f"pose_{lang}", kept["pose"])
    st.radio(text("ui_pose", lang), QUALITIES, format_func=lambda quality: _quality(quality, lang), key=f"pose_{lang}")
    st.session_state["pose"] = picked("pose", lang)
    automatic = text("ui_person_auto", lang)
    pick(text("ui_person", lang), PEOPLE, lambda person: str(person or automatic), lang, "person")
    st.checkbox(text("ui_blur_face", lang), key="blur_face", help=text("ui_blur_face_help", lang))
    st.file_uploader(
        text("ui_standing", lang),
        SUFFIXES,
        accept_multiple_files=True,
        key=_standings(visit),
        help=text("ui_standing_help", lang),
    )
    kept.update({name: st.session_state[name] for name in kept})
    visit.kept["options"] = kept.copy()


def options_at_first(lang: Lang) -> dict[str, Any]:
    """What the widgets of the options say before anybody has touched them, by their keys."""
    untouched = {f"activity_{lang}": "auto", f"mode_{lang}": "auto", f"person_{lang}": None}
    pose = {f"pose_{code}": _AT_FIRST["pose"] for code in LANGS}
    return untouched | pose | {name: value for name, value in _AT_FIRST.items() if name != "pose"}


def _quality(quality: str, lang: Lang) -> str:
    words = text(f"ui_pose_{quality}", lang)
    return text("ui_recommended", lang, choice=words) if quality == Options().pose else words


def _options() -> Options:
    asked, lang = st.session_state, cast(Lang, st.session_state["lang"])
    speed = asked.get("belt_speed")
    per_mps = KMH_PER_MPS if asked.get("belt_speed_unit", "km/h") == "km/h" else 1.0
    return Options(
        height_cm=asked.get("height_cm"),
        belt_speed_mps=None if speed is None else speed / per_mps,
        slow_motion=asked.get("slow_motion") or 1.0,
        pose=picked("pose", lang, Options().pose),
        person=picked("person", lang),
        lang=lang,
        answers=current_check().answers,
        blur_face=bool(asked.get("blur_face", False)),
        **activity_asked(lang),
    )


@whole
def _analyse_uploads(visit: Visit) -> None:
    """Each in turn; one that cannot even be copied is told and keeps nothing from the others.

    A list that is added to for the next person still holds the clips of the last: these are not done again.
    """
    choice = choice_of(visit)
    visit.begin_anew()
    for upload in choice.still_to_do(st.session_state.get(_uploads(visit)) or [], visit.measured):
        try:
            visit.analyse(choice.take(upload, visit.keep), replace(_options(), standing=_standing(visit)))
        except InputError as problem:
            visit.failures.append(Failure(upload.name, problem))


def _standing(visit: Visit) -> tuple[tuple[str, Path], ...]:
    """Copies of the clips of standing, which go with the analysis they are made for. Raises InputError as ``keep``."""
    uploads = st.session_state.get(_standings(visit)) or []
    return tuple((clip.shown_name, clip.path) for clip in (visit.keep(upload.name, upload) for upload in uploads))


@whole
def _analyse_sample(visit: Visit, sample: Sample) -> None:
    options = replace(_options(), activity="auto", mode="auto")  # what was chosen was for the visitor's own clip
    sample = picked("sample", options.lang, sample)
    visit.begin_anew()
    visit.analyse(Clip(sample.path, f"{sample.path.stem}.mp4", ours=False), options)
