"""``analysis.json``: everything found out about one clip, for other programs.

Keys and codes are stable (``schema``); words are there beside them in both languages. A number that is not known is
``null``, never NaN, which JSON does not have. Every number is rounded to four decimals: a tenth of a millisecond, and
far finer than any ``uncertainty``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from formcheck.activities.danger import mode_of
from formcheck.cards import LANGS, Card, Lang, load_cards
from formcheck.guidance import guide_analysis
from formcheck.guidance.cited import keys_of
from formcheck.records import (
    Analysis,
    Comparison,
    Event,
    Finding,
    Hold,
    KeyMoment,
    Measurement,
    Note,
    Repetition,
    Segment,
)
from formcheck.texts import advice_text, finding_text, note_text

SCHEMA = 1
DECIMALS = 4

Json = dict[str, Any]


def write_analysis_json(analysis: Analysis, path: Path) -> None:
    """Write the analysis as UTF-8 JSON."""
    text = json.dumps(analysis_as_dict(analysis), ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def analysis_as_dict(analysis: Analysis) -> Json:
    """The analysis as plain dicts, lists, words and finite numbers.

    A finding whose metric has no card or no measurement any more is left out: it could not be told in words.
    """
    return {
        "schema": SCHEMA,
        "activity": analysis.activity,
        "view": analysis.view,
        "mode": mode_of(analysis.warnings),
        "facing": analysis.signals.facing,
        "near_side": analysis.signals.near_side,
        "video": _video(analysis),
        "subject": {
            "height_cm": _number(analysis.subject.height_cm),
            "belt_speed_mps": _number(analysis.subject.belt_speed_mps),
            "mode": analysis.subject.mode,
            "pain": _number(analysis.subject.pain),
        },
        "quality": _quality(analysis),
        "standing": _standing(analysis),
        "events": [_event(event) for event in analysis.events],
        "repetitions": [_repetition(rep) for rep in analysis.reps],
        "holds": [_hold(hold) for hold in analysis.holds],
        "key_moments": [_key_moment(moment) for moment in analysis.key_moments],
        "measurements": [_measurement(measurement) for measurement in analysis.measurements],
        "comparisons": [_comparison(comparison) for comparison in analysis.comparisons],
        "segments": [_segment(segment) for segment in analysis.segments],
        "findings": _findings(analysis),
        "guidance": _guidance(analysis),
        "made_with": dict(analysis.made_with),
        "blur_face": analysis.blur_face,
    }


def _video(analysis: Analysis) -> Json:
    video = analysis.video
    return {
        "name": video.name,
        "width_px": video.width_px,
        "height_px": video.height_px,
        "n_frames": video.n_frames,
        "duration_s": _number(video.duration_s),
        "frame_rate_hz": _number(video.frame_rate_hz),
        "variable_frame_rate": video.variable_frame_rate,
        "slow_motion": _number(video.slow_motion),
        "filmed_on": video.filmed_on,
    }


def _quality(analysis: Analysis) -> Json:
    signals = analysis.signals
    return {
        "pose_rate": _number(signals.pose_rate),
        "camera": signals.camera,
        "warnings": [{"code": note.code, "text": _note(note), "details": _details(note)} for note in analysis.warnings],
        "legs_exchanged": signals.n_exchanges,
        "jumps": signals.n_jumps,
        "gaps": signals.n_gaps,
        "level_deg": _number(signals.level_deg),
    }


def _standing(analysis: Analysis) -> Json | None:
    """Quiet standing that numbers were held against; ``clip`` is null where it is in the clip itself."""
    standing = analysis.standing
    if standing is None:
        return None
    span = {"start_s": _number(standing.start_s), "end_s": _number(standing.end_s)}
    return {"clip": standing.clip, "view": standing.view, **span}


def _event(event: Event) -> Json:
    return {"kind": event.kind, "side": event.side, "time_s": _number(event.time_s), "clean": bool(event.clean)}


def _key_moment(moment: KeyMoment) -> Json:
    return {"kind": moment.kind, "side": moment.side, "time_s": _number(moment.time_s), "n": moment.n}


def _repetition(rep: Repetition) -> Json:
    times = ("start_s", "top_s", "end_s", "hold_start_s", "hold_end_s")
    return {"side": rep.side, **{name: _number(getattr(rep, name)) for name in times}, "complete": rep.complete}


def _hold(hold: Hold) -> Json:
    return {
        "side": hold.side,
        "start_s": _number(hold.start_s),
        "end_s": _number(hold.end_s),
        "complete": hold.complete,
    }


def _comparison(comparison: Comparison) -> Json:
    return {
        "kind": comparison.kind,
        "metric": comparison.metric,
        "side": comparison.side,
        "unit": f"{comparison.unit}/min" if comparison.kind == "drift" else comparison.unit,
        "value": _number(comparison.value),
        "uncertainty": _number(comparison.uncertainty),
        "n": comparison.n,
        "span_s": _number(comparison.span_s),
        "status": comparison.status,
        "reason": None if comparison.reason is None else comparison.reason.code,
        "reason_text": None if comparison.reason is None else _note(comparison.reason),
        "reason_details": None if comparison.reason is None else _details(comparison.reason),
    }


def _segment(segment: Segment) -> Json:
    return {
        "metric": segment.metric,
        "side": segment.side,
        "unit": segment.unit,
        "start_s": _number(segment.start_s),
        "end_s": _number(segment.end_s),
        "value": _number(segment.value),
        "uncertainty": _number(segment.uncertainty),
        "n": segment.n,
    }


def _measurement(measurement: Measurement) -> Json:
    value = measurement.value
    row: Json = {
        "metric": measurement.metric,
        "side": measurement.side,
        "unit": measurement.unit,
        "value": value if isinstance(value, str) else _number(value),
        "spread": _number(measurement.spread),
        "n": measurement.n,
        "uncertainty": _number(measurement.uncertainty),
        "status": measurement.status,
        "reason": None if measurement.reason is None else measurement.reason.code,
        "reason_text": None if measurement.reason is None else _note(measurement.reason),
        "reason_details": None if measurement.reason is None else _details(measurement.reason),
        "values": [_number(value) for value in measurement.values],
        "times_s": [_number(time) for time in measurement.times_s],
    }
    if measurement.probabilities:
        row["probabilities"] = _numbers(measurement.probabilities)
    return row


def _findings(analysis: Analysis) -> list[Json]:
    cards = load_cards()
    measured = {(m.metric, m.side): m for m in analysis.measurements}
    with_advice = guide_analysis(analysis).offers_form
    found = []
    for finding in analysis.findings:
        card, measurement = cards.get(finding.metric), measured.get((finding.metric, finding.side))
        if card is not None and measurement is not None:
            found.append(_finding(finding, measurement, card, with_advice))
    return found


def _finding(finding: Finding, measurement: Measurement, card: Card, with_advice: bool) -> Json:
    advice = _both(lambda lang: advice_text(finding, measurement, card, lang))
    return {
        "metric": finding.metric,
        "side": finding.side,
        "level": finding.level,
        "direction": finding.direction,
        "low": _number(finding.low),
        "high": _number(finding.high),
        "basis": finding.basis,
        "sources": list(finding.sources),
        "time_s": _number(finding.time_s),
        "text": _both(lambda lang: finding_text(finding, measurement, card, lang)),
        "advice": advice if with_advice and advice["en"] is not None else None,
    }


def _guidance(analysis: Analysis) -> Json:
    """The outcome of the safety check (null where none was made), the plan, and what is explained instead."""
    found = guide_analysis(analysis)
    safety, target = found.safety, found.cadence
    return {
        "safety": None
        if safety is None
        else {
            "outcome": safety.outcome.id,
            "running": safety.outcome.running,
            "rules": [{"rule": r.id, "outcome": r.outcome, "sources": list(keys_of(r.because))} for r in safety.fired],
        },
        "plan": [{"do": item.exercise.id, "rules": [rule.id for rule in item.rules]} for item in found.items],
        "ruled_out": [{"exercise": out.exercise.id, "rule": out.by.id} for out in found.ruled_out],
        "load": [{"rule": advice.rule.id, "limit_km": _number(advice.limit_km)} for advice in found.load],
        "habits": [rule.id for rule in found.habits],
        "cadence_target": None
        if target is None
        else {"own_spm": _number(target.own_spm), "target_spm": target.target_spm, "most_spm": target.most_spm},
    }


def _note(note: Note) -> Json:
    return _both(lambda lang: note_text(note, lang))


def _details(note: Note) -> Json:
    """What fills the sentence in, so that it can be told again from the file."""
    return {name: value if isinstance(value, str | int) else _number(value) for name, value in note.details.items()}


def _both(say: Callable[[Lang], str | None]) -> Json:
    return {lang: say(lang) for lang in LANGS}


def _numbers(values: Mapping[str, float]) -> Json:
    return {name: _number(value) for name, value in values.items()}


def _number(value: float | None) -> float | None:
    if value is None or not math.isfinite(value):
        return None
    # + 0.0 turns -0.0 into 0.0; float() turns NumPy's numbers into ones that json knows
    return round(float(value), DECIMALS) + 0.0
