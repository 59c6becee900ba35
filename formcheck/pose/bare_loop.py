"""The yardstick of ``formcheck bench``: what it costs to do nothing but look for the body.

Each frame decoded at full size, handed to MediaPipe's ``full`` PoseLandmarker in VIDEO mode with its true time, and its
landmarks kept. One process, no masks, no scaling, no drawing, no checks: what anybody would write first.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from formcheck.models import model_bytes
from formcheck.pose.mediapipe_pose import keep_to_this_machine


def bare_loop(video: Path) -> list[list[Any]]:
    """MediaPipe's own landmarks of every frame, one list of 33 for each person (one at most).

    Raises whatever PyAV and MediaPipe raise: the clip is expected to be one that formcheck can read.
    """
    keep_to_this_machine()
    import mediapipe as mp
    from mediapipe.tasks.python import BaseOptions, vision

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_buffer=model_bytes("full")), running_mode=vision.RunningMode.VIDEO
    )
    with vision.PoseLandmarker.create_from_options(options) as landmarker:
        return [
            landmarker.detect_for_video(
                mp.Image(image_format=mp.ImageFormat.SRGB, data=picture), time_ms
            ).pose_landmarks
            for time_ms, picture in upright_pictures(video)
        ]


def upright_pictures(video: Path) -> Iterator[tuple[int, npt.NDArray[np.uint8]]]:
    """Every picture at full size as a phone shows it, and its time in whole milliseconds, always increasing."""
    last_ms = -1
    with av.open(os.fspath(video)) as container:
        container.streams.video[0].thread_type = "AUTO"
        for frame in container.decode(video=0):
            last_ms = max(last_ms + 1, round(1000 * (frame.time or 0.0)))
            quarter_turns = round(frame.rotation / 90)  # against the clock, as NumPy counts them
            yield last_ms, np.ascontiguousarray(np.rot90(frame.to_ndarray(format="rgb24"), quarter_turns))
