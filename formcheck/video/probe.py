"""What a clip holds, known from its timestamps and its first frame."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from formcheck.records import InputError
from formcheck.video.files import DAMAGE, check_file, check_size, opened, until_unreadable
from formcheck.video.pictures import layout_of, pixel_aspect
from formcheck.video.times import MAX_RATE_HZ, MIN_RATE_HZ, FrameTimes, Scan, frame_times, scan_packets, usual_step_s

MIN_FRAMES = 2
_FIRST_FRAME_PACKETS = 300
_FIRST_YEAR = 1990


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
    filmed_on: str | None = None
    """The day the file says it was recorded on, "2026-05-01"; None where it says nothing sensible."""


def probe(path: str | os.PathLike[str]) -> VideoInfo:
    """Facts about a clip from all its timestamps and its first frame; InputError as in the module's table."""
    return inspect(Path(path))[0]


def inspect(path: Path) -> tuple[VideoInfo, Scan]:
    """`probe`, and the timestamps it rests on."""
    check_file(path)
    state = path.stat()
    return _inspect_once(path.resolve(), state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=8)  # a clip is opened several times in a row: to check it, to look around, to read, to draw
def _inspect_once(path: Path, _changed_ns: int, _size: int) -> tuple[VideoInfo, Scan]:
    with opened(path) as (container, stream):
        container_name, codec = container.format.name, stream.codec_context.name
        filmed_on = _filmed_on(container, stream)
        scan = scan_packets(container, stream)
        times = frame_times(scan, stream)
        step_s = usual_step_s(stream)
    frame, aspect = _first_frame(path)
    layout = layout_of(frame, aspect, None)
    check_size(layout.width, layout.height, path)
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
        filmed_on=filmed_on,
    )
    return info, scan


def _filmed_on(container: Any, stream: Any) -> str | None:
    """By the container, else the stream. Encoders that do not know the day write 1904 or 1970."""
    for metadata in (container.metadata, stream.metadata):
        with contextlib.suppress(ValueError):
            day = date.fromisoformat(str(metadata.get("creation_time", ""))[:10])
            if day.year >= _FIRST_YEAR:
                return day.isoformat()
    return None


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


def _first_frame(path: Path) -> tuple[Any, Fraction]:
    """(first decodable frame, pixel aspect ratio); InputError ``unreadable_video`` when there is none."""
    with opened(path) as (container, stream):
        stream.thread_type = "NONE"  # more threads would read ahead only to be thrown away
        for tried, packet in enumerate(until_unreadable(container.demux(stream))):
            with contextlib.suppress(*DAMAGE):
                for frame in stream.decode(packet):
                    return frame, pixel_aspect(stream)
            if tried > _FIRST_FRAME_PACKETS:
                break
        with contextlib.suppress(*DAMAGE):
            for frame in stream.decode(None):
                return frame, pixel_aspect(stream)
    raise InputError("unreadable_video", name=path.name)
