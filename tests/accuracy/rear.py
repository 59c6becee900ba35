"""Runners from behind and in front, with exact truth, through the real pose network: ``python -m tests.accuracy.rear``.

The clips are made by ``python tools/render_clips.py --rear`` and lie in ``rear`` of the bench's folder. Poses found
once are kept beside them. Held-out clips are not to be looked at while anything is tuned.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt

from formcheck.pose import Person
from formcheck.pose.recorded_pose import read_pose, write_pose
from formcheck.pose_search import Request, search
from formcheck.records import PoseProfile, PoseTrack
from formcheck.video import check_readable

from .rendered import Clip, finder_of
from .rendered import folder as bench_folder


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


class _Silent:
    """Follows a search and says nothing."""

    def check(self) -> None: ...

    def progress(self, share: float) -> None: ...

    def show(self, time_s: float, image: npt.NDArray[np.uint8], people: Iterable[Person] = ()) -> None: ...


def pose_of(video: Path, profile: str, key: str) -> PoseTrack:
    """The pose in a clip; from an earlier run where clip (``key``) and finder are still the same."""
    name = hashlib.sha256(f"{key} {finder_of(profile)}".encode()).hexdigest()[:16]
    kept = bench_folder() / "poses" / profile / f"{video.stem}-{name}.npz"
    if not kept.exists():
        info = check_readable(video)
        pose, _ = search(video, info, Request(cast(PoseProfile, profile)), _Silent())
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(f".{os.getpid()}.part")
        write_pose(pose, part)
        part.replace(kept)
    return read_pose(kept)


def pose_of_clip(clip: Clip, profile: str) -> PoseTrack:
    """``pose_of`` a rendered clip."""
    return pose_of(clip.video, profile, str(clip.truth["spec_hash"]))
