"""Makes one clip and its truth file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from .body import Body, make_body
from .camera import Camera, fov_for_fill
from .clothes import dress
from .encode import write_h264
from .motion import Motion
from .pose import Dimensions
from .rear_running import RearParams, RearRunner
from .rear_scene import RearScene, RoadScene
from .recorded import recorded_motion
from .running import Runner
from .samples import Clip
from .scene import Scene
from .standing import StandThenRun
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
    kind = RearRunner if isinstance(clip.params, RearParams) else Runner
    runner = kind(clip.params, body, clip.duration_s)
    return StandThenRun(runner, clip.stand) if clip.stand else runner


def _scene(clip: Clip, body: Body, speed_mps: float) -> Scene:
    """The room with the treadmill; for clips from behind or in front one in which the body is not hidden."""
    figure = dress(body, clip.outfit)
    if isinstance(clip.params, RearParams):
        kind = RoadScene if clip.params.travels else RearScene
        return kind(body, figure, clip.camera, clip.room, speed_mps, clip.finer)
    return Scene(body, figure, clip.camera, clip.room, speed_mps, clip.finer)


def _ready(clip: Clip) -> tuple[Motion, Callable[[], Scene], Clip]:
    """What moves, what makes the room, and the clip with its camera's angle of view."""
    body = make_body(clip.build)
    camera = clip.camera
    if clip.fill:
        camera = replace(camera, fov_deg=fov_for_fill(camera, body.dimensions.height, clip.fill))
    clip = replace(clip, camera=camera)
    runner = motion_of(clip, body.dimensions)
    return runner, lambda: _with_resting_belt(_scene(clip, body, runner.belt_speed_mps), clip), clip


def _with_resting_belt(scene: Scene, clip: Clip) -> Scene:
    """The belt begins to move when the runner does."""
    scene.belt_starts_s = clip.stand.stand_s if clip.stand else 0.0
    return scene


def prepared(clip: Clip) -> tuple[Motion, Scene, Camera]:
    """Motion, room and camera, for single pictures."""
    runner, make_scene, clip = _ready(clip)
    return runner, make_scene(), clip.camera


def render(
    clip: Clip, folder: Path, progress: Progress = lambda done, of: None, more: dict[str, Any] | None = None
) -> tuple[Path, Path]:
    """Write ``<name>.mp4`` and then ``<name>.truth.json`` (with ``more`` in it) into the folder; returns both paths."""
    folder.mkdir(parents=True, exist_ok=True)
    runner, make_scene, clip = _ready(clip)
    camera = clip.camera
    times = np.arange(round(clip.duration_s * clip.frame_rate_hz)) / clip.frame_rate_hz
    record = truth(runner, camera, times, clip.frame_rate_hz, {"tool": "tools/render_clips.py", **asdict(clip)})
    record |= more or {}
    target, answers = folder / f"{clip.name}.mp4", folder / f"{clip.name}.truth.json"
    answers.unlink(missing_ok=True)  # a clip half made must not stand beside the answers of an earlier one
    scene = make_scene()
    pictures = _pictures(clip, scene, runner, times, progress)
    try:
        write_h264(target, pictures, clip.frame_rate_hz, crf=clip.crf, preset=clip.preset)
    finally:
        scene.close()
    answers.write_text(json.dumps(record, separators=(",", ":"), allow_nan=False) + "\n", encoding="utf-8")
    return target, answers
