"""How far the pelvis is out of level on one leg, from all joints, seen from the front or behind.

MediaPipe draws its two hips nearly level whatever the pelvis does, and lifts the one of the raised leg. Where all
joints have gone since rest tells more: weights learned from pictures of rendered bodies (``one_leg_model.json``,
written by ``tools/train_one_leg.py``), as ``pelvis.py`` has them for runners. What it finds in real people is unknown.
Without a look at rest (both feet down; upright before a deadlift) it tells nothing.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from formcheck.pelvis import features
from formcheck.records import FloatArray, Measurement, View
from formcheck.skeleton import Side


def tilt_change_deg(points: FloatArray, at_rest: FloatArray, stands_on: Side, activity: str) -> FloatArray:
    """(m,) how much higher the free side's hip is than at rest, degrees of the hip line; lower -.

    ``points`` and ``at_rest`` (n, 33, 2) landmarks, x to the person's left and y up, in any unit.
    """
    as_left = 1.0 if stands_on == "left" else -1.0
    if not len(points) or not np.isfinite(features(at_rest)).all(axis=1).any():
        return np.full(len(points), np.nan)
    change = (features(points) - np.nanmedian(features(at_rest), axis=0)) * as_left
    return np.asarray(-with_constant(change) @ np.array(_model()[activity]["weights"]))


def with_model_error(found: Measurement, activity: str) -> Measurement:
    """The measurement, its ± no smaller than what the model was off by on bodies left out of its learning."""
    least = 1.96 * float(_model()[activity]["rmse_deg"])
    return replace(found, uncertainty=max(found.uncertainty, least)) if found.uncertainty else found


def toward_left(xy_px: FloatArray, view: View) -> FloatArray:
    """Landmarks (m, 33, 2) in pixels -> x to the person's left and y up, seen from the front or behind."""
    return np.asarray(xy_px * np.array([-1.0 if view == "rear" else 1.0, -1.0]))


def with_constant(x: FloatArray) -> FloatArray:
    """(m, k + 1): standing on one leg moves the joints also where the pelvis stays level."""
    return np.column_stack([x, np.ones(len(x))])


@cache
def _model() -> dict[str, dict[str, Any]]:
    model: dict[str, dict[str, Any]] = json.loads(
        resources.files("formcheck").joinpath("one_leg_model.json").read_text(encoding="utf-8")
    )
    return model
