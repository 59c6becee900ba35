"""Render the pictures of the film guide: one runner filmed well, and each way of filming that costs accuracy.

    python tools/render_film_guide.py
    python tools/render_film_guide.py --only tilted --out guide

Needs what ``render_clips.py`` needs. The pictures lie in ``formcheck/ui/film_guide`` and are part of the project.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent))

from rendering.body import make_body
from rendering.camera import Camera, fov_for_fill
from rendering.clip import motion_of
from rendering.clothes import dress
from rendering.room import Room
from rendering.samples import GOOD, Clip
from rendering.scene import Scene

WIDTH_PX, HEIGHT_PX, FINER = 360, 480, 3.0
MOMENT_S = 1.22
FOLDER = Path(__file__).resolve().parent.parent / "formcheck" / "ui" / "film_guide"
_CAMERA = replace(GOOD.camera, width_px=WIDTH_PX, height_px=HEIGHT_PX)
_WELL = replace(GOOD, camera=_CAMERA, fill=0.72)


def _filmed(fill: float = 0.72, **camera: float | str) -> Clip:
    return replace(_WELL, camera=replace(_CAMERA, **camera), fill=fill)


def _dark() -> Clip:
    room = Room(wall=(46, 46, 52), wall_low=(34, 34, 38), floor=(34, 30, 27), light=0.22, noise=9.0, seed=1)
    outfit = replace(_WELL.outfit, shirt=(30, 32, 40), shorts=(20, 20, 24))
    return replace(_WELL, room=room, outfit=outfit)


PICTURES: dict[str, Clip] = {
    "good": _WELL,
    "oblique": _filmed(yaw_deg=38.0),
    "tilted": _filmed(roll_deg=9.0),
    "far": _filmed(0.24),
    "feet_cut": _filmed(1.02, aim_height_m=1.08),
    "dark": _dark(),
    "loose": replace(
        _WELL,
        outfit=replace(
            _WELL.outfit, shirt_loose_m=0.085, shorts_loose_m=0.06, shorts_length=0.95, flap_m=0.02, shirt_hem_m=-0.12,
            sleeve=0.95,
        ),
    ),
    "blurred": replace(_WELL, subframes=24, shutter_s=1 / 24),
}  # fmt: skip


def _picture(clip: Clip) -> np.ndarray:
    body = make_body(clip.build)
    camera: Camera = replace(clip.camera, fov_deg=fov_for_fill(clip.camera, body.dimensions.height, clip.fill))
    runner = motion_of(clip, body.dimensions)
    spread = clip.shutter_s * ((np.arange(clip.subframes) + 0.5) / clip.subframes - 0.5)
    poses = runner.pose(MOMENT_S + spread)
    scene = Scene(body, dress(body, clip.outfit), camera, clip.room, runner.belt_speed_mps, FINER)
    try:
        return scene.expose([poses.at(k) for k in range(clip.subframes)])
    finally:
        scene.close()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=PICTURES, help="make only this picture (may be repeated)")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder to write to")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for name in args.only or PICTURES:
        target = args.out / f"{name}.webp"
        Image.fromarray(_picture(PICTURES[name])).save(target, quality=82, method=6)
        print(f"{target.name} {target.stat().st_size / 1000:.0f} kB", flush=True)


if __name__ == "__main__":
    main()
