"""The landmarks of one person in front of a camera, as they come."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from formcheck.pose import N_OUTLINE_POINTS, Person
from formcheck.records import PoseTrack
from formcheck.skeleton import INDEX, LANDMARKS

REACH_TORSOS, FORGOTTEN_AFTER_S = 1.2, 1.0
"""Somebody further away than this is another person, unless nobody has been seen for so long."""
CAMERA_HZ = 30.0
"""Of a camera that is looked at whenever the network is free."""
_SHOULDERS, _HIPS = ([INDEX[f"{side}_{name}"] for side in ("left", "right")] for name in ("shoulder", "hip"))
_INT16_MAX = 32767
_FEWEST_FOR_RATE, _FEW_TIMES = 8, 400


class LiveRecord:
    """Collects the one person of each picture, in order of time; ``track()`` gives all of it at any moment."""

    def __init__(self, width_px: int, height_px: int, finder: str) -> None:
        self._size_px = width_px, height_px
        self._finder = finder
        self._times: list[float] = []
        self._xy: list[npt.NDArray[np.float32]] = []
        self._visibility: list[npt.NDArray[np.float32]] = []
        self._outlines: list[npt.NDArray[np.int16]] = []
        self._last: tuple[float, npt.NDArray[np.float32]] | None = None

    def __len__(self) -> int:
        return len(self._times)

    def add(self, time_s: float, people: Sequence[Person]) -> Person | None:
        """The people in the picture of that time, most prominent first; the one who is followed, or None.

        Raises ValueError where the time is not later than the last one's.
        """
        if self._times and time_s <= self._times[-1]:
            raise ValueError("pictures have to come in order")
        person = next((one for one in people if self._may_be_the_same(time_s, one)), None)
        self._times.append(time_s)
        self._xy.append(_nothing(len(LANDMARKS), 2) if person is None else person.xy_px)
        self._visibility.append(_nothing(len(LANDMARKS)) if person is None else person.visibility)
        self._outlines.append(_outline_qpx(person))
        if person is not None:
            self._last = time_s, person.xy_px
        return person

    def unseen_s(self) -> float:
        """For how long nobody has been seen, up to the last picture."""
        if not self._times:
            return 0.0
        return self._times[-1] - (self._times[0] if self._last is None else self._last[0])

    def rate_hz(self, last_s: float) -> float:
        """Pictures a second over the last seconds; infinite where there are too few to tell."""
        recent = [time_s for time_s in self._times[-_FEW_TIMES:] if time_s > self._times[-1] - last_s]
        if len(recent) < _FEWEST_FOR_RATE:
            return float("inf")
        return (len(recent) - 1) / (recent[-1] - recent[0])

    def track(self) -> PoseTrack:
        """Everything so far, in pixels of the pictures; times from the first picture."""
        return PoseTrack(
            time_s=np.array(self._times) - self._times[0],
            xy_px=np.array(self._xy, np.float64),
            visibility=np.array(self._visibility, np.float64),
            width_px=self._size_px[0],
            height_px=self._size_px[1],
            outline_qpx=np.array(self._outlines),
            finder=self._finder,
            frame_rate_hz=CAMERA_HZ,
        )

    def _may_be_the_same(self, time_s: float, person: Person) -> bool:
        if self._last is None or time_s - self._last[0] > FORGOTTEN_AFTER_S:
            return True
        before, now = _middle(self._last[1]), _middle(person.xy_px)
        return float(np.linalg.norm(now - before)) < REACH_TORSOS * _torso_px(self._last[1])


def _nothing(*shape: int) -> npt.NDArray[np.float32]:
    return np.full(shape, np.nan, np.float32)


def _outline_qpx(person: Person | None) -> npt.NDArray[np.int16]:
    if person is None or person.outline_px is None:
        return np.full((N_OUTLINE_POINTS, 2), -1, np.int16)
    return np.clip(np.rint(4 * person.outline_px), 0, _INT16_MAX).astype(np.int16)


def _middle(xy_px: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    middle: npt.NDArray[np.float32] = xy_px[[*_SHOULDERS, *_HIPS]].mean(axis=0)
    return middle


def _torso_px(xy_px: npt.NDArray[np.float32]) -> float:
    return float(np.linalg.norm(xy_px[_SHOULDERS].mean(axis=0) - xy_px[_HIPS].mean(axis=0)))
