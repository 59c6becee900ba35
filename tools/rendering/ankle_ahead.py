"""How far each ankle is ahead of the hips in the stills of strides, and how the camera stood: nothing is drawn.

What ``tools/train_leg_angles.py`` needs beside the pictures.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .back_lines import poses_of
from .body import make_body
from .pose import SIDES, joints
from .stills import person


def ankles_ahead(number: int, stills: Path) -> dict[str, np.ndarray]:
    """``ahead_pct`` (n, 2) of leg length, left and right, at every still in the file; ``roll_deg`` of the camera."""
    with np.load(stills) as file:
        lumbar = file["lumbar_extension_deg"].ravel()
    who = person(number)
    body = make_body(who.build).dimensions
    rows: list[list[float]] = []
    for drawn_deg, pose in poses_of(who, body):
        if len(rows) < len(lumbar) and abs(drawn_deg - lumbar[len(rows)]) < 1e-3:  # the network found nobody in some
            at = joints(pose, body)
            rows.append([100 * float(at[f"{s}_ankle"][0, 0] - pose.pelvis_m[0, 0]) / body.leg for s in SIDES])
    assert len(rows) == len(lumbar), number
    return {"ahead_pct": np.array(rows), "roll_deg": np.array(who.camera.roll_deg)}
