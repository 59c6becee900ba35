"""Where heads are in a clip, anybody's: found by the pose network's own detector at several sizes of the picture.

MediaPipe's detector of people is a detector of heads: its box is the head's, at about a fifth of the square it is shown
(Bazarevsky et al. 2020, BlazePose). Shown squares of the whole picture down to a fifth of it, it finds the runner and
people far behind alike. It is asked only where faces are to be hidden; what it misses stays: heads smaller than about
2 % of the picture's longer side, turned away, or half covered.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from formcheck.annotate import HeadLook
from formcheck.cores import usable_cores
from formcheck.models import model_bytes
from formcheck.records import FloatArray
from formcheck.video import probe, read_frames

LOOK_EVERY_S = 0.5
LOOK_SIDE_PX = 960
WHOLE, SMALL = (1, 2, 3), (5,)
"""Sides of the squares: so many of them in the picture's longer side. The small ones are many: every other look."""
STEP = 0.7
"""From one square to the next, in sides: a head of a fifth of the side is whole in one of them."""
LEAST_SCORE = 0.45
HEAD_IN_BOX = 0.6
"""Radius of a circle that holds the head, in sides of the detector's box."""
MOST_KEPT = 8
_INPUT_PX = 224
_STRIDES_PX = (8, 16, 32, 32, 32)
_PER_LAYER = 2
_Image = npt.NDArray[np.uint8]
_kept: dict[tuple[str, int, int], tuple[HeadLook, ...]] = {}


def head_looks(video: Path, report: Callable[[float], None] = lambda _: None) -> tuple[HeadLook, ...]:
    """Every head found, two looks a second; ``report`` is told the share done and may raise.

    The answer is kept for the next who asks for this file: the clip is drawn more than once.
    """
    facts = video.stat()
    key = (str(video), facts.st_mtime_ns, facts.st_size)
    if key not in _kept:
        found = tuple(_looks(video, report))
        while len(_kept) >= MOST_KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[key] = found
    return _kept[key]


def _looks(video: Path, report: Callable[[float], None]) -> Iterator[HeadLook]:
    info = probe(video)
    step = max(1, round(LOOK_EVERY_S * info.frame_rate_hz))
    detectors = _Detectors(usable_cores())
    with read_frames(video, LOOK_SIDE_PX, wanted=lambda index: index % step == 0) as frames, detectors:
        for frame in frames:
            sizes = WHOLE if (frame.index // step) % 2 else WHOLE + SMALL
            heads = detectors.find(frame.image, sizes)
            heads[:, :3] *= info.width_px / frame.image.shape[1]
            yield HeadLook(frame.time_s, heads)
            report(min(frame.time_s / max(info.duration_s, 1e-9), 1.0))


class _Detectors:
    """The detector, once for each core, over all squares of a picture."""

    def __init__(self, n: int) -> None:
        self._idle: SimpleQueue[Any] = SimpleQueue()
        for _ in range(n):
            self._idle.put(_interpreter())
        self._pool = ThreadPoolExecutor(n, "heads")

    def __enter__(self) -> _Detectors:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def find(self, image: _Image, sizes: tuple[int, ...]) -> FloatArray:
        """(k, 4) x, y, radius in pixels, and how sure: each head once."""
        squares = [square for parts in sizes for square in _squares(image, round(max(image.shape[:2]) / parts))]
        found = list(self._pool.map(lambda square: self._in_square(image, *square), squares))
        return _each_once(np.concatenate(found))

    def _in_square(self, image: _Image, x: int, y: int, side: int) -> FloatArray:
        interpreter = self._idle.get()
        try:
            heads: FloatArray = _heads(interpreter, image[y : y + side, x : x + side], side)
            heads[:, :2] += (x, y)
            return heads
        finally:
            self._idle.put(interpreter)


def _squares(image: _Image, side: int) -> list[tuple[int, int, int]]:
    """x, y and side of squares that overlap and cover the picture; beyond its edge they are black."""
    ys, xs = (
        np.linspace(0, max(n - side, 0), max(int(np.ceil((n - side) / (STEP * side))), 0) + 1) for n in image.shape[:2]
    )
    return [(round(float(x)), round(float(y)), side) for y in ys for x in xs]


def _heads(interpreter: Any, part: _Image, side: int) -> FloatArray:
    """(k, 4) x, y, radius, score of the heads in one square, whose picture may be cut off."""
    square = np.zeros((side, side, 3), np.uint8)
    square[: part.shape[0], : part.shape[1]] = part
    small = cv2.resize(square, (_INPUT_PX, _INPUT_PX), interpolation=cv2.INTER_AREA)
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], (small.astype(np.float32) / 127.5 - 1.0)[None])
    interpreter.invoke()
    boxes, scores = (interpreter.get_tensor(output["index"])[0] for output in interpreter.get_output_details())
    score = 1.0 / (1.0 + np.exp(-np.clip(scores[:, 0].astype(np.float64), -60.0, 60.0)))
    sure = score >= LEAST_SCORE
    middle = boxes[sure, :2] / _INPUT_PX + _anchors()[sure]
    radius = HEAD_IN_BOX * boxes[sure, 2:4].max(axis=1) / _INPUT_PX
    return np.column_stack([side * middle, side * radius, score[sure]])


def _each_once(heads: FloatArray) -> FloatArray:
    """The surest of those that lie in one another."""
    kept: list[FloatArray] = []
    for head in heads[np.argsort(-heads[:, 3])]:
        if all(np.hypot(*(head - other)[:2]) > 0.7 * max(head[2], other[2]) for other in kept):
            kept.append(head)
    return np.array(kept, dtype=np.float64).reshape(-1, 4)


@cache
def _anchors() -> FloatArray:
    """(2254, 2) where in the square each answer's cell lies, 0..1, in the detector's own order."""
    rows = []
    for stride in sorted(set(_STRIDES_PX)):
        cells = _INPUT_PX // stride
        y, x = (np.mgrid[:cells, :cells].reshape(2, -1) + 0.5) / cells
        rows.append(np.repeat(np.column_stack([x, y]), _PER_LAYER * _STRIDES_PX.count(stride), axis=0))
    return np.concatenate(rows)


def _interpreter() -> Any:
    from ai_edge_litert.interpreter import Interpreter

    with zipfile.ZipFile(io.BytesIO(model_bytes("full"))) as bundle:
        interpreter = Interpreter(model_content=bundle.read("pose_detector.tflite"), num_threads=1)
    interpreter.allocate_tensors()
    return interpreter
