"""Clips made here by PyAV, and what is painted on them so that a frame or a corner is known again.

PyAV cannot set the display matrix in every version we support, so rotated phone clips are made by writing
the matrix into the track header (``tkhd``) of an MP4 by hand, as a phone would.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest

from formcheck.records import InputError
from formcheck.video import Frame, read_frames

Image = npt.NDArray[np.uint8]

RED, GREEN, BLUE, GREY = (220, 30, 30), (30, 200, 30), (30, 30, 220), (120, 120, 120)
CORNERS = {"top left": RED, "top right": GREEN, "bottom left": BLUE, "bottom right": GREY}
UNEVEN_MS = [0, 33, 67, 100, 180, 200, 233, 300, 400, 433, 467, 500, 560, 600, 633, 700, 720, 800, 850, 900]


def corner_picture(width: int, height: int) -> Image:
    """Red, green above; blue, grey below."""
    image = np.empty((height, width, 3), np.uint8)
    image[: height // 2, : width // 2] = RED
    image[: height // 2, width // 2 :] = GREEN
    image[height // 2 :, : width // 2] = BLUE
    image[height // 2 :, width // 2 :] = GREY
    return image


def corner_names(image: Image) -> list[str]:
    """Which painted quarter each quarter of the picture shows, row by row."""
    height, width = image.shape[:2]
    spots = [(height // 4, width // 4), (height // 4, width * 3 // 4)]
    spots += [(height * 3 // 4, x) for _, x in spots]
    names = list(CORNERS)
    colours = np.array(list(CORNERS.values()), dtype=float)
    return [names[int(np.abs(colours - image[y, x]).sum(axis=1).argmin())] for y, x in spots]


def numbered_picture(index: int, width: int = 64, height: int = 48) -> Image:
    """Eight bars, black or white: the bits of the frame's index survive any codec."""
    bits = [(index >> bit) & 1 for bit in range(8)]
    row = np.repeat(np.array(bits, np.uint8) * 255, width // 8)
    return np.ascontiguousarray(np.broadcast_to(row[None, :, None], (height, width, 3)))


def number_in(image: Image) -> int:
    width = image.shape[1]
    middles = [int((bit + 0.5) * width / 8) for bit in range(8)]
    return sum(int(image[image.shape[0] // 2, x].mean() > 128) << bit for bit, x in enumerate(middles))


def encode(
    path: Path,
    images: Iterable[Image],
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    times_ms: Sequence[int] | None = None,
    rate: int = 30,
    aspect: Fraction | None = None,
    options: dict[str, str] | None = None,
) -> Path:
    """Write a clip; times in milliseconds make it a variable-rate one."""
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=rate)
        stream.options = options or {}
        stream.pix_fmt = pix_fmt
        base = Fraction(1, rate) if times_ms is None else Fraction(1, 1000)
        stream.codec_context.time_base = base
        for index, image in enumerate(images):
            if index == 0:
                stream.height, stream.width = image.shape[:2]
                if aspect is not None:
                    stream.codec_context.sample_aspect_ratio = aspect
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = (index if times_ms is None else times_ms[index]), base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def numbered_clip(path: Path, n: int = 20, **settings: Any) -> Path:
    return encode(path, (numbered_picture(i) for i in range(n)), **settings)


def encode_sound(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("aac", rate=44100)
        samples = np.zeros((1, 44100), np.float32)
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
        frame.sample_rate = 44100
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def set_display_matrix(path: Path, a: int, b: int, c: int, d: int) -> Path:
    """Patch the first track header: shown x = a x + c y, shown y = b x + d y."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 4 + 20 + 8 + 8  # version and flags, times and ids, reserved, layer to volume
    one = 0x10000
    struct.pack_into(">9i", data, at, a * one, b * one, 0, c * one, d * one, 0, 0, 0, 0x40000000)
    path.write_bytes(data)
    return path


def all_frames(path: Path, **how: Any) -> list[Frame]:
    return list(read_frames(path, **how))


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(InputError) as caught:
        action()
    return caught.value.code


def noisy_pictures(n: int, width: int = 160, height: int = 120) -> list[Image]:
    random = np.random.default_rng(0)
    return [random.integers(0, 255, (height, width, 3), dtype=np.uint8) for _ in range(n)]


def cut(path: Path, share: float) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def repeated(source: Path, target: Path, seconds: float) -> Path:
    """The clip's packets again and again, not encoded anew, until it is that long."""
    with av.open(str(target), "w") as out:
        written: Any = None
        length = shift = 0
        while written is None or float(shift * written.time_base) < seconds:
            with av.open(str(source)) as given:
                stream = given.streams.video[0]
                written = written or out.add_stream_from_template(stream)
                length = stream.duration
                for packet in given.demux(stream):
                    if packet.dts is None:
                        continue
                    packet.pts += shift
                    packet.dts += shift
                    packet.stream = written
                    written.time_base = stream.time_base
                    out.mux(packet)
            shift += length
    return target


def enlarged(source: Path, target: Path, seconds: float, short_side_px: int = 1080) -> Path:
    """The clip's first seconds at the size in which a phone films."""
    with av.open(str(source)) as given, av.open(str(target), "w") as out:
        stream = given.streams.video[0]
        factor = short_side_px / min(stream.width, stream.height)
        size = (2 * round(factor * stream.width / 2), 2 * round(factor * stream.height / 2))  # as x264 wants them
        written: Any = out.add_stream("libx264", rate=stream.average_rate, options={"preset": "veryfast"})
        written.width, written.height, written.pix_fmt = *size, "yuv420p"
        for frame in given.decode(stream):
            if frame.time >= seconds:
                break
            out.mux(written.encode(frame.reformat(*size, "yuv420p")))
        out.mux(written.encode(None))
    return target
