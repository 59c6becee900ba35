"""The clip once more, with everything drawn on it, and the pictures of its key moments, in one pass over the video."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from formcheck.annotate import Annotator, DrawnBack, Faces, HeadLook, draw_key_moment, hiding, rgb_of
from formcheck.bystanders import head_looks
from formcheck.cards import Lang
from formcheck.records import Analysis, KeyMoment
from formcheck.video import PlanarFrame, VideoWriter, ahead, behind, read_planar

DRAWN_SIDE_PX = 1280
"""Sharp on a laptop and on a phone, where the clip is never shown larger; half the work and bytes of 1920."""
STILL_SIDE_PX = 1920
JPEG_QUALITY = 88
SHOW_EVERY_S = 0.2
_LOOKING_SHARE = 0.5
"""Of the time all of it takes, where other people's heads are looked for first."""
_WAITING = 3
"""Frames waiting to be drawn on, and to be encoded."""


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
    ``show`` is given a drawn picture and its time, at most every ``SHOW_EVERY_S``. Frames are read ahead and encoded
    behind the drawing in threads that end with this call, however it ends. With ``analysis.blur_face`` faces, also
    those of others that are found (``bystanders.py``), are hidden on all of them before anything is drawn.
    """
    (folder / "frames").mkdir()
    began = _LOOKING_SHARE if analysis.blur_face else 0.0
    looks = head_looks(video, lambda share: report(began * share)) if analysis.blur_face else ()
    slow = analysis.video.slow_motion
    show_at_s = 0.0
    with ahead(read_planar(video, max_side_px=DRAWN_SIDE_PX), _WAITING, "decode") as frames:
        first = next(frames)
        height, width = first.planes.luma.shape
        annotator = Annotator(analysis, lang, width / analysis.video.width_px)
        stills = _Stills(analysis, looks, lang, folder / "frames", annotator.back)
        hide = hiding(analysis, looks, width)
        with (
            VideoWriter(folder / "annotated.mp4", width, height, matrix=first.planes.matrix) as writer,
            behind(writer.write_planar, _WAITING, "encode") as write,
        ):
            for frame in chain([first], frames):
                stills.take(frame)
                hide(frame.planes, frame.time_s)
                annotator.annotate(frame.planes, frame.time_s / slow)
                if time.monotonic() >= show_at_s:
                    show(frame.time_s, rgb_of(frame.planes))
                    show_at_s = time.monotonic() + SHOW_EVERY_S
                write(frame)
                report(began + (1.0 - began) * frame.time_s / slow / max(analysis.video.duration_s, 1e-9))
    return sorted(stills.pictures, key=lambda picture: picture.moment.time_s)


class _Stills:
    """The key moments' pictures, made as their frames come by."""

    def __init__(
        self, analysis: Analysis, looks: Sequence[HeadLook], lang: Lang, folder: Path, back: DrawnBack
    ) -> None:
        self._back = back
        self._analysis, self._looks, self._lang, self._folder = analysis, looks, lang, folder
        self._waiting = sorted(analysis.key_moments, key=lambda moment: moment.time_s)
        self._half_frame_s = 0.5 / max(analysis.video.frame_rate_hz, 1.0)
        self.pictures: list[Picture] = []

    def take(self, frame: PlanarFrame) -> None:
        """Draw and save the moments to which this frame is the nearest, at the size it was filmed in."""
        time_s = frame.time_s / self._analysis.video.slow_motion
        while self._waiting and self._waiting[0].time_s <= time_s + self._half_frame_s:
            moment = self._waiting.pop(0)
            image = frame.rgb(STILL_SIDE_PX)
            if self._analysis.blur_face:
                scale = image.shape[1] / self._analysis.video.width_px
                Faces(self._analysis, scale, self._looks).hide_rgb(image, time_s)
            still = draw_key_moment(image, self._analysis, moment, self._lang, self._back)
            self.pictures.append(_saved(still, moment, self._folder))


def _saved(image: npt.NDArray[np.uint8], moment: KeyMoment, folder: Path) -> Picture:
    name = f"{moment.id}.jpg"
    _, encoded = cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    (folder / name).write_bytes(encoded.tobytes())
    return Picture(moment, encoded.tobytes(), name)
