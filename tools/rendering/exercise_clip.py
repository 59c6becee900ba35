"""Makes one exercise clip and its truth file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from . import exercises_low, exercises_lying, exercises_standing
from .body import Body, Build, make_body
from .clothes import dress
from .encode import write_h264
from .exercise_bench import ExerciseClip, Row
from .exercise_plan import Plan
from .exercise_truth import frames, spans
from .gym import GymScene
from .pose import Pose

MODULES = (exercises_lying, exercises_standing, exercises_low)
GOOD_LINE_DEG = 10.0
"""A plank's line is good within so much of straight."""


def motion(name: str) -> Callable[[Body, np.ndarray, Plan, dict[str, Any]], Pose]:
    """The function that moves the body."""
    return next(getattr(module, name) for module in MODULES if hasattr(module, name))


@cache
def _body(build: Build) -> Body:
    return make_body(build)


def posed(clip: ExerciseClip) -> tuple[Body, Pose]:
    """The body and its poses at every frame."""
    body = _body(clip.build)
    n = round(clip.plan.duration_s * clip.row.frame_rate_hz)
    times = np.arange(n) / clip.row.frame_rate_hz
    return body, motion(clip.row.motion)(body, times, clip.plan, clip.row.style)


def truth(clip: ExerciseClip, body: Body, pose: Pose) -> dict[str, Any]:
    """All that is true of the clip."""
    camera, plan, row = clip.camera, clip.plan, clip.row
    every = frames(body, pose, camera)
    return {
        "schema": 1,
        "activity": row.activity,
        "mode": row.mode,
        "variant": row.variant,
        "view": row.view,
        "facing": camera.facing,
        "near_side": camera.side if row.view == "side" else None,
        "group": clip.group,
        "camera": clip.camera_kind,
        "height_cm": clip.build.height_cm,
        "video": {
            "width_px": camera.width_px,
            "height_px": camera.height_px,
            "n_frames": len(pose),
            "duration_s": round(len(pose) / row.frame_rate_hz, 4),
            "frame_rate_hz": row.frame_rate_hz,
            "variable_frame_rate": False,
            "slow_motion": 1.0,
        },
        "leg_length_m": round(body.dimensions.leg, 4),
        "faults": row.faults,
        "reps": plan.reps,
        "holds": plan.holds,
        "touches_s": plan.touches,
        "good_line_s": _good_line(row, every),
        "frames": every,
        "spec_hash": clip.spec_hash,
        "made_with": {"tool": "tools/render_clips.py --exercises", **asdict(clip)},
    }


def _good_line(row: Row, every: dict[str, Any]) -> list[list[float]] | None:
    """Stretches in which a plank's line shoulder-hip-ankle (knee, on the knees) is straight enough."""
    if row.motion != "plank":
        return None
    line = "hip" if row.mode == "knees" else "body"
    mean = (np.array(every[f"{line}_line_left_deg"]) + np.array(every[f"{line}_line_right_deg"])) / 2
    return spans(np.array(every["time_s"]), np.abs(mean - 180.0) <= GOOD_LINE_DEG)


def _pictures(clip: ExerciseClip, scene: GymScene, pose: Pose, progress: Callable[[int, int], None]) -> Iterator[Any]:
    belly = clip.plan.channel("belly", pose.time_s)
    for i in range(len(pose)):
        scene.belly_m = float(belly[i])
        yield scene.expose([pose.at(i)])
        progress(i + 1, len(pose))


def render(
    clip: ExerciseClip,
    folder: Path,
    progress: Callable[[int, int], None] = lambda done, of: None,
    *,
    crf: int = 24,
    finer: float = 1.0,
) -> tuple[Path, Path]:
    """Write ``<name>.mp4`` and then ``<name>.truth.json`` into the folder; returns both paths."""
    folder.mkdir(parents=True, exist_ok=True)
    body, pose = posed(clip)
    record = truth(clip, body, pose)
    target, answers = folder / f"{clip.name}.mp4", folder / f"{clip.name}.truth.json"
    answers.unlink(missing_ok=True)  # a clip half made must not stand beside the answers of an earlier one
    scene = GymScene(body, dress(body, clip.outfit), clip.camera, clip.room, clip.props, finer)
    try:
        write_h264(target, _pictures(clip, scene, pose, progress), clip.row.frame_rate_hz, crf=crf, preset="veryfast")
    finally:
        scene.close()
    answers.write_text(json.dumps(record, separators=(",", ":"), allow_nan=False) + "\n", encoding="utf-8")
    return target, answers
