"""H.264 out, through PyAV."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np


def write_h264(
    path: Path, pictures: Iterable[np.ndarray], frame_rate_hz: float, *, crf: int = 23, preset: str = "medium"
) -> int:
    """Write pictures (height, width, 3) uint8 as yuv420p with faststart; returns how many.

    Frame i gets the time i / frame rate. Sides must be even.
    """
    rate = Fraction(frame_rate_hz).limit_denominator(1001)
    count = 0
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        stream = None
        for picture in pictures:
            if stream is None:
                stream = container.add_stream("libx264", rate=rate)
                stream.height, stream.width = picture.shape[:2]
                stream.pix_fmt = "yuv420p"
                stream.time_base = 1 / rate
                stream.options = {"crf": str(crf), "preset": preset}
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = count, 1 / rate
            container.mux(stream.encode(frame))
            count += 1
        if stream is None:
            raise ValueError("no pictures to write")
        container.mux(stream.encode())
    return count
