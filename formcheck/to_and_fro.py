"""What goes up and comes back again and again in a picture, from how its parts move: no body needed.

For movements whose body hides itself from the pose network: a clamshell seen from the feet is one knee that goes up and
comes down. Parts of the picture that move together are told by the first principal component of all motion; how far
they have gone is that motion added up. What is moved there is not known. It counts only where

* at least two movements go out and come back, mostly upwards, as far as ``MIN_TRAVEL``;
* each of them leaves the picture as it was before (``BACK``): whoever walks by does not;
* hardly anything else moves (``TOGETHER``).

Getting into position and standing up move far more of the picture than the exercise: a clip is looked at in the
stretches between its larger movements, at several levels of "larger", and the stretch with most repetitions tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import eigh

from formcheck.records import BoolArray, FloatArray, Motion, Repetition
from formcheck.repair import runs
from formcheck.repetitions import Swing, repetitions, turning_points

Flow = npt.NDArray[np.float32]
MIN_REPS = 2
MIN_TRAVEL = 0.004
"""Shares of the picture's longer side, from the lowest place to the highest."""
UPWARD = 0.2
"""Of the moving parts' way, so much is upwards in all."""
TOGETHER = 0.15
"""Of all motion (squared), so much is that one movement to and fro."""
BACK = 0.5
"""Difference of the pictures before and after a repetition over that of either from the picture at its top."""
SIZES = (1.01, 0.7, 0.5, 0.35, 0.25, 0.18, 0.12, 0.09, 0.06)
"""What is left out of a clip: motion larger than this share of the clip's largest."""
CUT_GREY_LEVELS = 12.0
"""Mean difference of two pictures one after the other: more is a cut, which nothing is followed across."""
AROUND_S = 0.4
"""A large movement begins and ends so much earlier and later than it is large."""
MIN_STRETCH_S = 4.0
WINDOW_S = 6.0
"""The usual range is told from stretches of this length: errors of motion add up over longer ones."""
HYSTERESIS = 0.4
"""As ``repetitions.HYSTERESIS``."""


@dataclass(frozen=True)
class Scene:
    """Small pictures of a clip, and what moved from each to the next."""

    time_s: FloatArray
    """(n,) real time."""
    pictures: FloatArray
    """(n, h, w) brightness."""
    flow: Flow
    """(n - 1, h, w, 2) to the right and down, shares of the picture's longer side."""

    def between(self, start: int, stop: int) -> Scene:
        """Pictures ``start`` to before ``stop``."""
        return Scene(self.time_s[start:stop], self.pictures[start:stop], self.flow[start : stop - 1])


def to_and_fro(scene: Scene) -> Motion | None:
    """How far up the moving part is at each moment of the stretch with most repetitions; None without a clear one."""
    best: tuple[int, Motion] | None = None
    for stretch in _stretches(scene):
        found = _in_stretch(stretch)
        if found is not None and (best is None or found[0] > best[0]):
            best = found
    return None if best is None else best[1]


def _stretches(scene: Scene) -> Iterator[Scene]:
    """The whole clip, and what lies between its larger movements."""
    size = np.abs(scene.flow).sum(axis=(1, 2, 3))
    if not len(size):
        return
    cut = np.abs(np.diff(scene.pictures, axis=0)).mean(axis=(1, 2)) > CUT_GREY_LEVELS
    around = max(1, round(AROUND_S / float(np.median(np.diff(scene.time_s)))))
    for share in SIZES:
        large = cut | (size > share * size.max())
        large = np.convolve(large, np.ones(2 * around + 1), "same") > 0
        for start, stop in runs(np.append(~large, not large[-1])):
            if scene.time_s[stop - 1] - scene.time_s[start] >= MIN_STRETCH_S:
                yield scene.between(start, stop)


def _in_stretch(scene: Scene) -> tuple[int, Motion] | None:
    """Number of complete repetitions and the movement; None where there is no clear one."""
    steps = scene.flow.reshape(len(scene.flow), -1).astype(np.float64)
    last = steps.shape[1] - 1
    ways = eigh(steps.T @ steps, subset_by_index=(last, last))[1][:, 0].reshape(-1, 2)
    speed = np.hypot(*ways.T)
    upward = -float(ways[:, 1].sum() / speed.sum())
    along = steps @ ways.ravel() * np.sign(upward)
    together = float((along**2).sum() / max((steps**2).sum(), 1e-12))
    if abs(upward) < UPWARD or together < TOGETHER:
        return None
    far = np.append(0.0, np.cumsum(along)) * float((speed**3).sum() / (speed**2).sum())
    travel = _level(scene.time_s, far)
    weight = speed.reshape(scene.pictures.shape[1:])
    reps = [rep for rep in repetitions(scene.time_s, travel, Swing(MIN_TRAVEL)) if rep.complete]
    stray = [rep for rep in reps if not _comes_back(scene, weight, rep)]
    for rep in stray:
        travel[_during(scene, rep)] = np.nan
    n = len(reps) - len(stray)
    return (n, Motion(scene.time_s, travel)) if n >= MIN_REPS else None


def _level(time_s: FloatArray, far: FloatArray) -> FloatArray:
    """The way gone (n,) without what its errors add up to: it is the same at rest before and after each repetition."""
    window = max(3, round(WINDOW_S / float(np.median(np.diff(time_s)))))
    starts = range(0, max(1, len(far) - window + 1), max(1, window // 4))
    usual = float(np.percentile([np.ptp(far[start : start + window]) for start in starts], 75))
    found = turning_points(far, HYSTERESIS * usual)
    lows = [k for i, k in enumerate(found) if far[k] < far[found[i - 1 if i else min(1, len(found) - 1)]]]
    return far - np.interp(np.arange(len(far)), lows, far[lows]) if lows else far - far.min()


def _comes_back(scene: Scene, weight: FloatArray, rep: Repetition) -> bool:
    """Whether the picture is after a repetition what it was before."""
    before, top, after = (
        scene.pictures[int(np.argmin(np.abs(scene.time_s - moment)))] for moment in (rep.start_s, rep.top_s, rep.end_s)
    )
    apart = [float((weight * np.abs(a - b)).sum()) for a, b in ((before, after), (before, top), (after, top))]
    return apart[0] < BACK * min(apart[1:])


def _during(scene: Scene, rep: Repetition) -> BoolArray:
    return np.asarray((scene.time_s >= rep.start_s) & (scene.time_s <= rep.end_s))
