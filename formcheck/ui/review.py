"""Going through one clip: the player, the key moments left and right, the curves; whatever is touched is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from formcheck import charts
from formcheck.activities.card import load_activity_cards
from formcheck.cards import Card, Lang, load_cards
from formcheck.charts_exercise import movement_chart
from formcheck.records import Analysis, InputError, KeyMoment, Measurement, Stride
from formcheck.texts import code_for, format_number, moment_text, text
from formcheck.ui.alone import Alone
from formcheck.ui.picking import pick
from formcheck.ui.player import clip_for_player, first_moment_s, show_player
from formcheck.ui.tracks import stances_known
from formcheck.ui.visit import Result
from formcheck.ui.wide import wide
from formcheck.ui.words import word

PLAIN_AGAIN_S = 1.0
MOST_ROWS = 400
"""Of the table of strides: as many as one can scroll through."""


def show_review(result: Result, lang: Lang, draw_again: Callable[[], None], busy: bool) -> None:
    """Player, key moments and curves. A click among them makes only this part of the page anew."""
    has_clip = (result.outcome.folder / "annotated.mp4").is_file()  # not of an earlier analysis kept without it
    waits = result.plain is not None and result.plain.pending
    alone = Alone()

    @st.fragment(run_every=PLAIN_AGAIN_S if waits else None)
    def show() -> None:
        if alone() and waits and result.plain is not None and not result.plain.pending:
            st.rerun()
        if has_clip:
            _player(result, lang)
        if result.outcome.lang != lang:
            st.caption(text("ui_other_language", lang))
            if st.button(text("ui_draw_again", lang), disabled=busy, key="draw_again"):
                draw_again()
                st.rerun()  # the whole page, not this part of it: how far it is stands elsewhere
        _moments(result, lang)
        _plots(result.outcome.analysis, lang, has_clip)

    if has_clip:
        st.subheader(text("annotated_clip", lang), anchor=False)
    show()


def parts_of(result: Result) -> list[str]:
    """Codes of the headings that ``show_review`` shows of this result."""
    outcome, analysis = result.outcome, result.outcome.analysis
    there = {
        "annotated_clip": (outcome.folder / "annotated.mp4").is_file(),
        "key_moments": any((outcome.folder / "frames" / f"{m.id}.jpg").is_file() for m in analysis.key_moments),
        "plots": bool(_with_strides(analysis)) or stances_known(analysis),
    }
    return [code for code, shown in there.items() if shown]


def seek(time_s: float, clip: str) -> None:
    """Have the player go there at the next run, where it shows ``clip`` (``clip_id``)."""
    last = st.session_state.get("seek") or {"n": 0}
    st.session_state["seek"] = {"t": round(float(time_s), 4), "n": last["n"] + 1, "clip": clip}


def clip_id(analysis: Analysis) -> str:
    """The same for one clip whichever language and answers its files are made with."""
    video = analysis.video
    return f"{video.name} {video.n_frames} {video.duration_s}"


def see_button(time_s: float, words: str, name: str, player: str = "review") -> str:
    """A button in HTML that takes a player to a moment, without asking the server."""
    where = f'data-fc-seek="{time_s:.4f}" data-fc-player="{player}" aria-label="{escape(name)}"'
    return f'<button type="button" class="fc-see" {where}>{escape(words)}</button>'


def _player(result: Result, lang: Lang) -> None:
    outcome = result.outcome
    plain = result.plain.path if result.plain is not None else None
    try:
        clip = clip_for_player(outcome.analysis, outcome.folder / "annotated.mp4", plain, "review", lang)
    except InputError:  # damaged on its way, or removed by somebody
        st.caption(word("player_failed", lang))
        return
    clip["at"] = first_moment_s(outcome.analysis)
    asked = st.session_state.get("seek")
    here = asked is not None and asked["clip"] == clip_id(outcome.analysis)
    show_player("review", [clip], lang, asked if here else None)


# ------------------------------------------------------------------------------------------------------ moments


def _moments(result: Result, lang: Lang) -> None:
    """A tab for each kind: the left side beside the right one, or repetition beside repetition."""
    frames = result.outcome.folder / "frames"
    found = [m for m in result.outcome.analysis.key_moments if (frames / f"{m.id}.jpg").is_file()]
    if not found:
        return
    st.subheader(text("key_moments", lang), anchor=False)
    kinds = list(dict.fromkeys(moment.kind for moment in found))
    with st.container(key="moments"):
        for tab, kind in zip(st.tabs([text(f"moment_{kind}", lang) for kind in kinds]), kinds, strict=True):
            with tab:
                mine = sorted((m for m in found if m.kind == kind), key=lambda m: (m.n or 0, m.side or ""))
                for start in range(0, len(mine), 2):
                    _side_by_side(mine[start : start + 2], frames, lang)


def _side_by_side(moments: list[KeyMoment], frames: Path, lang: Lang) -> None:
    for column, moment in zip(st.columns(2), moments, strict=False):
        caption = moment_text(moment, lang, with_time=True)
        column.image(
            frames / f"{moment.id}.jpg",
            caption=caption,
            alt=text("picture_alt", lang, caption=caption),
            width="stretch",
        )
        see = word("review_see", lang)
        column.html(see_button(moment.time_s, see, f"{caption} {see}"))


# -------------------------------------------------------------------------------------------------------- plots


def _plots(analysis: Analysis, lang: Lang, has_clip: bool) -> None:
    strides = _with_strides(analysis)
    stances = stances_known(analysis)
    if not strides and not stances:
        return
    st.subheader(text("plots", lang), anchor=False)
    if has_clip:
        st.caption(word("review_chart_hint", lang))
    moves = analysis.activity in load_activity_cards()
    names = ["movement"] * moves + ["cycle"] * stances + ["strides"] + ["timing"] * stances
    titles = [text(code_for(f"ui_tab_{name}", analysis.activity), lang) for name in names]
    tabs = dict(zip(names, st.tabs(titles), strict=True))
    if moves:
        with tabs["movement"]:
            _chart(movement_chart(analysis, lang), "movement_chart", analysis)
    if stances:
        with tabs["cycle"]:
            _cycle_plot(analysis, lang)
        with tabs["timing"]:
            _chart(charts.timing_chart(analysis, lang), "timing_chart", analysis)
    with tabs["strides"]:
        _strides_plot(analysis, strides, lang)


def _chart(figure: Any, key: str, analysis: Analysis) -> None:
    st.plotly_chart(
        figure,
        theme=None,
        config=charts.CONFIG,
        key=key,
        on_select=lambda: _picked(key, analysis),
        selection_mode="points",
    )


def _picked(key: str, analysis: Analysis) -> None:
    """A point was touched: its time of the clip, or its place in the stride that the key moments show."""
    chosen = st.session_state.get(key)
    points = chosen["selection"]["points"] if chosen else []
    last, clip = st.session_state.get("seek"), clip_id(analysis)
    if not points:
        # touched again, which Plotly takes for letting go
        if last is not None and last["clip"] == clip:
            seek(last["t"], clip)
        return
    data = points[0].get("customdata")
    value = data[0] if isinstance(data, list) else data
    if isinstance(value, int | float):
        seek(value, clip)
    elif key == "cycle_chart" and (stride := typical_stride(analysis)) is not None:
        seek(stride.contact_s + float(points[0]["x"]) / 100.0 * (stride.next_contact_s - stride.contact_s), clip)


def typical_stride(analysis: Analysis) -> Stride | None:
    """The near foot's clean stride that begins with the key moment, else any; None without one."""
    near = analysis.signals.near_side
    mine = [s for s in analysis.strides if s.side == near and s.clean]
    shown = [m.time_s for m in analysis.key_moments if (m.kind, m.side) == ("contact", near)]
    if not mine or not shown:
        return mine[len(mine) // 2] if mine else None
    return min(mine, key=lambda s: abs(s.contact_s - shown[0]))


def _cycle_plot(analysis: Analysis, lang: Lang) -> None:
    names = {stem: text(f"chart_{stem}", lang) for stem in charts.curves_of(analysis)}
    stem = pick(text("ui_choose_curve", lang), list(names), names.__getitem__, lang, "curve")
    _chart(charts.cycle_chart(analysis, stem, lang), "cycle_chart", analysis)


def _with_strides(analysis: Analysis) -> list[str]:
    cards = load_cards()
    drawable = {m.metric for m in analysis.measurements if m.metric in cards and charts.has_strides(m)}
    return [metric for metric in cards if metric in drawable]


def _strides_plot(analysis: Analysis, metrics: list[str], lang: Lang) -> None:
    if not metrics:
        st.caption(text("not_seen", lang))
        return
    cards = load_cards()
    label = text("ui_choose_measure", lang)
    metric = pick(label, metrics, lambda metric: cards[metric].name.get(lang), lang, "metric")
    _chart(charts.strides_chart(analysis, metric, lang), "strides_chart", analysis)
    of = "reps" if analysis.activity in load_activity_cards() else "strides"
    with st.expander(word(f"review_{of}", lang), key=f"fold_each_{of}"):
        st.caption(word(f"review_{of}_hint", lang))
        mine = [m for m in analysis.measurements if m.metric == metric and charts.has_strides(m)]
        st.html(_stride_table(mine, cards[metric], lang))


def _stride_table(measured: Iterable[Measurement], card: Card, lang: Lang) -> str:
    rows = sorted(
        (time_s, value, m.side)
        for m in measured
        for time_s, value in zip(m.times_s, m.values, strict=True)
        if value == value
    )
    head = [word("review_no", lang), text("column_side", lang), word("review_time", lang), text("column_value", lang)]
    cells = "".join(f'<th scope="col">{escape(words)}</th>' for words in (*head, word("review_go", lang)))
    body = "".join(_stride_row(i, *row, card, lang) for i, row in enumerate(rows[:MOST_ROWS], 1))
    return wide(f"<tr>{cells}</tr>{body}", word("review_strides", lang), "fc-long")


def _stride_row(number: int, time_s: float, value: float, side: str | None, card: Card, lang: Lang) -> str:
    of_side = text(f"side_{side}", lang) if side else "–"
    see = see_button(time_s, word("review_go", lang), f"{number}: {time_s:.2f} s, {word('review_see', lang)}")
    cells = (str(number), of_side, f"{time_s:.2f}", format_number(value, card, lang))
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}<td>{see}</td></tr>"
