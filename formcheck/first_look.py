"""A quick look at a clip before it is analysed: what of the filming will cost accuracy, and can still be done better.

A few pictures over the clip, the small pose network, some seconds at most. What it says are hints for the next try:
nothing is refused because of them, and the analysis itself looks again at all of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from formcheck.pose import Person
from formcheck.pose.mediapipe_pose import MediaPipePose, MediaPipeSettings
from formcheck.pose.window import people_nearer
from formcheck.records import FloatArray
from formcheck.skeleton import INDEX, SIDES
from formcheck.video import Frame, VideoInfo, check_readable, read_frames, read_keyframes

CODES = ("nobody", "several", "far", "coarse", "feet_cut", "dark", "blurred", "oblique", "tilted", "loose", "short")
LOOK_SIDE_PX = 960
N_LOOKS, N_FIRST, FIRST_STEP_S = 5, 3, 0.35
SLOW_RATE_HZ = 45.0
"""As ``clip_checks.LOW_FRAME_RATE_HZ``: below it the times of contact and toe-off are less sure."""
SHORT_S = 8.0
SMALL_SHARE = 0.28
"""Shoulder to ankle over the picture's height, its width for someone lying: the samples' runners take 0.5-0.6."""
SMALL_PX = 260.0
"""The same in pixels of the clip: below it a pixel is more than half a centimetre."""
OBLIQUE_FROM, OBLIQUE_TO = 0.32, 0.55
"""Shoulder width over trunk length: real side views 0.08-0.27, ``view.ACROSS_ABOVE`` is front or behind."""
LOOSE_FROM = 1.5
"""Thickness of the thigh near the knee over that of the calf. Of the rendered runners 8 of 9 in loose clothes lie above
and 1 of 27 in close ones (``python -m tests.accuracy.clothes``); a rail before the legs may hide or thicken them. A
loose shirt over close shorts, and loose trousers down to the ankle, are not seen by it."""
THIGHS_APART_DEG = 15.0
"""Nearer together, the outline goes round both."""
THIGH_AT, CALF_AT = 0.7, 0.3
"""Down the thigh and the shank: where loose shorts still hang and where they never do."""
LEAST_THICKNESSES = 4
DARK_LUMA = 48.0
"""Median brightness (0-255) of the picture; lit rooms lie above 80, an evening room at 30."""
TILTED_DEG = 3.0
"""As ``clip_checks.TILTED_DEG``."""
_LONGEST_TILT_DEG, _LINE_SHARE, _AGREE_DEG, _AGREE_SHARE = 15.0, 0.12, 1.5, 0.5
_EDGE_SHARE = 0.015
_BESIDE_SHARE = 0.03
"""A landmark may lie this much of the bone's length beside the outline."""
_LUMA = np.array([0.299, 0.587, 0.114])


@dataclass(frozen=True)
class Doubt:
    """One thing about the filming: what it is, and how much of it."""

    code: str
    """One of ``CODES``."""
    amount: float = 0.0
    """People, share of the picture in %, pixels, frames a second, degrees or seconds; 0: nothing to count."""


@dataclass(frozen=True)
class FirstLook:
    """What a quick look found."""

    info: VideoInfo
    doubts: tuple[Doubt, ...]


def first_look(path: Path) -> FirstLook:
    """Look at a few pictures of the clip. Raises InputError for a file that cannot be analysed at all."""
    info = check_readable(path)
    images = [frame.image for frame in _looks(path, info)]
    finder = MediaPipePose(MediaPipeSettings("full", n_people=2, with_outline=True))
    try:
        people = [finder.find(image) for image in images]
        if 2 * sum(bool(found) for found in people) < len(people):
            people = [found or people_nearer(finder, image) for found, image in zip(people, images, strict=True)]
    finally:
        finder.close()
    doubts = [*_of_the_clock(info), *_of_the_pictures(images), *_of_the_people(people, images, info)]
    return FirstLook(info, tuple(doubts))


