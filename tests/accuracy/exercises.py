"""Rendered exercises with exact truth through the real pose network: ``python -m tests.accuracy.exercises [--write]``.

The clips are made by ``python tools/render_clips.py --exercises`` and lie in ``exercise`` of the folder of the bench
(``rendered.folder``); they are not part of the project. Poses found once are kept beside them, so that what follows the
network is measured again within seconds. Held-out clips, with bodies of their own, are not to be looked at while
anything is tuned.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from formcheck.analysis import Options, analyze_motion, analyze_pose
from formcheck.records import Analysis, InputError, Repetition, VideoFacts

from . import rendered
from .exercise_truths import FAULTS, TRUTHS, At
from .poses import kept_at, pose_of

PROFILE = "balanced"
FOUND_ONLY = "FORMCHECK_FOUND_POSES_ONLY"
"""Set, only clips whose poses were found in an earlier run count: the rest would take minutes each."""
FIRST_LOOK = (
    "hip_lift_over_arch_side_4",
    "hip_lift_gentle_side_4",
    "hip_lift_too_low_side_4",
    "overhead_squat_good_front_4",
    "overhead_squat_knees_in_front_4",
    "plank_breaks_down_side_4",
    "plank_knees_side_4",
    "plank_pike_side_4",
    "plank_toes_sag_side_4",
    "plank_toes_side_4",
    "single_leg_deadlift_round_side_4",
    "single_leg_stance_drop_front_4",
    "single_leg_stance_good_front_4",
    "squat_good_front_4",
    "squat_knees_in_front_4",
    "squat_lean_side_4",
    "standing_bent_knees_side_2",
)
LATER = (
    "squat_round",
    "squat_arch",
    "overhead_squat_round",
    "overhead_squat_arch",
    "single_leg_stance_sinks",
    "single_leg_deadlift_turn",
    "clamshell_end",
    "clamshell_small_feet",
    "clamshell_heels_feet",
    "clamshell_wide_feet",
    "plank_sinks",
    "plank_lies_after",
    "plank_ends_low",
)
FOOT_END_DEG = 60.0
"""Round from the belly toward the feet."""
LAST_OLD_CAST = 4
"""Clips made later: these rows, and casts after that one."""
SAME_REP_S = 0.8
"""A repetition found belongs to the true one whose top is this near to its own."""


def folder() -> Path:
    """Where the clips lie."""
    return rendered.folder() / "exercise"


def why_absent() -> str | None:
    """What to tell where no clip has been made; None where there are some."""
    if clips():
        return None
    return f"no exercise clips in {folder()} (make them with: python tools/render_clips.py --exercises)"


@dataclass(frozen=True)
class Clip:
    """One clip and what is true of it."""

    video: Path
    truth: dict[str, Any] = field(hash=False, compare=False)

    @property
    def name(self) -> str:
        """File name without ending."""
        return self.video.stem

    @property
    def activity(self) -> str:
        """What is done."""
        return str(self.truth["activity"])

    @property
    def view(self) -> str:
        """ "side" or "front"."""
        return str(self.truth["view"])

    @property
    def group(self) -> str:
        """ "tuning" or "held_out"."""
        return str(self.truth["group"])

    @property
    def is_new(self) -> bool:
        """Held out, and not among the clips whose figures were looked at before the product was last changed."""
        cast = int(self.name.rsplit("_", 1)[1])
        return self.group == "held_out" and (
            cast > LAST_OLD_CAST or self.name.startswith(LATER) or self.name in FIRST_LOOK
        )

    @property
    def is_from_the_foot_end(self) -> bool:
        """Filmed nearly straight from the feet, whence the body hides itself."""
        style = self.truth["made_with"]["row"]["style"]
        return self.view == "feet" and float(style.get("feet_yaw_deg", 0.0)) > FOOT_END_DEG

    @property
    def whole_reps(self) -> list[dict[str, Any]]:
        """True repetitions that the clip shows to their end."""
        return [rep for rep in self.truth["reps"] if rep["complete"]]

    @property
    def held_s(self) -> float | None:
        """Longest true hold; None where nothing is held."""
        return max((hold["end_s"] - hold["start_s"] for hold in self.truth["holds"]), default=None)


@cache
def clips(group: str = "all") -> tuple[Clip, ...]:
    """The clips that have been made, in order."""
    found = []
    for answers in sorted(folder().glob("*.truth.json")):
        video = answers.with_name(answers.name.replace(".truth.json", ".mp4"))
        clip = Clip(video, json.loads(answers.read_text("utf-8")))
        wanted = video.exists() and group in ("all", clip.group)
        if wanted and (FOUND_ONLY not in os.environ or _is_found(clip)):
            found.append(clip)
    return tuple(found)


# ------------------------------------------------------------------------------------------------------ analysing


def analysed(clip: Clip, *, told: bool, profile: str = PROFILE) -> Analysis:
    """The product's answer, the activity ``told`` or to be recognised; the pose from an earlier run where there is one.

    Raises InputError as the product does.
    """
    view = "front" if clip.view == "feet" else clip.view
    asked = {"activity": clip.activity, "view": view} if told else {}
    options = Options(height_cm=clip.truth["height_cm"], pose=profile, **asked)  # type: ignore[arg-type]
    pose = pose_of(folder(), clip.video, profile, str(clip.truth["spec_hash"]), workers=1)
    facts = VideoFacts(name=clip.video.name, **clip.truth["video"])
    try:
        return analyze_pose(pose, facts, options)
    except InputError as error:
        return analyze_motion(clip.video, pose, facts, options, error)


def _is_found(clip: Clip) -> bool:
    return kept_at(folder(), clip.video, PROFILE, str(clip.truth["spec_hash"])).exists()


# --------------------------------------------------------------------------------------------------------- results


@dataclass(frozen=True)
class Error:
    """Found less true, of one clip's measure or of one repetition's moment."""

    name: str
    clip: Clip
    error: float
    uncertainty: float | None = None
    true: float = math.nan


@dataclass
class Outcome:
    """Everything found out about some clips."""

    errors: list[Error] = field(default_factory=list)
    counts: list[tuple[Clip, int, int]] = field(default_factory=list)
    """Clip, complete repetitions found, and true."""
    recognised: list[tuple[Clip, str, bool]] = field(default_factory=list)
    """Clip, what the clip was taken for ("" unknown), and whether that was said to be sure."""
    refused: list[tuple[Clip, str]] = field(default_factory=list)
    untold: list[Clip] = field(default_factory=list)
    """Draw-ins of which the product says that the outline does not carry them, and counts nothing."""
    judged: list[tuple[Clip, str, bool, bool]] = field(default_factory=list)
    """Clip, fault, whether it is there, and whether it was told."""
    missing: list[tuple[Clip, str, str]] = field(default_factory=list)
    """Clip, metric, why there was no number."""

    def only(self, is_wanted: Callable[[Clip], bool]) -> Outcome:
        """The same of some clips."""
        return Outcome(
            [e for e in self.errors if is_wanted(e.clip)],
            *([row for row in rows if is_wanted(row[0])] for rows in (self.counts, self.recognised, self.refused)),  # type: ignore[index, arg-type]
            untold=[clip for clip in self.untold if is_wanted(clip)],
            judged=[row for row in self.judged if is_wanted(row[0])],
            missing=[row for row in self.missing if is_wanted(row[0])],
        )

    def of(self, name: str, activity: str | None = None) -> np.ndarray:
        """All errors of one name."""
        return np.array([e.error for e in self.errors if e.name == name and activity in (None, e.clip.activity)])

    def inside(self, name: str) -> tuple[int, int]:
        """How many stated intervals hold the truth, of how many."""
        stated = [e for e in self.errors if e.name == name and e.uncertainty is not None]
        return sum(abs(e.error) <= (e.uncertainty or 0.0) for e in stated), len(stated)


@cache
def outcome(group: str) -> Outcome:
    """All clips of a group."""
    out = Outcome()
    for clip in clips(group):
        recognise(out, clip)
        try:
            analysis = analysed(clip, told=True)
        except InputError as error:
            out.refused.append((clip, error.code))
            if clip.truth["reps"]:
                out.counts.append((clip, 0, len(clip.whole_reps)))
            continue
        compare(out, clip, analysis)
    return out


def recognise(out: Outcome, clip: Clip) -> None:
    """What the clip is taken for when nobody says what is done."""
    try:
        analysis = analysed(clip, told=False)
    except InputError as error:
        known = error.code in ("activity_unknown", "not_running", "not_side_view", "no_person", "too_short")
        out.recognised.append((clip, "" if known else f"({error.code})", False))
        return
    sure = not any(note.code in ("activity_unsure", "activity_unsteady") for note in analysis.warnings)
    out.recognised.append((clip, analysis.activity, sure))


def compare(out: Outcome, clip: Clip, analysis: Analysis) -> None:
    """Hold one analysis against its truth."""
    if any(note.code == "draw_in_not_measured" for note in analysis.warnings):
        out.untold.append(clip)
    elif clip.truth["reps"]:
        found = [rep for rep in analysis.reps if rep.complete]
        out.counts.append((clip, len(found), len(clip.whole_reps)))
        for rep, true in _pairs(found, clip.whole_reps):
            _compare_times(out, clip, rep, true)
    if clip.held_s is not None and not clip.truth["reps"]:
        longest = max((hold.end_s - hold.start_s for hold in analysis.holds), default=0.0)
        out.errors.append(Error("hold_s", clip, longest - clip.held_s))
    _compare_numbers(out, clip, analysis)
    _compare_faults(out, clip, analysis)


def _pairs(found: list[Repetition], true: list[dict[str, Any]]) -> Iterator[tuple[Repetition, dict[str, Any]]]:
    for rep in found:
        nearest = min(true, key=lambda t: abs(t["top_s"] - rep.top_s), default=None)
        if nearest and abs(nearest["top_s"] - rep.top_s) < SAME_REP_S:
            yield rep, nearest


def _compare_times(out: Outcome, clip: Clip, rep: Repetition, true: dict[str, Any]) -> None:
    """Start, end and top; a top anywhere on the true plateau is right."""
    out.errors.append(Error("rep_start_s", clip, rep.start_s - true["start_s"]))
    out.errors.append(Error("rep_end_s", clip, rep.end_s - true["end_s"]))
    top = max(true["hold_start_s"] - rep.top_s, 0.0) or min(true["hold_end_s"] - rep.top_s, 0.0)
    out.errors.append(Error("rep_top_s", clip, -top))


def moments(clip: Clip) -> list[At]:
    """Where the truth of a number is looked up: true tops with their starts, or the middle of the true hold."""
    shown = [rep for rep in clip.truth["reps"] if rep["complete"]]
    if shown:
        return [At(clip.truth, rep["top_s"], rep["start_s"], rep["side"]) for rep in shown]
    longest = max(clip.truth["holds"], key=lambda hold: hold["end_s"] - hold["start_s"], default=None)
    if longest is None:
        return []
    return [At(clip.truth, (longest["start_s"] + longest["end_s"]) / 2, longest["start_s"], longest["side"])]


def _compare_numbers(out: Outcome, clip: Clip, analysis: Analysis) -> None:
    places = moments(clip)
    for m in analysis.measurements:
        true_of = TRUTHS.get(m.metric)
        if true_of is None or not places:
            continue
        if not isinstance(m.value, float):
            out.missing.append((clip, m.metric, m.reason.code if m.reason else ""))
            continue
        sided = [at for at in places if m.side is None or at.side in (m.side, None)]
        true = float(np.median([true_of(at) for at in sided])) if sided else math.nan
        if math.isfinite(true):
            out.errors.append(Error(m.metric, clip, m.value - true, m.uncertainty, true))


def _compare_faults(out: Outcome, clip: Clip, analysis: Analysis) -> None:
    """Each fault looked for in its own clips and in the good ones of the same activity and view."""
    outside = {f.metric for f in analysis.findings if f.direction != "within" and f.level != "unknown"}
    judged = {f.metric for f in analysis.findings if f.level != "unknown"}
    for fault, metrics in FAULTS.get((clip.activity, clip.view), {}).items():
        there = fault in clip.truth["faults"]
        if not there and clip.truth["faults"]:
            continue
        if judged & set(metrics):
            out.judged.append((clip, fault, there, bool(outside & set(metrics))))


if __name__ == "__main__":
    import sys

    from .exercise_tables import main

    sys.exit(main())
