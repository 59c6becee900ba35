"""How many pictures of a clip are new ones: screen recorders, messengers and editors fill up with repeated ones.

Sixty pictures a second of which fifteen differ know no more of a foot's landing than fifteen.
"""

from __future__ import annotations

import contextlib
import os
from itertools import islice, pairwise
from pathlib import Path

import numpy as np

from formcheck.records import BoolArray, FloatArray
from formcheck.video.files import DAMAGE, decoded, decoder_threads, opened

LOOKED_AT_S, MOST_PICTURES, FEWEST_STEPS = 0.8, 100, 12
FEWEST_TURNS, MOST_IN_A_ROW = 3, 6
_WIDTH_PX = 192
CLEAR_GREY_LEVELS = 20.0
"""Change from picture to picture (99.5th percentile over the picture) of somebody who moves. Runners from the side: 50
to 160; less tells nothing."""
REPEATED_SHARE, MOVING_SHARE = 0.08, 0.2
"""Of that change: below the one a picture is the one before it, above the other it is new. Repeated ones that were
encoded again changed by up to 0.04 of it, new ones of runners by 0.4 and more."""
MOST_DIFFERENT = 0.87
"""24 pictures a second filled up to 30 have 0.8."""


def different_share(path: str | os.PathLike[str]) -> float:
    """Share of the pictures at the clip's beginning that are not repeated ones, 1.0 where it cannot be told.

    It cannot where hardly anything moves there, or something moves slowly at times.
    """
    change = np.array([])
    with contextlib.suppress(*DAMAGE):
        change = _changes(Path(path))
    if len(change) < FEWEST_STEPS:
        return 1.0
    clear = float(np.percentile(change, 90))
    repeated, new = change < REPEATED_SHARE * clear, change > MOVING_SHARE * clear
    if clear < CLEAR_GREY_LEVELS or not (repeated | new).all() or not _alternate(repeated):
        return 1.0
    share = float(new.mean())
    return share if share <= MOST_DIFFERENT else 1.0


def _alternate(repeated: BoolArray) -> bool:
    """Whether repeated and new ones take turns all the time; somebody who begins to move was still before."""
    begins = np.flatnonzero(np.diff(repeated.astype(np.int8)) == 1) + 1
    last_new = np.flatnonzero(~repeated)
    return len(begins) >= FEWEST_TURNS and int(np.diff(last_new).max()) - 1 <= MOST_IN_A_ROW


def _changes(path: Path) -> FloatArray:
    """(n - 1,) how much each picture differs from the one before it, grey levels."""
    with opened(path) as (container, stream):
        stream.codec_context.thread_count = decoder_threads(stream.codec_context)
        frames = islice(decoded(container, stream), MOST_PICTURES)
        first_s: float | None = None
        pictures = []
        for frame in frames:
            now_s = float(frame.time or 0.0)
            first_s = now_s if first_s is None else first_s
            if now_s - first_s > LOOKED_AT_S:
                break
            height = max(2, round(frame.height * _WIDTH_PX / frame.width))
            pictures.append(frame.reformat(width=_WIDTH_PX, height=height, format="gray").to_ndarray().astype(np.int16))
    return np.array([np.percentile(np.abs(b - a), 99.5) for a, b in pairwise(pictures)])
