"""A clip -> the landmarks of the one person to analyse: which network looks, at which pictures, at which part of them.

1. A few pictures over the clip are looked at with MediaPipe's detector: how many people, and does one stay in place?
2. One upright person in one place (a treadmill): the landmark network alone, in a square that stays
   (``pose/steady_crop.py``). Anything else: MediaPipe with its detector in every picture looked at.
   Who leaves that square, lies down or reaches out of it is looked for again that way, over the whole clip. Somebody
   too small to be found in whole pictures is looked for in parts of them (``pose/window.py``).
3. The heavy network looks at all pictures (``accurate``) or at a share of them; what lies between is filled from the
   runner's own cycle (``between_looks.py``). ``docs/accuracy.md`` compares this with the smaller networks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from formcheck.cores import usable_cores
from formcheck.pose import Person, PoseFinder
from formcheck.pose.finding import finder_pool, people_in
from formcheck.pose.mediapipe_pose import MediaPipePose, MediaPipeSettings, Network
from formcheck.pose.people import PeopleFollower
from formcheck.pose.scene import Scene
from formcheck.pose.steady_crop import (
    MIN_SEEN_SHARE,
    Crop,
    SteadyCropPose,
    holds_upright,
    landmark_network,
    steady_crop,
)
from formcheck.pose.window import WindowPose, people_nearer, window_around
from formcheck.records import InputError, PoseProfile, PoseTrack
from formcheck.video import Frame, VideoInfo, different_share, read_frames, read_keyframes

INFERENCE_SIDE_PX = 960
"""Pictures are scaled to this longest side for the pose network, which itself looks at 256 x 256 pixels."""
CROP_SIDE_PX, WINDOW_SIDE_PX, MAX_SIDE_PX = 320, 480, 1920
"""A small person in a large picture: scaled down less, so that the square, or the part looked at, is at least this
wide, within reason."""
SCOUT_SHARE = 0.04
"""Of the whole search, for telling how far it is."""
N_KEYFRAMES, N_FIRST, FIRST_STEP_S = 4, 5, 0.25
EVEN_FROM_HZ, MOST_SPARSE = 12.5, 0.6
"""From so many looks a second on they are evenly spread: on short clips of the tuning group, which are looked at more
often, uneven ones gained nothing. Of most pictures there are none to choose between."""
MIN_LOOKS = 80
"""In a whole clip: two for each column that the cycle is fitted with, and some to spare (``between_looks.py``)."""
LOOKS_IN_PLACE, GOLDEN = 11, (5**0.5 - 1) / 2
"""So many looks, about a second of them, keep their distance before sparse ones move on. Moving on sooner shows no more
of the stride and blurs contact: on the tuning runners with motion capture its scatter at 12 looks of 30 pictures a
second is 8.6 ms when every second look moves on, and some 6 ms both now and where none does."""
_ROUNDING = 1e-9
MAX_WORKERS = 4
MAX_MISFITS, MIN_MISFITS = 0.1, 8
"""Share and number of looks in which the person may be out of the steady square before it is given up."""
CROWD = 4
"""At most so many people are told apart."""


@dataclass(frozen=True)
class Looks:
    """Which network looks how often."""

    network: Network
    share: float
    """Of the pictures."""
    min_rate_hz: float = 0.0
    max_rate_hz: float = float("inf")

    def of(self, frame_rate_hz: float, duration_s: float = float("inf")) -> float:
        """Share of the pictures of a clip to look at; a short clip needs more of them to show the cycle."""
        rate_hz = max(min(self.share * frame_rate_hz, self.max_rate_hz), self.min_rate_hz, MIN_LOOKS / duration_s)
        return min(1.0, rate_hz / frame_rate_hz)


PROFILES: dict[PoseProfile, Looks] = {
    "fast": Looks("full", 0.33, min_rate_hz=10.0, max_rate_hz=12.0),
    "balanced": Looks("heavy", 0.33, min_rate_hz=10.0, max_rate_hz=20.0),
    "accurate": Looks("heavy", 1.0),
}
"""On motion capture, 9 looks a second in place of 30 leave the scatter of contact and toe-off as it is
(``docs/accuracy.md``); more looks average more of the network's own noise. ``fast`` at 10 looks a second in place of 12
lost nothing on the two long tuning clips of the bench."""


class Watcher(Protocol):
    """Who follows the search: told how far it is, shown pictures, and able to stop it by raising Stopped."""

    def check(self) -> None: ...

    def progress(self, share: float) -> None: ...

    def show(self, time_s: float, image: npt.NDArray[np.uint8], people: Iterable[Person] = ()) -> None: ...


@dataclass(frozen=True)
class Request:
    """What to look for, and how."""

    profile: PoseProfile = "balanced"
    person: int | None = None
    slow_motion: float = 1.0
    workers: int | None = None
    """Networks side by side; None takes one for each core, ``MAX_WORKERS`` at most."""


def search(path: Path, info: VideoInfo, request: Request, watcher: Watcher) -> tuple[PoseTrack, float]:
    """The chosen person's track in real time, and when the last picture looked at was taken (s as the clip plays).

    Raises InputError ``no_person``, ``too_dark``, ``no_such_person``, or a reader's; Stopped when the watcher says so.
    """
    seen = _sightings(path, info, watcher)
    plan = _plan(seen, info, request)
    try:
        track, end_s = _followed(path, info, request, watcher, plan)
    except _LeftSquareError:
        track, end_s = _followed(path, info, request, watcher, _everywhere(seen, info, request))
    different = different_share(path)
    if different < 1.0:  # what is between two different pictures was not filmed
        track = replace(track, frame_rate_hz=different * info.frame_rate_hz * request.slow_motion)
    return track, end_s


def _followed(path: Path, info: VideoInfo, request: Request, watcher: Watcher, plan: _Plan) -> tuple[PoseTrack, float]:
    """``search`` in the planned way. Raises _LeftSquareError when the person is out of the planned square too often."""
    frame_rate_hz = info.frame_rate_hz * request.slow_motion
    share = PROFILES[request.profile].of(frame_rate_hz, info.duration_s / request.slow_motion)
    follower, scene, shown, end_s = PeopleFollower(), Scene(), _Shown(), 0.0
    n_misfits, is_sparse = 0, sparse(share, frame_rate_hz)

    def make_unless_stopped() -> PoseFinder:
        watcher.check()
        return plan.make_finder()

    with (
        finder_pool(make_unless_stopped, request.workers or min(usable_cores(), MAX_WORKERS)) as pool,
        read_frames(path, max_side_px=plan.side_px, wanted=lambda index: looked_at(index, share, is_sparse)) as frames,
    ):
        finder = f"{request.profile}: {pool.describe()}"
        for time_s, people in people_in(shown.passing(frames), pool, scene):
            watcher.show(time_s, shown.image(time_s), people)
            watcher.progress(SCOUT_SHARE + (1 - SCOUT_SHARE) * time_s / info.duration_s)
            n_misfits += plan.misfits(people)
            if n_misfits > max(MIN_MISFITS, MAX_MISFITS * info.duration_s * share * info.frame_rate_hz):
                raise _LeftSquareError
            follower.add(time_s / request.slow_motion, people)
            end_s = time_s
    try:
        scale = max(info.width_px, info.height_px) / plan.side_px
        track = follower.track(info.width_px, info.height_px, finder, scale, request.person)
    except InputError as error:
        if error.code == "no_person" and scene.is_dark():
            raise InputError("too_dark") from error
        raise
    cuts_s = tuple(time_s / request.slow_motion for time_s in scene.cuts_s())
    rate_hz = frame_rate_hz if share < 1.0 else None
    return replace(track, cuts_s=cuts_s, camera=scene.camera(), frame_rate_hz=rate_hz), end_s


def sparse(share: float, frame_rate_hz: float) -> bool:
    """Whether looks at that share of the pictures are so few a stride that they can fall into step with it."""
    return share <= MOST_SPARSE and share * frame_rate_hz < EVEN_FROM_HZ


def looked_at(index: int, share: float, is_sparse: bool = False) -> bool:
    """Whether the picture of that index is among an evenly spread share of all; the first always is.

    Few looks a stride, all equally far apart, fall into step with some cadences: at 30 pictures a second, every third
    one of a runner at 171 steps a minute shows the same seven phases of every stride, and what lies between them is
    anybody's guess. Looks that are ``sparse`` move on within their stretch of the pictures, every few looks by the
    golden ratio, which no cadence is in step with.
    """
    nth = math.ceil((index + 1) * share - _ROUNDING) - 1
    begin, end = (math.floor((n + _ROUNDING) / share) for n in (nth, nth + 1))
    moved_on = (nth // LOOKS_IN_PLACE * GOLDEN) % 1.0 if is_sparse else 0.0
    return index == begin + int(moved_on * (end - begin))


@dataclass(frozen=True)
class _Sightings:
    """People in some pictures over the clip."""

    people: list[list[Person]]
    """Of each picture."""
    are_small: bool = False
    """Whether too few were found without looking at parts of the pictures."""


def _sightings(path: Path, info: VideoInfo, watcher: Watcher) -> _Sightings:
    """The clip's beginning is looked at, and where it can be looked into cheaply."""
    scouted = list(_scouted(path, info))  # first: it can be done while another thread still imports MediaPipe
    finder = MediaPipePose(MediaPipeSettings("full", n_people=CROWD, with_outline=False))
    seen: list[list[Person]] = []
    try:
        for i, frame in enumerate(scouted):
            watcher.progress(SCOUT_SHARE * i / (N_FIRST + N_KEYFRAMES))
            seen.append(finder.find(frame.image))
            watcher.show(frame.time_s, frame.image, seen[-1])
        if sum(bool(people) for people in seen) >= MIN_SEEN_SHARE * len(seen):
            return _Sightings(seen)
        for i, frame in enumerate(scouted):
            watcher.check()
            seen[i] = seen[i] or people_nearer(finder, frame.image)
        return _Sightings(seen, are_small=True)
    finally:
        finder.close()


