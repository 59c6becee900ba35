"""``report.html``: everything a person should read about one clip, in one file that opens without a network.

Both languages are inside; the switch is a pair of radio buttons and works without scripts, which only the charts need.
Here the records become plain words and numbers; ``templates/report.html.j2`` puts them in their places.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
import plotly.io
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from formcheck.activities.card import load_activity_cards
from formcheck.activities.danger import is_told_ruled_out, pages_done, told_ruled_out
from formcheck.cards import LANGS, Card, Lang, Text, load_cards
from formcheck.charts import CONFIG, curves_of, cycle_chart, has_strides, strides_chart, timing_chart
from formcheck.charts_exercise import movement_chart
from formcheck.guidance.sheet import for_templates, sources_in
from formcheck.guidance.told import dose_text, tell_analysis
from formcheck.pages import page_template
from formcheck.push_off_figure import bar_svg, pair_of
from formcheck.push_off_split import A_THIRD_PCT, SOURCES, against_standing, side_to_advise, splits, why_none
from formcheck.records import Analysis, Measurement
from formcheck.texts import (
    both,
    code_for,
    format_value,
    moment_text,
    noted,
    sentence,
    text,
)
from formcheck.told import SHAPES, Told, counts_of

if TYPE_CHECKING:
    from formcheck.annotated_clip import Picture

CADENCE = "cadence_spm"
WATCHED_OVER_LONG_CLIPS = (
    CADENCE,
    "contact_time_s",
    "trunk_lean_deg",
    "lumbar_share_pct",
    "overstride_pct_leg",
    "knee_flexion_at_contact_deg",
    "vertical_oscillation_pct_leg",
)


Figures = dict[Lang, Any]
"""A chart in every language, as Plotly's script takes it."""
_NONE_YET: Mapping[str, Figures] = MappingProxyType({})


def write_report(
    analysis: Analysis, pictures: Sequence[Picture], path: Path, lang: Lang, drawn: Mapping[str, Figures] = _NONE_YET
) -> None:
    """Write the report as one UTF-8 file; ``lang`` is the language it opens in, ``drawn`` as in ``charts_ahead``."""
    path.write_text(report_html(analysis, pictures, lang, drawn), encoding="utf-8", newline="\n")


def report_html(
    analysis: Analysis, pictures: Sequence[Picture], lang: Lang, drawn: Mapping[str, Figures] = _NONE_YET
) -> str:
    """The report as one HTML document."""
    told = Told(analysis)
    recipes = _recipes(analysis)
    findings = [told.finding(finding) for finding in analysis.findings if told.has(finding)]
    guided = tell_analysis(analysis)
    told.cite(sources_in(guided))
    return page_template("report.html.j2").render(
        lang=lang,
        clip=analysis.video.name,
        facts=header_facts(analysis),
        findings=[finding for finding in findings if finding.level != "unknown"],
        nothing_judged=nothing_judged(analysis),
        unjudged=[finding for finding in findings if finding.level == "unknown"],
        counts=counts_of(findings),
        guided=guided,
        pictures=[_picture(picture) for picture in pictures],
        picture_of={(picture.moment.kind, picture.moment.side): _picture(picture) for picture in pictures},
        **_push_off(analysis, told),
        groups=told.groups(),
        compared=told.compared(),
        beyond_error=told.beyond_error(),
        missing=told.missing(),
        charts=[(name, title) for name, title, _ in recipes],
        chart_data=_chart_data({name: drawn.get(name) or _figures(draw) for name, _, draw in recipes}),
        warnings=[noted(note) for note in analysis.warnings],
        quality=quality_facts(analysis),
        how=how_measured(analysis),
        how_charts=how_charts(analysis),
        made_with=dict(analysis.made_with),
        meanings=told.meanings(),
        references=told.references(),
        plotly_js=Markup(get_plotlyjs()),
        say=lambda code: sentence(code_for(code, analysis.activity)),
        shapes=SHAPES,
        **for_templates(list(LANGS), lambda key: told.cite([key])[0]),
    )


def _push_off(analysis: Analysis, told: Told) -> dict[str, Any]:
    """What the template says of hip and back at push-off, or why it cannot be told."""
    split = splits(analysis)
    pair = pair_of(analysis, split[0].hip_deg, split[0].back_deg) if split else []
    return {
        "splits": split,
        "push_off_advised": side_to_advise(split),
        "push_off_sources": told.cite(SOURCES) if split else [],
        "push_off_bars": {s.side: Markup(bar_svg(s.hip_share, s.low, s.high, 100 - A_THIRD_PCT)) for s in split},
        "push_off_pair": [Markup(figure) for figure in pair],
        "at_rest": against_standing(analysis),
        "why_no_split": why_none(analysis),
    }


