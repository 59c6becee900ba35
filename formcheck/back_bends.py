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

from formcheck.back_reading import read_back
from formcheck.lumbar import FARTHEST_EXERCISING, MOST_LOOKS, evenly, load_model, thighs
from formcheck.outline import STATIONS, back_line, faces_right
from formcheck.records import BoolArray, FloatArray, PoseTrack

MERGED = 3
"""Neighbouring stations are read as one: they say nearly the same."""
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


def seen_back(pose: PoseTrack) -> SeenBack:
    """The back at the looks of a clip, at most ``MOST_LOOKS`` of them."""
    thinned, to_right = evenly(pose, MOST_LOOKS), faces_right(pose.xy_px)
    line = back_line(thinned, to_right)
    back = read_back(line, load_model().covariance[:-2, :-2], None, FARTHEST_EXERCISING)
    groups = back[:, : len(STATIONS) // MERGED * MERGED].reshape(len(back), -1, MERGED)
    ahead = line.up[:, 0] * (1.0 if to_right else -1.0)
    lean = np.arctan2(ahead, -line.up[:, 1])
    return SeenBack(thinned.time_s, _mean(groups, 2), np.column_stack([thighs(line, thinned.xy_px), lean]))


def readings(seen: SeenBack, at: slice | BoolArray) -> FloatArray:
    """(k,) usual values over some looks; NaN where nothing was seen."""
    return np.concatenate([_median(seen.back[at]), _median(seen.posture[at])])


def looks_deg(seen: SeenBack, at_rest: BoolArray, kind: str) -> FloatArray:
    """(n,) lumbar extension at each look less that at rest, arched +; NaN where too little of the back is seen.

    ``at_rest`` (n,) looks; ``kind`` names the moments in ``back_bends.json``.
    """
    rest, moments = readings(seen, at_rest), model()[kind]
    out = np.full(len(seen.time_s), np.nan)
    for i in np.flatnonzero(np.isfinite(seen.back).mean(axis=1) >= LEAST_OF_BACK):
        out[i] = told_deg(np.concatenate([readings(seen, slice(i, i + 1)), rest]), moments)
    return out


def told_deg(x: FloatArray, moments: Moments) -> float:
    """The lumbar change (degrees) that readings (k,) tell, whatever of them is seen."""
    seen = np.append(np.isfinite(x), False)
    asked = np.zeros(len(seen), dtype=bool)
    asked[-1] = True
    departure = x[seen[:-1]] - moments.mean[seen]
    return float(moments.mean[-1] + (conditional(moments.covariance, seen, asked) @ departure)[0])


RIDGE = 0.02
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
    return {name: Moments(np.array(m["mean"]), np.array(m["covariance"])) for name, m in kinds.items()}


def _mean(values: FloatArray, axis: int) -> FloatArray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # nothing seen at all
        return np.asarray(np.nanmean(values, axis=axis))


def _median(values: FloatArray) -> FloatArray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.asarray(np.nanmedian(values, axis=0))
