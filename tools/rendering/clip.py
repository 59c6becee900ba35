"""Makes one clip and its truth file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from .body import make_body
from .camera import fov_for_fill
from .clothes import dress
from .encode import write_h264
from .running import Runner
from .samples import Clip
from .scene import Scene
from .truth import truth

Progress = Callable[[int, int], None]


def _pictures(clip: Clip, scene: Scene, runner: Runner, times: np.ndarray, progress: Progress) -> Iterator[np.ndarray]:
    spread = clip.shutter_s * ((np.arange(clip.subframes) + 0.5) / clip.subframes - 0.5)
    poses = runner.pose((times[:, None] + spread).ravel())
    for i in range(len(times)):
        yield scene.expose([poses.at(i * clip.subframes + k) for k in range(clip.subframes)])
        progress(i + 1, len(times))


def render(clip: Clip, folder: Path, progress: Progress = lambda done, of: None) -> tuple[Path, Path]:
    """Write ``<name>.mp4`` and ``<name>.truth.json`` into the folder; returns both paths."""
    folder.mkdir(parents=True, exist_ok=True)
    body = make_body(clip.build)
    camera = clip.camera
    if clip.fill:
        camera = replace(camera, fov_deg=fov_for_fill(camera, body.dimensions.height, clip.fill))
    clip = replace(clip, camera=camera)
    runner = Runner(clip.params, body.dimensions, clip.duration_s)
    times = np.arange(round(clip.duration_s * clip.frame_rate_hz)) / clip.frame_rate_hz
    record = truth(runner, camera, times, clip.frame_rate_hz, {"tool": "tools/render_clips.py", **asdict(clip)})
    target = folder / f"{clip.name}.mp4"
    scene = Scene(body, dress(body, clip.outfit), camera, clip.room, clip.params.belt_speed_mps)
    try:
        write_h264(target, _pictures(clip, scene, runner, times, progress), clip.frame_rate_hz, crf=clip.crf)
    finally:
        scene.close()
    answers = folder / f"{clip.name}.truth.json"
    answers.write_text(json.dumps(record, separators=(",", ":"), allow_nan=False) + "\n", encoding="utf-8")
    return target, answers