def tilt_deg(images: Sequence[npt.NDArray[np.uint8]]) -> float | None:
    """How far upright and level lines of the room are turned, clockwise +; None where they do not agree.

    Long straight edges within 15 degrees of upright count; half of their length has to lie within 1.5 degrees of the
    same turn. Level ones count where there are no upright ones: seen from the side they run to a vanishing point.
    """
    angles, lengths = _lines(images)
    for upright in (True, False):
        chosen = (np.abs(angles) > 45) == upright
        off = np.where(angles[chosen] > 45, angles[chosen] - 90, angles[chosen])
        off = np.where(off < -45, off + 90, off)
        weight = lengths[chosen] * (np.abs(off) <= _LONGEST_TILT_DEG)
        if weight.sum() < 2.0:  # twice the picture's height in all
            continue
        centre = _weighted_median(off, weight)
        if weight[np.abs(off - centre) <= _AGREE_DEG].sum() >= _AGREE_SHARE * weight.sum():
            return float(centre)
    return None


def _looks(path: Path, info: VideoInfo) -> Iterator[Frame]:
    step = max(1, round(FIRST_STEP_S * info.frame_rate_hz))
    with read_frames(path, LOOK_SIDE_PX, 0.0, N_FIRST * FIRST_STEP_S, lambda index: index % step == 0) as frames:
        yield from frames
    later = np.linspace(0.0, info.duration_s, N_LOOKS + 1)[1:]
    yield from read_keyframes(path, [float(t) for t in later], LOOK_SIDE_PX)


def _of_the_clock(info: VideoInfo) -> Iterator[Doubt]:
    if info.frame_rate_hz < SLOW_RATE_HZ:
        yield Doubt("blurred", round(info.frame_rate_hz))
    if info.duration_s < SHORT_S:
        yield Doubt("short", round(info.duration_s))


def _of_the_pictures(images: Sequence[npt.NDArray[np.uint8]]) -> Iterator[Doubt]:
    if np.median([np.median(image[::4, ::4] @ _LUMA) for image in images]) < DARK_LUMA:
        yield Doubt("dark")
    tilt = tilt_deg(images)
    if tilt is not None and abs(tilt) > TILTED_DEG:
        yield Doubt("tilted", round(abs(tilt)))


def _of_the_people(
    people: Sequence[Sequence[Person]], images: Sequence[npt.NDArray[np.uint8]], info: VideoInfo
) -> Iterator[Doubt]:
    """Of the most prominent person in each picture; medians, so that one bad picture says nothing."""
    seen = [(found[0], image) for found, image in zip(people, images, strict=True) if found]
    if 2 * len(seen) < len(images):
        yield Doubt("nobody")
        return
    if 2 * sum(len(found) > 1 for found in people) > len(people):
        yield Doubt("several", 2)
    tall = float(np.median([_height(person, image) for person, image in seen]))
    pixels = tall * info.height_px
    if tall < SMALL_SHARE:
        yield Doubt("far", round(100 * tall))
    elif pixels < SMALL_PX:
        yield Doubt("coarse", round(pixels))
    if 2 * sum(_feet_are_cut(person, image) for person, image in seen) > len(seen):
        yield Doubt("feet_cut")
    across = float(np.median([_width(person) for person, _ in seen]))
    if OBLIQUE_FROM < across < OBLIQUE_TO:
        yield Doubt("oblique")
    told = across <= OBLIQUE_FROM and tall >= SMALL_SHARE and pixels >= SMALL_PX
    if told and _thigh_over_calf([person for person, _ in seen if _is_upright(person)]) > LOOSE_FROM:
        yield Doubt("loose")


def _thigh_over_calf(people: Sequence[Person]) -> float:
    """How thick the outline is about the thigh, in calves: the lower quartile of each, as legs often overlap.

    0 where fewer than ``LEAST_THICKNESSES`` of either were seen.
    """
    thighs, calves = [], []
    for person in people:
        if person.outline_px is None:
            continue
        outline, trunk = np.asarray(person.outline_px, dtype=np.float64), _trunk(person)
        hips, knees, ankles = (_of(person, joint) for joint in ("hip", "knee", "ankle"))
        calves += [_thickness(outline, *bone, CALF_AT) / trunk for bone in zip(knees, ankles, strict=True)]
        if _between_deg(*(knees - hips)) >= THIGHS_APART_DEG:
            thighs += [_thickness(outline, *bone, THIGH_AT) / trunk for bone in zip(hips, knees, strict=True)]
    seen = [np.array(each)[np.isfinite(each)] for each in (thighs, calves)]
    if min(len(each) for each in seen) < LEAST_THICKNESSES:
        return 0.0
    thigh, calf = (float(np.percentile(each, 25)) for each in seen)
    return thigh / calf


