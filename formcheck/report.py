"""``report.html``: everything a person should read about one clip, in one file that opens without a network.

Both languages are inside; the switch is a pair of radio buttons and works without scripts, which only the charts need.
Here the records become plain words and numbers; ``templates/report.html.j2`` puts them in their places.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
import plotly.io
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from formcheck.activities.card import load_activity_cards
from formcheck.cards import LANGS, Card, Lang, Source, Text, load_bibliography, load_cards
from formcheck.charts import CONFIG, curves_of, cycle_chart, has_strides, strides_chart, timing_chart
from formcheck.charts_exercise import movement_chart
from formcheck.comparisons import COMPARED, notable
from formcheck.findings import SEVERITY
from formcheck.guidance.sheet import for_templates, sources_in
from formcheck.guidance.told import tell_analysis
from formcheck.push_off_split import splits
from formcheck.records import Analysis, Comparison, Finding, Level, Measurement, Note
from formcheck.skeleton import Side
from formcheck.texts import (
    advice_text,
    comparison_text,
    finding_text,
    format_comparison,
    format_number,
    format_range,
    format_value,
    moment_text,
    note_text,
    points_to_text,
    text,
)

if TYPE_CHECKING:
    from formcheck.annotated_clip import Picture

SHAPES: Mapping[Level, str] = {"good": "●", "watch": "▲", "act": "■", "unknown": "○"}
"""A level is told by shape and word besides its colour."""
CADENCE = "cadence_spm"
WATCHED_OVER_LONG_CLIPS = (
    CADENCE,
    "contact_time_s",
    "trunk_lean_deg",
    "overstride_pct_leg",
    "knee_flexion_at_contact_deg",
    "vertical_oscillation_pct_leg",
)


def write_report(analysis: Analysis, pictures: Sequence[Picture], path: Path, lang: Lang) -> None:
    """Write the report as one UTF-8 file; ``lang`` is the language it opens in."""
    path.write_text(report_html(analysis, pictures, lang), encoding="utf-8", newline="\n")


def report_html(analysis: Analysis, pictures: Sequence[Picture], lang: Lang) -> str:
    """The report as one HTML document."""
    told = Told(analysis)
    charts = charts_of(analysis, told)
    findings = [told.finding(finding) for finding in analysis.findings if told.has(finding)]
    guided = tell_analysis(analysis)
    told.cite(sources_in(guided))
    html: str = _template().render(
        lang=lang,
        clip=analysis.video.name,
        facts=header_facts(analysis),
        findings=[finding for finding in findings if finding.level != "unknown"],
        unjudged=[finding for finding in findings if finding.level == "unknown"],
        counts=counts_of(findings),
        guided=guided,
        pictures=[_picture(picture) for picture in pictures],
        picture_of={(picture.moment.kind, picture.moment.side): _picture(picture) for picture in pictures},
        splits=(split := splits(analysis)),
        push_off_sources=told.cite(["schache2000", "franz2009", "smith2022"]) if split else [],
        groups=told.groups(),
        compared=told.compared(),
        beyond_error=told.beyond_error(),
        missing=told.missing(),
        charts=[(name, title) for name, title, _ in charts],
        chart_data=_chart_data(charts),
        warnings=[_note(note) for note in analysis.warnings],
        quality=quality_facts(analysis),
        made_with=dict(analysis.made_with),
        meanings=told.meanings(),
        references=told.references(),
        plotly_js=Markup(get_plotlyjs()),
        say=_say,
        shapes=SHAPES,
        **for_templates(list(LANGS), lambda key: told.cite([key])[0]),
    )
    return html


# ------------------------------------------------------------------------------------------- what is told of it


@dataclass(frozen=True)
class Gauge:
    """A number line: where the range, the value and its uncertainty lie, in 0..100 of its width."""

    low: float | None
    high: float | None
    value: float
    left: float
    right: float


@dataclass(frozen=True)
class ToldFinding:
    """One finding in words."""

    level: Level
    name: Text
    sentence: Text
    advice: Text | None
    points_to: Text | None
    number: Text
    range: Text
    basis: Text
    is_house_rule: bool
    note: Text
    sources: list[int]
    moment: Text | None
    gauge: Gauge | None


@dataclass(frozen=True)
class Row:
    """One row of the table of numbers."""

    name: Text
    side: Text
    value: Text
    spread: Text
    n: int
    range: Text
    sure: Text
    why: Text | None
    is_sure: bool


@dataclass(frozen=True)
class Reference:
    """One entry of the list of references."""

    number: int
    source: Source


class Told:
    """Cards, measurements and the numbering of the references of one analysis."""

    def __init__(self, analysis: Analysis) -> None:
        self._cards = load_cards()
        self._rows = [m for m in analysis.measurements if m.metric in self._cards]
        self._comparisons = [c for c in analysis.comparisons if c.metric in self._cards]
        self._of = {(m.metric, m.side): m for m in self._rows}
        self._cited: dict[str, int] = {}
        self._is_long = bool(analysis.segments)

    def has(self, finding: Finding) -> bool:
        """Whether there are a card with a range and a measurement to tell it from."""
        card = self._cards.get(finding.metric)
        return card is not None and card.range is not None and (finding.metric, finding.side) in self._of

    def finding(self, finding: Finding) -> ToldFinding:
        """A finding for which ``has`` is true, in words."""
        card, measured = self._cards[finding.metric], self._of[finding.metric, finding.side]
        assert card.range is not None
        note = card.range.note
        moment = None if finding.time_s is None else round(finding.time_s, 2)
        return ToldFinding(
            level=finding.level,
            name=_name(measured, card),
            sentence=_both(lambda lang: finding_text(finding, measured, card, lang)),
            advice=_maybe(lambda lang: advice_text(finding, measured, card, lang)),
            points_to=_maybe(lambda lang: points_to_text(finding, measured, card, lang)),
            number=_both(lambda lang: format_value(measured, card, lang)),
            range=_both(lambda lang: format_range(card, lang)),
            basis=_say(f"basis_{finding.basis}"),
            is_house_rule=finding.basis == "house",
            note=note,
            sources=self.cite(finding.sources),
            moment=None if moment is None else _both(lambda lang: text("see_moment", lang, time=f"{moment:.2f}")),
            gauge=gauge_of(measured, card),
        )

    def groups(self) -> list[tuple[Text, list[Row]]]:
        """The measured numbers, group by group, in the order of the cards."""
        found: dict[str, list[Row]] = {}
        for row in sorted(self._rows, key=lambda m: self._cards[m.metric].order):
            if row.status != "not_measurable":
                found.setdefault(self._cards[row.metric].group, []).append(_row(row, self._cards[row.metric]))
        return [(_say(f"group_{group}"), rows) for group, rows in found.items()]

    def compared(self) -> list[tuple[Text, Text, Text, int]]:
        """Left-right differences, drifts and variabilities that have a number: measure, kind, value, strides."""
        rows = [c for c in self._comparisons if c.value is not None]
        rows.sort(key=lambda c: (COMPARED.index(c.kind), self._cards[c.metric].order))
        return [
            (_name_of(self._cards[c.metric], c.side), _say(c.kind), _compared(c, self._cards[c.metric]), c.n)
            for c in rows
        ]

    def beyond_error(self) -> list[Text]:
        """Of those, what is larger than its error, in words."""
        said = [_compared_text(c, self._cards[c.metric]) for c in notable(self._comparisons)]
        return [sentence for sentence in said if sentence is not None]

    def missing(self) -> list[tuple[Text, Text]]:
        """What could not be measured, and why."""
        rows = [m for m in self._rows if m.status == "not_measurable"]
        rows.sort(key=lambda m: self._cards[m.metric].order)
        return [(_name(m, self._cards[m.metric]), _why(m) or _say("not_seen")) for m in rows]

    def meanings(self) -> list[tuple[Text, Text, Text, list[int]]]:
        """Of every metric with a number: its name, what it is, where it stops being true, and sources."""
        measured = {m.metric for m in self._rows if m.status != "not_measurable"}
        cards = [card for metric, card in self._cards.items() if metric in measured]
        return [(card.name, card.what, card.limits, self.cite(card.sources)) for card in cards]

    def cite(self, keys: Iterable[str]) -> list[int]:
        """Numbers of these sources in the list of references, which grows as they are cited."""
        return sorted(self._cited.setdefault(key, len(self._cited) + 1) for key in keys)

    def references(self) -> list[Reference]:
        """All that was cited so far, by number."""
        known = load_bibliography()
        return [Reference(number, known[key]) for key, number in self._cited.items() if key in known]

    def with_strides(self, findings: Iterable[Finding]) -> list[str]:
        """Metrics worth a chart over the clip: cadence, all judged ones, and some more of a long clip, each once."""
        first = WATCHED_OVER_LONG_CLIPS if self._is_long else (CADENCE,)
        wanted = [*first, *(f.metric for f in findings if f.level != "unknown")]
        drawable = {m.metric for m in self._rows if has_strides(m)}
        return [metric for metric in dict.fromkeys(wanted) if metric in drawable]


def gauge_of(measurement: Measurement, card: Card) -> Gauge | None:
    """Where value and range lie on a line that has room for both; None where there is no number or no range."""
    value, half, range_ = measurement.value, measurement.uncertainty, card.range
    if range_ is None or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    half = half if half is not None and math.isfinite(half) else 0.0
    borders = [b for b in (range_.low, range_.high) if b is not None]
    left, right = min(value - half, *borders), max(value + half, *borders)
    air = 0.2 * (right - left) or 1.0
    left, right = left - air, right + air

    def place(x: float) -> float:
        return round(100.0 * (x - left) / (right - left), 2)

    low = None if range_.low is None else place(range_.low)
    high = None if range_.high is None else place(range_.high)
    return Gauge(low, high, place(value), place(value - half), place(value + half))


def _row(measurement: Measurement, card: Card) -> Row:
    spread = measurement.spread
    known = spread is not None and math.isfinite(spread)
    return Row(
        name=card.name,
        side=_say("side_both" if measurement.side is None else f"side_{measurement.side}"),
        value=_both(lambda lang: format_value(measurement, card, lang)),
        spread=_both(lambda lang: format_number(spread or 0.0, card, lang)) if known else Text("–", "–"),
        n=measurement.n,
        range=_both(lambda lang: format_range(card, lang)),
        sure=_say(f"status_{measurement.status}"),
        why=_why(measurement),
        is_sure=measurement.status == "ok",
    )


def _compared(comparison: Comparison, card: Card) -> Text:
    return _both(lambda lang: format_comparison(comparison, card, lang))


def _compared_text(comparison: Comparison, card: Card) -> Text | None:
    return _maybe(lambda lang: comparison_text(comparison, card, lang))


def _name(measurement: Measurement, card: Card) -> Text:
    return _name_of(card, measurement.side)


def _name_of(card: Card, of_side: Side | None) -> Text:
    if of_side is None:
        return card.name
    side = _say(f"side_{of_side}")
    return _both(lambda lang: text("name_and_side", lang, name=card.name.get(lang), side=side.get(lang)))


def _why(measurement: Measurement) -> Text | None:
    return None if measurement.reason is None else _note(measurement.reason)


def counts_of(findings: Sequence[ToldFinding]) -> list[tuple[Level, int]]:
    """How many findings there are of each level, worst first; none of a level is left out."""
    counts = [(level, sum(f.level == level for f in findings)) for level in SEVERITY]
    return [(level, n) for level, n in counts if n]


# ------------------------------------------------------------------------------------------- facts of the clip


def header_facts(analysis: Analysis) -> list[tuple[Text, Text]]:
    video, signals = analysis.video, analysis.signals
    rate = f"{video.frame_rate_hz:.4g}"
    near = _say(f"side_{signals.near_side}")
    facts = [
        *(_exercise_facts(analysis) or [(_say("cadence_now"), _cadence(analysis))]),
        (_say("view"), _say(f"view_{analysis.view}")),
        *([(_say("facing"), _say(f"facing_{signals.facing}"))] if analysis.activity == "running" else []),
        *([] if analysis.view in ("rear", "front") else [(_say("near_leg"), near)]),
        (_say("clip_length"), _both(lambda lang: text("seconds", lang, n=f"{video.duration_s:.1f}"))),
        (_say("clip_rate"), _both(lambda lang: text("frames_per_second", lang, n=rate))),
    ]
    if video.slow_motion != 1.0:
        times = Text(*[f"×{video.slow_motion:g}"] * 2)
        facts.append((_say("clip_slow"), times))
    return facts


def _exercise_facts(analysis: Analysis) -> list[tuple[Text, Text]]:
    """Which exercise, how often, how long held; nothing for running."""
    if analysis.activity not in load_activity_cards():
        return []
    facts = [(_say("fact_exercise"), _say(f"activity_{analysis.activity}"))]
    for metric, code in (("reps", "fact_reps"), ("hold_time_s", "fact_held")):
        card = load_cards()[metric]
        sure = [m for m in analysis.measurements if m.metric == metric and m.status == "ok"]
        facts += [(_say(code), _value(m, card)) for m in sure]
    return facts


def _value(measurement: Measurement, card: Card) -> Text:
    return _both(lambda lang: format_value(measurement, card, lang))


def _cadence(analysis: Analysis) -> Text:
    card = load_cards()[CADENCE]
    found = [m for m in analysis.measurements if m.metric == CADENCE]
    return _both(lambda lang: format_value(found[0], card, lang)) if found else _say("no_value")


def _counted(analysis: Analysis) -> tuple[Text, str]:
    """Clean strides, or complete repetitions, of all that were found."""
    if analysis.activity in load_activity_cards():
        return _say("quality_reps"), f"{sum(rep.complete for rep in analysis.reps)} / {len(analysis.reps)}"
    return _say("quality_strides"), f"{sum(s.clean for s in analysis.strides)} / {len(analysis.strides)}"


def quality_facts(analysis: Analysis) -> list[tuple[Text, str]]:
    signals = analysis.signals
    return [
        (_say("quality_found"), f"{100 * signals.pose_rate:.0f}%"),
        (_say("quality_frames"), f"{analysis.video.n_frames}"),
        _counted(analysis),
        (_say("quality_exchanged"), f"{signals.n_exchanges}"),
        (_say("quality_jumps"), f"{signals.n_jumps}"),
        (_say("quality_gaps"), f"{signals.n_gaps}"),
        (_say("quality_level"), f"{signals.level_deg + 0.0:.1f}°"),
        (_say("quality_size"), f"{analysis.video.width_px} × {analysis.video.height_px}"),
    ]


def _picture(picture: Picture) -> dict[str, Any]:
    moment = picture.moment
    shown = _both(lambda lang: moment_text(moment, lang, with_time=True))
    alt = _both(lambda lang: text("picture_alt", lang, caption=shown.get(lang)))
    source = "data:image/jpeg;base64," + base64.b64encode(picture.jpeg).decode()
    return {"id": f"picture-{moment.id}", "src": source, "caption": shown, "alt": alt}


# ------------------------------------------------------------------------------------------------------ charts

_Chart = tuple[str, Text, dict[Lang, go.Figure]]


def charts_of(analysis: Analysis, told: Told) -> list[_Chart]:
    """Name, heading and figures in both languages of every chart, in the order in which they are shown."""
    if analysis.activity in load_activity_cards():
        return _exercise_charts(analysis, told)
    charts: list[_Chart] = [
        (f"curve_{stem}", _say(f"curve_{stem}"), {lang: cycle_chart(analysis, stem, lang) for lang in LANGS})
        for stem in curves_of(analysis)
    ]
    charts.append(("timing", _say("curve_timing"), {lang: timing_chart(analysis, lang) for lang in LANGS}))
    cards = load_cards()
    for metric in told.with_strides(analysis.findings):
        figures = {lang: strides_chart(analysis, metric, lang) for lang in LANGS}
        title = "curve_over_clip" if analysis.segments else "curve_strides"
        charts.append((metric, _titled(title, cards[metric].name), figures))
    return charts


def _exercise_charts(analysis: Analysis, told: Told) -> list[_Chart]:
    """The movement over the clip, and what was judged from repetition to repetition."""
    charts: list[_Chart] = [
        ("movement", _say("curve_movement"), {lang: movement_chart(analysis, lang) for lang in LANGS})
    ]
    cards = load_cards()
    many = {m.metric for m in analysis.measurements if len(m.values) > 1}
    for metric in told.with_strides(analysis.findings):
        if metric in many:
            figures = {lang: strides_chart(analysis, metric, lang) for lang in LANGS}
            charts.append((metric, _titled("curve_reps", cards[metric].name), figures))
    return charts


def _titled(code: str, name: Text) -> Text:
    return _both(lambda lang: text(code, lang, name=name.get(lang)))


def _chart_data(charts: Sequence[_Chart]) -> Markup:
    """All figures as JSON that can stand inside a script element whatever words are in it."""
    figures = {
        name: {lang: json.loads(plotly.io.to_json(figure, validate=False)) for lang, figure in by_lang.items()}
        for name, _, by_lang in charts
    }
    text_ = json.dumps({"figures": figures, "config": CONFIG}, ensure_ascii=False, separators=(",", ":"))
    for risky in "<>&\u2028\u2029":
        text_ = text_.replace(risky, f"\\u{ord(risky):04x}")
    return Markup(text_)


# ------------------------------------------------------------------------------------------------------- words


def _say(code: str) -> Text:
    return _both(lambda lang: text(code, lang))


def _both(say: Callable[[Lang], str]) -> Text:
    return Text(ja=say("ja"), en=say("en"))


def _note(note: Note) -> Text:
    return _both(lambda lang: note_text(note, lang))


def _maybe(say: Callable[[Lang], str | None]) -> Text | None:
    ja, en = say("ja"), say("en")
    return None if ja is None or en is None else Text(ja, en)


@cache
def _template() -> Any:
    """The template; every value put into it is escaped, and a misspelt one is an error."""
    environment = Environment(
        loader=PackageLoader("formcheck"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2")
