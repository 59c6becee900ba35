"""Numbers that must hold for a runner before a clip of it is worth anything."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from .pose import SIDES, sole_points
from .running import GRAVITY, Runner
from .truth import angles

TOUCH_M = 4e-4


def faults(runner: Runner, duration_s: float) -> dict[str, float]:
    """Departures from what must hold, over the whole clip.

    ``flight_mps2``: vertical acceleration in flight against free fall. ``slide_mm``: how far a touching
    sole point moves against the belt within one stance, once landed. ``sunk_mm``: deepest sole point below the belt.
    ``straightest_knee_deg``: smallest knee flexion (below 0 the knee would bend backward). ``jump_mm``: largest move
    of the mid-hip within a millisecond.
    """
    times = np.arange(0.0, duration_s, 0.001)
    pose = runner.pose(times)
    tracks = angles(pose, runner.body)
    lowest = min(points[..., 2].min() for points in sole_points(pose, runner.body).values())
    return {
        "flight_mps2": _free_fall_error(runner, duration_s),
        "slide_mm": 1000 * _slide(runner, duration_s),
        "sunk_mm": -1000 * min(float(lowest), 0.0),
        "straightest_knee_deg": min(float(tracks[f"knee_flexion_{side}_deg"].min()) for side in SIDES),
        "jump_mm": 1000 * float(np.abs(np.diff(pose.pelvis_m, axis=0)).max()),
    }


def _free_fall_error(runner: Runner, duration_s: float) -> float:
    worst = 0.0
    for step, following in pairwise(runner.steps):
        start, end = step.toe_off_s, following.contact_s
        if start < 0 or end > duration_s:
            continue
        middle, half = (start + end) / 2, (end - start) / 2.2
        z = runner.pelvis(np.array([middle - half, middle, middle + half]))[:, 2]
        worst = max(worst, abs(float(z[0] - 2 * z[1] + z[2]) / half**2 + GRAVITY))
    return worst


def _slide(runner: Runner, duration_s: float) -> float:
    worst = 0.0
    for step in runner.steps:
        if step.contact_s < 0 or step.toe_off_s > duration_s:
            continue
        times = np.linspace(step.contact_s + runner.params.landing_slip_s, step.toe_off_s, 80)
        points = sole_points(runner.pose(times), runner.body)[step.side]
        on_belt = points[..., 0] + runner.belt_speed_mps * (times - times[0])[:, None]
        for k in range(points.shape[1]):
            touching = points[:, k, 2] < TOUCH_M
            if touching.sum() > 1:
                worst = max(worst, float(np.ptp(on_belt[touching, k])), float(np.ptp(points[touching, k, 1])))
    return worst
