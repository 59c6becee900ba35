"""One person followed over the whole clip: the runner, not whoever walks past.

People of neighbouring frames are joined into tracks by where they are; tracks are then ranked by how long, how large
and how lively in the legs they are. Choosing afterwards, not frame by frame, keeps the skeleton off bystanders.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from formcheck.pose import N_OUTLINE_POINTS, Person
from formcheck.records import FloatArray, InputError, PoseTrack
from formcheck.skeleton import INDEX, LANDMARKS

FORGOTTEN_AFTER_S = 1.0
"""A person unseen for longer starts a new track."""
REACH_TORSOS = 1.2
"""A person moves at most this many torso lengths between two frames in which they are seen."""
MIN_SHARE_OF_BEST = 0.05
"""Tracks worth less than this share of the best one do not count as people."""

_SHOULDERS_HIPS = [INDEX[n] for n in ("left_shoulder", "right_shoulder", "left_hip", "right_hip")]


@dataclass
class _Track:
    frames: list[int] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)

    def score(self) -> float:
        """Frames times torso length, up to five times as much for legs that move against each other."""
        torso = float(np.median([_torso_px(person) for person in self.people]))
        apart = [p.xy_px[INDEX["left_ankle"], 0] - p.xy_px[INDEX["right_ankle"], 0] for p in self.people]
        return len(self.frames) * torso * (1.0 + 4.0 * min(float(np.std(apart)) / torso, 1.0))


class PeopleFollower:
    """Collects the people of each frame, in order; ``track()`` then gives the one to analyse."""

    def __init__(self) -> None:
        self._times: list[float] = []
        self._active: list[_Track] = []
        self._finished: list[_Track] = []

    def add(self, time_s: float, people: Sequence[Person]) -> None:
        """The people of the next frame."""
        frame = len(self._times)
        self._times.append(time_s)
        self._retire(time_s)
        waiting = _without_doubles(people)
        for distance, track, person in self._by_distance(waiting):
            fresh = track.frames[-1] != frame
            if distance < REACH_TORSOS and fresh and any(person is other for other in waiting):
                _append(track, frame, person)
                waiting = [other for other in waiting if other is not person]
        for person in waiting:
            self._active.append(_Track([frame], [person]))

    def track(
        self, width_px: int, height_px: int, finder: str, scale: float = 1.0, wanted: int | None = None
    ) -> PoseTrack:
        """The chosen person's landmarks over all frames added; ``wanted`` counts from 1, None takes the likeliest.

        ``scale`` turns pixels of the pictures looked at into pixels of the upright clip of the given size.
        Raises InputError ``no_person`` when nobody was seen and ``no_such_person`` when fewer were than wanted.
        """
        people = self._ranked()
        if not people:
            raise InputError("no_person")
        number = 1 if wanted is None else wanted
        if not 1 <= number <= len(people):
            raise InputError("no_such_person", person=number, n=len(people))
        track = self._assembled(people, number, scale)
        return replace(track, width_px=width_px, height_px=height_px, finder=finder)

    def _retire(self, time_s: float) -> None:
        gone = [t for t in self._active if time_s - self._times[t.frames[-1]] > FORGOTTEN_AFTER_S]
        self._finished += gone
        self._active = [t for t in self._active if t not in gone]

    def _by_distance(self, people: Sequence[Person]) -> list[tuple[float, _Track, Person]]:
        pairs = [
            (_torsos_apart(track.people[-1], person), track, person) for track in self._active for person in people
        ]
        return sorted(pairs, key=lambda pair: pair[0])

    def _ranked(self) -> list[_Track]:
        tracks = sorted(self._finished + self._active, key=lambda t: t.score(), reverse=True)
        joined: list[_Track] = []
        for track in tracks:
            whole = next((kept for kept in joined if _continues(kept, track)), None)
            if whole is None:
                joined.append(track)
            else:
                _merge(whole, track)
        joined.sort(key=lambda t: t.score(), reverse=True)
        return [t for t in joined if t.score() >= MIN_SHARE_OF_BEST * joined[0].score()]

    def _assembled(self, people: list[_Track], number: int, scale: float) -> PoseTrack:
        n, chosen = len(self._times), people[number - 1]
        xy = np.full((n, len(LANDMARKS), 2), np.nan)
        visibility = np.full((n, len(LANDMARKS)), np.nan)
        outline = np.full((n, N_OUTLINE_POINTS, 2), -1, dtype=np.int16)
        for frame, person in zip(chosen.frames, chosen.people, strict=True):
            xy[frame], visibility[frame] = scale * person.xy_px, person.visibility
            if person.outline_px is not None:
                outline[frame] = np.round(4 * scale * person.outline_px)
        times = np.array(self._times)
        return PoseTrack(times, xy, visibility, 0, 0, outline, "", number, len(people))


def _append(track: _Track, frame: int, person: Person) -> None:
    track.frames.append(frame)
    track.people.append(person)


def _continues(whole: _Track, part: _Track) -> bool:
    """True when ``part`` is the same person before or after: no frame in common, and nearly the same place."""
    if set(whole.frames) & set(part.frames):
        return False
    first, second = (whole, part) if whole.frames[0] < part.frames[0] else (part, whole)
    if first.frames[-1] > second.frames[0]:
        return False
    return _torsos_apart(first.people[-1], second.people[0]) < 3.0


def _merge(whole: _Track, part: _Track) -> None:
    pairs = sorted(zip(whole.frames + part.frames, whole.people + part.people, strict=True), key=lambda p: p[0])
    whole.frames = [frame for frame, _ in pairs]
    whole.people = [person for _, person in pairs]


def _without_doubles(people: Sequence[Person]) -> list[Person]:
    """The network sometimes finds one person twice; the first of such doubles stays."""
    kept: list[Person] = []
    for person in people:
        if all(_torsos_apart(other, person) > 0.4 for other in kept):
            kept.append(person)
    return kept


def _middle(person: Person) -> FloatArray:
    return np.asarray(person.xy_px[_SHOULDERS_HIPS].mean(axis=0), dtype=np.float64)


def _torso_px(person: Person) -> float:
    shoulders = person.xy_px[_SHOULDERS_HIPS[:2]].mean(axis=0)
    hips = person.xy_px[_SHOULDERS_HIPS[2:]].mean(axis=0)
    return max(float(np.linalg.norm(shoulders - hips)), 1.0)


def _torsos_apart(first: Person, second: Person) -> float:
    return float(np.linalg.norm(_middle(first) - _middle(second)) / max(_torso_px(first), _torso_px(second)))