# ------------------------------------------------------------------------------------------- facts of the clip


SAYS_ENOUGH = ("draw_in_not_measured", "slow_motion_suspected")
"""Notes that say by themselves why nothing is judged."""


def nothing_judged(analysis: Analysis) -> Text:
    """Why there are no findings: nothing to hold against a range, what the clip is, or the person's answers."""
    untold = next((note for note in analysis.warnings if note.code in SAYS_ENOUGH), None)
    why = told_ruled_out(analysis.warnings) or untold
    return sentence("report_nothing_judged") if why is None else noted(why)


def header_facts(analysis: Analysis) -> list[tuple[Text, Text]]:
    """What the clip shows and how it was filmed, as rows of a name and what there is to say."""
    video, signals = analysis.video, analysis.signals
    rate = f"{video.frame_rate_hz:.4g}"
    near = sentence(f"side_{signals.near_side}")
    facts = [
        *(_exercise_facts(analysis) or [(sentence("cadence_now"), _cadence(analysis))]),
        (sentence("view"), sentence(f"view_{analysis.view}")),
        *([(sentence("facing"), sentence(f"facing_{signals.facing}"))] if analysis.activity == "running" else []),
        *([] if analysis.signals.facing in ("away", "camera") else [(sentence("near_leg"), near)]),
        (sentence("clip_length"), both(lambda lang: text("seconds", lang, n=f"{video.duration_s:.1f}"))),
        (sentence("clip_rate"), both(lambda lang: text("frames_per_second", lang, n=rate))),
    ]
    if video.slow_motion != 1.0:
        times = Text(*[f"×{video.slow_motion:g}"] * 2)
        facts.append((sentence("clip_slow"), times))
    return facts


def _exercise_facts(analysis: Analysis) -> list[tuple[Text, Text]]:
    """Which exercise, how often, how long held; nothing for running."""
    if analysis.activity not in load_activity_cards():
        return []
    facts = [(sentence("fact_exercise"), sentence(f"activity_{analysis.activity}"))]
    facts += [(sentence("fact_goal"), goal) for goal in _goals(analysis)]
    for metric, code in (("reps", "fact_reps"), ("hold_time_s", "fact_held")):
        card = load_cards()[metric]
        sure = [m for m in analysis.measurements if m.metric == metric and m.status == "ok"]
        facts += [(sentence(code), _value(m, card)) for m in sure]
    return facts


def _goals(analysis: Analysis) -> list[Text]:
    """How much of it the articles ask for, where it is clear which variant was done and nothing speaks against it."""
    if is_told_ruled_out(analysis.warnings):
        return []
    pages = pages_done(analysis.activity, [note.code for note in analysis.warnings])
    doses = [dose for page in pages for dose in page.dose] if len(pages) == 1 else []
    return [dose_text(dose) for dose in doses[:1]]


def _value(measurement: Measurement, card: Card) -> Text:
    return both(lambda lang: format_value(measurement, card, lang))


def _cadence(analysis: Analysis) -> Text:
    card = load_cards()[CADENCE]
    found = [m for m in analysis.measurements if m.metric == CADENCE]
    return both(lambda lang: format_value(found[0], card, lang)) if found else sentence("no_value")


def _counted(analysis: Analysis) -> tuple[Text, str]:
    """Clean strides, or complete repetitions, of all that were found."""
    if analysis.activity in load_activity_cards():
        return sentence("quality_reps"), f"{sum(rep.complete for rep in analysis.reps)} / {len(analysis.reps)}"
    return sentence("quality_strides"), f"{sum(s.clean for s in analysis.strides)} / {len(analysis.strides)}"


def quality_facts(analysis: Analysis) -> list[tuple[Text, str]]:
    """How well the body could be followed, as rows of a name and a number with its unit."""
    signals = analysis.signals
    return [
        (sentence("quality_found"), f"{100 * signals.pose_rate:.0f}%"),
        (sentence("quality_frames"), f"{analysis.video.n_frames}"),
        _counted(analysis),
        (sentence("quality_exchanged"), f"{signals.n_exchanges}"),
        (sentence("quality_jumps"), f"{signals.n_jumps}"),
        (sentence("quality_gaps"), f"{signals.n_gaps}"),
        (sentence("quality_level"), f"{signals.level_deg + 0.0:.1f}°"),
        (sentence("quality_size"), f"{analysis.video.width_px} × {analysis.video.height_px}"),
    ]


