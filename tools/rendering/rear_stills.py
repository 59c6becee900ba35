"""Many bodies from behind and in front, some pictures of each: to learn what a picture tells about the pelvis.

Other bodies, clothes, cameras and motions than the clips of ``rear.py``: drawn from another seed. NumPy only, except
``draw``.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from .bench import BenchClip, Gait, Row
from .rear import with_sideways

SEED = 20262
PICTURES = 12
SIZE = (406, 720)


def still_clip(number: int) -> BenchClip:
    """One runner: a clip of which a few pictures are taken."""
    rng = np.random.default_rng([SEED, number])
    woman = bool(rng.random() < 0.5)
    height = float(rng.normal(163, 6) if woman else rng.normal(177, 7))
    build = (height, float(woman), float(rng.uniform(0.25, 0.9)), float(rng.uniform(0.35, 0.75)))
    gait = Gait(
        cadence_spm=float(rng.uniform(156, 184)),
        speed_mps=float(rng.uniform(2.4, 3.4)),
        overstride_share=float(rng.uniform(0.17, 0.25)),
        foot_angle_deg=float(rng.uniform(-2, 14)),
        lean_deg=float(rng.uniform(3, 11)),
        lean_swing_deg=float(rng.uniform(2, 5)),
    )
    row = Row(
        f"still_{number:03}",
        "stills",
        build,
        gait,
        "front" if rng.random() < 0.3 else "rear",
        duration_s=2.0,
        size=SIZE,
        yaw_deg=float(rng.uniform(-8, 8)),
        height_m=float(rng.uniform(0.6, 1.4)),
        distance_m=float(rng.uniform(2.8, 5.5)),
        roll_deg=float(rng.uniform(-2, 2)),
        room=str(rng.choice(["plain", "gym", "dark"], p=[0.5, 0.35, 0.15])),
        cloth="loose" if rng.random() < 0.35 else "close",
    )
    return with_sideways(row, False, rng)


def draw(number: int, folder: Path) -> None:
    """Pictures and truth of one runner, unless they are there already."""
    from PIL import Image

    from .clip import prepared
    from .frontal import tracks

    answers = folder / f"{number:03}.json"
    if answers.exists():
        return
    made = still_clip(number)
    motion, scene, camera = prepared(made.clip)
    times = np.sort(np.random.default_rng([SEED, number, 1]).uniform(0.1, 1.9, PICTURES))
    pose = motion.pose(times)
    try:
        for i in range(PICTURES):
            Image.fromarray(scene.expose([pose.at(i)])).save(folder / f"{number:03}_{i:02}.jpg", quality=92)
    finally:
        scene.close()
    truth = {name: track.round(4).tolist() for name, track in tracks(pose, motion.body).items()}
    joints = {name: camera.project(at).round(1).tolist() for name, at in _joints(pose, motion).items()}
    answers.write_text(json.dumps({"side": camera.side, "truth": truth, "joints_px": joints, **made.truth()}))


def _joints(pose, motion) -> dict:
    from .pose import JOINTS, joints

    at = joints(pose, motion.body)
    return {name: at[name] for name in JOINTS}
