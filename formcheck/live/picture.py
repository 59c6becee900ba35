"""Pictures that a browser sends, one by one. Whoever sends them may send anything."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
from PIL import Image

from formcheck.records import InputError

LARGEST_BYTES, LARGEST_SIDE_PX, SMALLEST_SIDE_PX = 1_000_000, 1280, 64


def from_jpeg(data: bytes) -> npt.NDArray[np.uint8]:
    """The picture (h, w, 3) in a JPEG file. Raises InputError ``unreadable_video`` for anything else.

    Its size is looked at before it is unpacked: a small file can claim a picture that fills the memory.
    """
    if len(data) > LARGEST_BYTES:
        raise InputError("unreadable_video")
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as picture:
            if not (min(picture.size) >= SMALLEST_SIDE_PX and max(picture.size) <= LARGEST_SIDE_PX):
                raise InputError("unreadable_video")
            return np.asarray(picture.convert("RGB"), dtype=np.uint8)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise InputError("unreadable_video") from error
