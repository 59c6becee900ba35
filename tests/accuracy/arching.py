"""People who stand flat, as usual and arched on purpose, rendered: told in the right order or not.

The looks are made by ``python tools/train_lumbar.py arching``: bodies of which no still was learnt from, four looks at
each of three postures, through the product's own network.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from formcheck.lumbar import estimate_looks, load_model
from formcheck.outline import back_line
from formcheck.pose.mediapipe_pose import outline_of_mask
from formcheck.records import PoseTrack

from .rendered import folder

PICTURE_PX = 2.0
"""Pixels of the picture for each of the network's input."""


def people() -> list[Path]:
    """What was made."""
    return sorted((folder() / "lumbar").glob("arch_[0-9][0-9][0-9][0-9].npz"))


def told(person: Path) -> dict[float, float]:
    """True lumbar extension of each posture -> what its looks tell on average, degrees without a zero."""
    with np.load(person) as file:
        xy = file["xy_input"][:, 0].astype(float)
        masks = file["mask"][:, 0].astype(np.float32) / 255
        true, right = file["lumbar_extension_deg"].astype(float), bool(file["facing_right"])
        visibility = file["visibility"][:, 0].astype(float)
    outlines = np.array([outline_of_mask(mask, points) for mask, points in zip(masks, xy, strict=True)])
    quarters = np.rint(4 * PICTURE_PX * outlines).astype(np.int16)
    track = PoseTrack(np.arange(len(xy), dtype=float), PICTURE_PX * xy, visibility, 512, 512, quarters, "stills")
    looks = estimate_looks(back_line(track, right), track.xy_px, load_model())
    return {posture: float(np.nanmean(looks.lumbar_deg[true == posture])) for posture in sorted(set(true))}
