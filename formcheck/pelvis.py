"""Sideways tilt of pelvis and trunk from all joints of a runner seen from behind or in front.

MediaPipe's own two hips stay nearly level whatever the pelvis does, and the line from hips to shoulders sways late.
Where shoulders, arms and legs are against the middle of the hips tells more; the weights were learned from pictures of
rendered bodies with a known skeleton by ``tools/train_pelvis.py`` (``pelvis_model.json``), within each body: only
differences within one clip mean anything. What it finds in real people is not known: no truth is at hand.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

import numpy as np

from formcheck.records import FloatArray
from formcheck.skeleton import INDEX

PAIRS: tuple[str, ...] = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "ear")
MIDDLE: tuple[str, ...] = ("nose",)


def tilt_deg(points: FloatArray) -> FloatArray:
    """(m,) tilt of the hip line, left end up +, from landmarks (m, 33, 2), x to the person's left and y up.

    Without a zero: it is to be held against quiet standing or against its mean over the stride.
    """
    return np.asarray(features(points) @ np.array(_weights()["pelvis_tilt_deg"]))


def trunk_sway_deg(points: FloatArray) -> FloatArray:
    """(m,) lean of mid-hip to mid-shoulder, to the left +, from the same landmarks; without a zero either."""
    return np.asarray(features(points) @ np.array(_weights()["trunk_sway_deg"]))


def features(points: FloatArray) -> FloatArray:
    """(m, k) that change sign when the body is mirrored: what is odd about the joints, in trunk lengths.

    Of each pair of joints: how far their middle is to the left, and how much higher the left one is; of the nose how
    far it is to the left.
    """
    hips = (points[:, INDEX["left_hip"]] + points[:, INDEX["right_hip"]]) / 2
    shoulders = (points[:, INDEX["left_shoulder"]] + points[:, INDEX["right_shoulder"]]) / 2
    trunk = np.linalg.norm(shoulders - hips, axis=1)
    columns = [points[:, INDEX[name], 0] - hips[:, 0] for name in MIDDLE]
    for name in PAIRS:
        left, right = points[:, INDEX[f"left_{name}"]], points[:, INDEX[f"right_{name}"]]
        columns += [(left[:, 0] + right[:, 0]) / 2 - hips[:, 0], left[:, 1] - right[:, 1]]
    return np.asarray(np.stack(columns, axis=1) / np.maximum(trunk, 1e-9)[:, None])


@cache
def _weights() -> dict[str, list[float]]:
    model: dict[str, list[float]] = json.loads(
        resources.files("formcheck").joinpath("pelvis_model.json").read_text(encoding="utf-8")
    )
    return model
