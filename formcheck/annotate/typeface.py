"""Letters on a picture, in the font that PDFs have too: OpenCV's own have had no Japanese since 5.1."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from formcheck.planes import NEUTRAL, Planes, Rgb, code_of

_FONT = "NotoSansJP_700Bold.ttf"
_WEIGHT = 0
"""As it is: the font has one."""
_FINER = 4
"""Small letters are spaced by whole pixels; measured large, a line is as wide at half the size as it ought to be."""
_KEPT = 2000
_Mask = npt.NDArray[np.uint8]


class Typeface:
    """The font, and the widths and shapes already found out.

    Not shared between threads: OpenCV's font keeps its drawn letters without a lock.
    """

    def __init__(self) -> None:
        self._face: Any = cv2.FontFace(str(files("formcheck").joinpath("fonts", _FONT)))
        self._widths: dict[tuple[str, int], int] = {}
        self._masks: dict[tuple[str, int], _Mask] = {}

    def width_px(self, text: str, size_px: int) -> int:
        """Width of a line of text at a letter height of ``size_px``."""
        key = (text, size_px)
        if key not in self._widths:
            box = cv2.getTextSize((0, 0), text, (0, 0), self._face, _FINER * size_px, _WEIGHT)
            self._widths[key] = -(-int(box[2]) // _FINER)
            _keep_few(self._widths)
        return self._widths[key]

    def write(self, picture: Planes, text: str, baseline: tuple[int, int], size_px: int, color: Rgb) -> None:
        """Draw one line of text in place, starting at its baseline."""
        value, tint = code_of(color, picture.matrix)
        self._put(picture.luma, text, baseline, size_px, value)
        if max(abs(tint[0] - NEUTRAL), abs(tint[1] - NEUTRAL)) > 4:
            left, top = baseline[0] // 2, (baseline[1] - size_px) // 2
            _paint(picture.chroma, self._mask(text, size_px), left, top, tint)

    def _put(
        self, plane: npt.NDArray[np.uint8], text: str, baseline: tuple[int, int], size_px: int, value: int
    ) -> None:
        cv2.putText(plane, text, baseline, value, self._face, size_px, _WEIGHT, cv2.PUT_TEXT_ALIGN_LEFT)

    def _mask(self, text: str, size_px: int) -> _Mask:
        """Where the text has colour, at half size; its first row is ``size_px`` above the baseline."""
        key = (text, size_px)
        if key not in self._masks:
            wide, high = (self.width_px(text, size_px) + size_px) // 2, (size_px * 3 // 2 + 1) // 2
            whole = np.zeros((2 * high, 2 * wide), np.uint8)
            self._put(whole, text, (0, size_px), size_px, 255)
            half = cv2.resize(whole, (wide, high), interpolation=cv2.INTER_AREA)
            self._masks[key] = np.asarray(half > 40, dtype=np.uint8)
            _keep_few(self._masks)
        return self._masks[key]


def _keep_few(found: dict[Any, Any]) -> None:
    """The clip's time is written anew on every frame."""
    if len(found) > _KEPT:
        found.pop(next(iter(found)))


def _paint(chroma: npt.NDArray[np.uint8], mask: _Mask, left: int, top: int, tint: tuple[int, int]) -> None:
    """Colour a mask's pixels in place; what lies outside the picture is left out."""
    mask = mask[max(-top, 0) :, max(-left, 0) :]
    left, top = max(left, 0), max(top, 0)
    view = chroma[top : top + mask.shape[0], left : left + mask.shape[1]]
    if view.size:
        view[mask[: view.shape[0], : view.shape[1]] > 0] = tint
