"""One person followed over the whole clip: the runner, not whoever walks past.

People of neighbouring frames are joined into tracks by where they are; tracks are then ranked by how long, how large
and how lively in the legs they are. Choosing afterwards, not frame by frame, keeps the skeleton off bystanders.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from formcheck.pose import N_OUTLINE_POINTS, Person, Pixels
from formcheck.records import FloatArray, InputError, PoseTrack
from formcheck.skeleton import INDEX, LANDMARKS

FORGOTTEN_AFTER_S = 1.0
"""A person unseen for longer starts a new track."""
REACH_TORSOS = 1.2
"""A person moves at most this many torso lengths between two frames in which they are seen."""
MIN_SHARE_OF_BEST = 0.05
"""Tracks worth less than this share of the best one do not count as people."""

_SHOULDERS_HIPS = [INDEX[n] for n in ("left_shoulder", "right_shoulder", "left_hip", "right_hip")]
_ANKLES = [INDEX["left_ankle"], INDEX["right_ankle"]]

_ROW = np.dtype(
    [
        ("frame", np.int32),
        ("xy_px", np.float32, (len(LANDMARKS), 2)),
        ("visibility", np.float32, (len(LANDMARKS),)),
        ("unit_qpx", np.int16),
        ("outline", np.int16, (2,)),
        ("steps", np.int8, (N_OUTLINE_POINTS - 1, 2)),
    ]
)
"""One person in one frame, in pixels of the picture looked at: 1.4 kB. The outline by its first point and the steps
from each to the next, half as much as the points: in quarter pixels, or in whole units of some, should a step be too
long; a unit of 0 stands for none."""
_LONGEST_STEP = 126
_Rows = npt.NDArray[np.void]
_FIRST_BLOCK, _NEXT_BLOCKS = 64, 1024
"""Rows: few for those who only flash up."""
_INT16_MAX = 32767


class _Track:
    """One person's rows, frame after frame, in blocks that can be let go one by one."""

    def __init__(self) -> None:
        self._blocks: list[_Rows] = []
        self._room = 0
        """Rows still free in the last block."""
        self.last_xy_px: Pixels = np.empty(0, np.float32)
        self.last_frame = -1

    def append(self, frame: int, person: Person) -> None:
        """The person in a later frame."""
        if self._room == 0:
            self._blocks.append(_mapped(_NEXT_BLOCKS) if self._blocks else np.empty(_FIRST_BLOCK, _ROW))
            self._room = len(self._blocks[-1])
        row = self._blocks[-1][-self._room]
        row["frame"], row["xy_px"], row["visibility"] = frame, person.xy_px, person.visibility
        row["unit_qpx"] = 0
        if person.outline_px is not None:
            row["unit_qpx"], row["outline"], row["steps"] = _by_steps(_quarters(4 * person.outline_px))
        self._room -= 1
        self.last_xy_px, self.last_frame = person.xy_px, frame

    def blocks(self) -> list[_Rows]:
        """All rows, in order."""
        if self._room == 0:
            return list(self._blocks)
        return [*self._blocks[:-1], self._blocks[-1][: -self._room]]

    def released(self) -> Iterator[_Rows]:
        """All rows, in order; the track forgets each block as soon as the next is asked for."""
        waiting = self.blocks()[::-1]
        self._blocks, self._room = [], 0
        while waiting:
            yield waiting.pop()

    def first(self) -> np.void:
        """The first row."""
        row: np.void = self._blocks[0][0]
        return row

    def become(self, first: _Track, second: _Track) -> None:
        """Take over the rows of two tracks, one of them this one."""
        self._blocks, self._room = first.blocks() + second.blocks(), 0
        self.last_xy_px, self.last_frame = second.last_xy_px, second.last_frame

    def score(self) -> float:
        """Frames times torso length, up to five times as much for legs that move against each other."""
        torsos = np.concatenate([_torso_px(block["xy_px"]) for block in self.blocks()])
        apart = np.concatenate([block["xy_px"][:, _ANKLES, 0] for block in self.blocks()])
        torso = float(np.median(torsos))
        return len(torsos) * torso * (1.0 + 4.0 * min(float(np.std(apart[:, 0] - apart[:, 1])) / torso, 1.0))


def _mapped(n: int) -> _Rows:
    """Memory of its own from the system: taken as it is written and given back when the rows go.

    What the allocator gives would stay with the process, in holes between the pictures.
    """
    return np.frombuffer(mmap.mmap(-1, n * _ROW.itemsize), _ROW)


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
        waiting = without_doubles(people)
        for distance, track, person in self._by_distance(waiting):
            fresh = track.last_frame != frame
            if distance < REACH_TORSOS and fresh and any(person is other for other in waiting):
                track.append(frame, person)
                waiting = [other for other in waiting if other is not person]
        for person in waiting:
            self._active.append(_Track())
            self._active[-1].append(frame, person)

    def track(
        self, width_px: int, height_px: int, finder: str, scale: float = 1.0, wanted: int | None = None
    ) -> PoseTrack:
        """The chosen person's landmarks over all frames added; ``wanted`` counts from 1, None takes the likeliest.

        The people are let go on the way, so that memory holds them once: ask once, after the last frame.
        ``scale`` turns pixels of the pictures looked at into pixels of the upright clip of the given size.
        Raises InputError ``no_person`` when nobody was seen and ``no_such_person`` when fewer were than wanted.
        """
        people = self._ranked()
        if not people:
            raise InputError("no_person")
        number = 1 if wanted is None else wanted
        if not 1 <= number <= len(people):
            raise InputError("no_such_person", person=number, n=len(people))
        chosen, n_people, times = people[number - 1], len(people), np.array(self._times)
        del people
        self._times, self._finished = [], []
        xy, visibility, outline = _assembled(chosen, len(times), scale)
        return PoseTrack(times, xy, visibility, width_px, height_px, outline, finder, number, n_people)

    def _retire(self, time_s: float) -> None:
        gone = [t for t in self._active if time_s - self._times[t.last_frame] > FORGOTTEN_AFTER_S]
        self._finished += gone
        self._active = [t for t in self._active if t not in gone]

    def _by_distance(self, people: Sequence[Person]) -> list[tuple[float, _Track, Person]]:
        pairs = [
            (_torsos_apart(track.last_xy_px, person.xy_px), track, person)
            for track in self._active
            for person in people
        ]
        return sorted(pairs, key=lambda pair: pair[0])

    def _ranked(self) -> list[_Track]:
        """The people, likeliest first. Tracks once joined stay joined."""
        tracks = _best_first(self._finished + self._active)
        self._active, self._finished = [], []
        for _, track in tracks:
            joined = next((whole for whole in self._finished if _join(whole, track)), None)
            if joined is None:
                self._finished.append(track)
        people = _best_first(self._finished)
        return [track for score, track in people if score >= MIN_SHARE_OF_BEST * people[0][0]]


