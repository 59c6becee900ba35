"""From which side the camera looks: how wide the shoulders and hips appear against the trunk's length."""

from __future__ import annotations

import numpy as np

from formcheck.records import PoseTrack, View
from formcheck.skeleton import INDEX

SIDE_BELOW, ACROSS_ABOVE = 0.42, 0.55
"""Shoulder width over trunk length. Real clips: from the side 0.08-0.27, from the front or behind 0.69-0.72."""


def view_of(pose: PoseTrack) -> View:
    """The view over the whole clip (median); "unknown" when hardly anything was seen."""
    at = {name: pose.xy_px[:, i] for name, i in INDEX.items()}
    trunk = (at["left_shoulder"] + at["right_shoulder"] - at["left_hip"] - at["right_hip"]) / 2
    trunk_px = np.linalg.norm(trunk, axis=1)
    width = at["left_shoulder"][:, 0] - at["right_shoulder"][:, 0]
    good = np.isfinite(width) & (trunk_px > 1)
    if good.sum() < 5:
        return "unknown"
    share = float(np.median(np.abs(width[good]) / trunk_px[good]))
    if share < SIDE_BELOW:
        return "side"
    if share < ACROSS_ABOVE:
        return "oblique"
    return "front" if np.median(width[good]) > 0 else "rear"
