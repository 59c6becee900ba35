"""Streaming a clip's frames with their true times."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from formcheck.planes import Planes
from formcheck.video.files import decoded, decoder_threads, opened
from formcheck.video.pictures import RgbImage, ToPlanes, ToRgb, blank, layout_of, matrix_of, pixel_aspect
from formcheck.video.probe import inspect
from formcheck.video.times import Clock, has_show_times, usual_step_s

_WORTH_SEEKING_S, _SEEK_MARGIN_S = 1.5, 1.0


@dataclass(frozen=True, slots=True)
class Frame:
    """One upright picture and when it was taken."""

    index: int
    """Counts from 0 at the clip's first frame, also when reading starts later."""
    time_s: float
    """Seconds after the clip's first frame; strictly increasing."""
    image: RgbImage
    """(height, width, 3) uint8 RGB, contiguous, free to be drawn on."""


@dataclass(frozen=True, slots=True)
class PlanarFrame:
    """One upright picture to be drawn on and encoded, of even size."""

    index: int
    """As in `Frame`."""
    time_s: float
    planes: Planes
    """The picture, free to be drawn on."""
    memory: Any
    """The PyAV frame whose memory ``planes`` are; `VideoWriter.write_planar` encodes it."""
    _decoded: Any
    _aspect: Fraction

    def rgb(self, max_side_px: int | None = None) -> RgbImage:
        """(height, width, 3) the same picture in RGB at a size of its own, with nothing drawn on it."""
        return ToRgb(layout_of(self._decoded, self._aspect, max_side_px))(self._decoded)


F = TypeVar("F")
_Make = Callable[[int, float, Any], F]
_Maker = Callable[[Any, Fraction], _Make[F]]


class FrameReader(Iterator[F]):
    """Streams the upright frames of a file; holds only the few frames the decoder works on.

    Closes itself at the end, on ``close()`` and at the end of a ``with`` block.
    """

    def __init__(
        self,
        path: Path,
        maker: _Maker[F],
        start_s: float | None,
        end_s: float | None,
        wanted: Callable[[int], bool] | None = None,
    ) -> None:
        """``maker`` is given the first decoded frame and its pixels' aspect, and returns what makes the pictures."""
        self.info, self._scan = inspect(path)
        self._wanted = wanted
        self._path = path
        self._maker = maker
        self._start_s = 0.0 if start_s is None else start_s
        self._end_s = float("inf") if end_s is None else end_s
        self._frames = self._read()

    def __next__(self) -> F:
        return next(self._frames)

    def __enter__(self) -> FrameReader[F]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; there are no more frames."""
        self._frames.close()

    def _read(self) -> Generator[F, None, None]:
        make: _Make[F] | None = None
        with opened(self._path) as (container, stream):
            stream.thread_type = "AUTO"
            stream.codec_context.thread_count = decoder_threads(stream.codec_context)
            for index, time_s, frame in self._timed(container, stream):
                if time_s >= self._end_s:
                    return
                if time_s < self._start_s or not (self._wanted is None or self._wanted(index)):
                    continue
                make = make or self._maker(frame, pixel_aspect(stream))
                yield make(index, time_s, frame)

    def _timed(self, container: Any, stream: Any) -> Iterator[tuple[int, float, Any]]:
        """(index, seconds, decoded frame), from the clip's first frame or from shortly before the start."""
        if self._start_s > _WORTH_SEEKING_S and self._scan.orderly:
            late = self._timed_after_seek(container, stream)
            first = next(late, None)
            if first is not None and first[1] <= self._start_s:
                yield first
                yield from late
                return
            container.seek(self._scan.ticks[0], stream=stream)
        clock = Clock(stream.time_base, usual_step_s(stream))
        by_decoding = not has_show_times(container)
        for index, frame in enumerate(decoded(container, stream)):
            ticks = frame.dts if by_decoding or frame.pts is None else frame.pts
            yield index, clock.seconds(ticks), frame

    def _timed_after_seek(self, container: Any, stream: Any) -> Iterator[tuple[int, float, Any]]:
        times = self.info.times.time_s
        goal = int(np.searchsorted(times, self._start_s - _SEEK_MARGIN_S))
        if goal >= len(times):
            return
        container.seek(self._scan.ticks[goal], stream=stream)
        place = {ticks: index for index, ticks in enumerate(self._scan.ticks)}
        for frame in decoded(container, stream):
            index = place.get(frame.pts)
            if index is not None:
                yield index, float(times[index]), frame


def read_frames(
    path: str | os.PathLike[str],
    max_side_px: int | None = None,
    start_s: float | None = None,
    end_s: float | None = None,
    wanted: Callable[[int], bool] | None = None,
) -> FrameReader[Frame]:
    """Frames with ``start_s <= time_s < end_s``, scaled down so that no side exceeds ``max_side_px``.

    ``wanted`` picks frames by index; the others are decoded, since later ones rest on them, but made into no picture.
    Times and indices count from the clip's first frame whatever ``start_s`` is. All frames have one shape.
    Raises InputError at once, not at the first frame, when the file cannot be used.
    """

    def maker(first: Any, aspect: Fraction) -> _Make[Frame]:
        image_of = ToRgb(layout_of(first, aspect, max_side_px))
        return lambda index, time_s, frame: Frame(index, time_s, image_of(frame))

    return FrameReader(Path(path), maker, start_s, end_s, wanted)


def read_keyframes(path: str | os.PathLike[str], times_s: Sequence[float], max_side_px: int | None) -> Iterator[Frame]:
    """The nearest picture before each time that can be decoded on its own, each once: a cheap look over a clip.

    ``times_s`` in order. Fewer than asked for where the clip has fewer such pictures; none where it cannot be sought.
    """
    info, scan = inspect(Path(path))
    if not scan.orderly:
        return
    place = {ticks: index for index, ticks in enumerate(scan.ticks)}
    seen: set[int] = set()
    with opened(Path(path)) as (container, stream):
        image_of: ToRgb | None = None
        for wanted_s in times_s:
            container.seek(
                scan.ticks[min(int(np.searchsorted(info.times.time_s, wanted_s)), len(place) - 1)], stream=stream
            )
            frame = next(iter(decoded(container, stream)), None)
            index = None if frame is None else place.get(frame.pts)
            if index is None or index in seen:
                continue
            seen.add(index)
            image_of = image_of or ToRgb(layout_of(frame, pixel_aspect(stream), max_side_px))
            yield Frame(index, float(info.times.time_s[index]), image_of(frame))


def read_planar(
    path: str | os.PathLike[str],
    max_side_px: int | None = None,
    start_s: float | None = None,
    end_s: float | None = None,
    as_bt601: bool = False,
) -> FrameReader[PlanarFrame]:
    """Frames, as `read_frames`, in the form in which they are drawn on and encoded.

    ``as_bt601`` codes all colours the same way, for pictures of several clips in one.
    """

    def maker(first: Any, aspect: Fraction) -> _Make[PlanarFrame]:
        matrix = None if as_bt601 else matrix_of(first)
        planes_of = ToPlanes(layout_of(first, aspect, max_side_px).even(), matrix)
        return lambda index, time_s, frame: PlanarFrame(index, time_s, *planes_of(frame), frame, aspect)

    return FrameReader(Path(path), maker, start_s, end_s)


def blank_planar(width: int, height: int, time_s: float) -> PlanarFrame:
    """A black frame of even size, BT.601, to put a picture together in and `VideoWriter.write_planar` it."""
    return PlanarFrame(0, time_s, *blank(width, height, "bt601"), None, Fraction(1))
