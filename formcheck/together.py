"""Clips of one person from several sides, filmed together or one after the other, in one report.

    write_together([(side, side_folder), (rear, rear_folder)], Path("out"), "en")

Nothing is measured here: each number stays that of its clip. What both clips show has to agree, and cadence is in all
of them: where it does not, the clips are of different speeds (or people) and are not to be read as one run.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from pathlib import Path
from typing import Any

from formcheck.cards import GROUPS, Card, Lang, load_cards
from formcheck.exercise_sides import left_right
from formcheck.findings import SEVERITY
from formcheck.folders import whole_folder
from formcheck.guidance.told import tell_analysis
from formcheck.joined import checkpoints, doubts, is_exercise, rep_tables, seen_from, side_rows
from formcheck.pages import page_template
from formcheck.records import Analysis, Comparison, Finding, InputError, Measurement, Note
from formcheck.texts import advice_text, finding_text, format_value, moment_text, note_text, points_to_text, text
from formcheck.told import SHAPES, Told

SCHEMA = 1
FOLDER = "together"
CADENCE = "cadence_spm"
SPEEDS_APART = 0.02
"""Of cadence: less than this is how a runner's own cadence wanders between two clips."""

Clip = tuple[Analysis, Path]
"""An analysis and the folder its results were written into."""


@dataclass(frozen=True)
class _Row:
    """One number of one clip in words."""

    group: str
    name: str
    view: str
    value: str
    sure: str


def write_together(clips: Sequence[Clip], out: Path, lang: Lang) -> Path:
    """Write ``together/together.html`` and ``together.json`` into ``out`` and return their folder.

    Raises InputError ``together_needs_two`` for fewer than two clips and ``cannot_write_output``.
    """
    if len(clips) < 2:
        raise InputError("together_needs_two")
    with whole_folder(Path(out), FOLDER) as folder:
        (folder / "together.html").write_text(together_html(clips, lang), encoding="utf-8", newline="\n")
        written = json.dumps(together_as_dict(clips), ensure_ascii=False, indent=1, allow_nan=False)
        (folder / "together.json").write_text(written + "\n", encoding="utf-8", newline="\n")
    return Path(out) / FOLDER


def agreement(analyses: Sequence[Analysis]) -> list[Note]:
    """Doubts whether the clips belong together: cadences that differ beyond their error, the same view twice; of
    exercises those of ``joined.py``."""
    if any(analysis.activity != "running" for analysis in analyses):
        return doubts(analyses)
    notes = []
    for first, second in combinations(analyses, 2):
        a, b = _cadence(first), _cadence(second)
        if a is None or b is None:
            continue
        error = math.hypot(a.uncertainty or 0.0, b.uncertainty or 0.0)
        assert isinstance(a.value, float)
        assert isinstance(b.value, float)
        if abs(a.value - b.value) > max(error, SPEEDS_APART * a.value):
            notes.append(Note("together_cadences_differ", {"first": round(a.value), "second": round(b.value)}))
    if len({analysis.view for analysis in analyses}) < len(analyses):
        notes.append(Note("together_same_view"))
    return notes


def _cadence(analysis: Analysis) -> Measurement | None:
    found = [m for m in analysis.measurements if m.metric == CADENCE and isinstance(m.value, float)]
    return found[0] if found else None


# ------------------------------------------------------------------------------------------------------- words


def together_html(clips: Sequence[Clip], lang: Lang) -> str:
    """The clips as one HTML document that opens offline."""
    analyses = [analysis for analysis, _ in clips]
    return page_template("together.html.j2").render(
        lang=lang,
        title=text("together_title_exercise" if is_exercise(analyses) else "together_title", lang),
        clips=[_clip(analysis, folder, lang) for analysis, folder in clips],
        notes=[note_text(note, lang) for note in agreement(analyses)],
        agrees=not agreement(analyses) and sum(_cadence(analysis) is not None for analysis in analyses) > 1,
        findings=_findings(analyses, lang),
        groups=[(group, list(rows)) for group, rows in groupby(_rows(analyses, lang), key=lambda row: row.group)],
        warnings=_warnings(analyses, lang),
        checkpoints=checkpoints(analyses, lang) if is_exercise(analyses) else [],
        rep_tables=rep_tables(analyses, lang, SHAPES) if is_exercise(analyses) else [],
        sides=side_rows(analyses, lang) if is_exercise(analyses) else [],
        say=lambda code, **details: text(code, lang, **details),
        shapes=SHAPES,
    )


