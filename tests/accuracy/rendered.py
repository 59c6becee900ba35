"""Rendered runners with exact truth through the real pose network: ``python -m tests.accuracy.rendered``.

The clips are made by ``python tools/render_clips.py --bench`` and lie in ``.bench`` of the project, or where
FORMCHECK_BENCH_DIR says; they are not part of it. Poses found once are kept beside them, so that what follows the
network is measured again within seconds. Held-out clips are not to be looked at while anything is tuned.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np

from formcheck.analysis import Options, analyze_pose
from formcheck.records import Analysis, FloatArray, InputError, VideoFacts
from formcheck.skeleton import SIDES, Side

from .poses import pose_of

GROUPS = ("tuning", "held_out")
SAME_EVENT_S = 0.1
END_S = 0.2
"""So close to the ends of a clip a moment may be missed or doubtful, and angles are at the filter's edge."""
LONG_S = 14.0
"""A recording on motion capture lasts 15 s, of which a clip can show 14: as near to "from 15 s" as truth goes."""
USUAL_PROFILE_ONLY = tuple(f"bench_{number}" for number in range(31, 37))
"""Long clips for cadence."""
TRACKS = ("thigh", "shank")


def folder() -> Path:
    """Where the clips lie."""
    named = os.environ.get("FORMCHECK_BENCH_DIR")
    return Path(named) if named else Path(__file__).resolve().parents[2] / ".bench"


def why_absent() -> str | None:
    """What to tell where no clip has been made; None where there are some."""
    if clips():
        return None
    return f"no rendered clips in {folder()} (make them with: python tools/render_clips.py --bench)"


@dataclass(frozen=True)
class Clip:
    """One clip and what is true of it."""

    video: Path
    truth: dict[str, Any] = field(hash=False)

    @property
    def name(self) -> str:
        """File name without ending."""
        return self.video.stem

    @property
    def group(self) -> str:
        """ "tuning" or "held_out"."""
        return str(self.truth["group"])

    @property
    def near(self) -> Side:
        """The side toward the camera."""
        return "left" if self.truth["near_side"] == "left" else "right"

    @property
    def facts(self) -> VideoFacts:
        """What the video file says."""
        return VideoFacts(name=self.video.name, **self.truth["video"])

    @cached_property
    def conditions(self) -> dict[str, str]:
        """How it was filmed, in the words of the tables."""
        given = self.truth["conditions"]
        yaw, blur = abs(given["yaw_deg"]), ", blurred" if given["blur_s"] else ""
        return {
            "motion": self.truth["motion"],
            "frames a second": f"{given['frame_rate_hz']:.0f}{blur}",
            "camera turned": "0 to 4 deg" if yaw < 4.5 else "5 to 9 deg",
            "clothes": given["clothes"],
            "room": given["background"],
            "handrail": "in front" if given["handrail"] else "none",
            "person in the picture": "below 250 px" if given["person_px"] < 250 else "450 px and more",
            "lasts": "14 s and more" if self.truth["video"]["duration_s"] >= LONG_S else "4 to 6 s",
        }

    def true_value(self, metric: str, side: Side | None) -> float | str | None:
        """The truth of one measure: of the side, else without a side, else of the near side.

        Cadence is that of the events themselves: over a few seconds a real runner's differs from the trial's. The
        back's share is of the swing against the trunk, also where a clip's file still has that against the vertical.
        """
        if metric == "cadence_spm":
            return float(np.mean([120.0 / np.diff(self.true_events("contact", foot)).mean() for foot in SIDES]))
        if metric == "lumbar_share_pct":
            bend, hip = (self.true_value(f"{name}_extension_change_deg", side) for name in ("lumbar", "hip"))
            return 100.0 * float(bend) / (float(bend) + float(hip)) if bend is not None and hip is not None else None
        values = {(row["metric"], row["side"]): row["value"] for row in self.truth["measurements"]}
        return next((values[metric, s] for s in (side, None, self.near) if (metric, s) in values), None)

    def true_events(self, kind: str, side: Side) -> FloatArray:
        """Seconds of all contacts or toe-offs of one foot."""
        return np.array([e["time_s"] for e in self.truth["events"] if (e["kind"], e["side"]) == (kind, side)])


@cache
def clips(group: str = "all") -> tuple[Clip, ...]:
    """The clips that have been made, in order."""
    found = []
    for answers in sorted(folder().glob("*.truth.json")):
        clip = Clip(
            answers.with_name(answers.name.replace(".truth.json", ".mp4")), json.loads(answers.read_text("utf-8"))
        )
        if clip.video.exists() and group in ("all", clip.group):
            found.append(clip)
    return tuple(found)


# ------------------------------------------------------------------------------------------------------ analysing


def analysed(clip: Clip, profile: str) -> Analysis:
    """The product's answer; the pose comes from an earlier run where clip and finder are still the same."""
    options = Options(height_cm=clip.truth["height_cm"], belt_speed_mps=clip.truth["belt_speed_mps"], pose=profile)  # type: ignore[arg-type]
    pose = pose_of(folder(), clip.video, profile, str(clip.truth["spec_hash"]))
    return analyze_pose(pose, clip.facts, options)


# --------------------------------------------------------------------------------------------------------- errors


@dataclass(frozen=True)
class Error:
    """Found less true: of one event, of one clip's measure, or the root mean square over a clip's frames."""

    name: str
    clip: Clip
    near: bool
    error: float
    uncertainty: float | None = None
    """Half of the 95 % interval that was stated."""


