"""What a finished analysis shows: findings first, then the clip to go through, numbers, files. Computes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from html import escape

import streamlit as st

from formcheck.activities.danger import RULED_OUT, told_ruled_out
from formcheck.cards import GROUPS, Card, Lang, load_cards
from formcheck.findings import SEVERITY
from formcheck.guidance import guide_analysis
from formcheck.guidance.told import say, tell_analysis
from formcheck.records import Analysis, Finding, Level, Measurement
from formcheck.texts import (
    advice_text,
    code_for,
    finding_text,
    format_number,
    format_range,
    format_value,
    note_text,
    points_to_text,
    text,
)
from formcheck.told import SHAPES
from formcheck.ui.compared import show_compared
from formcheck.ui.guided import show_plan
from formcheck.ui.metronome import show_metronome
from formcheck.ui.push_off import show_push_off
from formcheck.ui.review import parts_of, see_button, show_review
from formcheck.ui.sharing import show_downloads
from formcheck.ui.visit import Result
from formcheck.ui.wide import wide
from formcheck.ui.words import word

_COLUMNS = (
    "column_measure",
    "column_side",
    "column_value",
    "ui_column_spread",
    "column_strides",
    "column_range",
    "column_how_sure",
)
_TOLD_ELSEWHERE = frozenset({"no_safety_check", RULED_OUT})
"""The page shows the safety check above everything else."""


def show_results(result: Result, lang: Lang, draw_again: Callable[[], None], busy: bool) -> None:
    """The whole result of one clip."""
    analysis = result.outcome.analysis
    st.html(_headline(analysis, lang))
    told, silent = _sorted_out(analysis)
    guided = tell_analysis(analysis)
    ruled_out = told_ruled_out(analysis.warnings)
    st.html(_ways(["findings"] * (ruled_out is None) + parts_of(result) + ["numbers", "downloads"], lang))
    show_plan(analysis, guided, result.outcome.folder / "frames", lang)
    if (target := guide_analysis(analysis).cadence) is not None:
        show_metronome(target, lang)
    if ruled_out is not None:
        st.warning(note_text(ruled_out, lang), icon=":material/warning:")
    else:
        _findings(told, lang, guided.offers_form)
    show_push_off(analysis, lang, guided.offers_form)
    _silent(silent, lang)
    _about(analysis, lang)
    show_review(result, lang, draw_again, busy)
    _numbers(analysis, lang)
    show_compared(analysis, lang)
    show_downloads(result, lang)


# ---------------------------------------------------------------------------------------------------- findings


def show_findings(analysis: Analysis, lang: Lang) -> None:
    """The findings alone, of something that has no clip to look at."""
    told, silent = _sorted_out(analysis)
    _findings(
        [(replace(finding, time_s=None), m, card) for finding, m, card in told],
        lang,
        tell_analysis(analysis).offers_form,
    )
    _silent(silent, lang)


_Told = tuple[Finding, Measurement, Card]


def _sorted_out(analysis: Analysis) -> tuple[list[_Told], list[tuple[Measurement, Card, Finding | None]]]:
    """What there is something to say about, and what there is not: findings without a level, missing numbers."""
    cards = load_cards()
    of = {(finding.metric, finding.side): finding for finding in analysis.findings}
    told: list[_Told] = []
    silent: list[tuple[Measurement, Card, Finding | None]] = []
    for measurement in analysis.measurements:
        card, finding = cards.get(measurement.metric), of.get((measurement.metric, measurement.side))
        if card is None:
            continue
        if finding is not None and finding.level != "unknown":
            told.append((finding, measurement, card))
        elif finding is not None or measurement.value is None:
            silent.append((measurement, card, finding))
    told.sort(key=lambda item: (SEVERITY.index(item[0].level), item[2].order))
    return told, sorted(silent, key=lambda item: item[1].order)


def _findings(told: list[_Told], lang: Lang, with_advice: bool) -> None:
    st.subheader(text("findings", lang), anchor=False)
    counts = Counter(finding.level for finding, _, _ in told)
    st.html(f'<p class="fc-counts">{" ".join(badge(level, lang, counts[level]) for level in SEVERITY[:3])}</p>')
    # a level alone does not tell: "watch" may be near a border or clearly beyond one that is worth no more
    outside = any(advice_text(*item, lang) for item in told)
    if not outside:
        st.html(f'<p class="fc-plain">{escape(text("findings_none", lang))}</p>')
    st.html(f'<div class="fc-cards">{"".join(_finding_card(*item, lang, with_advice) for item in told)}</div>')
    if not with_advice:
        st.html(f'<p class="fc-plain"><b>{escape(say("advice_withheld").get(lang))}</b></p>')
    elif outside:
        st.html(f'<p class="fc-plain">{escape(text("one_change", lang))}<br>{escape(text("stop_on_pain", lang))}</p>')


def _finding_card(finding: Finding, measurement: Measurement, card: Card, lang: Lang, with_advice: bool) -> str:
    basis = text(f"basis_{finding.basis}", lang)
    held_against = text("range_is", lang, range=format_range(card, lang), basis=basis)
    name = escape(_named(measurement, card, lang))
    rows = [
        f'<h4>{badge(finding.level, lang)} <span class="fc-name">{name}</span></h4>',
        f'<p><b class="fc-value">{escape(format_value(measurement, card, lang))}</b> '
        f'<span class="fc-small">{escape(held_against)}</span></p>',
        f"<p>{escape(finding_text(finding, measurement, card, lang))}</p>",
    ]
    if with_advice and (advice := advice_text(finding, measurement, card, lang)):
        rows.append(f'<p class="fc-advice"><b>{escape(text("what_to_try", lang))}</b><br>{escape(advice)}</p>')
    if with_advice and (possibility := points_to_text(finding, measurement, card, lang)):
        rows.append(f'<p class="fc-small"><b>{escape(text("may_point_to", lang))}</b><br>{escape(possibility)}</p>')
    if finding.time_s is not None:
        words = text("see_moment", lang, time=finding.time_s)
        rows.append(f"<p>{see_button(finding.time_s, words, f'{name}: {words}')}</p>")
    return f'<article class="fc-card fc-{finding.level}">{"".join(rows)}</article>'


def _silent(silent: list[tuple[Measurement, Card, Finding | None]], lang: Lang) -> None:
    if not silent:
        return
    with st.expander(text("ui_no_judgement", lang, n=len(silent)), key="fold_no_judgement"):
        st.html(f'<ul class="fc-list">{"".join(_silent_row(*item, lang) for item in silent)}</ul>')


def _silent_row(measurement: Measurement, card: Card, finding: Finding | None, lang: Lang) -> str:
    if finding is not None:
        sentence = finding_text(finding, measurement, card, lang)
    else:
        reason = note_text(measurement.reason, lang) if measurement.reason else text("not_seen", lang)
        sentence = text("finding_unknown", lang, name=_named(measurement, card, lang), reason=reason)
    return f"<li>{SHAPES['unknown']} {escape(sentence)}</li>"


def badge(level: Level, lang: Lang, count: int | None = None) -> str:
    """A level by shape, word and colour, in HTML; with how many there are."""
    word = escape(text(f"level_{level}", lang))
    number = "" if count is None else f" {count}"
    return f'<span class="fc-badge fc-{level}">{SHAPES[level]} {word}{number}</span>'


def _named(measurement: Measurement, card: Card, lang: Lang) -> str:
    name = card.name.get(lang)
    if measurement.side is None:
        return name
    return text("name_and_side", lang, name=name, side=text(f"side_{measurement.side}", lang))


# ------------------------------------------------------------------------------------------------ clip, moments


def _headline(analysis: Analysis, lang: Lang) -> str:
    video = analysis.video
    facts = text(
        "ui_clip_facts",
        lang,
        seconds=video.duration_s,
        rate=video.frame_rate_hz,
        width=video.width_px,
        height=video.height_px,
        view=text(f"view_{analysis.view}", lang),
    )
    facing = analysis.signals.facing
    if analysis.activity == "running" and facing != "unknown":
        facts = text("ui_clip_running", lang, facts=facts, facing=text(f"facing_{facing}", lang))
    return f'<p class="fc-head"><b class="fc-clip">{escape(video.name)}</b><br>{escape(facts)}</p>'


def _ways(codes: Iterable[str], lang: Lang) -> str:
    """A button to each part of the result: on a phone the clip is far below the findings."""
    buttons = "".join(f'<button type="button" class="fc-way">{escape(text(code, lang))}</button>' for code in codes)
    return f'<nav class="fc-ways" aria-label="{escape(word("ways", lang))}">{buttons}</nav>'


def _about(analysis: Analysis, lang: Lang) -> None:
    notes = [note_text(note, lang) for note in analysis.warnings if note.code not in _TOLD_ELSEWHERE]
    if notes:
        st.subheader(text("about_this_clip", lang), anchor=False)
        st.html(f'<ul class="fc-list fc-notes">{"".join(f"<li>{escape(note)}</li>" for note in notes)}</ul>')


# ------------------------------------------------------------------------------------------------------ numbers


def _numbers(analysis: Analysis, lang: Lang) -> None:
    cards = load_cards()
    rows = [(m, cards[m.metric]) for m in analysis.measurements if m.metric in cards and m.value is not None]
    if not rows:
        return
    st.subheader(text("numbers", lang), anchor=False)
    st.html(f'<p class="fc-plain">{escape(text(code_for("before_numbers", analysis.activity), lang))}</p>')
    columns = [text(code_for(column, analysis.activity), lang) for column in _COLUMNS]
    st.html(_table(sorted(rows, key=lambda row: (GROUPS.index(row[1].group), row[1].order)), columns, lang))
    st.caption(text("plus_minus_meaning", lang))
    with st.expander(text("ui_what_the_numbers_are", lang), key="fold_what_numbers_are"):
        st.html("".join(_explained(card, lang) for card in {card.metric: card for _, card in rows}.values()))


def _table(rows: Iterable[tuple[Measurement, Card]], columns: Iterable[str], lang: Lang) -> str:
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body, group = [], ""
    for measurement, card in rows:
        if card.group != group:
            group = card.group
            body.append(f'<tr><th class="fc-group" colspan="7">{escape(text(f"group_{group}", lang))}</th></tr>')
        body.append(_row(measurement, card, lang))
    return wide(f"<tr>{head}</tr>{''.join(body)}", text("numbers", lang))


def _row(measurement: Measurement, card: Card, lang: Lang) -> str:
    side = text(f"side_{measurement.side}", lang) if measurement.side else "–"
    spread = "–" if measurement.spread is None else format_number(measurement.spread, card, lang)
    sure = escape(text(f"status_{measurement.status}", lang))
    if measurement.status != "ok" and measurement.reason is not None:
        sure += f'<br><span class="fc-small">{escape(note_text(measurement.reason, lang))}</span>'
    cells = (side, format_value(measurement, card, lang), spread, str(measurement.n or "–"), format_range(card, lang))
    row = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f'<tr><th scope="row">{escape(card.name.get(lang))}</th>{row}<td>{sure}</td></tr>'


def _explained(card: Card, lang: Lang) -> str:
    parts = [("what_it_is", card.what.get(lang)), ("where_it_stops", card.limits.get(lang))]
    if card.range is not None:
        parts.append(("column_range", f"{format_range(card, lang)} – {card.range.note.get(lang)}"))
    told = "".join(f"<p><b>{escape(text(code, lang))}</b> {escape(words)}</p>" for code, words in parts)
    return f'<section class="fc-explained"><h4>{escape(card.name.get(lang))}</h4>{told}</section>'
