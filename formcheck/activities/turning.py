"""Where a person turns round in front of the camera, from showing the side to showing the front or the back."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.ndimage import median_filter

from formcheck.records import FloatArray, PoseTrack
from formcheck.repair import frame_rate_hz_of, runs
from formcheck.skeleton import INDEX

SIDE_BELOW, ACROSS_ABOVE = 0.3, 0.58
"""Shoulders across the trunk's own line over its length; what lies between goes with what came before."""
SMOOTH_S, MIN_S = 0.5, 1.5


def across_of(pose: PoseTrack) -> FloatArray:
    """How wide the shoulders appear across the trunk's own line, over the trunk's length, (n,)."""
    at = {name: pose.xy_px[:, i] for name, i in INDEX.items()}
    along = (at["left_shoulder"] + at["right_shoulder"] - at["left_hip"] - at["right_hip"]) / 2
    long = np.maximum(np.linalg.norm(along, axis=1), 1.0)
    wide = at["left_shoulder"] - at["right_shoulder"]
    return np.asarray(np.abs(along[:, 0] * wide[:, 1] - along[:, 1] * wide[:, 0]) / long**2)


def turns_s(pose: PoseTrack) -> list[float]:
    """Times at which the person has turned from side to front or back, or the other way, for a while on both sides."""
    across = across_of(pose)
    seen = np.flatnonzero(np.isfinite(across))
    if len(seen) < 2:
        return []
    time_s = pose.time_s[seen]
    size = max(3, round(SMOOTH_S * frame_rate_hz_of(time_s)) | 1)
    from_side, state = np.zeros(len(seen), dtype=bool), bool(across[seen[0]] < SIDE_BELOW)
    for k, share in enumerate(median_filter(across[seen], size, mode="nearest")):
        state = True if share < SIDE_BELOW else False if share > ACROSS_ABOVE else state
        from_side[k] = state
    spells = sorted((*runs(from_side), *runs(~from_side)))
    long = [(a, b) for a, b in spells if time_s[b - 1] - time_s[a] >= MIN_S]
    changes = pairwise(long)
    return [float(time_s[b]) for (a, _), (b, _) in changes if from_side[a] != from_side[b]]
