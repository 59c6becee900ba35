"""What the PDF says, in one language, as plain data for the typesetter: the words of the report and of the plan.

Nothing is decided here; ``report.py`` and ``guidance`` have the words, and the templates put them in their places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from formcheck.annotated_clip import Picture
from formcheck.cards import Lang, Text, load_bibliography
from formcheck.guidance.cited import HOUSE, pieces
from formcheck.guidance.sheet import numbered, reference, sources_in
from formcheck.guidance.told import ToldGuidance, ToldItem, say, tell_analysis
from formcheck.pdf.drawn import svg_of
from formcheck.pdf.push_off import push_off_contents
from formcheck.records import Analysis, Level
from formcheck.report import charts_of, header_facts, how_charts, how_measured, nothing_judged, quality_facts
from formcheck.texts import code_for, moment_text, note_text, text
from formcheck.told import SHAPES, Row, Told, ToldFinding, counts_of

Json = dict[str, Any]
Files = dict[str, bytes]
_NumberOf = Callable[[str], int]
_HEADINGS = (
    "report_title",
    "findings",
    "key_moments",
    "numbers",
    "plots",
    "sources",
    "about_this_clip",
    "report_how",
    "report_missing",
    "report_unjudged",
    "report_no_numbers",
    "report_no_warnings",
    "report_made_with",
    "compared",
    "compared_how",
    "beyond_error",
    "beyond_error_how",
    "before_numbers",
    "plus_minus_meaning",
    "what_to_try",
    "column_measure",
    "column_side",
    "column_value",
    "report_spread",
    "column_strides",
    "column_range",
    "column_how_sure",
    "danger_signs_title",
    "danger_signs",
    "disclaimer",
    "one_change",
    "stop_on_pain",
)
_STOPS = {"ja": {"colon": "：", "stop": "。"}, "en": {"colon": ": ", "stop": ". "}}
_GUIDE_HEADINGS = (
    "title",
    "safety_title",
    "no_check",
    "also_noted",
    "advice_withheld",
    "how_much",
    "check",
    "stop",
    "retest",
    "sure",
    "trace",
    "cadence_title",
    "load_title",
    "habits_title",
    "ruled_out_title",
    "routine_title",
    "review_title",
    "review_first",
    "review_second",
    "sources_title",
)


def report_contents(analysis: Analysis, pictures: Sequence[Picture], lang: Lang) -> tuple[Json, Files]:
    """Everything in the report, and the pictures and charts that belong to it by file name."""
    told = Told(analysis)
    drawn = [(name, title.get(lang), figures[lang]) for name, title, figures in charts_of(analysis)]
    charts = [(name, title, svg_of(figure)) for name, title, figure in drawn if figure.data]
    guided = tell_analysis(analysis)
    told.cite(sources_in(guided))  # the plan comes first, as on the page
    findings = [told.finding(finding) for finding in analysis.findings if told.has(finding)]
    push_off, drawings = push_off_contents(analysis, told, guided.offers_form, lang)
    files: Files = {picture.file_name: picture.jpeg for picture in pictures} | drawings
    files |= {f"{name}.svg": svg.encode() for name, _, svg in charts}
    judged = [finding for finding in findings if finding.level != "unknown"]
    contents: Json = {
        **_frame(analysis.video.name, lang, analysis.activity),
        "nothing_judged": nothing_judged(analysis).get(lang),
        "facts": [[name.get(lang), value.get(lang)] for name, value in header_facts(analysis)],
        "findings": [_finding(finding, guided.offers_form, lang) for finding in judged],
        "unjudged": [finding.sentence.get(lang) for finding in findings if finding.level == "unknown"],
        "counts": [[_badge(level, lang), n] for level, n in counts_of(findings)],
        "offers_form": guided.offers_form,
        "has_advice": any(finding.advice is not None for finding in judged),
        "guided": guided_contents(guided, lang, lambda key: told.cite([key])[0], _picture_files(pictures)),
        "push_off": push_off,
        "pictures": [[p.file_name, moment_text(p.moment, lang, with_time=True)] for p in pictures],
        "groups": [[name.get(lang), [_row(row, lang) for row in rows]] for name, rows in told.groups()],
        "compared": _by_kind(told.compared(), lang),
        "beyond_error": [sentence.get(lang) for sentence in told.beyond_error()],
        "missing": _by_reason(told.missing(), lang),
        "charts": [[f"{name}.svg", title] for name, title, _ in charts],
        "warnings": [note_text(note, lang) for note in analysis.warnings],
        "quality": [[name.get(lang), value] for name, value in quality_facts(analysis)],
        "how": [line.get(lang) for line in how_measured(analysis)],
        "how_charts": how_charts(analysis).get(lang),
        "made_with": "; ".join(f"{name} {value}" for name, value in analysis.made_with.items()),
        "references": [
            [r.number, reference(r.source), text(f"report_read_{r.source.read}", lang)] for r in told.references()
        ],
    }
    return contents, files


def plan_contents(told: ToldGuidance, lang: Lang, clip: str, pictures: Sequence[Picture]) -> tuple[Json, Files]:
    """Everything on the plan's page, and its pictures by file name."""
    numbers, known = numbered(told.keys), load_bibliography()
    guided = guided_contents(told, lang, numbers.__getitem__, _picture_files(pictures))
    contents: Json = {
        **_frame(clip, lang),
        "guided": guided,
        "references": [[number, _short(known[key])] for key, number in numbers.items() if key in known],
    }
    shown = {item["picture"] for item in guided["items"]}
    return contents, {picture.file_name: picture.jpeg for picture in pictures if picture.file_name in shown}