def how_measured(analysis: Analysis) -> list[Text]:
    """How the numbers came about, a sentence each."""
    moments = "repetitions" if analysis.activity in load_activity_cards() else "moments"
    return [sentence(f"report_how_{part}") for part in ("found", moments, "error", "flat")]


def how_charts(analysis: Analysis) -> Text:
    """How the charts are read."""
    of_repetitions = analysis.activity in load_activity_cards()
    return sentence("report_charts_how_repetitions" if of_repetitions else "report_charts_how")


def _picture(picture: Picture) -> dict[str, Any]:
    moment = picture.moment
    shown = both(lambda lang: moment_text(moment, lang, with_time=True))
    alt = both(lambda lang: text("picture_alt", lang, caption=shown.get(lang)))
    source = "data:image/jpeg;base64," + base64.b64encode(picture.jpeg).decode()
    return {"id": f"picture-{moment.id}", "src": source, "caption": shown, "alt": alt}


# ------------------------------------------------------------------------------------------------------ charts

_Chart = tuple[str, Text, dict[Lang, go.Figure]]
_Recipe = tuple[str, Text, Callable[[Lang], go.Figure]]


def charts_of(analysis: Analysis) -> list[_Chart]:
    """Name, heading and figures in both languages of every chart, in the order in which they are shown."""
    return [(name, title, {lang: draw(lang) for lang in LANGS}) for name, title, draw in _recipes(analysis)]


def charts_ahead(analysis: Analysis, drawn: dict[str, Figures]) -> Iterator[object]:
    """Draw chart after chart into ``drawn``, by name; ``report_html`` draws those that are not in it."""
    for name, _, draw in _recipes(analysis):
        drawn[name] = _figures(draw)
        yield None


def _recipes(analysis: Analysis) -> list[_Recipe]:
    if analysis.activity in load_activity_cards():
        return _exercise_recipes(analysis)
    recipes: list[_Recipe] = [
        (f"curve_{stem}", sentence(f"curve_{stem}"), partial(cycle_chart, analysis, stem))
        for stem in curves_of(analysis)
    ]
    recipes.append(("timing", sentence("curve_timing"), partial(timing_chart, analysis)))
    cards = load_cards()
    title = "curve_over_clip" if analysis.segments else "curve_strides"
    recipes += [
        (metric, _titled(title, cards[metric].name), partial(strides_chart, analysis, metric))
        for metric in _with_strides(analysis)
    ]
    return recipes


def _exercise_recipes(analysis: Analysis) -> list[_Recipe]:
    """The movement over the clip where any was found, and what was judged from repetition to repetition."""
    recipes: list[_Recipe] = []
    if analysis.reps or analysis.holds:
        recipes.append(("movement", sentence("curve_movement"), partial(movement_chart, analysis)))
    cards = load_cards()
    many = {m.metric for m in analysis.measurements if len(m.values) > 1}
    recipes += [
        (metric, _titled("curve_reps", cards[metric].name), partial(strides_chart, analysis, metric))
        for metric in _with_strides(analysis)
        if metric in many
    ]
    return recipes


def _with_strides(analysis: Analysis) -> list[str]:
    """Metrics worth a chart over the clip: cadence, all judged ones, and some more of a long clip, each once."""
    first = WATCHED_OVER_LONG_CLIPS if analysis.segments else (CADENCE,)
    wanted = [*first, *(f.metric for f in analysis.findings if f.level != "unknown")]
    drawable = {m.metric for m in analysis.measurements if m.metric in load_cards() and has_strides(m)}
    return [metric for metric in dict.fromkeys(wanted) if metric in drawable]


def _titled(code: str, name: Text) -> Text:
    return both(lambda lang: text(code, lang, name=name.get(lang)))


def _figures(draw: Callable[[Lang], go.Figure]) -> Figures:
    return {lang: json.loads(plotly.io.to_json(draw(lang), validate=False)) for lang in LANGS}


def _chart_data(figures: Mapping[str, Figures]) -> Markup:
    """All figures as JSON that can stand inside a script element whatever words are in it."""
    text_ = json.dumps({"figures": figures, "config": CONFIG}, ensure_ascii=False, separators=(",", ":"))
    for risky in "<>&\u2028\u2029":
        text_ = text_.replace(risky, f"\\u{ord(risky):04x}")
    return Markup(text_)
