"""Two results of this visit against each other: two players in step, what differs beyond the error, and the files."""

from __future__ import annotations

import secrets
from html import escape

import numpy as np
import streamlit as st

from formcheck.cards import Lang, load_cards
from formcheck.charts import CONFIG
from formcheck.charts_compare import curves_of_both, overlay_chart
from formcheck.compare import ANNOTATED, Compared, ToldDifference, compare_analyses, heads, labels, summary, told
from formcheck.records import InputError
from formcheck.texts import note_text, text
from formcheck.ui.alone import Alone
from formcheck.ui.exporting import Export
from formcheck.ui.picking import pick, picked
from formcheck.ui.player import clip_for_player, show_player
from formcheck.ui.problems import sentence
from formcheck.ui.remembering import plain_words
from formcheck.ui.reopening import KeptOutcome
from formcheck.ui.review import see_button
from formcheck.ui.visit import Result, Visit
from formcheck.ui.whole import whole
from formcheck.ui.wide import wide
from formcheck.ui.words import word

PLAYER = "compare"
LOOK_EVERY_S = 0.6
_FILES = {"side_by_side.mp4": "video/mp4", "compare.html": "text/html", "compare.json": "application/json"}


def show_comparing(visit: Visit, lang: Lang) -> None:
    """Choose two results, see both in step, read what changed, save it."""
    st.subheader(text("compare_title", lang), anchor=False)
    results = list(visit.results)
    if len(results) < 2:
        st.info(word("compare_needs_two", lang, n=len(results)))
        return
    pair = _chosen(results, lang)
    if pair[0] is pair[1]:
        st.info(word("compare_same_clip", lang))
        return
    try:
        compared = compare_analyses(pair[0].outcome.analysis, pair[1].outcome.analysis)
    except InputError as problem:
        st.error(sentence(problem, lang))
        return
    st.html(f'<p class="fc-plain"><b>{escape(summary(compared.differences, lang))}</b></p>')
    _notes(compared, lang)
    without = [result for result in pair if not (result.outcome.folder / ANNOTATED).is_file()]
    if without:
        names = " · ".join(dict.fromkeys(_name(result, lang) for result in without))
        st.info(word("compare_no_clips", lang, names=plain_words(names)))
    else:
        _players(compared, pair, lang)
    _differences(compared, lang)
    _curves(compared, lang)
    _moments(compared, pair, lang)
    _export(visit, pair, lang)


def _chosen(results: list[Result], lang: Lang) -> tuple[Result, Result]:
    """Before and after; at first the latest and the last before it that it can be held against."""
    numbers = list(range(len(results)))
    like = [_alike(result) == _alike(results[-1]) for result in results[:-1]]
    before = max((number for number in numbers[:-1] if like[number]), default=numbers[-2])

    def name(number: int) -> str:
        return word("queue_numbered", lang, n=number + 1, name=_name(results[number], lang))

    st.session_state.setdefault("compare_first", before)
    st.session_state.setdefault("compare_second", numbers[-1])
    left, right = st.columns(2)
    with left:
        first = pick(word("compare_one", lang), numbers, name, lang, "compare_first")
    with right:
        second = pick(word("compare_two", lang), numbers, name, lang, "compare_second")
    return results[first], results[second]


def _alike(result: Result) -> tuple[str, str]:
    """What two clips must have in common to be compared."""
    return result.outcome.analysis.activity, result.outcome.analysis.view


def _name(result: Result, lang: Lang) -> str:
    """The clip's name, with the day where the result is of an earlier one."""
    name, outcome = result.outcome.analysis.video.name, result.outcome
    if not isinstance(outcome, KeptOutcome):
        return name
    return word("compare_of_day", lang, day=outcome.filmed_on.isoformat(), name=name)


def _notes(compared: Compared, lang: Lang) -> None:
    if compared.notes:
        items = "".join(f"<li>{escape(note_text(note, lang))}</li>" for note in compared.notes)
        title = escape(text("compare_bear_in_mind", lang))
        st.html(f'<p class="fc-plain"><b>{title}</b></p><ul class="fc-list">{items}</ul>')


def _players(compared: Compared, pair: tuple[Result, Result], lang: Lang) -> None:
    clips = []
    names = labels(compared.before, compared.after, lang)
    for which, name, result in zip(("before", "after"), names, pair, strict=True):
        outcome = result.outcome
        plain = result.plain.path if result.plain is not None else None
        annotated = outcome.folder / ANNOTATED
        try:
            clips.append(clip_for_player(outcome.analysis, annotated, plain, f"compare-{which}", lang, name))
        except InputError:
            st.caption(word("player_failed", lang))
            return
    anchors: list[tuple[float, float]] = []
    if compared.step is not None:
        moments = np.stack([compared.step.before_s, compared.step.after_s], axis=1).round(4).tolist()
        anchors = [(first, second) for first, second in moments]
        clips[0]["at"] = anchors[0][0]
        clips[1]["at"] = anchors[0][1]
    st.caption(word("compare_in_step" if anchors else "compare_not_in_step", lang))
    show_player(PLAYER, clips, lang, anchors=anchors or None)


