"""Makes one clip and its truth file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from .body import make_body
from .camera import fov_for_fill
from .clothes import dress
from .encode import write_h264
from .motion import Motion
from .pose import Dimensions
from .recorded import recorded_motion
from .running import Runner
from .samples import Clip
from .scene import Scene
from .truth import truth

Progress = Callable[[int, int], None]


def _pictures(clip: Clip, scene: Scene, runner: Motion, times: np.ndarray, progress: Progress) -> Iterator[np.ndarray]:
    spread = clip.shutter_s * ((np.arange(clip.subframes) + 0.5) / clip.subframes - 0.5)
    poses = runner.pose((times[:, None] + spread).ravel())
    for i in range(len(times)):
        yield scene.expose([poses.at(i * clip.subframes + k) for k in range(clip.subframes)])
        progress(i + 1, len(times))


def motion_of(clip: Clip, body: Dimensions) -> Motion:
    """What moves the body: a real runner's angles, or the parametric runner."""
    if clip.recorded:
        return recorded_motion(clip.recorded, body, clip.duration_s)
    return Runner(clip.params, body, clip.duration_s)


def render(
    clip: Clip, folder: Path, progress: Progress = lambda done, of: None, more: dict[str, Any] | None = None
) -> tuple[Path, Path]:
    """Write ``<name>.mp4`` and then ``<name>.truth.json`` (with ``more`` in it) into the folder; returns both paths."""
    folder.mkdir(parents=True, exist_ok=True)
    body = make_body(clip.build)
    camera = clip.camera
    if clip.fill:
        camera = replace(camera, fov_deg=fov_for_fill(camera, body.dimensions.height, clip.fill))
    clip = replace(clip, camera=camera)
    runner = motion_of(clip, body.dimensions)
    times = np.arange(round(clip.duration_s * clip.frame_rate_hz)) / clip.frame_rate_hz
    record = truth(runner, camera, times, clip.frame_rate_hz, {"tool": "tools/render_clips.py", **asdict(clip)})
    record |= more or {}
    target, answers = folder / f"{clip.name}.mp4", folder / f"{clip.name}.truth.json"
    answers.unlink(missing_ok=True)  # a clip half made must not stand beside the answers of an earlier one
    scene = Scene(body, dress(body, clip.outfit), camera, clip.room, runner.belt_speed_mps, clip.finer)
    pictures = _pictures(clip, scene, runner, times, progress)
    try:
        write_h264(target, pictures, clip.frame_rate_hz, crf=clip.crf, preset=clip.preset)
    finally:
        scene.close()
    answers.write_text(json.dumps(record, separators=(",", ":"), allow_nan=False) + "\n", encoding="utf-8")
    return target, answers
