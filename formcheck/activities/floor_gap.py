"""Gap between the small of the back and the floor of somebody on the back, told by the upper edge of the outline.

An arching back leaves the floor and lifts the belly with it: a trunk is as thick as before. The lower edge would be
nearer to the gap, but lies in the body's own shadow, which goes with the limbs, and behind the near side of the body
where the camera looks down. Shoulders and seat stay where they are meanwhile, so the edge is measured from one line of
the whole clip: landmarks that move with the limbs do not matter. It has no zero (the belly's height is not known): only
changes within a clip mean anything, and a deep breath into the belly is one of them.
"""

from __future__ import annotations

import numpy as np

from formcheck.exercise_signals import mirrored
from formcheck.records import BoolArray, FloatArray, PoseTrack, Signals
from formcheck.repair import low_pass
from formcheck.skeleton import INDEX

STATIONS = np.linspace(0.3, 0.55, 6)
"""Share of the way from hip to shoulder: between the thigh and the arm, where rendered bellies rose most."""
NEAR, ABOVE = 0.04, 0.02
"""Of the line from hip to shoulder: how wide a station is, and how far over the line the upper edge begins."""
LYING_DEG = 35.0
"""The trunk against the floor."""
SLOW_HZ = 1.5
FEWEST_LOOKS = 20


def floor_gap_pct(pose: PoseTrack) -> FloatArray:
    """(n,) height of the outline's upper edge above the line from hip to shoulder, % of that line; NaN: not seen.

    The higher, the more of a gap. Where an arm or a thigh is above the belly, the lowest edge is the belly's.
    """
    out = np.full(len(pose.time_s), np.nan)
    hips, shoulders = (_middle(pose, joint) for joint in ("hip", "shoulder"))
    lying = _lying(shoulders - hips)
    if not lying.any():
        return out
    hip, shoulder = np.median(hips[lying], axis=0), np.median(shoulders[lying], axis=0)
    long = float(np.hypot(*(shoulder - hip)))
    along = (shoulder - hip) / max(long, 1.0)
    up = np.array([-along[1], along[0]]) * (1.0 if along[0] > 0 else -1.0)
    for k in np.flatnonzero(lying & (pose.outline_qpx[:, 0, 0] >= 0)):
        edge = mirrored(np.stack([pose.outline_qpx[k] / 4.0]), "right")[0] - hip
        share, height = edge @ along / long, edge @ up / long
        above = [height[(np.abs(share - station) < NEAR) & (height > ABOVE)] for station in STATIONS]
        seen = [float(values.min()) for values in above if len(values)]
        if len(seen) > len(STATIONS) // 2:
            out[k] = 100.0 * float(np.median(seen))
    return out


def over_time(signals: Signals, time_s: FloatArray, values: FloatArray) -> FloatArray:
    """Values (n,) at looks -> an even, smoothed series (m,); NaN where hardly anything was seen."""
    seen = np.isfinite(values)
    if seen.sum() < FEWEST_LOOKS:
        return np.full(len(signals.time_s), np.nan)
    return low_pass(np.interp(signals.time_s, time_s[seen], values[seen]), SLOW_HZ, signals.rate_hz)


def _middle(pose: PoseTrack, joint: str) -> FloatArray:
    """(n, 2) between the left and the right joint, y up."""
    both = mirrored(pose.xy_px[:, [INDEX[f"left_{joint}"], INDEX[f"right_{joint}"]]], "right")
    return np.asarray(both.mean(axis=1))


def _lying(trunk: FloatArray) -> BoolArray:
    slope = np.degrees(np.arctan2(np.abs(trunk[:, 1]), np.abs(trunk[:, 0])))
    return np.asarray(slope < LYING_DEG)