def _clip(analysis: Analysis, folder: Path, lang: Lang) -> dict[str, Any]:
    pictures = [(m, folder / "frames" / f"{m.id}.jpg") for m in analysis.key_moments]
    clip = folder / "annotated.mp4"
    return {
        "name": analysis.video.name,
        "view": seen_from(analysis, lang),
        "clip": _data("video/mp4", clip) if clip.exists() else None,
        "pictures": [
            (moment_text(m, lang, with_time=True), _data("image/jpeg", path)) for m, path in pictures if path.exists()
        ],
    }


def _data(mime: str, path: Path) -> str:
    return f"data:{mime};base64," + base64.b64encode(path.read_bytes()).decode()


def _findings(analyses: Sequence[Analysis], lang: Lang) -> list[dict[str, Any]]:
    """What all clips show, worst first; what each number is from is said beside it."""
    told: list[tuple[Finding, dict[str, Any]]] = []
    for analysis in analyses:
        has, of = Told(analysis).has, {(m.metric, m.side): m for m in analysis.measurements}
        offers_form = tell_analysis(analysis).offers_form
        told += [
            (finding, _finding(finding, of[finding.metric, finding.side], analysis, offers_form, lang))
            for finding in analysis.findings
            if has(finding) and finding.level != "unknown"
        ]
    cards = load_cards()
    told.sort(key=lambda item: (SEVERITY.index(item[0].level), cards[item[0].metric].order))
    return [words for _, words in told]


def _finding(
    finding: Finding, measured: Measurement, analysis: Analysis, offers_form: bool, lang: Lang
) -> dict[str, Any]:
    card = load_cards()[finding.metric]
    return {
        "level": finding.level,
        "name": _name(measured, card, lang),
        "view": seen_from(analysis, lang),
        "sentence": finding_text(finding, measured, card, lang),
        "advice": advice_text(finding, measured, card, lang) if offers_form else None,
        "points_to": points_to_text(finding, measured, card, lang) if offers_form else None,
        "basis": text(f"basis_{finding.basis}", lang),
    }


def _rows(analyses: Sequence[Analysis], lang: Lang) -> list[_Row]:
    """Every number of every clip, kindred ones beside each other."""
    cards = load_cards()
    known = [(m, cards[m.metric], a) for a in analyses for m in a.measurements if m.metric in cards]
    known = [item for item in known if item[0].status != "not_measurable"]
    known.sort(key=lambda item: (GROUPS.index(item[1].group), item[1].order, item[0].side or ""))
    return [
        _Row(
            text(f"group_{card.group}", lang),
            _name(m, card, lang),
            seen_from(analysis, lang),
            format_value(m, card, lang),
            text(f"status_{m.status}", lang),
        )
        for m, card, analysis in known
    ]


def _name(measured: Measurement, card: Card, lang: Lang) -> str:
    if measured.side is None:
        return card.name.get(lang)
    return text("name_and_side", lang, name=card.name.get(lang), side=text(f"side_{measured.side}", lang))


def _warnings(analyses: Sequence[Analysis], lang: Lang) -> list[str]:
    """Each clip's notes, said once."""
    return list(dict.fromkeys(note_text(note, lang) for analysis in analyses for note in analysis.warnings))


# -------------------------------------------------------------------------------------------------------- JSON


def _left_less_right(compared: Comparison) -> dict[str, Any]:
    return {
        "metric": compared.metric,
        "unit": compared.unit,
        "value": None if compared.value is None else round(compared.value, 4),
        "uncertainty": None if compared.uncertainty is None else round(compared.uncertainty, 4),
    }


def together_as_dict(clips: Sequence[Clip]) -> dict[str, Any]:
    """Which clips, whether they agree, and every number with its clip and view."""
    analyses = [analysis for analysis, _ in clips]
    notes = agreement(analyses)
    return {
        "schema": SCHEMA,
        "clips": [{"name": a.video.name, "folder": f.name, "activity": a.activity, "view": a.view} for a, f in clips],
        "agrees": not notes,
        "left_right": [_left_less_right(c) for c in left_right(analyses)] if is_exercise(analyses) else [],
        "notes": [{"code": n.code, "text": {"ja": note_text(n, "ja"), "en": note_text(n, "en")}} for n in notes],
        "measurements": [
            {
                "clip": a.video.name,
                "view": a.view,
                "metric": m.metric,
                "side": m.side,
                "unit": m.unit,
                "value": round(m.value, 4) if isinstance(m.value, float) else m.value,
                "uncertainty": None if m.uncertainty is None else round(m.uncertainty, 4),
                "n": m.n,
                "status": m.status,
            }
            for a in analyses
            for m in a.measurements
        ],
    }
