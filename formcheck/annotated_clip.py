"""The clip once more, with everything drawn on it, and the pictures of its key moments, in one pass over the video."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from formcheck.annotate import Annotator, draw_key_moment
from formcheck.cards import Lang
from formcheck.records import Analysis, KeyMoment
from formcheck.video import VideoWriter, read_frames

DRAWN_SIDE_PX = 1920
JPEG_QUALITY = 88


@dataclass(frozen=True)
class Picture:
    """A key moment's picture as a JPEG file's bytes."""

    moment: KeyMoment
    jpeg: bytes
    file_name: str


def write_annotated_clip(
    analysis: Analysis,
    video: Path,
    folder: Path,
    lang: Lang,
    report: Callable[[float], None],
    show: Callable[[float, npt.NDArray[np.uint8]], None],
) -> list[Picture]:
    """Write ``annotated.mp4`` and ``frames/*.jpg`` into ``folder``; returns the pictures in time order.

    The clip keeps its own times: slow motion stays slow motion to look at, while what is written on it is real time.
    ``show`` is given every drawn picture and its time.
    """
    frames_folder = folder / "frames"
    frames_folder.mkdir()
    wanted = _frames_of_moments(analysis)
    pictures: list[Picture] = []
    slow = analysis.video.slow_motion
    with read_frames(video, max_side_px=DRAWN_SIDE_PX) as frames:
        first = next(frames)
        height, width = first.image.shape[:2]
        scale = width / analysis.video.width_px
        annotator = Annotator(analysis, lang, scale)
        with VideoWriter(folder / "annotated.mp4", width, height) as writer:
            for frame in chain([first], frames):
                for moment in wanted.get(frame.index, ()):
                    still = draw_key_moment(frame.image, analysis, moment, lang)
                    pictures.append(_saved(still, moment, frames_folder))
                drawn = annotator.annotate(frame.image, frame.time_s / slow, in_place=True)
                writer.write(drawn, frame.time_s)
                show(frame.time_s, drawn)
                report(frame.time_s / slow / max(analysis.video.duration_s, 1e-9))
    return sorted(pictures, key=lambda picture: picture.moment.time_s)


def _frames_of_moments(analysis: Analysis) -> dict[int, list[KeyMoment]]:
    """Which frame shows each moment: the nearest in time."""
    wanted: dict[int, list[KeyMoment]] = {}
    for moment in analysis.key_moments:
        index = int(np.argmin(np.abs(analysis.pose.time_s - moment.time_s)))
        wanted.setdefault(index, []).append(moment)
    return wanted


def _saved(image: npt.NDArray[np.uint8], moment: KeyMoment, folder: Path) -> Picture:
    name = f"{moment.kind}_{moment.side}.jpg"
    _, encoded = cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    (folder / name).write_bytes(encoded.tobytes())
    return Picture(moment, encoded.tobytes(), name)
