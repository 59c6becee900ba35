"""Opening a clip that may come from anybody, and decoding what can be decoded of it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import av.error

from formcheck.cores import usable_cores
from formcheck.records import InputError

MAX_SIDE_PX = 8192
MAX_PIXELS = 40_000_000

# Demuxers that may open a file. Playlists (hls, dash, concat), picture series and capture devices are left
# out because they read other files or the network. Sound files are let in to be told "no picture in it".
_CONTAINERS = "mov,matroska,webm,avi,gif,mpegts,mpeg,flv,ogg,asf,mxf,ivf,nut,apng,dv,mp3,wav,flac,aac"
_OPEN_OPTIONS = {
    "format_whitelist": _CONTAINERS,
    "protocol_whitelist": "file",
    "max_pixels": str(MAX_PIXELS),  # also stops a size that grows in the middle of the stream
}
# What damaged bytes raise; PyAV itself stumbles over a stream table that contradicts itself (IndexError).
DAMAGE = (av.error.FFmpegError, OSError, ValueError, IndexError)
# Each decoder thread holds a few frames; without a bound a many-core machine would hold gigabytes of 4K.
_MAX_DECODER_THREADS, _MAX_PIXELS_AT_WORK = 4, 32_000_000


@contextlib.contextmanager
def opened(path: Path) -> Iterator[tuple[Any, Any]]:
    """(container, video stream) of a checked file, closed at the end; InputError when it cannot be used."""
    check_file(path)
    try:
        # The prefix keeps a name like "concat:a|b" or "http:..." from being taken for a protocol.
        container = av.open("file:" + str(path.resolve()), options=dict(_OPEN_OPTIONS), metadata_errors="replace")
    except DAMAGE as error:
        raise InputError(_why_not_opened(path), name=path.name) from error
    with contextlib.closing(container):
        stream = _main_stream(container, path)
        check_size(stream.codec_context.width, stream.codec_context.height, path)
        yield container, stream


def check_file(path: Path) -> None:
    """Raise InputError for what is no plain file with something in it."""
    if not path.exists() or not os.access(path, os.R_OK):
        raise InputError("file_missing", name=path.name)
    if path.is_dir():
        raise InputError("is_a_folder", name=path.name)
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


def check_size(width: int, height: int, path: Path) -> None:
    """Raise InputError ``too_large`` beyond ``MAX_SIDE_PX`` and ``MAX_PIXELS``."""
    if max(width, height) > MAX_SIDE_PX or width * height > MAX_PIXELS:
        raise InputError("too_large", name=path.name, width_px=width, height_px=height)


def decoded(container: Any, stream: Any) -> Iterator[Any]:
    """Frames of the stream; damaged packets are skipped, and an unreadable byte ends the stream early."""
    packets = until_unreadable(container.demux(stream))
    for packet in packets:
        with contextlib.suppress(*DAMAGE):
            yield from stream.decode(packet)
    with contextlib.suppress(*DAMAGE):
        yield from stream.decode(None)


def until_unreadable(packets: Iterator[Any]) -> Iterator[Any]:
    """Packets that hold something, up to the first that cannot be read."""
    with contextlib.suppress(*DAMAGE):
        for packet in packets:
            if packet.size:
                yield packet


def decoder_threads(codec_context: Any) -> int:
    """How many threads may decode pictures of that size."""
    pixels = max(1, int(codec_context.width * codec_context.height))
    return max(1, min(_MAX_DECODER_THREADS, usable_cores(), _MAX_PIXELS_AT_WORK // pixels))
