"""An analysis back from what was written of it: ``analysis.json`` for the numbers, ``pose.npz`` for the rest.

The numbers, findings and comparisons come back as they were written, rounded as they were, whatever this version would
measure; curves and moments of the strides are made again from the pose.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from formcheck.activities import ACTIVITIES
from formcheck.analysis import STANDING_FILE, Options, analyze_pose
from formcheck.pose.recorded_pose import read_pose
from formcheck.records import (
    Analysis,
    Answers,
    Comparison,
    Finding,
    InputError,
    KeyMoment,
    Measurement,
    Note,
    PoseTrack,
    Segment,
    Standing,
    VideoFacts,
)

Json = Mapping[str, Any]


def read_results(folder: Path) -> Analysis:
    """The analysis in a folder that ``write_results`` wrote, without its answers to the safety check.

    Raises InputError ``not_a_result`` where it is not such a folder, and ``not_a_pose_file`` for a damaged pose.
    """
    try:
        content = json.loads((folder / "analysis.json").read_text(encoding="utf-8"))
        pose_file = folder / "pose.npz"
        if not pose_file.is_file():
            raise InputError("not_a_result", name=folder.name)
        return analysis_from(content, read_pose(pose_file), None, _standing(content, folder / STANDING_FILE))
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError("not_a_result", name=folder.name) from error


def analysis_from(
    content: Json, pose: PoseTrack, answers: Answers | None, standing: Standing | None = None
) -> Analysis:
    """The analysis that ``analysis_as_dict`` made ``content`` of; KeyError and TypeError for anything else."""
    subject = content["subject"]
    options = Options(
        activity=content["activity"] if content["activity"] in ACTIVITIES else "auto",
        view=content["view"] if content["view"] in ("side", "rear", "front") else "auto",
        height_cm=subject["height_cm"],
        belt_speed_mps=subject["belt_speed_mps"],
        mode=subject.get("mode") or "auto",
        pain=subject.get("pain"),
    )
    given = () if standing is None else (standing,)
    analysis = analyze_pose(pose, _facts(content["video"]), options, given, known=True)
    return replace(
        analysis,
        measurements=tuple(_measurement(m) for m in content["measurements"]),
        comparisons=tuple(_comparison(c) for c in content["comparisons"]),
        segments=tuple(Segment(**s) for s in content["segments"]),
        findings=tuple(_finding(f) for f in content["findings"]),
        key_moments=tuple(KeyMoment(**moment) for moment in content["key_moments"]),
        warnings=tuple(_note(n["code"], n.get("details")) for n in content["quality"]["warnings"]),
        made_with=content["made_with"],
        blur_face=content.get("blur_face", False),
        answers=answers,
    )


def _standing(content: Json, file: Path) -> Standing | None:
    """From the clip of standing that was given; None where there was none."""
    if not file.is_file():
        return None
    told = content["standing"]
    return Standing(read_pose(file), told["view"], told["clip"])


def _facts(video: Json) -> VideoFacts:
    return VideoFacts(**video)


def _measurement(kept: Json) -> Measurement:
    named = _without(kept, "reason", "reason_text", "reason_details", "values", "times_s")
    return Measurement(
        **named, reason=_reason(kept), values=_numbers(kept["values"]), times_s=_numbers(kept["times_s"])
    )


def _comparison(kept: Json) -> Comparison:
    named = _without(kept, "reason", "reason_text", "reason_details", "unit")
    return Comparison(**named, unit=kept["unit"].removesuffix("/min"), reason=_reason(kept))


def _finding(kept: Json) -> Finding:
    named = _without(kept, "text", "advice", "sources")
    return Finding(**named, sources=tuple(kept["sources"]))


def _reason(kept: Json) -> Note | None:
    return None if kept["reason"] is None else _note(kept["reason"], kept.get("reason_details"))


def _note(code: str, details: Mapping[str, str | int | float] | None) -> Note:
    return Note(code, dict(details or {}))


def _numbers(values: list[float | None]) -> tuple[float, ...]:
    return tuple(float("nan") if value is None else value for value in values)


def _without(kept: Json, *names: str) -> dict[str, Any]:
    return {name: value for name, value in kept.items() if name not in names}