@dataclass
class Outcome:
    """Everything found out about some clips with one profile."""

    errors: list[Error] = field(default_factory=list)
    strikes: list[tuple[Clip, str, str | None, bool]] = field(default_factory=list)
    """Clip, true class, class found (None where none was given), and whether it was called near a border."""
    n_events: int = 0
    n_missed: int = 0
    n_invented: int = 0
    refused: list[str] = field(default_factory=list)
    unmeasured: list[str] = field(default_factory=list)

    def of(self, name: str, **conditions: str) -> FloatArray:
        """All errors of one name in the clips that meet the conditions."""
        return np.array([e.error for e in self._chosen(name, conditions)])

    def inside(self, name: str) -> tuple[int, int]:
        """How many stated intervals hold the truth, of how many."""
        stated = [e for e in self._chosen(name, {}) if e.uncertainty is not None]
        return sum(abs(e.error) <= (e.uncertainty or 0.0) for e in stated), len(stated)

    def n_clips(self, name: str, **conditions: str) -> int:
        """From how many clips these errors come."""
        return len({e.clip.name for e in self._chosen(name, conditions)})

    def _chosen(self, name: str, conditions: dict[str, str]) -> list[Error]:
        return [
            e
            for e in self.errors
            if e.name == name and all(e.clip.conditions[key] == value for key, value in conditions.items())
        ]


@cache
def outcome(profile: str, group: str) -> Outcome:
    """All clips of a group."""
    out = Outcome()
    for clip in clips(group):
        if clip.name in USUAL_PROFILE_ONLY and profile != Options().pose:
            continue
        try:
            analysis = analysed(clip, profile)
        except InputError as error:
            out.refused.append(f"{clip.name}: {error.code}")
            continue
        compare(out, clip, analysis)
    return out


def compare(out: Outcome, clip: Clip, analysis: Analysis) -> None:
    """Hold one analysis against its truth."""
    if analysis.signals.near_side != clip.near:
        out.refused.append(f"{clip.name}: taken for facing the other way")
        return
    for side in SIDES:
        _compare_events(out, clip, analysis, "contact", side)
        _compare_events(out, clip, analysis, "toe_off", side)
        for track in TRACKS:
            _compare_track(out, clip, analysis, f"{track}_{side}_deg", f"{_near_or_far(clip, side)}_{track}")
    _compare_track(out, clip, analysis, "trunk_lean_deg", "trunk_lean")
    for found in analysis.measurements:
        true = clip.true_value(found.metric, found.side)
        near = found.side in (clip.near, None)
        if found.metric == "foot_strike" and near:
            out.strikes.append((clip, str(true), found.value and str(found.value), found.status != "ok"))
        elif not isinstance(found.value, float):
            out.unmeasured.append(
                f"{clip.name}: {found.metric} {found.side or ''} {found.reason and found.reason.code}"
            )
        elif isinstance(true, float):
            out.errors.append(Error(found.metric, clip, near, found.value - true, found.uncertainty))


def _near_or_far(clip: Clip, side: Side) -> str:
    return "near" if side == clip.near else "far"


def _compare_events(out: Outcome, clip: Clip, analysis: Analysis, kind: str, side: Side) -> None:
    end_s = clip.truth["video"]["duration_s"]
    true = clip.true_events(kind, side)
    wanted = true[(true > END_S) & (true < end_s - END_S)]
    found = np.array([e.time_s for e in analysis.events if (e.kind, e.side) == (kind, side)])
    apart = found[:, None] - wanted[None] if len(found) else np.full((1, len(wanted)), np.inf)
    best = apart[np.abs(apart).argmin(axis=0), np.arange(len(wanted))]
    hit = np.abs(best) < SAME_EVENT_S
    inner = found[(found > END_S) & (found < end_s - END_S)]
    near = side == clip.near
    out.errors += [Error(f"{kind}_event_s", clip, near, float(error)) for error in best[hit]]
    out.n_events += len(wanted)
    out.n_missed += int((~hit).sum())
    out.n_invented += sum(bool(np.abs(true - time).min() >= SAME_EVENT_S) for time in inner)


def _compare_track(out: Outcome, clip: Clip, analysis: Analysis, series: str, name: str) -> None:
    """Root mean square error over all frames, with and without the clip's constant offset, and that offset."""
    error = track_error_deg(clip, analysis, series)
    if not len(error):
        return
    near = not name.startswith("far_")
    rms = float(np.sqrt(np.mean(error**2)))
    out.errors.append(Error(f"{name}_rms_deg", clip, near, rms))
    out.errors.append(Error(f"{name}_rms_less_offset_deg", clip, near, float(error.std())))
    out.errors.append(Error(f"{name}_offset_deg", clip, near, float(error.mean())))


def track_error_deg(clip: Clip, analysis: Analysis, series: str) -> FloatArray:
    """Found less true at every frame (n,) away from the clip's ends, frames without a value left out."""
    frames = clip.truth["frames"]
    time, true = np.array(frames["time_s"]), np.array(frames[series])
    found = np.interp(time, analysis.signals.time_s, analysis.signals.series[series])
    inner = (time > END_S) & (time < time[-1] - END_S) & np.isfinite(found)
    error: FloatArray = (found - true)[inner]
    return error


def both(profile: str) -> Iterator[tuple[str, Outcome]]:
    """Both groups in the words of the tables."""
    for group in GROUPS:
        yield group.replace("_", " "), outcome(profile, group)


if __name__ == "__main__":
    import sys

    from .rendered_tables import main

    sys.exit(main())