def _best_first(tracks: list[_Track]) -> list[tuple[float, _Track]]:
    return sorted(((track.score(), track) for track in tracks), key=lambda scored: scored[0], reverse=True)


def _join(whole: _Track, part: _Track) -> bool:
    """Join them when they are one person before and after: one ends before the other begins, nearly in its place."""
    first, second = (whole, part) if whole.first()["frame"] < part.first()["frame"] else (part, whole)
    if first.last_frame >= second.first()["frame"]:
        return False
    if _torsos_apart(first.last_xy_px, second.first()["xy_px"]) >= 3.0:
        return False
    whole.become(first, second)
    return True


def _assembled(chosen: _Track, n_frames: int, scale: float) -> tuple[FloatArray, FloatArray, npt.NDArray[np.int16]]:
    """Positions, visibility and outline over all frames; empties the track."""
    xy = np.full((n_frames, len(LANDMARKS), 2), np.nan)
    visibility = np.full((n_frames, len(LANDMARKS)), np.nan)
    # Left unwritten at first: the system hands memory out as it is written, while the track's own is given back.
    outline = np.empty((n_frames, N_OUTLINE_POINTS, 2), np.int16)
    done = 0
    for rows in chosen.released():
        frames, end = rows["frame"], int(rows["frame"][-1]) + 1
        xy[frames], visibility[frames] = scale * rows["xy_px"], rows["visibility"]
        outline[done:end] = -1
        outline[frames] = _scaled(_outlines_qpx(rows), scale)
        done = end
    outline[done:] = -1
    return xy, visibility, outline


def _by_steps(outline_qpx: npt.NDArray[np.int16]) -> tuple[int, npt.NDArray[np.int16], npt.NDArray[np.int8]]:
    """Unit, first point (2,) and steps (n - 1, 2) of an outline (n, 2)."""
    longest = int(np.abs(np.diff(outline_qpx.astype(np.int32), axis=0)).max())
    unit = max(1, -(-longest // _LONGEST_STEP))
    points = np.rint(outline_qpx / unit).astype(np.int16)
    return unit, points[0], np.diff(points, axis=0).astype(np.int8)


def _outlines_qpx(rows: _Rows) -> npt.NDArray[np.int16]:
    """(n, N_OUTLINE_POINTS, 2); -1 where there is none."""
    points = np.concatenate([rows["outline"][:, None], rows["steps"]], axis=1, dtype=np.int16)
    np.cumsum(points, axis=1, out=points)
    unit = rows["unit_qpx"][:, None, None]
    points *= unit
    return np.where(unit > 0, points, np.int16(-1))


def _quarters(outline_qpx: Pixels) -> npt.NDArray[np.int16]:
    """Rounded, and kept apart from -1, which stands for none."""
    return np.clip(np.rint(outline_qpx), 0, _INT16_MAX).astype(np.int16)


def _scaled(outline_qpx: npt.NDArray[np.int16], scale: float) -> npt.NDArray[np.int16]:
    return np.where(outline_qpx < 0, np.int16(-1), _quarters(outline_qpx * np.float32(scale)))


def without_doubles(people: Sequence[Person]) -> list[Person]:
    """The network sometimes finds one person twice; the first of such doubles stays."""
    kept: list[Person] = []
    for person in people:
        if all(_torsos_apart(other.xy_px, person.xy_px) > 0.4 for other in kept):
            kept.append(person)
    return kept


def _middle(xy_px: Pixels) -> FloatArray:
    return np.asarray(xy_px[_SHOULDERS_HIPS].mean(axis=0), dtype=np.float64)


def _torso_px(xy_px: Pixels) -> FloatArray:
    """Of one person or of many, never zero."""
    shoulders, hips = xy_px[..., _SHOULDERS_HIPS[:2], :], xy_px[..., _SHOULDERS_HIPS[2:], :]
    length = np.linalg.norm(shoulders.mean(axis=-2) - hips.mean(axis=-2), axis=-1)
    return np.maximum(np.asarray(length, dtype=np.float64), 1.0)


def _torsos_apart(first_px: Pixels, second_px: Pixels) -> float:
    return float(
        np.linalg.norm(_middle(first_px) - _middle(second_px)) / max(_torso_px(first_px), _torso_px(second_px))
    )
