"""Keeping an analysis for a person, and opening it again: between the records of an analysis and the history.

What comes back has the numbers, findings and comparisons exactly as they were kept, whatever a later version would
measure; only the curves and moments of the strides are made again, from the kept pose.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

from formcheck.analysis import Options, analyze_pose
from formcheck.annotated_clip import Picture
from formcheck.cards import Lang
from formcheck.exports.analysis_json import analysis_as_dict, write_analysis_json
from formcheck.exports.tables import write_events_csv, write_signals_csv
from formcheck.guidance.sheet import write_plan
from formcheck.guidance.told import tell_analysis
from formcheck.history.analyses import ToKeep
from formcheck.history.tables import KeptAnalysis
from formcheck.pose.recorded_pose import read_pose, write_pose
from formcheck.records import (
    Analysis,
    Answers,
    Comparison,
    Finding,
    InputError,
    KeyMoment,
    Measurement,
    Note,
    Segment,
    VideoFacts,
)
from formcheck.report import write_report

CLIP = "clip"
"""The kept clip's own name, before its ending."""
ANNOTATED, FRAMES = "annotated.mp4", "frames"


def to_keep(analysis: Analysis, filmed_on: date, folder: Path | None = None, clip: Path | None = None) -> ToKeep:
    """What is kept of an analysis: its numbers and its pose.

    With ``folder``, its results, and ``clip`` also the clip, as filmed and annotated, and the key moments' pictures.
    """
    with tempfile.TemporaryDirectory(prefix="formcheck-keep-") as aside:
        pose = Path(aside) / "pose.npz"
        write_pose(analysis.pose, pose)
        packed = pose.read_bytes()
    answers = None if analysis.answers is None else _answers_as_dict(analysis.answers)
    return ToKeep(analysis_as_dict(analysis), filmed_on, answers, packed, _files(folder, clip))


def _files(folder: Path | None, clip: Path | None) -> Mapping[str, Path] | None:
    if folder is None or clip is None:
        return None
    files = {f"{CLIP}{clip.suffix.lower()}": clip, ANNOTATED: folder / ANNOTATED}
    files |= {f"{FRAMES}/{picture.name}": picture for picture in sorted((folder / FRAMES).glob("*.jpg"))}
    return {name: path for name, path in files.items() if path.is_file()}


def reopened(kept: KeptAnalysis) -> Analysis:
    """The analysis as it was kept. Raises InputError ``not_a_pose_file`` where its pose is missing or damaged."""
    content = kept.content
    pose = _pose(kept)
    subject = content["subject"]
    options = Options(height_cm=subject["height_cm"], belt_speed_mps=subject["belt_speed_mps"])
    analysis = analyze_pose(pose, _facts(content["video"]), options)
    return replace(
        analysis,
        measurements=tuple(_measurement(m) for m in content["measurements"]),
        comparisons=tuple(_comparison(c) for c in content["comparisons"]),
        segments=tuple(Segment(**s) for s in content["segments"]),
        findings=tuple(_finding(f) for f in content["findings"]),
        key_moments=tuple(KeyMoment(**moment) for moment in content["key_moments"]),
        warnings=tuple(_note(n["code"], n.get("details")) for n in content["quality"]["warnings"]),
        made_with=content["made_with"],
        answers=None if kept.answers is None else answers_from(kept.answers),
    )


def write_again(analysis: Analysis, clips: Path | None, folder: Path, lang: Lang) -> None:
    """Write into ``folder`` what ``write_results`` once wrote, as far as it was kept: without a clip no pictures."""
    if clips is not None:
        _lend(clips / ANNOTATED, folder / ANNOTATED)
        for picture in (clips / FRAMES).glob("*.jpg"):
            _lend(picture, folder / FRAMES / picture.name)
    write_analysis_json(analysis, folder / "analysis.json")
    write_signals_csv(analysis, folder / "signals.csv")
    write_events_csv(analysis, folder / "events.csv")
    write_pose(analysis.pose, folder / "pose.npz")
    write_report(analysis, _pictures(analysis, folder / FRAMES), folder / "report.html", lang)
    if analysis.answers is not None:
        write_plan(tell_analysis(analysis), folder / "plan.html", lang, analysis.video.name)


def kept_clip(clips: Path | None) -> Path | None:
    """The clip as it was filmed, where it was kept."""
    return None if clips is None else next(clips.glob(f"{CLIP}.*"), None)


def _lend(source: Path, target: Path) -> None:
    """The same file under another name where the system can do that, else a copy."""
    if not source.is_file():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _pictures(analysis: Analysis, frames: Path) -> list[Picture]:
    found = []
    for moment in analysis.key_moments:
        path = frames / f"{moment.kind}_{moment.side}.jpg"
        if path.is_file():
            found.append(Picture(moment, path.read_bytes(), path.name))
    return sorted(found, key=lambda picture: picture.moment.time_s)


# ------------------------------------------------------------------------------- back from what analysis.json holds


def _pose(kept: KeptAnalysis) -> Any:
    if kept.pose is None:
        raise InputError("not_a_pose_file", name=kept.name)
    with tempfile.TemporaryDirectory(prefix="formcheck-keep-") as aside:
        path = Path(aside) / "pose.npz"
        path.write_bytes(kept.pose)
        return read_pose(path)


def _facts(video: Mapping[str, Any]) -> VideoFacts:
    return VideoFacts(**video)


def _measurement(kept: Mapping[str, Any]) -> Measurement:
    fields = _without(kept, "reason", "reason_text", "reason_details", "values", "times_s")
    return Measurement(
        **fields, reason=_reason(kept), values=_numbers(kept["values"]), times_s=_numbers(kept["times_s"])
    )


def _comparison(kept: Mapping[str, Any]) -> Comparison:
    fields = _without(kept, "reason", "reason_text", "reason_details", "unit")
    return Comparison(**fields, unit=kept["unit"].removesuffix("/min"), reason=_reason(kept))


def _finding(kept: Mapping[str, Any]) -> Finding:
    fields = _without(kept, "text", "advice", "sources")
    return Finding(**fields, sources=tuple(kept["sources"]))


def _reason(kept: Mapping[str, Any]) -> Note | None:
    return None if kept["reason"] is None else _note(kept["reason"], kept.get("reason_details"))


def _note(code: str, details: Mapping[str, str | int | float] | None) -> Note:
    return Note(code, dict(details or {}))


def _numbers(values: list[float | None]) -> tuple[float, ...]:
    return tuple(float("nan") if value is None else value for value in values)


def _without(kept: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in kept.items() if name not in names}


def _answers_as_dict(answers: Answers) -> dict[str, Any]:
    choices = {name: sorted(chosen) for name, chosen in answers.choices.items()}
    return {"choices": choices, "numbers": dict(answers.numbers)}


def answers_from(kept: Mapping[str, Any]) -> Answers:
    """The answers to the safety check as they were kept."""
    choices = {name: frozenset(cast(list[str], chosen)) for name, chosen in kept["choices"].items()}
    return Answers(choices, dict(kept["numbers"]))