def _scouted(path: Path, info: VideoInfo) -> Iterator[Frame]:
    step = max(1, round(FIRST_STEP_S * info.frame_rate_hz))
    with read_frames(path, INFERENCE_SIDE_PX, 0.0, N_FIRST * FIRST_STEP_S, lambda index: index % step == 0) as frames:
        yield from frames
    later = np.linspace(0.0, info.duration_s, N_KEYFRAMES + 1)[1:]
    yield from read_keyframes(path, [float(t) for t in later], INFERENCE_SIDE_PX)


@dataclass(frozen=True)
class _Plan:
    """How to look: what makes a finder, the longest side of the pictures it wants, and the square it keeps to."""

    make_finder: Callable[[], PoseFinder]
    side_px: int
    square: Crop | None = None

    def misfits(self, people: Sequence[Person]) -> bool:
        """Whether the person found is lying down, or reaches or has gone out of the square."""
        return self.square is not None and bool(people) and not holds_upright(self.square, people[0])


class _LeftSquareError(Exception):
    """The person does not stay upright in the square that was planned."""


def _plan(seen: _Sightings, info: VideoInfo, request: Request) -> _Plan:
    network = PROFILES[request.profile].network
    crop = steady_crop(seen.people) if request.person in (None, 1) else None
    if crop is None:
        return _everywhere(seen, info, request)
    side_px = _side_px(info, crop.side_px, CROP_SIDE_PX)
    square, content = crop.scaled(side_px / _usual_px(info)), landmark_network(network)
    return _Plan(lambda: SteadyCropPose(network, content, square), side_px, square)


