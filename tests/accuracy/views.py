"""From which side clips are filmed, and what is said of it: real clips in ``../shared/clips`` and rendered runners."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from formcheck.activities import examine
from formcheck.activities.at_rest import recognised_in_motion
from formcheck.records import InputError, PoseTrack, Subject

from . import rear, rendered
from .exercise_marks import CLIPS
from .poses import pose_of

PROFILE = "fast"
"""Joints are enough to tell a view; the cheapest search is the hardest case."""
FILMED = {
    "tm_movup_goodbad.mp4": "side",
    "tm_mhuang_slowmo.mp4": "side",
    "tm_lf_tutorial.mp4": "mixed",
    "og_pd_road.mp4": "side",
    "og_s2d_demo3.mp4": "side",
    "og_bf_sprint.mp4": "side",
    "wk_s2d_demo4.mp4": "side",
    "fr_jk_inplace.mp4": "front",
    "st_s2d_demo5.mp4": "front",
    "st_p2s_balance_c1.mp4": "oblique front",
    "ohs_ln7026_side_good.mov": "side",
    "ohs_ln7027_front_good.mov": "front",
    "ohs_ln7032_side_bad.mov": "side",
    "ohs_ln7033_front_bad.mov": "front",
    "sq_gl_front_side.mp4": "front, then side",
    "sq_nv_front.mp4": "front",
    "sldl_rb.mp4": "oblique side",
}
"""Of everyone on their feet, as the list beside the clips says."""
OPPOSITE = {"side": {"rear", "front"}, "front": {"rear", "side"}, "rear": {"front", "side"}}
"""What a clip filmed so must never be taken for."""


@dataclass(frozen=True)
class Seen:
    """What was said of one clip."""

    name: str
    filmed: str
    activity: str
    view: str

    @property
    def confused(self) -> bool:
        """Whether the view was taken for one that it is not."""
        return self.view in OPPOSITE.get(self.filmed, set())


@cache
def real() -> tuple[Seen, ...]:
    """Of the real clips that are there."""
    there = [CLIPS / name for name in FILMED if (CLIPS / name).exists()]
    poses = [pose_of(rendered.folder(), clip, PROFILE, _key(clip)) for clip in there]
    return tuple(_seen(clip.name, FILMED[clip.name], pose) for clip, pose in zip(there, poses, strict=True))


@cache
def made() -> tuple[Seen, ...]:
    """Of all rendered runners, from the side, from behind and in front."""
    told = [(clip, str(clip.truth["view"])) for clip in (*rendered.clips(), *rear.clips())]
    return tuple(_seen(clip.name, filmed, rear.pose_of_clip(clip, PROFILE)) for clip, filmed in told)


def _seen(name: str, filmed: str, pose: PoseTrack) -> Seen:
    try:
        view = recognised_in_motion(pose, "auto", None)[0].view
    except InputError as error:
        return Seen(name, filmed, error.code, "-")
    try:
        found = examine(pose, Subject())
    except InputError as error:
        return Seen(name, filmed, error.code, view)
    return Seen(name, filmed, found.activity, found.view)


def _key(video: Path) -> str:
    return hashlib.sha256(video.read_bytes()).hexdigest()


def lines() -> Iterator[str]:
    """For the document: every real clip, and how many rendered ones of each view were taken for which."""
    yield from ("| real clip | filmed from | taken for | view |", "|---|---|---|---|")
    for seen in real():
        yield f"| {seen.name} | {seen.filmed} | {seen.activity} | {seen.view} |"
    yield from ("", "| rendered runners | " + " | ".join(VIEWS) + " |", "|---|" + "---|" * len(VIEWS))
    for filmed in ("side", "rear", "front"):
        of_it = [seen for seen in made() if seen.filmed == filmed]
        counts = [sum(seen.view == view for seen in of_it) for view in VIEWS]
        yield f"| {filmed} ({len(of_it)}) | " + " | ".join(map(str, counts)) + " |"


VIEWS = ("side", "rear", "front", "oblique", "-")
