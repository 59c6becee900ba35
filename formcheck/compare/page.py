"""``compare.html`` and ``compare.json``: the comparison to read, in one file, and for other programs."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formcheck.cards import LANGS, Lang, load_cards
from formcheck.compare.clip import HALF_SPEED
from formcheck.compare.differences import Difference
from formcheck.compare.told import MARKS, heads, labels, summary, told
from formcheck.pages import page_template
from formcheck.records import Analysis, Measurement
from formcheck.texts import note_text, text

if TYPE_CHECKING:
    from formcheck.compare import Compared

SCHEMA = 1
DECIMALS = 4
Json = dict[str, Any]


def write_compare_html(
    compared: Compared, pictures: Sequence[tuple[str, bytes]], clip: bytes | None, path: Path, lang: Lang
) -> None:
    """Write the comparison as one UTF-8 file that opens offline; ``pictures`` are captions and JPEGs, ``clip`` MP4."""
    html = page_template("compare.html.j2").render(
        lang=lang,
        heads=heads(compared.before, compared.after, lang),
        labels=labels(compared.before, compared.after, lang),
        notes=[note_text(note, lang) for note in compared.notes],
        groups=_groups(compared, lang),
        summary=summary(compared.differences, lang),
        nothing=not any(d.change in ("changed", "perhaps") for d in compared.differences),
        clip=None if clip is None else "data:video/mp4;base64," + base64.b64encode(clip).decode(),
        pictures=[(words, "data:image/jpeg;base64," + base64.b64encode(jpeg).decode()) for words, jpeg in pictures],
        speed=f"{HALF_SPEED:g}",
        say=lambda code, **details: text(code, lang, **details),
        marks=MARKS,
    )
    path.write_text(html, encoding="utf-8", newline="\n")


def _groups(compared: Compared, lang: Lang) -> list[tuple[str, list[Any]]]:
    """The rows of the table by how they changed; metrics without a card cannot be told."""
    known = [d for d in compared.differences if d.metric in load_cards()]
    return [(change, [told(d, lang) for d in rows]) for change, rows in groupby(known, key=lambda d: d.change)]


def write_compare_json(compared: Compared, path: Path) -> None:
    """Write the comparison as UTF-8 JSON: no NaN, ``null`` where there is no number."""
    written = json.dumps(compared_as_dict(compared), ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(written + "\n", encoding="utf-8", newline="\n")


def compared_as_dict(compared: Compared) -> Json:
    """The comparison as plain dicts, lists, words and finite numbers."""
    step = compared.step
    return {
        "schema": SCHEMA,
        "activity": compared.before.activity,
        "view": compared.before.view,
        "before": _clip(compared.before),
        "after": _clip(compared.after),
        "notes": [{"code": n.code, "text": {lang: note_text(n, lang) for lang in LANGS}} for n in compared.notes],
        "differences": [_difference(difference) for difference in compared.differences],
        "in_step": None
        if step is None
        else {"before_s": [_number(t) for t in step.before_s], "after_s": [_number(t) for t in step.after_s]},
        "moments": [
            {"before": pair.before.id, "after": pair.after.id, "times_s": [pair.before.time_s, pair.after.time_s]}
            for pair in compared.moments
        ],
    }


def _clip(analysis: Analysis) -> Json:
    return {
        "name": analysis.video.name,
        "filmed_on": analysis.video.filmed_on,
        "slow_motion": analysis.video.slow_motion,
        "made_with": dict(analysis.made_with),
    }


def _difference(difference: Difference) -> Json:
    first, second = difference.levels
    return {
        "metric": difference.metric,
        "unit": difference.unit,
        "before": _measured(difference.before) | {"level": first},
        "after": _measured(difference.after) | {"level": second},
        "difference": _number(difference.value),
        "uncertainty": _number(difference.uncertainty),
        "change": difference.change,
    }


def _measured(measurement: Measurement) -> Json:
    value = measurement.value
    return {
        "side": measurement.side,
        "value": value if isinstance(value, str) else _number(value),
        "uncertainty": _number(measurement.uncertainty),
        "n": measurement.n,
        "status": measurement.status,
        "reason": None if measurement.reason is None else measurement.reason.code,
    }


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(float(value), DECIMALS) + 0.0