def _differences(compared: Compared, lang: Lang) -> None:
    cards = load_cards()
    rows = [told(d, lang) for d in compared.differences if d.metric in cards]
    first, second = heads(compared.before, compared.after, lang)
    difference, change = text("compare_column_difference", lang), text("compare_column_change", lang)
    columns = (text("column_measure", lang), first, second, difference, change)
    head = "".join(f'<th scope="col">{escape(words)}</th>' for words in columns)
    body = "".join(_row(row) for row in rows)
    st.html(wide(f"<tr>{head}</tr>{body}", text("compare_title", lang)))
    st.caption(text("compare_how", lang))


def _curves(compared: Compared, lang: Lang) -> None:
    """The mean curves of both, where both have strides or repetitions."""
    stems = curves_of_both(compared.before, compared.after)
    if not stems:
        return
    st.subheader(word("compare_curves", lang), anchor=False)
    stem = stems[0]
    if len(stems) > 1:
        names = {stem: text(f"chart_{stem}", lang) for stem in stems}
        stem = pick(text("ui_choose_curve", lang), stems, names.__getitem__, lang, "compare_curve")
    figure = overlay_chart(compared.before, compared.after, stem, heads(compared.before, compared.after, lang), lang)
    st.plotly_chart(figure, theme=None, config=CONFIG, key="compare_chart")


def _row(row: ToldDifference) -> str:
    sure = escape(f"{row.mark} {row.change}")
    if row.why:
        sure += f'<br><span class="fc-small">{escape(row.why)}</span>'
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in (row.before, row.after, row.difference))
    return f'<tr><th scope="row">{escape(f"{row.mark} {row.name}")}</th>{cells}<td>{sure}</td></tr>'


def _moments(compared: Compared, pair: tuple[Result, Result], lang: Lang) -> None:
    frames = [result.outcome.folder / "frames" for result in pair]
    files = [(m, (frames[0] / f"{m.before.id}.jpg", frames[1] / f"{m.after.id}.jpg")) for m in compared.moments]
    found = [(moments, paths) for moments, paths in files if all(path.is_file() for path in paths)]
    if not found:
        return
    st.subheader(text("compare_moments", lang), anchor=False)
    names = heads(compared.before, compared.after, lang)
    with st.container(key="compare_moments"):
        for tab, (moments, paths) in zip(st.tabs([m.caption(lang) for m, _ in found]), found, strict=True):
            with tab:
                for column, path, of in zip(st.columns(2), paths, names, strict=True):
                    alt = text("picture_alt", lang, caption=f"{moments.caption(lang)}, {of}")
                    column.image(path, caption=of, alt=alt, width="stretch")
                see = word("review_see", lang)
                st.html(see_button(moments.before.time_s, see, f"{moments.caption(lang)} {see}", PLAYER))


# ------------------------------------------------------------------------------------------------------- export


def _export(visit: Visit, pair: tuple[Result, Result], lang: Lang) -> None:
    key = _export_key(pair, lang)
    exports: dict[str, Export] = visit.kept.setdefault("exports", {})
    export = exports.get(key)
    st.subheader(text("downloads", lang), anchor=False)
    if export is None or export.problem is not None:
        if export is not None and export.problem is not None:
            st.error(sentence(export.problem, lang))
        folders = (pair[0].outcome.folder, pair[1].outcome.folder)
        both_clips = all((folder / ANNOTATED).is_file() for folder in folders)
        st.button(
            word("compare_export" if both_clips else "compare_export_table", lang),
            type="primary",
            on_click=_begin,
            args=(visit, exports, lang),
            key="compare_export",
        )
        return
    _exporting(visit, exports, key, export, lang)


def _export_key(pair: tuple[Result, Result], lang: Lang) -> str:
    return f"{pair[0].job_folder} {pair[1].job_folder} {lang}"


@whole
def _begin(visit: Visit, exports: dict[str, Export], lang: Lang) -> None:
    """Of the two that are chosen now. Earlier exports go: one at a time is enough, and a clip is large."""
    numbers = picked("compare_first", lang), picked("compare_second", lang)
    if numbers[0] == numbers[1] or max(numbers) >= len(visit.results):
        return  # the page made anew says why
    first, second = (visit.results[number] for number in numbers)
    try:
        compared = compare_analyses(first.outcome.analysis, second.outcome.analysis)
    except InputError:
        return
    folders = first.outcome.folder, second.outcome.folder
    for old in list(exports):
        exports.pop(old).remove()
    folder = visit.folder / f"compare-{secrets.token_hex(8)}"
    exports[_export_key((first, second), lang)] = visit.follow(Export(compared, folders, folder, lang))


def _exporting(visit: Visit, exports: dict[str, Export], key: str, export: Export, lang: Lang) -> None:
    waits = export.pending
    alone = Alone()

    @st.fragment(run_every=LOOK_EVERY_S if waits else None)
    def show() -> None:
        if alone() and waits and not export.pending:
            st.rerun()
        if waits:  # also when it has just ended: a button that is about to be made anew cannot be pressed
            st.progress(export.share, text=word("compare_exporting", lang, pct=int(100 * export.share)))
            st.button(text("stop", lang), on_click=_leave, args=(exports, key), key="compare_stop")
            return
        with st.container(horizontal=True):
            for name, kind in _FILES.items():
                path = export.folder / name
                if path.is_file():
                    words = word(f"compare_file_{name.replace('.', '_')}", lang)
                    st.download_button(words, path.read_bytes, name, kind, on_click="ignore", key=f"download_{name}")

    show()


@whole
def _leave(exports: dict[str, Export], key: str) -> None:
    if (export := exports.pop(key, None)) is not None:  # else it was clicked twice
        export.remove()
