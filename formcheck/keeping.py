"""Keeping an analysis for a person, and opening it again: between the records of an analysis and the history.

What comes back has the numbers, findings and comparisons exactly as they were kept, whatever a later version would
measure; only the curves and moments of the strides are made again, from the kept pose.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast

from formcheck.annotated_clip import Picture
from formcheck.cards import Lang
from formcheck.exports.analysis_json import analysis_as_dict, write_analysis_json
from formcheck.exports.tables import write_events_csv, write_signals_csv
from formcheck.guidance.sheet import write_plan
from formcheck.guidance.told import tell_analysis
from formcheck.history.analyses import ToKeep
from formcheck.history.tables import KeptAnalysis
from formcheck.pose.recorded_pose import read_pose, write_pose
from formcheck.records import Analysis, Answers, InputError
from formcheck.report import write_report
from formcheck.saved import analysis_from

CLIP = "clip"
"""The kept clip's own name, before its ending."""
ANNOTATED, FRAMES = "annotated.mp4", "frames"


def to_keep(analysis: Analysis, filmed_on: date, folder: Path | None = None, clip: Path | None = None) -> ToKeep:
    """What is kept of an analysis: its numbers and its pose.

    With ``folder``, its results, and ``clip`` also the clip, as filmed and annotated, and the key moments' pictures;
    where the face was to be blurred, not the clip as filmed.
    """
    with tempfile.TemporaryDirectory(prefix="formcheck-keep-") as aside:
        pose = Path(aside) / "pose.npz"
        write_pose(analysis.pose, pose)
        packed = pose.read_bytes()
    answers = None if analysis.answers is None else _answers_as_dict(analysis.answers)
    return ToKeep(analysis_as_dict(analysis), filmed_on, answers, packed, _files(folder, clip, not analysis.blur_face))


def _files(folder: Path | None, clip: Path | None, as_filmed: bool) -> Mapping[str, Path] | None:
    if folder is None or clip is None:
        return None
    files = {ANNOTATED: folder / ANNOTATED} | ({f"{CLIP}{clip.suffix.lower()}": clip} if as_filmed else {})
    files |= {f"{FRAMES}/{picture.name}": picture for picture in sorted((folder / FRAMES).glob("*.jpg"))}
    return {name: path for name, path in files.items() if path.is_file()}


def reopened(kept: KeptAnalysis) -> Analysis:
    """The analysis as it was kept.

    Raises InputError ``not_a_pose_file`` where its pose is missing or damaged, and ``kept_not_opened`` where this
    version makes nothing of it.
    """
    pose = _pose(kept)
    try:
        answers = None if kept.answers is None else answers_from(kept.answers)
        return analysis_from(kept.content, pose, answers)
    except (InputError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError("kept_not_opened", name=kept.name, day=kept.filmed_on.isoformat()) from error


def write_again(
    analysis: Analysis, clips: Path | None, folder: Path, lang: Lang, on_share: Callable[[float], None] | None = None
) -> None:
    """Write into ``folder`` what ``write_results`` once wrote, as far as it was kept: without a clip no pictures.

    ``on_share`` is told 0..1 of the time it takes, and may raise to stop it.
    """
    tell = on_share or (lambda _: None)
    tell(0.0)
    if clips is not None:
        _lend(clips / ANNOTATED, folder / ANNOTATED)
        for picture in (clips / FRAMES).glob("*.jpg"):
            _lend(picture, folder / FRAMES / picture.name)
    write_analysis_json(analysis, folder / "analysis.json")
    write_signals_csv(analysis, folder / "signals.csv")
    write_events_csv(analysis, folder / "events.csv")
    tell(0.2)
    write_pose(analysis.pose, folder / "pose.npz")
    tell(0.4)
    write_report(analysis, _pictures(analysis, folder / FRAMES), folder / "report.html", lang)
    tell(0.95)
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
        path = frames / f"{moment.id}.jpg"
        if path.is_file():
            found.append(Picture(moment, path.read_bytes(), path.name))
    return sorted(found, key=lambda picture: picture.moment.time_s)


def _pose(kept: KeptAnalysis) -> Any:
    if kept.pose is None:
        raise InputError("not_a_pose_file", name=kept.name)
    with tempfile.TemporaryDirectory(prefix="formcheck-keep-") as aside:
        path = Path(aside) / "pose.npz"
        path.write_bytes(kept.pose)
        return read_pose(path)


def _answers_as_dict(answers: Answers) -> dict[str, Any]:
    choices = {name: sorted(chosen) for name, chosen in answers.choices.items()}
    return {"choices": choices, "numbers": dict(answers.numbers)}


def answers_from(kept: Mapping[str, Any]) -> Answers:
    """The answers to the safety check as they were kept."""
    choices = {name: frozenset(cast(list[str], chosen)) for name, chosen in kept["choices"].items()}
    return Answers(choices, dict(kept["numbers"]))
