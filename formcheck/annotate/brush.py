"""Lines, dots and labels on a picture, all sized in units of 1/720 of its short side.

Everything gets a dark rim so that it reads on snow and on asphalt. Points are (x, y) pixels of the picture; a
point that is NaN draws nothing. Colours are RGB.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Literal

import cv2
import numpy as np
import numpy.typing as npt

from formcheck.records import FloatArray

Picture = npt.NDArray[np.uint8]
Color = tuple[int, int, int]
Align = Literal["left", "center", "right"]
Box = tuple[int, int, int, int]
"""left, top, right, bottom in pixels; right and bottom excluded."""

# Okabe & Ito's palette: these differ for every common kind of colour blindness, and in brightness too.
NEAR: Color = (0, 136, 214)
FAR: Color = (247, 202, 112)
MARK: Color = (240, 228, 66)
WHITE: Color = (255, 255, 255)
GREY: Color = (150, 150, 150)
INK: Color = (14, 16, 20)

SHORT_SIDE = 720.0
_SHIFT = 4
_SMALLEST_TEXT_PX = 4
_PILL_LIGHT = 0.34


class Typeface:
    """OpenCV's built-in font, which has Japanese, and the widths already measured.

    Not shared between threads: OpenCV's font keeps its drawn letters without a lock.
    """

    def __init__(self) -> None:
        self._face: Any = cv2.FontFace("uni")
        self._widths: dict[tuple[str, int], int] = {}

    def width_px(self, text: str, size_px: int) -> int:
        """Width of a line of text at a letter height of ``size_px``."""
        key = (text, size_px)
        if key not in self._widths:
            box = cv2.getTextSize((0, 0), text, (0, 0), self._face, size_px, 600)
            self._widths[key] = int(box[2])
            if len(self._widths) > 2000:
                self._widths.pop(next(iter(self._widths)))
        return self._widths[key]

    def write(self, picture: Picture, text: str, baseline: tuple[int, int], size_px: int, color: Color) -> None:
        """Draw one line of text in place, starting at its baseline."""
        cv2.putText(picture, text, baseline, color, self._face, size_px, 600, cv2.PUT_TEXT_ALIGN_LEFT)


class Brush:
    """Draws in place on one picture; ``size`` multiplies every width and letter."""

    def __init__(self, picture: Picture, face: Typeface, size: float = 1.0) -> None:
        self.picture = picture
        self.height, self.width = picture.shape[:2]
        self.unit = size * min(self.height, self.width) / SHORT_SIDE
        self._face = face
        self._taken: list[Box] = []

    # --- lines -----------------------------------------------------------------------------------------

    def line(self, points: FloatArray, color: Color, width: float, alpha: float = 1.0, dash: float = 0.0) -> None:
        """A rimmed line through ``points`` (k, 2); ``width`` and ``dash`` in units, ``dash`` 0 for solid."""
        if not self._drawable(points, alpha):
            return
        points = self._near(points)
        pieces = [points] if dash <= 0 else _dashes(points, dash * self.unit)
        core, rim = self._px(width), self._px(width) + 2 * self._px(1.7)

        def draw(target: Picture, origin: FloatArray) -> None:
            fixed = [_fixed(piece - origin) for piece in pieces]
            cv2.polylines(target, fixed, False, INK, rim, cv2.LINE_8, _SHIFT)
            cv2.polylines(target, fixed, False, color, core, cv2.LINE_AA, _SHIFT)

        self._blend(points, rim, alpha, draw)

    def dots(self, start: FloatArray, end: FloatArray, color: Color, width: float, gap: float) -> None:
        """A dotted line, ``gap`` units from dot to dot."""
        if not self._drawable(np.stack([start, end]), 1.0):
            return
        start, end = self._near(start), self._near(end)
        count = int(np.hypot(*(end - start)) / max(gap * self.unit, 2.0)) + 1
        spots = _fixed(start + np.linspace(0.0, 1.0, count)[:, None] * (end - start)).tolist()
        core = round(max(width * self.unit / 2, 0.5) * 16)
        rim = core + round(1.2 * self.unit * 16)
        for x, y in spots:
            cv2.circle(self.picture, (x, y), rim, INK, -1, cv2.LINE_8, _SHIFT)
            cv2.circle(self.picture, (x, y), core, color, -1, cv2.LINE_AA, _SHIFT)

    def dot(self, center: FloatArray, radius: float, color: Color, alpha: float = 1.0) -> None:
        """A filled disc of ``radius`` units."""
        if not self._drawable(center, alpha):
            return
        center = self._near(center)
        radius_px = max(radius * self.unit, 0.8)
        rim_px = radius_px + max(1.4 * self.unit, 0.5)

        def draw(target: Picture, origin: FloatArray) -> None:
            x, y = (int(v) for v in _fixed(center - origin))
            cv2.circle(target, (x, y), round(rim_px * 16), INK, -1, cv2.LINE_AA, _SHIFT)
            cv2.circle(target, (x, y), round(radius_px * 16), color, -1, cv2.LINE_AA, _SHIFT)

        self._blend(center[None], int(rim_px) + 1, alpha, draw)

    def ring(self, center: FloatArray, radius_px: float, color: Color, width: float, alpha: float = 1.0) -> None:
        """A circle of ``radius_px`` pixels (the body's own size) and ``width`` units."""
        if not np.isfinite(radius_px):
            return
        turn = np.linspace(0.0, 2 * np.pi, 33)
        self.line(center + radius_px * np.stack([np.cos(turn), np.sin(turn)], axis=1), color, width, alpha)

    def arc(self, center: FloatArray, start: FloatArray, end: FloatArray, radius_px: float, width: float) -> None:
        """The shorter arc about ``center`` from direction ``start`` to direction ``end``."""
        if not self._drawable(np.stack([center, start, end]), 1.0):
            return
        first, last = np.arctan2(start[1], start[0]), np.arctan2(end[1], end[0])
        turn = first + np.linspace(0.0, 1.0, 17) * ((last - first + np.pi) % (2 * np.pi) - np.pi)
        self.line(center + radius_px * np.stack([np.cos(turn), np.sin(turn)], axis=1), MARK, width)

    def triangle(self, tip: FloatArray, color: Color, size: float, filled: bool) -> None:
        """A triangle pointing up at ``tip``, ``size`` units high."""
        if not self._drawable(tip, 1.0):
            return
        tip, high = self._near(tip), size * self.unit
        corners = tip + high * np.array([[0.0, 0.0], [0.62, 1.0], [-0.62, 1.0]])
        fixed = [_fixed(corners)]
        core = self._px(2.5)
        cv2.polylines(self.picture, fixed, True, INK, core + 2 * self._px(1.5), cv2.LINE_AA, _SHIFT)
        if filled:
            cv2.fillPoly(self.picture, fixed, color, cv2.LINE_AA, _SHIFT)
        cv2.polylines(self.picture, fixed, True, color, core, cv2.LINE_AA, _SHIFT)

    # --- labels and panels -----------------------------------------------------------------------------

    def text_width(self, text: str, size: float) -> int:
        """Width in pixels of ``text`` at ``size`` units."""
        return self._face.width_px(text, round(size * self.unit))

    def text(self, text: str, left: float, middle: float, size: float, color: Color = WHITE) -> None:
        """Bare text, its left edge and its middle height in pixels; nothing where it would be a smudge."""
        letter = round(size * self.unit)
        if letter >= _SMALLEST_TEXT_PX and np.isfinite(left + middle):
            self._face.write(self.picture, text, (round(left), round(middle + 0.36 * letter)), letter, color)

    def label(self, text: str, at: FloatArray, size: float, color: Color = WHITE, align: Align = "center") -> None:
        """Text on a dark pill, kept inside the picture and off the labels already there."""
        letter = round(size * self.unit)
        if letter < _SMALLEST_TEXT_PX or not np.isfinite(at).all():
            return
        pad = round(0.32 * letter)
        wide, high = self._face.width_px(text, letter) + 2 * pad, round(1.42 * letter)
        left = float(at[0]) - {"left": 0.0, "center": 0.5, "right": 1.0}[align] * wide
        box = self._free_box(left, float(at[1]) - high / 2, wide, high)
        self.panel(box)
        self.text(text, box[0] + pad, (box[1] + box[3]) / 2, size, color)

    def panel(self, box: Box, light: float = _PILL_LIGHT) -> None:
        """Darken a rectangle to ``light`` of its brightness and keep labels off it."""
        left, top, right, bottom = self._clip(box)
        if right > left and bottom > top:
            view = self.picture[top:bottom, left:right]
            cv2.convertScaleAbs(view, view, light)
            self._taken.append((left, top, right, bottom))

    def sheet(self, wide: int, high: int) -> Brush:
        """A brush for a black sheet of that many pixels, to be stamped on pictures of this size."""
        sheet = Brush(np.zeros((max(high, 1), max(wide, 1), 3), dtype=np.uint8), self._face)
        sheet.unit = self.unit
        return sheet

    def stamp(self, sheet: Picture, right: int, top: int) -> None:
        """Lay a black sheet with something bright on it over the picture, as a dark glass panel."""
        high, wide = sheet.shape[:2]
        left = max(right - wide, 0)
        self.panel((left, top, left + wide, top + high), 0.22)
        view = self.picture[top : top + high, left : left + wide]
        drawn = sheet[: view.shape[0], : view.shape[1]]
        cv2.max(view, drawn, view)

    def bar(self, box: Box, color: Color, filled: bool) -> None:
        """A small rectangle: solid, or hollow with a thin edge."""
        left, top, right, bottom = self._clip(box)
        if right <= left or bottom <= top:
            return
        edge = -1 if filled else self._px(2)
        cv2.rectangle(self.picture, (left, top), (right - 1, bottom - 1), color, edge)

    # --- inside ----------------------------------------------------------------------------------------

    def _px(self, units: float) -> int:
        return max(1, int(units * self.unit + 0.5))

    def _drawable(self, points: FloatArray, alpha: float) -> bool:
        return alpha > 0.02 and bool(np.isfinite(points).all())

    def _near(self, points: FloatArray) -> FloatArray:
        """Points pulled back to the picture's neighbourhood: wild ones would overflow OpenCV's integers."""
        limit = 3.0 * max(self.width, self.height)
        if float(np.abs(points).max()) <= limit:
            return points
        return np.clip(points, -limit, limit)

    def _clip(self, box: Box) -> Box:
        left, top, right, bottom = box
        return max(left, 0), max(top, 0), min(right, self.width), min(bottom, self.height)

    def _blend(self, points: FloatArray, pad: int, alpha: float, draw: Callable[[Picture, FloatArray], None]) -> None:
        """Draw straight away, or mix in a copy of only the part of the picture that changes."""
        if alpha >= 0.9:  # nobody sees the difference
            draw(self.picture, np.zeros(2))
            return
        low, high = np.floor(points.min(axis=0)) - pad - 1, np.ceil(points.max(axis=0)) + pad + 2
        left, top, right, bottom = self._clip((int(low[0]), int(low[1]), int(high[0]), int(high[1])))
        if right <= left or bottom <= top:
            return
        view = self.picture[top:bottom, left:right]
        layer = view.copy()
        draw(layer, np.array([left, top], dtype=np.float64))
        cv2.addWeighted(layer, alpha, view, 1.0 - alpha, 0.0, view)

    def _free_box(self, left: float, top: float, wide: int, high: int) -> Box:
        """The nearest place, straight up or down, that is in the picture and not yet taken."""
        x = round(min(max(left, 0.0), max(self.width - wide, 0)))
        first = (x, 0, x, 0)
        for k, step in enumerate((0.0, -1.05, 1.05, -2.1, 2.1)):
            y = round(min(max(top + step * high, 0.0), max(self.height - high, 0)))
            box = (x, y, x + wide, y + high)
            first = box if k == 0 else first
            if not any(_overlap(box, other) for other in self._taken):
                return box
        return first


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _fixed(points: FloatArray) -> npt.NDArray[np.int32]:
    """Points in sixteenths of a pixel: lines glide instead of hopping from pixel to pixel."""
    fixed: npt.NDArray[np.int32] = np.rint(points * 16).astype(np.int32)
    return fixed


def _dashes(points: FloatArray, length_px: float) -> list[FloatArray]:
    """Dashes of about ``length_px`` with gaps of nearly the same, starting and ending each bone with a dash."""
    pieces: list[FloatArray] = []
    for a, b in pairwise(points):
        count = max(1, round((float(np.hypot(*(b - a))) / max(length_px, 2.0) + 1) / 2))
        edges = np.linspace(0.0, 1.0, 2 * count)[:, None]
        ends = a + edges * (b - a)
        pieces.extend(ends.reshape(count, 2, 2))
    return pieces


def stack(points: Sequence[FloatArray]) -> FloatArray:
    """(k, 2) from k points."""
    return np.stack(points)