def guided_contents(told: ToldGuidance, lang: Lang, number_of: _NumberOf, pictures: Mapping[Any, str]) -> Json:
    """Safety check, plan and what is around it."""

    def claim(sentence: Text) -> list[Json]:
        return [{"words": words, "marks": _marks(keys, number_of, lang)} for words, keys in pieces(sentence.get(lang))]

    safety = told.safety
    return {
        "safety": None
        if safety is None
        else {
            "id": safety.id,
            "name": safety.name.get(lang),
            "do": safety.do.get(lang),
            "why": [[claim(because), rule.get(lang)] for rule, because in safety.why],
            "also": [[claim(because), rule.get(lang)] for rule, because in safety.also],
            "left_open": None if safety.left_open is None else safety.left_open.get(lang),
        },
        "headline": told.headline.get(lang),
        "items": [_item(item, lang, claim, number_of, pictures) for item in told.items],
        "cadence": [claim(sentence) for sentence in told.cadence],
        "load": [do.get(lang) for do, _ in told.load],
        "habits": [do.get(lang) for do, _ in told.habits],
        "ruled_out": [[name.get(lang), claim(why), rule.get(lang)] for name, why, rule in told.ruled_out],
        "routine": [[name.get(lang), how.get(lang)] for name, how in told.routine],
    }


def _item(
    item: ToldItem,
    lang: Lang,
    claim: Callable[[Text], list[Json]],
    number_of: _NumberOf,
    pictures: Mapping[Any, str],
) -> Json:
    chain = [" · ".join(fact.get(lang) for fact in item.facts), item.rules.get(lang), item.name.get(lang)]
    return {
        "name": item.name.get(lang),
        "picture": pictures.get(item.picture),
        "why": [claim(why) for why in item.why],
        "trace": " → ".join(chain) if item.facts else None,
        "steps": [step.get(lang) for step in item.steps],
        "often": item.often.get(lang),
        "doses": [{"words": dose.get(lang), "marks": _marks((key,), number_of, lang)} for key, dose in item.doses],
        "go_on": f"{item.start.get(lang)} {item.progress.get(lang)}",
        "check": item.check.get(lang),
        "stop": item.stop.get(lang),
        "retest": item.retest.get(lang),
        "sure": claim(item.sure),
    }


def _frame(clip: str, lang: Lang, activity: str = "running") -> Json:
    words = {code: text(code_for(code, activity), lang) for code in _HEADINGS} | {
        f"g_{code}": say(code).get(lang) for code in _GUIDE_HEADINGS
    }
    return {"lang": lang, "clip": clip, "say": words, **_STOPS[lang]}


def _by_kind(compared: Sequence[tuple[Text, Text, Text, int]], lang: Lang) -> list[tuple[str, list[list[str]]]]:
    """(kind, rows of name and value) in their order."""
    rows: dict[str, list[list[str]]] = {}
    for name, kind, value, _ in compared:
        rows.setdefault(kind.get(lang), []).append([name.get(lang), value.get(lang)])
    return list(rows.items())


def _by_reason(missing: Sequence[tuple[Text, Text]], lang: Lang) -> list[list[str]]:
    """[why, names] for each reason."""
    names: dict[str, list[str]] = {}
    for name, why in missing:
        names.setdefault(why.get(lang), []).append(name.get(lang))
    return [[why, ("、" if lang == "ja" else ", ").join(those)] for why, those in names.items()]


def _picture_files(pictures: Sequence[Picture]) -> dict[Any, str]:
    return {(picture.moment.kind, picture.moment.side): picture.file_name for picture in pictures}


def _finding(finding: ToldFinding, with_advice: bool, lang: Lang) -> Json:
    gauge = finding.gauge
    return {
        "badge": _badge(finding.level, lang),
        "level": finding.level,
        "name": finding.name.get(lang),
        "sentence": finding.sentence.get(lang),
        "advice": finding.advice.get(lang) if finding.advice is not None and with_advice else None,
        "number": finding.number.get(lang),
        "range": finding.range.get(lang),
        "basis": finding.basis.get(lang),
        "house": finding.is_house_rule,
        "note": finding.note.get(lang),
        "sources": finding.sources,
        "moment": None if finding.moment is None else finding.moment.get(lang),
        "gauge": None
        if gauge is None
        else {
            "low": gauge.low,
            "high": gauge.high,
            "value": gauge.value,
            "left": gauge.left,
            "right": gauge.right,
        },
    }


def _row(row: Row, lang: Lang) -> list[Any]:
    why = "" if row.why is None or row.is_sure else row.why.get(lang)
    cells = (row.name, row.side, row.value, row.spread)
    return [*(cell.get(lang) for cell in cells), str(row.n), row.range.get(lang), row.sure.get(lang), why]


def _badge(level: Level, lang: Lang) -> str:
    return f"{SHAPES[level]} {text(f'level_{level}', lang)}"


def _marks(keys: Sequence[str], number_of: _NumberOf, lang: Lang) -> list[str]:
    return [f"[{say(HOUSE).get(lang)}]" if key == HOUSE else f"[{number_of(key)}]" for key in keys]


def _short(source: Any) -> str:
    """A source in as few words as find it again."""
    year = f" ({source.year})" if source.year else ""
    title = "" if source.doi else f" {source.title}."
    doi = f" doi:{source.doi}" if source.doi else ""
    return f"{source.authors}{year}.{title} {source.journal}.{doi}"