def _between_deg(first: FloatArray, second: FloatArray) -> float:
    """The angle (0..180) between two directions (2,)."""
    turned = np.arctan2(first[0] * second[1] - first[1] * second[0], first @ second)
    return float(abs(np.degrees(turned)))


def _thickness(outline: FloatArray, start: FloatArray, end: FloatArray, share: float) -> float:
    """Width (px) of a closed outline (m, 2) square to the bone from ``start`` to ``end``, at that share of it.

    NaN where the bone lies outside.
    """
    length = float(np.hypot(*(end - start)))
    along = (end - start) / max(length, 1e-9)
    turned = (outline - start) @ np.array([[along[0], along[1]], [along[1], -along[0]]])
    down, aside = turned[:, 0] - share * length, turned[:, 1]
    next_down, next_aside = np.roll(down, -1), np.roll(aside, -1)
    crosses = (down <= 0) != (next_down <= 0)
    part = -down[crosses] / (next_down[crosses] - down[crosses])
    edges = np.sort(aside[crosses] + part * (next_aside[crosses] - aside[crosses]))
    slack = _BESIDE_SHARE * length
    inside = [high - low for low, high in zip(edges[::2], edges[1::2], strict=False) if low <= slack and high >= -slack]
    return float(inside[0]) if inside else np.nan


def _is_upright(person: Person) -> bool:
    way = np.abs(_of(person, "ankle") - _of(person, "shoulder").mean(axis=0)).max(axis=0)
    return bool(way[1] >= 2 * way[0])


def _height(person: Person, image: npt.NDArray[np.uint8]) -> float:
    """Shoulders to the farther ankle, over the picture's height; over its width for someone who lies."""
    way = np.abs(_of(person, "ankle") - _of(person, "shoulder").mean(axis=0))
    across, down = way.max(axis=0)
    return float(np.hypot(across, down) / image.shape[0 if down >= across else 1])


def _feet_are_cut(person: Person, image: npt.NDArray[np.uint8]) -> bool:
    """Whether the lower foot lies at or beyond the picture's edge."""
    feet = np.vstack([_of(person, "heel"), _of(person, "foot_index")])
    return bool(feet[:, 1].max() > (1 - _EDGE_SHARE) * image.shape[0])


def _width(person: Person) -> float:
    """Shoulder width over trunk length, as in ``view.view_of``."""
    shoulders = _of(person, "shoulder")
    return float(abs(shoulders[0, 0] - shoulders[1, 0]) / _trunk(person))


def _trunk(person: Person) -> float:
    """Mid-hip to mid-shoulder in pixels, at least 1."""
    return max(float(np.hypot(*(_of(person, "shoulder").mean(axis=0) - _of(person, "hip").mean(axis=0)))), 1.0)


def _of(person: Person, joint: str) -> FloatArray:
    return np.asarray(person.xy_px[[INDEX[f"{side}_{joint}"] for side in SIDES]], dtype=np.float64)


def _lines(images: Sequence[npt.NDArray[np.uint8]]) -> tuple[FloatArray, FloatArray]:
    """Angles (-90..90 degrees, clockwise from level) and lengths (of the picture's height) of long edges."""
    angles, lengths = [], []
    for image in images[:: max(1, len(images) // 3)]:
        grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
        least = _LINE_SHARE * image.shape[0]
        found = cv2.HoughLinesP(cv2.Canny(grey, 40, 120), 1, np.pi / 720, 60, minLineLength=least, maxLineGap=6)
        for x0, y0, x1, y1 in np.reshape(found if found is not None else np.empty((0, 4)), (-1, 4)):
            angles.append(float(np.degrees(np.arctan2(y1 - y0, x1 - x0))))
            lengths.append(float(np.hypot(x1 - x0, y1 - y0)) / image.shape[0])
    turned = (np.array(angles) + 90.0) % 180.0 - 90.0
    return turned, np.array(lengths)


def _weighted_median(values: FloatArray, weights: FloatArray) -> float:
    order = np.argsort(values)
    along = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(along, 0.5 * along[-1])])
