"""Upright pictures with true times in, H.264 out.

Conventions here: pictures are ``(height, width, 3)`` uint8 RGB arrays, upright and with square pixels; times
are seconds after the clip's first frame, from the container's own timestamps, never ``index / rate``.

A clip comes from anybody, so it is distrusted: only plain local files in a few known containers are opened
(no playlists, no picture series, no network), sizes are checked before a frame is decoded, and whatever
cannot be used is an `InputError` with one of these codes:

========================  =====================================================================
``file_missing``          no such file, or it cannot be read
``empty_file``            zero bytes
``not_a_video``           another kind of file (text, photo, playlist, folder ...)
``truncated_beyond_use``  an MP4 or MOV cut off before its table of contents was written
``no_video_stream``       sound only
``unreadable_video``      no frame can be decoded (damaged, encrypted, unknown codec)
``too_few_frames``        fewer than two frames (`check_readable` and an empty `VideoWriter` only)
``too_large``             a side above 8192 or a picture above 40 million pixels
``bad_frame_rate``        fewer than 1 or more than 1000 frames a second on average
========================  =====================================================================
"""

from __future__ import annotations

import contextlib
import itertools
import math
import os
import uuid
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, cast

import av
import av.error
import cv2
import numpy as np
import numpy.typing as npt

from formcheck.records import FloatArray, InputError

RgbImage = npt.NDArray[np.uint8]

MAX_SIDE_PX = 8192
MAX_PIXELS = 40_000_000
MIN_RATE_HZ, MAX_RATE_HZ = 1.0, 1000.0
MIN_FRAMES = 2

# Demuxers that may open a file. Playlists (hls, dash, concat), picture series and capture devices are left
# out because they read other files or the network. Sound files are let in to be told "no picture in it".
_CONTAINERS = "mov,matroska,webm,avi,gif,mpegts,mpeg,flv,ogg,asf,mxf,ivf,nut,apng,dv,mp3,wav,flac,aac"
_OPEN_OPTIONS = {
    "format_whitelist": _CONTAINERS,
    "protocol_whitelist": "file",
    "max_pixels": str(MAX_PIXELS),  # also stops a size that grows in the middle of the stream
}
# What damaged bytes raise; PyAV itself stumbles over a stream table that contradicts itself (IndexError).
_DAMAGE = (av.error.FFmpegError, OSError, ValueError, IndexError)
# Each decoder thread holds a few frames; without a bound a many-core machine would hold gigabytes of 4K.
_MAX_DECODER_THREADS, _MAX_PIXELS_AT_WORK = 4, 32_000_000
# Waking threads for one small picture costs more than it saves; before PyAV 17 there was no choice.
_SCALER: dict[str, Any] = {"threads": 1} if int(av.__version__.split(".")[0]) >= 17 else {}
_FALLBACK_RATE_HZ = 30.0
_DUPLICATE_STEP_S = 0.001
_LONGEST_GAP_S = 60.0
_FIRST_FRAME_PACKETS = 300
_WORTH_SEEKING_S, _SEEK_MARGIN_S = 1.5, 1.0
_WRITER_TICKS_HZ = 90_000
_KEYFRAME_EVERY = 60  # so that a browser jumps quickly to a moment
_BT601, _LIMITED_RANGE = 6, 1  # FFmpeg's numbers for the colours OpenCV converts to


# ----------------------------------------------------------------------------------------------- records


@dataclass(frozen=True, slots=True)
class Frame:
    """One upright picture and when it was taken."""

    index: int
    """Counts from 0 at the clip's first frame, also when reading starts later."""
    time_s: float
    """Seconds after the clip's first frame; strictly increasing."""
    image: RgbImage
    """(height, width, 3) uint8 RGB, contiguous, free to be drawn on."""


