"""How far the lower back arches or rounds from rest into a squat or a stretch, told by the outline of the back.

The model of ``lumbar.py`` knows runners: in squats and kneeling the whole back line differs, and the thighs fold up to
the trunk. For these each kind of exercise has moments of its own (``back_bends.json``, written by
``tools/train_back_bends.py`` from rendered bodies): how the line of the back, at rest and in the exercise, the thighs
and the trunk's lean go together with lumbar extension. From them follow weights for whatever is seen.

It stops being true for loose clothes and cameras turned more than some ten degrees, and for backs unlike those
rendered: skin does not slide there, and cloth hardly folds. The clip has to show the person at rest before.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from formcheck.lumbar import MOST_LOOKS, evenly, thighs
from formcheck.outline import STATIONS, back_line, faces_right
from formcheck.records import BoolArray, FloatArray, PoseTrack

KINDS = {
    "squat": "squat",
    "overhead_squat": "squat",
    "stretch_hip_flexor": "half_kneeling",
}
"""Activity -> the moments of ``back_bends.json`` that know it."""
MERGED = 3
"""Neighbouring stations are read as one: they say nearly the same."""
NO_ARM = 0.04
"""Trunk lengths: an outline no further behind an arm's edge may be the arm's."""
LEAST_OF_BACK = 0.4
"""Share of the readings of the back that have to be seen."""


@dataclass(frozen=True)
class SeenBack:
    """What is seen of the back at n looks."""

    time_s: FloatArray
    back: FloatArray
    """(n, k) behind the trunk's line at groups of STATIONS, trunk lengths; NaN where not seen."""
    posture: FloatArray
    """(n, 3) rear thigh and front thigh against the trunk, backward +, and the trunk's lean, forward +; radians."""


@dataclass(frozen=True)
class Moments:
    """How readings (k,) and, last, the change of lumbar extension in degrees go together."""

    mean: FloatArray
    covariance: FloatArray
    rmse_deg: float = 0.0
    """Of single pictures of bodies left out of the learning."""


def seen_back(pose: PoseTrack) -> SeenBack:
    """The back at the looks of a clip, at most ``MOST_LOOKS`` of them."""
    thinned, to_right = evenly(pose, MOST_LOOKS), faces_right(pose.xy_px)
    line = back_line(thinned, to_right)
    outermost = line.crossings[..., 0]
    back = np.where(line.arm_edge < outermost - NO_ARM, outermost, np.nan)
    groups = back[:, : len(STATIONS) // MERGED * MERGED].reshape(len(back), -1, MERGED)
    ahead = line.up[:, 0] * (1.0 if to_right else -1.0)
    lean = np.arctan2(ahead, -line.up[:, 1])
    return SeenBack(thinned.time_s, _mean(groups, 2), np.column_stack([thighs(line, thinned.xy_px), lean]))


def readings(seen: SeenBack, at_rest: slice | BoolArray) -> FloatArray:
    """(n, k) how the back line has changed since rest, and the posture; NaN where it is not seen."""
    rest = _median(seen.back[at_rest])
    return np.column_stack([seen.back - rest, seen.posture])


def looks_deg(seen: SeenBack, at_rest: BoolArray, kind: str) -> FloatArray:
    """(n,) lumbar extension at each look less that at rest, arched +; NaN where too little of the back is seen.

    ``at_rest`` (n,) looks; ``kind`` names the moments in ``back_bends.json``.
    """
    x, moments = readings(seen, at_rest), model()[kind]
    out = np.full(len(x), np.nan)
    n_back = seen.back.shape[1]
    for i in np.flatnonzero(np.isfinite(x[:, :n_back]).mean(axis=1) >= LEAST_OF_BACK):
        out[i] = told_deg(x[i], moments)
    return out


def told_deg(x: FloatArray, moments: Moments) -> float:
    """The lumbar change (degrees) that readings (k,) tell, whatever of them is seen."""
    seen = np.append(np.isfinite(x) & (np.diag(moments.covariance)[:-1] > 0.0), False)
    asked = np.zeros(len(seen), dtype=bool)
    asked[-1] = True
    departure = x[seen[:-1]] - moments.mean[seen]
    return float(moments.mean[-1] + (conditional(moments.covariance, seen, asked) @ departure)[0])


RIDGE = 0.003
"""Added to each reading's variance, as a share of it."""


def conditional(covariance: FloatArray, seen: BoolArray, asked: BoolArray) -> FloatArray:
    """(m, n) weights by which n readings seen foretell m others."""
    known = covariance[np.ix_(seen, seen)]
    ridged = known + RIDGE * np.diag(np.diag(known))
    return np.asarray(np.linalg.solve(ridged, covariance[np.ix_(seen, asked)]).T)


@cache
def model() -> dict[str, Moments]:
    """Kind of exercise -> its moments."""
    text = resources.files("formcheck").joinpath("back_bends.json").read_text(encoding="utf-8")
    kinds = {name: value for name, value in json.loads(text).items() if name != "note"}
    return {
        name: Moments(np.array(m["mean"]), np.array(m["covariance"]), float(m["rmse_deg"])) for name, m in kinds.items()
    }


def _mean(values: FloatArray, axis: int) -> FloatArray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # nothing seen at all
        return np.asarray(np.nanmean(values, axis=axis))


def _median(values: FloatArray) -> FloatArray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.asarray(np.nanmedian(values, axis=0))
