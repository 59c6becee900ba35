"""Runners from behind and in front, with exact truth, through the real pose network: ``python -m tests.accuracy.rear``.

The clips are made by ``python tools/render_clips.py --rear`` and lie in ``rear`` of the bench's folder. Poses found
once are kept beside them. Held-out clips are not to be looked at while anything is tuned.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import cast

import numpy as np

from formcheck.analysis import Options, analyze_pose
from formcheck.metrics.rear import pelvic_drop
from formcheck.records import Analysis, InputError, PoseProfile, PoseTrack
from formcheck.skeleton import Side
from formcheck.standing import without_standing

from .poses import pose_of
from .rendered import Clip
from .rendered import folder as bench_folder

DROP, DROP_WITHOUT = pelvic_drop.METRIC, pelvic_drop.WITHOUT_STANDING
SAME_EVENT_S = 0.12
END_S = 0.25


def folder() -> Path:
    """Where the clips lie."""
    return bench_folder() / "rear"


def why_absent() -> str | None:
    """What to tell where no clip has been made; None where there are some."""
    if clips():
        return None
    return f"no rendered clips in {folder()} (make them with: python tools/render_clips.py --rear)"


@cache
def clips(group: str = "all") -> tuple[Clip, ...]:
    """The clips that have been made, in the order in which they were described."""
    found = []
    for answers in sorted(folder().glob("*.truth.json"), key=lambda path: path.name.split("_")[1]):
        clip = Clip(
            answers.with_name(answers.name.replace(".truth.json", ".mp4")), json.loads(answers.read_text("utf-8"))
        )
        if clip.video.exists() and group in ("all", clip.group):
            found.append(clip)
    return tuple(found)


def pose_of_clip(clip: Clip, profile: str) -> PoseTrack:
    """The pose in a rendered clip, from an earlier run where clip and finder are still the same."""
    return pose_of(bench_folder(), clip.video, profile, str(clip.truth["spec_hash"]))


# --------------------------------------------------------------------------------------------------------- errors


def analysed(clip: Clip, profile: str, standing: bool = True) -> Analysis:
    """The product's answer from the kept pose; the view is found by itself. Raises InputError as the product does.

    ``standing`` false: from the running alone, as if nobody had stood.
    """
    pose = pose_of_clip(clip, profile)
    return analyze_pose(
        pose if standing else without_standing(pose), clip.facts, Options(pose=cast(PoseProfile, profile))
    )


def stands(clip: Clip) -> bool:
    """Whether the clip begins with quiet standing."""
    return bool(clip.truth["made_with"].get("stand"))


def runs_from_s(clip: Clip) -> float:
    """When the runner has set off."""
    stand = clip.truth["made_with"].get("stand")
    return float(stand["stand_s"] + stand["start_s"]) if stand else 0.0


def own_tilt_deg(clip: Clip) -> float:
    """True tilt of the hip line in standing, left end up +."""
    return float(np.median(clip.truth["frames"]["hip_line_deg"][:10])) if stands(clip) else 0.0


@dataclass(frozen=True)
class Found:
    """One number of one clip beside its truth."""

    metric: str
    clip: Clip
    side: Side | None
    found: float
    true: float
    uncertainty: float | None

    @property
    def error(self) -> float:
        """Found less true."""
        return self.found - self.true


@dataclass
class Outcome:
    """Everything found out about some clips with one profile."""

    numbers: list[Found] = field(default_factory=list)
    events: dict[str, list[float]] = field(default_factory=dict)
    """Errors in seconds by kind."""
    n_steps: int = 0
    n_wrong_side: int = 0
    n_missed: int = 0
    n_invented: int = 0
    wrong_views: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    standing_missed: list[str] = field(default_factory=list)


@cache
def outcome(profile: str, group: str) -> Outcome:
    """All clips of a group ("tuning", "held_out", "all")."""
    out = Outcome()
    for clip in clips(group):
        try:
            analysis = analysed(clip, profile)
        except InputError as error:
            out.refused.append(f"{clip.name}: {error.code}")
            continue
        if analysis.view != clip.truth["view"]:
            out.wrong_views.append(f"{clip.name}: {analysis.view}")
            continue
        _compare_numbers(out, clip, analysis)
        _compare_drop(out, clip, profile)
        if stands(clip) and analysis.standing is None:
            out.standing_missed.append(clip.name)
        _compare_events(out, clip, analysis)
    return out


def _compare_numbers(out: Outcome, clip: Clip, analysis: Analysis) -> None:
    true = {(row["metric"], row["side"]): row["value"] for row in clip.truth["measurements"]}
    true["cadence_spm", None] = clip.true_value("cadence_spm", None)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        true[DROP, side] -= sign * own_tilt_deg(clip)
    for m in analysis.measurements:
        value = true.get((m.metric, m.side))
        if m.metric == DROP and analysis.standing is None:
            continue  # of all clips in ``_compare_drop``
        if isinstance(m.value, float) and value is not None:
            out.numbers.append(Found(m.metric, clip, m.side, m.value, float(value), m.uncertainty))


def _compare_drop(out: Outcome, clip: Clip, profile: str) -> None:
    """What the running alone says of the drop, against the drop less the tilt in standing."""
    true = {row["side"]: row["value"] for row in clip.truth["measurements"] if row["metric"] == DROP}
    for m in analysed(clip, profile, standing=False).measurements:
        if m.metric == DROP and isinstance(m.value, float):
            value = true[m.side] - (1.0 if m.side == "left" else -1.0) * own_tilt_deg(clip)
            out.numbers.append(Found(DROP_WITHOUT, clip, m.side, m.value, value, m.uncertainty))


def _compare_events(out: Outcome, clip: Clip, analysis: Analysis) -> None:
    """Both kinds of moments 0.25 s and more from the running's ends; a step's side is that of the nearest true one."""
    start_s, end_s = runs_from_s(clip) + END_S, clip.truth["video"]["duration_s"] - END_S
    for kind in ("contact", "toe_off"):
        true = [(e["time_s"], e["side"]) for e in clip.truth["events"] if e["kind"] == kind]
        found = [(e.time_s, e.side) for e in analysis.events if e.kind == kind]
        for time, side in true:
            if start_s < time < end_s:
                near = min(found, key=lambda f, t=time: abs(f[0] - t), default=(np.inf, None))  # type: ignore[misc]
                out.n_steps += 1
                out.n_missed += abs(near[0] - time) > SAME_EVENT_S
                if abs(near[0] - time) <= SAME_EVENT_S:
                    out.n_wrong_side += near[1] != side
                    out.events.setdefault(kind, []).append(near[0] - time)
        inner = [time for time, _ in found if start_s < time < end_s]
        out.n_invented += sum(min(abs(t - time) for t, _ in true) > SAME_EVENT_S for time in inner)
