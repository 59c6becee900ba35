"""H.264 that plays in a browser."""

from __future__ import annotations

import contextlib
import os
import uuid
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, cast

import av
import cv2
import numpy as np
from av.video.reformatter import Colorspace, VideoReformatter

from formcheck.planes import Matrix
from formcheck.records import InputError
from formcheck.video.files import DAMAGE
from formcheck.video.pictures import RgbImage
from formcheck.video.read import PlanarFrame

_WRITER_TICKS_HZ = 90_000
_KEYFRAME_EVERY = 60  # so that a browser jumps quickly to a moment
_QUANTIZER = 27
"""H.264's step of 0 (all there) to 51. Left at one, the encoder does without a first look at each picture, which takes
it a tenth to a quarter of its time; size and closeness to the picture are about those of constant rate factor 25."""
_LIMITED_RANGE = 1
_COLORSPACE: dict[Matrix, int] = {"bt601": 6, "bt709": 1, "bt2020": 9}  # ITU-T H.273
_OWN_CHOICE = 0  # which pictures can be jumped to is for the encoder to say, not for the clip that was read


class VideoWriter:
    """Writes upright pictures with their own times as an H.264 MP4 that plays in a browser.

    Use as a context manager. The file appears under its name only when the block ends well; on an exception
    nothing is left behind. Odd sizes grow by one repeated row or column, as H.264's colours demand. The last
    frame is shown as long as the one before it.

        with VideoWriter(path, width, height) as writer:
            writer.write(image, time_s)
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        width: int,
        height: int,
        *,
        frame_rate_hz: float = 30.0,
        preset: str = "ultrafast",
        quantizer: int = _QUANTIZER,
        threads: int = 1,
        matrix: Matrix = "bt601",
    ) -> None:
        """``frame_rate_hz`` only guides the encoder; ``threads`` 0 lets it choose; ``matrix`` is what planar frames
        are coded with, and what RGB pictures need left as it is.
        """
        self._path = Path(path)
        self._temporary = self._path.with_name(f".{self._path.stem}.{uuid.uuid4().hex}.part.mp4")
        self._size = (width, height)
        self._even_size = (width + width % 2, height + height % 2)
        self._matrix: Matrix = matrix
        self._converter = VideoReformatter()
        self._last_ticks: int | None = None
        self._step_ticks = max(1, round(_WRITER_TICKS_HZ / frame_rate_hz))
        self._held: list[Any] = []
        options = {"movflags": "+faststart"}
        self._container: Any = av.open("file:" + str(self._temporary), "w", format="mp4", options=options)
        try:
            self._stream = self._add_stream(frame_rate_hz, preset, quantizer, threads)
        except BaseException:
            self._discard()
            raise

    def _add_stream(self, frame_rate_hz: float, preset: str, quantizer: int, threads: int) -> Any:
        stream = self._container.add_stream("libx264", rate=Fraction(frame_rate_hz).limit_denominator(1001))
        stream.width, stream.height = self._even_size
        stream.pix_fmt = "nv12"  # as x264 works inside; what is written is 4:2:0 like any other
        # Smoothing the edges of blocks costs next to nothing and shows; the fastest preset leaves it out.
        stream.options = {"preset": preset, "qp": str(quantizer), "x264-params": "no-deblock=0"}
        context = stream.codec_context
        context.time_base = stream.time_base = Fraction(1, _WRITER_TICKS_HZ)
        context.thread_count = threads
        context.gop_size = _KEYFRAME_EVERY
        context.colorspace, context.color_range = _COLORSPACE[self._matrix], _LIMITED_RANGE
        return stream

    def __enter__(self) -> VideoWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._discard()

    def write(self, image: RgbImage, time_s: float) -> None:
        """Add one (height, width, 3) uint8 RGB picture shown from ``time_s``; ValueError on another shape.

        Times must increase; one that does not is moved to just after the one before.
        """
        if image.shape != (self._size[1], self._size[0], 3) or image.dtype != np.uint8:
            raise ValueError(f"picture is {image.dtype} {image.shape}, the video is {self._size}")
        if self._size != self._even_size:
            right, below = self._size[0] % 2, self._size[1] % 2
            image = cast(RgbImage, cv2.copyMakeBorder(image, 0, below, 0, right, cv2.BORDER_REPLICATE))
        frame = av.VideoFrame.from_ndarray(image, format="rgb24")
        planar = self._converter.reformat(
            frame, format="nv12", dst_colorspace=Colorspace.ITU601, dst_color_range="MPEG"
        )
        self._encode(planar, time_s)

    def write_planar(self, frame: PlanarFrame) -> None:
        """Add a frame as it was read and drawn on, at its own time; ValueError on another shape or matrix."""
        size = (frame.memory.width, frame.memory.height)
        if size != self._size or frame.planes.matrix != self._matrix:
            raise ValueError(f"picture is {size} {frame.planes.matrix}, the video is {self._size} {self._matrix}")
        self._encode(frame.memory, frame.time_s)

    def _encode(self, picture: Any, time_s: float) -> None:
        ticks = round(time_s * _WRITER_TICKS_HZ)
        if self._last_ticks is not None:
            ticks = max(ticks, self._last_ticks + 1)
            self._step_ticks = ticks - self._last_ticks
        self._last_ticks = ticks
        picture.pts, picture.time_base, picture.pict_type = ticks, Fraction(1, _WRITER_TICKS_HZ), _OWN_CHOICE
        self._mux(self._stream.encode(picture))

    def _mux(self, packets: list[Any]) -> None:
        """Write all packets but the latest, whose duration is known only when the next one comes."""
        for packet in packets:
            self._flush_held()
            self._held.append(packet)

    def _flush_held(self) -> None:
        while self._held:
            self._container.mux(self._held.pop())

    def close(self) -> None:
        """Finish the file and give it its name; InputError ``too_few_frames`` when nothing was written."""
        if self._container is None:
            return
        try:
            self._finish()
        except BaseException:
            self._discard()
            raise

    def _finish(self) -> None:
        if self._last_ticks is None:
            raise InputError("too_few_frames", name=self._path.name, n_frames=0)
        self._mux(self._stream.encode(None))
        for packet in self._held:
            packet.duration = self._step_ticks
        self._flush_held()
        self._container.close()
        self._container = None
        self._temporary.replace(self._path)

    def _discard(self) -> None:
        """Drop everything; an encoder that fails again while being closed changes nothing."""
        if self._container is not None:
            with contextlib.suppress(OSError):  # first, or closing would still put a long file in order
                self._temporary.unlink()
            with contextlib.suppress(*DAMAGE):
                self._container.close()
            self._container = None
        self._temporary.unlink(missing_ok=True)