def _everywhere(seen: _Sightings, info: VideoInfo, request: Request) -> _Plan:
    """MediaPipe with its detector, which turns the picture for people who are not upright."""
    crowded = sum(len(people) > 1 for people in seen.people) >= 2 or request.person not in (None, 1)
    settings = MediaPipeSettings(PROFILES[request.profile].network, n_people=CROWD if crowded else 1)
    usual_px = _usual_px(info)
    size_px = [round(usual_px * side / max(info.width_px, info.height_px)) for side in (info.width_px, info.height_px)]
    small = seen.are_small and not crowded
    window = window_around(seen.people, size_px[0], size_px[1]) if small else None
    if window is None:
        return _Plan(lambda: MediaPipePose(settings), usual_px)
    side_px = _side_px(info, window.longer_side_px, WINDOW_SIDE_PX)
    part = window.scaled(side_px / usual_px)
    return _Plan(lambda: WindowPose(MediaPipePose(settings), part), side_px)


def _usual_px(info: VideoInfo) -> int:
    """Longest side of the pictures that are looked at as a whole."""
    return min(max(info.width_px, info.height_px), INFERENCE_SIDE_PX)


def _side_px(info: VideoInfo, part_px: float, wanted_px: int) -> int:
    """Longest side of pictures whose part, ``part_px`` wide in those of the usual size, is to be ``wanted_px`` wide."""
    wanted = _usual_px(info) * max(1.0, wanted_px / part_px)
    return min(max(info.width_px, info.height_px), MAX_SIDE_PX, round(wanted))


class _Shown:
    """Pictures on their way, kept by their times until what was found in them is told."""

    def __init__(self) -> None:
        self._images: dict[float, npt.NDArray[np.uint8]] = {}

    def passing(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        """The frames, unchanged."""
        for frame in frames:
            self._images[frame.time_s] = frame.image
            yield frame

    def image(self, time_s: float) -> npt.NDArray[np.uint8]:
        """The picture of that time, forgotten now."""
        return self._images.pop(time_s)