@dataclass(frozen=True)
class FrameTimes:
    """Facts about the rhythm of a clip, from its frames' true times."""

    time_s: FloatArray
    """(n,) strictly increasing seconds."""

    @cached_property
    def steps_s(self) -> FloatArray:
        """(n - 1,) time from each frame to the next."""
        return np.diff(self.time_s)

    @property
    def average_rate_hz(self) -> float:
        """Frames over time, gaps included; NaN below two frames."""
        return float(1.0 / self.steps_s.mean()) if self.steps_s.size else float("nan")

    @cached_property
    def median_rate_hz(self) -> float:
        """Rate between gaps; NaN below two frames.

        The mean of the steps near the median one: containers that round to milliseconds store 60 Hz as steps
        of 16 and 17 ms, whose plain median would be 58.8 Hz.
        """
        if not self.steps_s.size:
            return float("nan")
        middle = float(np.sort(self.steps_s)[self.steps_s.size // 2])
        near = np.abs(self.steps_s - middle) <= max(0.25 * middle, 0.0011)
        return float(1.0 / self.steps_s[near].mean())

    @property
    def relative_spread(self) -> float:
        """Width of the middle 90 % of the steps over the median step; 0 for an even clip."""
        if not self.steps_s.size:
            return 0.0
        low, middle, high = np.percentile(self.steps_s, [5, 50, 95])
        return float((high - low) / middle)

    @property
    def variable(self) -> bool:
        """True when more than 2 % of the steps differ from the usual one by over 10 % and over a millisecond.

        One dropped frame is a gap, not a variable rate; a millisecond is what containers round away.
        """
        if self.steps_s.size < 2:
            return False
        usual = 1.0 / self.median_rate_hz
        off = np.abs(self.steps_s - usual) > max(0.1 * usual, 0.0011)
        return bool(off.mean() > 0.02)

    def gaps(self, factor: float = 2.5) -> list[tuple[float, float]]:
        """(start, end) in seconds of every step longer than ``factor`` usual steps."""
        if not self.steps_s.size:
            return []
        at = np.flatnonzero(self.steps_s > factor / self.median_rate_hz)
        return [(float(self.time_s[i]), float(self.time_s[i + 1])) for i in at]


@dataclass(frozen=True)
class VideoInfo:
    """What a file holds, known without decoding more than its first frame."""

    width_px: int
    """Upright, with square pixels."""
    height_px: int
    n_frames: int
    """Counted packets; the frames that decode may be a few fewer in a damaged file."""
    duration_s: float
    """From the first frame to the end of the last."""
    frame_rate_hz: float
    """Average over the clip from true times."""
    variable_frame_rate: bool
    rotation_deg: int
    """Clockwise turn (0, 90, 180, 270) that made the stored picture upright."""
    mirrored: bool
    """True when the stored picture also had to be flipped."""
    codec: str
    container: str
    truncated: bool
    """True when the file ends before its end; what is there is used."""
    times: FrameTimes = field(repr=False, compare=False)
    """Expected times of the frames."""


@dataclass(frozen=True)
class _Turn:
    """How to make a stored picture upright: swap its axes first, then flip along x and y."""

    transpose: bool = False
    flip_x: bool = False
    flip_y: bool = False

    @property
    def rotation_deg(self) -> int:
        if self.transpose:
            return 90 if self.flip_x else 270
        return 180 if self.flip_y else 0

    @property
    def mirrored(self) -> bool:
        return self.transpose ^ self.flip_x ^ self.flip_y

    def apply(self, image: RgbImage) -> RgbImage:
        """Upright, contiguous copy (or the same array when there is nothing to do)."""
        if self.transpose:
            image = cast(RgbImage, cv2.transpose(image))
        if self.flip_x or self.flip_y:
            code = -1 if self.flip_x and self.flip_y else int(self.flip_x)
            image = cast(RgbImage, cv2.flip(image, code))
        return np.ascontiguousarray(image)


@dataclass(frozen=True)
class _Scan:
    """What the packets of a stream tell without decoding."""

    ticks: list[int | None]
    """Timestamp of each shown frame in order of showing, in the stream's time base."""
    last_duration_s: float
    cut_off: bool
    orderly: bool
    """True when every frame has its own, later timestamp: one can be told which frame it is by it."""


# ------------------------------------------------------------------------------------------ opening files


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[tuple[Any, Any]]:
    """(container, video stream) of a checked file, closed at the end; InputError when it cannot be used."""
    _check_file(path)
    try:
        # The prefix keeps a name like "concat:a|b" or "http:..." from being taken for a protocol.
        container = av.open("file:" + str(path.resolve()), options=dict(_OPEN_OPTIONS), metadata_errors="replace")
    except _DAMAGE as error:
        raise InputError(_why_not_opened(path), name=path.name) from error
    with contextlib.closing(container):
        stream = _main_stream(container, path)
        _check_size(stream.codec_context.width, stream.codec_context.height, path)
        yield container, stream


def _check_file(path: Path) -> None:
    if not path.exists() or not os.access(path, os.R_OK):
        raise InputError("file_missing", name=path.name)
    if not path.is_file():  # a pipe or a device could be read for ever
        raise InputError("not_a_video", name=path.name)
    if path.stat().st_size == 0:
        raise InputError("empty_file", name=path.name)


def _why_not_opened(path: Path) -> str:
    """``truncated_beyond_use`` for an MP4 or MOV, which without its last part cannot be opened at all."""
    with path.open("rb") as file:
        head = file.read(12)
    return "truncated_beyond_use" if head[4:8] in {b"ftyp", b"mdat", b"wide"} else "not_a_video"


def _main_stream(container: Any, path: Path) -> Any:
    """The largest moving picture; cover art does not count."""
    streams = [s for s in container.streams.video if "ATTACHED_PIC" not in _flag_names(s.disposition)]
    if not streams:
        raise InputError("no_video_stream", name=path.name)
    decodable = [s for s in streams if s.codec_context is not None]
    if not decodable:
        raise InputError("unreadable_video", name=path.name)
    return max(decodable, key=lambda s: s.codec_context.width * s.codec_context.height)


def _flag_names(disposition: Any) -> set[str]:
    return {name.upper() for name in str(getattr(disposition, "name", "") or "").split("|")}


def _check_size(width: int, height: int, path: Path) -> None:
    if max(width, height) > MAX_SIDE_PX or width * height > MAX_PIXELS:
        raise InputError("too_large", name=path.name, width_px=width, height_px=height)


# ------------------------------------------------------------------------------------------------- times


class _Clock:
    """Turns container timestamps into strictly increasing seconds after the first frame.

    A missing timestamp is one usual step later than the one before; a repeated one is a millisecond later;
    a jump backwards, or forwards by over a minute, is a clock that was set anew and goes on from there.
    """

    def __init__(self, time_base: Fraction, step_s: float, first_ticks: int | None = None) -> None:
        self._time_base = time_base
        self._step_s = step_s
        self._zero_s = None if first_ticks is None else float(first_ticks * time_base)
        self._last_s: float | None = None

    def seconds(self, ticks: int | None) -> float:
        self._last_s = self._next(None if ticks is None else float(ticks * self._time_base))
        return self._last_s

    def _next(self, raw_s: float | None) -> float:
        if raw_s is not None and self._zero_s is None:
            self._zero_s = raw_s - (0.0 if self._last_s is None else self._last_s + self._step_s)
        if self._last_s is None:
            return 0.0 if raw_s is None or self._zero_s is None else raw_s - self._zero_s
        if raw_s is None or self._zero_s is None:
            return self._last_s + self._step_s
        ahead = raw_s - self._zero_s - self._last_s
        if 0 < ahead <= _LONGEST_GAP_S:
            return self._last_s + ahead
        if -self._step_s < ahead <= 0:
            return self._last_s + min(_DUPLICATE_STEP_S, self._step_s)
        self._zero_s = raw_s - self._last_s - self._step_s
        return self._last_s + self._step_s


def _usual_step_s(stream: Any) -> float:
    """Step of a stream whose frames carry no time: its declared average rate, else 30 a second."""
    rate = stream.average_rate or stream.guessed_rate
    sane = rate is not None and MIN_RATE_HZ <= rate <= MAX_RATE_HZ
    return 1.0 / (float(rate) if sane else _FALLBACK_RATE_HZ)


def _has_show_times(container: Any) -> bool:
    """False for AVI, which only numbers its packets in decoding order; FFmpeg makes up the rest, wrongly."""
    return bool(container.format.name != "avi")


def _scan(container: Any, stream: Any) -> _Scan:
    """Read every packet's timestamp, without decoding."""
    shown: list[tuple[int | None, int | None]] = []
    duration = n_packets = 0
    cut_off = False
    try:
        for packet in container.demux(stream):
            if not packet.size:
                continue  # asks the decoder for its last frames
            cut_off |= packet.is_corrupt
            n_packets += 1
            if not packet.is_discard:  # else hidden by the edit list
                shown.append((packet.pts if _has_show_times(container) else None, packet.dts))
                duration = packet.duration or duration
    except _DAMAGE:
        cut_off = True
    ticks = _in_showing_order(shown)
    orderly = _has_show_times(container) and _increasing(ticks)
    cut_off |= _ends_early(container, stream, n_packets, ticks)
    return _Scan(ticks, float(duration * stream.time_base), cut_off, orderly)


def _ends_early(container: Any, stream: Any, n_packets: int, ticks: list[int | None]) -> bool:
    """True when the file promised clearly more than it holds."""
    if container.format.name.startswith("mov"):
        return bool(n_packets < stream.frames)
    if not container.format.name.startswith("matroska") or not container.duration or not ticks or not ticks[-1]:
        return False
    promised_s = container.duration / av.time_base
    return bool(ticks[-1] * stream.time_base < 0.9 * promised_s - 0.5)


def _increasing(ticks: list[int | None]) -> bool:
    return None not in ticks and all(a < b for a, b in itertools.pairwise(cast("list[int]", ticks)))


def _in_showing_order(packets: list[tuple[int | None, int | None]]) -> list[int | None]:
    """Timestamps of (shown, decoded) pairs, sorted within stretches where the clock was not set anew."""
    ticks = [decoded if shown is None else shown for shown, decoded in packets]
    if None in ticks:
        return ticks
    known = cast("list[int]", ticks)
    clock = [cast(int, shown if decoded is None else decoded) for shown, decoded in packets]
    starts = [0, *(i for i in range(1, len(clock)) if clock[i] < clock[i - 1]), len(clock)]
    return [tick for start, end in itertools.pairwise(starts) for tick in sorted(known[start:end])]


def _frame_times(scan: _Scan, stream: Any) -> FrameTimes:
    clock = _Clock(stream.time_base, _usual_step_s(stream))
    times = np.array([clock.seconds(t) for t in scan.ticks], dtype=np.float64)
    times.setflags(write=False)
    return FrameTimes(times)


# ----------------------------------------------------------------------------------------------- decoding


def _decoded(container: Any, stream: Any) -> Iterator[Any]:
    """Frames of the stream; damaged packets are skipped, and an unreadable byte ends the stream early."""
    packets = _until_unreadable(container.demux(stream))
    for packet in packets:
        with contextlib.suppress(*_DAMAGE):
            yield from stream.decode(packet)
    with contextlib.suppress(*_DAMAGE):
        yield from stream.decode(None)


def _until_unreadable(packets: Iterator[Any]) -> Iterator[Any]:
    with contextlib.suppress(*_DAMAGE):
        for packet in packets:
            if packet.size:
                yield packet


def _decoder_threads(codec_context: Any) -> int:
    pixels = max(1, int(codec_context.width * codec_context.height))
    return max(1, min(_MAX_DECODER_THREADS, os.cpu_count() or 1, _MAX_PIXELS_AT_WORK // pixels))


def _first_frame(path: Path) -> tuple[Any, Fraction]:
    """(first decodable frame, pixel aspect ratio); InputError ``unreadable_video`` when there is none."""
    with _opened(path) as (container, stream):
        stream.thread_type = "NONE"  # more threads would read ahead only to be thrown away
        for tried, packet in enumerate(_until_unreadable(container.demux(stream))):
            with contextlib.suppress(*_DAMAGE):
                for frame in stream.decode(packet):
                    return frame, _pixel_aspect(stream)
            if tried > _FIRST_FRAME_PACKETS:
                break
        with contextlib.suppress(*_DAMAGE):
            for frame in stream.decode(None):
                return frame, _pixel_aspect(stream)
    raise InputError("unreadable_video", name=path.name)


def _pixel_aspect(stream: Any) -> Fraction:
    """Width of a pixel over its height; 1 when unknown or absurd."""
    aspect = stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio or Fraction(1)
    return Fraction(aspect) if Fraction(1, 8) <= aspect <= 8 else Fraction(1)


def _turn_of(frame: Any) -> _Turn:
    """Read the display matrix of a frame, rounded to quarter turns and flips."""
    matrix = _display_matrix(frame)
    if matrix is None:
        return _Turn()
    a, b, c, d = (float(matrix[i]) for i in (0, 1, 3, 4))  # shown x = a x + c y, shown y = b x + d y
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return _Turn(False, flip_x=a < 0, flip_y=d < 0)
    return _Turn(True, flip_x=c < 0, flip_y=b < 0)


def _display_matrix(frame: Any) -> npt.NDArray[np.int32] | None:
    """(9,) fixed-point matrix of the frame's side data; None when it has none."""
    for data in frame.side_data.keys():  # noqa: SIM118, iterating it gives numbers
        if data.type.name == "DISPLAYMATRIX":
            return np.frombuffer(bytes(data), dtype=np.int32, count=9)
    return None


@dataclass(frozen=True)
class _Layout:
    """From stored pictures to the ones handed out: size to scale to (before turning), and the turn."""

    width: int
    height: int
    turn: _Turn

    @property
    def upright_size(self) -> tuple[int, int]:
        return (self.height, self.width) if self.turn.transpose else (self.width, self.height)


def _layout(frame: Any, aspect: Fraction, max_side_px: int | None) -> _Layout:
    """Square pixels, upright, longest side at most ``max_side_px``; never enlarged."""
    width, height = max(1, round(frame.width * aspect)), frame.height
    if max_side_px is not None and max(width, height) > max_side_px:
        scale = max_side_px / max(width, height)
        # Even sizes take swscale's fast path; a side changes by a pixel at most.
        width, height = (max(2, 2 * math.floor(side * scale / 2 + 0.499)) for side in (width, height))
    return _Layout(width, height, _turn_of(frame))


def _rgb(frame: Any, layout: _Layout) -> RgbImage:
    """Scale, convert and turn one decoded frame."""
    scaled = (frame.width, frame.height) != (layout.width, layout.height)
    if scaled and not frame.format.is_rgb:
        # Scaling in YUV and converting the small picture costs half of doing both at once.
        frame = frame.reformat(layout.width, layout.height, "yuv420p", interpolation="AREA", **_SCALER)
    frame = frame.reformat(layout.width, layout.height, "rgb24", interpolation="AREA", **_SCALER)
    image = cast(RgbImage, frame.to_ndarray())
    return layout.turn.apply(image)


# --------------------------------------------------------------------------------------- the public reading


def probe(path: str | os.PathLike[str]) -> VideoInfo:
    """Facts about a clip from all its timestamps and its first frame; InputError as in the module's table."""
    return _inspect(Path(path))[0]


def _inspect(path: Path) -> tuple[VideoInfo, _Scan]:
    _check_file(path)
    state = path.stat()
    return _inspect_once(path.resolve(), state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=8)  # a clip is opened several times in a row: to check it, to look around, to read, to draw
def _inspect_once(path: Path, _changed_ns: int, _size: int) -> tuple[VideoInfo, _Scan]:
    with _opened(path) as (container, stream):
        container_name, codec = container.format.name, stream.codec_context.name
        scan = _scan(container, stream)
        times = _frame_times(scan, stream)
        step_s = _usual_step_s(stream)
    frame, aspect = _first_frame(path)
    layout = _layout(frame, aspect, None)
    _check_size(layout.width, layout.height, path)
    _check_rate(times, path)
    info = VideoInfo(
        width_px=layout.upright_size[0],
        height_px=layout.upright_size[1],
        n_frames=len(times.time_s),
        duration_s=_duration_s(times, scan.last_duration_s, step_s),
        frame_rate_hz=times.average_rate_hz if len(times.time_s) > 1 else 1.0 / step_s,
        variable_frame_rate=times.variable,
        rotation_deg=layout.turn.rotation_deg,
        mirrored=layout.turn.mirrored,
        codec=codec,
        container=container_name,
        truncated=scan.cut_off,
        times=times,
    )
    return info, scan


def _check_rate(times: FrameTimes, path: Path) -> None:
    rate = times.average_rate_hz
    if rate < MIN_RATE_HZ or rate > MAX_RATE_HZ:  # NaN, a single frame, passes
        raise InputError("bad_frame_rate", name=path.name, rate_hz=round(rate, 3))


def _duration_s(times: FrameTimes, last_duration_s: float, step_s: float) -> float:
    """End of the last frame; a stored duration of it is believed when it is not absurd."""
    usual = step_s if len(times.time_s) < 2 else 1.0 / times.median_rate_hz
    last = last_duration_s if 0 < last_duration_s <= max(1.0, 2 * usual) else usual
    return float(times.time_s[-1] if len(times.time_s) else 0.0) + last


def check_readable(path: str | os.PathLike[str]) -> VideoInfo:
    """`probe`, and InputError ``too_few_frames`` for a still picture."""
    info = probe(path)
    if info.n_frames < MIN_FRAMES:
        raise InputError("too_few_frames", name=Path(path).name, n_frames=info.n_frames)
    return info


class FrameReader(Iterator[Frame]):
    """Streams the upright frames of a file; holds only the few frames the decoder works on.

    Closes itself at the end, on ``close()`` and at the end of a ``with`` block.
    """

    def __init__(self, path: Path, max_side_px: int | None, start_s: float | None, end_s: float | None) -> None:
        self.info, self._scan = _inspect(path)
        self._path = path
        self._max_side_px = max_side_px
        self._start_s = 0.0 if start_s is None else start_s
        self._end_s = float("inf") if end_s is None else end_s
        self._frames = self._read()

    def __next__(self) -> Frame:
        return next(self._frames)

    def __enter__(self) -> FrameReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._frames.close()

    def _read(self) -> Generator[Frame, None, None]:
        layout: _Layout | None = None
        with _opened(self._path) as (container, stream):
            stream.thread_type = "AUTO"
            stream.codec_context.thread_count = _decoder_threads(stream.codec_context)
            for index, time_s, frame in self._timed(container, stream):
                if time_s >= self._end_s:
                    return
                if time_s < self._start_s:
                    continue
                layout = layout or _layout(frame, _pixel_aspect(stream), self._max_side_px)
                yield Frame(index, time_s, _rgb(frame, layout))

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
        clock = _Clock(stream.time_base, _usual_step_s(stream))
        by_decoding = not _has_show_times(container)
        for index, frame in enumerate(_decoded(container, stream)):
            ticks = frame.dts if by_decoding or frame.pts is None else frame.pts
            yield index, clock.seconds(ticks), frame

    def _timed_after_seek(self, container: Any, stream: Any) -> Iterator[tuple[int, float, Any]]:
        times = self.info.times.time_s
        goal = int(np.searchsorted(times, self._start_s - _SEEK_MARGIN_S))
        if goal >= len(times):
            return
        container.seek(self._scan.ticks[goal], stream=stream)
        place = {ticks: index for index, ticks in enumerate(self._scan.ticks)}
        for frame in _decoded(container, stream):
            index = place.get(frame.pts)
            if index is not None:
                yield index, float(times[index]), frame


def read_frames(
    path: str | os.PathLike[str],
    max_side_px: int | None = None,
    start_s: float | None = None,
    end_s: float | None = None,
) -> FrameReader:
    """Frames with ``start_s <= time_s < end_s``, scaled down so that no side exceeds ``max_side_px``.

    Times and indices count from the clip's first frame whatever ``start_s`` is. All frames have one shape.
    Raises InputError at once, not at the first frame, when the file cannot be used.
    """
    return FrameReader(Path(path), max_side_px, start_s, end_s)


# ------------------------------------------------------------------------------------------------ writing


class VideoWriter:
    """Writes upright RGB pictures with their own times as an H.264 MP4 that plays in a browser.

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
        crf: int = 25,
        threads: int = 1,
    ) -> None:
        """``frame_rate_hz`` only guides the encoder; ``threads`` 0 lets it choose."""
        self._path = Path(path)
        self._temporary = self._path.with_name(f".{self._path.stem}.{uuid.uuid4().hex}.part.mp4")
        self._size = (width, height)
        self._even_size = (width + width % 2, height + height % 2)
        self._last_ticks: int | None = None
        self._step_ticks = max(1, round(_WRITER_TICKS_HZ / frame_rate_hz))
        self._held: list[Any] = []
        options = {"movflags": "+faststart"}
        self._container: Any = av.open("file:" + str(self._temporary), "w", format="mp4", options=options)
        try:
            self._stream = self._add_stream(frame_rate_hz, preset, crf, threads)
        except BaseException:
            self._discard()
            raise

    def _add_stream(self, frame_rate_hz: float, preset: str, crf: int, threads: int) -> Any:
        stream = self._container.add_stream("libx264", rate=Fraction(frame_rate_hz).limit_denominator(1001))
        stream.width, stream.height = self._even_size
        stream.pix_fmt = "yuv420p"
        stream.options = {"preset": preset, "crf": str(crf)}
        context = stream.codec_context
        context.time_base = stream.time_base = Fraction(1, _WRITER_TICKS_HZ)
        context.thread_count = threads
        context.gop_size = _KEYFRAME_EVERY
        context.colorspace, context.color_range = _BT601, _LIMITED_RANGE
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
        ticks = round(time_s * _WRITER_TICKS_HZ)
        if self._last_ticks is not None:
            ticks = max(ticks, self._last_ticks + 1)
            self._step_ticks = ticks - self._last_ticks
        self._last_ticks = ticks
        frame = av.VideoFrame.from_numpy_buffer(self._yuv(image), format="yuv420p")
        frame.pts, frame.time_base = ticks, Fraction(1, _WRITER_TICKS_HZ)
        self._mux(self._stream.encode(frame))

    def _yuv(self, image: RgbImage) -> npt.NDArray[np.uint8]:
        """(1.5 height, width) planar YUV of even size. OpenCV does it in a third of swscale's time."""
        if self._size != self._even_size:
            right, below = self._size[0] % 2, self._size[1] % 2
            image = cast(RgbImage, cv2.copyMakeBorder(image, 0, below, 0, right, cv2.BORDER_REPLICATE))
        return cast("npt.NDArray[np.uint8]", cv2.cvtColor(image, cv2.COLOR_RGB2YUV_I420))

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
            with contextlib.suppress(*_DAMAGE):
                self._container.close()
            self._container = None
        self._temporary.unlink(missing_ok=True)
