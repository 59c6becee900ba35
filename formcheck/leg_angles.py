"""What the pose network sees wrongly of thigh, shank and ankle, guessed from the whole pose and taken off.

MediaPipe's hips, knees and ankles do not lie where the joints are, and by how much depends on the pose: a thigh that
points at the camera's side of a bent leg is drawn too short and turned, a fast shank lags. The angle's error therefore
goes with the pose itself, and so does how far the ankle is seen ahead of the hips. ``leg_angle_model.json`` holds, for
each network and for the near and the far leg, how: a ridge regression on ``NAMES``, their squares and products, learnt
from single pictures of rendered bodies by ``tools/train_leg_angles.py`` (bodies, clothes, rooms and cameras which are
in no clip of the accuracy bench).

On the tuning clips of the bench, from which nothing was learnt, the shank's error over the stride falls with the usual
profile (1.7 to 1.5 degrees without its offset, median clip, ``docs/accuracy.md`` before and after), the thigh's hardly.
How much it is on real people nobody knows: no truth is at hand.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any, Literal

import numpy as np

from formcheck.geometry import behind_deg, lean_deg, length
from formcheck.records import FloatArray
from formcheck.skeleton import INDEX, Side, index_of, other

Network = Literal["heavy", "full"]
Which = Literal["near", "far"]
ANGLES = ("thigh", "shank")
_TRUNK = ("hip", "shoulder")
NAMES = (
    "thigh_deg",
    "shank_deg",
    "thigh_length_leg",
    "shank_length_leg",
    "other_thigh_deg",
    "other_shank_deg",
    "other_thigh_length_leg",
    "other_shank_length_leg",
    "hip_ahead_of_other_leg",
    "hip_above_other_leg",
    "trunk_lean_deg",
)
"""Features of one pose and one leg; lengths in leg lengths, signs as in ``signals.py``."""
MAX_SDS = 2.5
"""A feature farther from the training pictures' mean than this counts as that far: beyond, nothing was learnt."""
MAX_DEG = 4.0
"""No angle is changed by more. On rendered runners hardly any would be; poses of real sprinters lie at the edge of what
was learnt from."""
MAX_AHEAD_PCT = 5.0
"""So much, in percent of leg length, for how far the ankle is ahead."""


def thigh_and_shank_off_deg(points_leg: FloatArray, side: Side, which: Which, network: Network) -> FloatArray:
    """(m, 2) by how much thigh and shank of a leg are seen too small, degrees; NaN where a joint was not seen.

    ``points_leg`` are landmarks (m, 33, 2), x forward and y up, in leg lengths. To be added to the angles seen.
    """
    off = _off(points_leg, side, "weights_deg", network, which)
    return np.asarray(np.clip(off, -MAX_DEG, MAX_DEG))


def ankle_ahead_off_pct(points_leg: FloatArray, side: Side, which: Which, network: Network) -> FloatArray:
    """(m,) by how much the ankle is seen too little ahead of mid-hip, percent of leg length; NaN, points as above."""
    off = _off(points_leg, side, "weights_ahead_pct", network, which)[:, 0]
    return np.asarray(np.clip(off, -MAX_AHEAD_PCT, MAX_AHEAD_PCT))


def _off(points_leg: FloatArray, side: Side, weights: str, network: Network, which: Which) -> FloatArray:
    """(m, numbers) not yet limited."""
    model = _model()
    scaled = (features(points_leg, side) - np.array(model["mean"])) / np.array(model["sd"])
    return np.asarray(expanded(np.clip(scaled, -MAX_SDS, MAX_SDS)) @ np.array(model[weights][network][which]))


def features(points_leg: FloatArray, side: Side) -> FloatArray:
    """(m, 11) ``NAMES`` of one leg from landmarks (m, 33, 2), x forward and y up, in leg lengths."""
    far = other(side)
    hips, shoulders = ((points_leg[:, INDEX[f"left_{j}"]] + points_leg[:, INDEX[f"right_{j}"]]) / 2 for j in _TRUNK)
    apart = points_leg[:, index_of(side, "hip")] - points_leg[:, index_of(far, "hip")]
    own, others = _leg(points_leg, side), _leg(points_leg, far)
    return np.stack([*own, *others, apart[:, 0], apart[:, 1], lean_deg(hips, shoulders)], axis=1)


def expanded(scaled: FloatArray) -> FloatArray:
    """(m, 78) a constant, the features and their products."""
    first, second = np.triu_indices(scaled.shape[1])
    return np.concatenate([np.ones((len(scaled), 1)), scaled, scaled[:, first] * scaled[:, second]], axis=1)


def _leg(points_leg: FloatArray, side: Side) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    hip, knee, ankle = (points_leg[:, index_of(side, joint)] for joint in ("hip", "knee", "ankle"))
    return behind_deg(hip, knee), -behind_deg(knee, ankle), length(hip, knee), length(knee, ankle)


@cache
def _model() -> dict[str, Any]:
    text = resources.files("formcheck").joinpath("leg_angle_model.json").read_text(encoding="utf-8")
    return dict(json.loads(text))
