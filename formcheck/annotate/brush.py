"""Lines, dots and labels on a picture, all sized in units of 1/720 of its short side.

Everything gets a dark rim so that it reads on snow and on asphalt. Points are (x, y) pixels of the picture; a
point that is NaN draws nothing. Colours are RGB; what is drawn on keeps brightness and colour apart (`Planes`). Only
brightness gets smooth edges: the dark rim hides the steps of the colour.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from formcheck.annotate.typeface import Typeface
from formcheck.planes import BLACK, NEUTRAL, Planes, Rgb, black, code_of
from formcheck.records import FloatArray

Color = Rgb
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
_SHIFT = 4  # points go to OpenCV in sixteenths of a pixel: lines glide instead of hopping from pixel to pixel
_FINE = 1 << _SHIFT
_HALF = _SHIFT + 1  # the same numbers read as pixels of a picture of half the size
_SMALLEST_TEXT_PX = 4
_PILL_LIGHT = 0.34
FULL_ALPHA, _NO_ALPHA = 0.9, 0.02  # nobody sees the difference to 1 and to 0

_Fixed = npt.NDArray[np.int32]


class Brush:
    """Draws in place on one picture; ``size`` multiplies every width and letter."""

    def __init__(self, picture: Planes, face: Typeface, size: float = 1.0) -> None:
        self.picture = picture
        self.height, self.width = picture.luma.shape
        self.unit = size * min(self.height, self.width) / SHORT_SIDE
        self._face = face
        self._taken: list[Box] = []

    # --- lines -----------------------------------------------------------------------------------------

    def line(self, points: FloatArray, color: Color, width: float, alpha: float = 1.0, dash: float = 0.0) -> None:
        """A rimmed line through ``points`` (k, 2); ``width`` and ``dash`` in units, ``dash`` 0 for solid."""
        near = self._near(points) if alpha > _NO_ALPHA else None
        if near is None:
            return
        pieces = [_fixed(near)] if dash <= 0 else _dashes(near, dash * self.unit)
        core, rim = self._px(width), self._px(width) + 2 * self._px(1.7)
        self._draw(pieces, rim, alpha, _stroke(color, core, rim))

    def dots(self, start: FloatArray, end: FloatArray, color: Color, width: float, gap: float) -> None:
        """A dotted line, ``gap`` units from dot to dot."""
        ends = self._near(np.stack([start, end]))
        if ends is None:
            return
        way = ends[1] - ends[0]
        count = int(np.hypot(*way) / max(gap * self.unit, 2.0)) + 1
        core = max(2, self._px(width))
        rim = core + 2 * self._px(1.2)
        _stroke(color, core, rim, round_rim=True)(self.picture, _spots(ends[0] + _steps(count) * way))

    def discs(self, centers: FloatArray, radius: float, color: Color) -> None:
        """Filled discs of ``radius`` units about (k, 2) known points, all at once."""
        near = self._near(centers) if len(centers) else None
        if near is not None:
            core = max(2, self._px(2 * radius))
            _stroke(color, core, core + 2 * self._px(1.4), round_rim=True)(self.picture, _spots(near))

    def dot(self, center: FloatArray, radius: float, color: Color, alpha: float = 1.0) -> None:
        """A filled disc of ``radius`` units."""
        x, y = center.tolist()
        if alpha <= _NO_ALPHA or not self._in_sight(x, y):
            return
        core = max(radius * self.unit, 0.8)
        rim = core + max(1.4 * self.unit, 0.5)
        spot = np.array([[round(x * _FINE), round(y * _FINE)]], np.int32)
        self._draw([spot], int(2 * rim) + 2, alpha, _disc(color, round(core * _FINE), round(rim * _FINE)))

    def ring(self, center: FloatArray, radius_px: float, color: Color, width: float, alpha: float = 1.0) -> None:
        """A circle of ``radius_px`` pixels (the body's own size) and ``width`` units."""
        x, y = center.tolist()
        limit = 3.0 * max(self.width, self.height)
        if alpha <= _NO_ALPHA or not self._in_sight(x, y) or not radius_px <= limit:
            return
        core, rim = self._px(width) / 2, self._px(width) / 2 + self._px(1.7)
        circles = [_fixed(center + max(radius_px + by, 0.0) * _CIRCLE) for by in (rim, -rim, core, -core, 0.0)]
        self._draw(circles, 2, alpha, _annulus(color, self._px(width)))

    def arc(self, center: FloatArray, start: FloatArray, end: FloatArray, radius_px: float, width: float) -> None:
        """The shorter arc about ``center`` from direction ``start`` to direction ``end``."""
        if not np.isfinite([*start, *end]).all():
            return
        first, last = np.arctan2(start[1], start[0]), np.arctan2(end[1], end[0])
        turn = first + np.linspace(0.0, 1.0, 17) * ((last - first + np.pi) % (2 * np.pi) - np.pi)
        self.line(center + radius_px * np.stack([np.cos(turn), np.sin(turn)], axis=1), MARK, width)

    def triangle(self, tip: FloatArray, color: Color, size: float, filled: bool) -> None:
        """A triangle pointing up at ``tip``, ``size`` units high."""
        if not self._in_sight(*tip.tolist()):
            return
        corners = [_fixed(tip + size * self.unit * _TRIANGLE)]
        core = self._px(2.5)
        rim = core + 2 * self._px(1.5)
        _stroke(color, core, rim, closed=True, round_rim=True)(self.picture, corners)
        if filled:
            value, tint = code_of(color, self.picture.matrix)
            cv2.fillPoly(self.picture.luma, corners, value, cv2.LINE_AA, _SHIFT)
            cv2.fillPoly(self.picture.chroma, corners, tint, cv2.LINE_8, _HALF)

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
            luma = self.picture.luma[top:bottom, left:right]
            chroma = self.picture.chroma[top // 2 : (bottom + 1) // 2, left // 2 : (right + 1) // 2]
            cv2.convertScaleAbs(luma, luma, light, BLACK * (1.0 - light))
            cv2.convertScaleAbs(chroma, chroma, light, NEUTRAL * (1.0 - light))
            self._taken.append((left, top, right, bottom))

    def at_size(self, size: float) -> Brush:
        """A brush for the same picture whose widths and letters are ``size`` times as large."""
        smaller = Brush(self.picture, self._face)
        smaller.unit, smaller._taken = size * self.unit, self._taken
        return smaller

    def keep_off(self, box: Box) -> None:
        """Keep labels off a rectangle, as far as there is room elsewhere."""
        self._taken.append(box)

    def sheet(self, wide: int, high: int) -> Brush:
        """A brush for a black sheet of that many pixels, to be stamped on pictures of this size."""
        sheet = Brush(black(max(wide, 1), max(high, 1), self.picture.matrix), self._face)
        sheet.unit = self.unit
        return sheet

    def stamp(self, sheet: Planes, right: int, top: int) -> None:
        """Lay a black sheet with something bright on it over the picture, as a dark glass panel."""
        high, wide = sheet.luma.shape
        left = max(right - wide, 0) // 2 * 2
        top = top // 2 * 2
        self.panel((left, top, left + wide, top + high), 0.22)
        view = self.picture.part(left, top, left + wide, top + high)
        luma = sheet.luma[: view.luma.shape[0], : view.luma.shape[1]]
        chroma = sheet.chroma[: view.chroma.shape[0], : view.chroma.shape[1]]
        cv2.max(view.luma, luma, view.luma)
        view.chroma[:] = chroma  # glass this dark shows no colour of what is behind it

    def bar(self, box: Box, color: Color, filled: bool) -> None:
        """A small rectangle: solid, or hollow with a thin edge."""
        left, top, right, bottom = self._clip(box)
        if right <= left or bottom <= top:
            return
        edge = -1 if filled else self._px(2)
        value, tint = code_of(color, self.picture.matrix)
        first, last = (left, top), (right - 1, bottom - 1)
        cv2.rectangle(self.picture.luma, first, last, value, edge)
        halves = [(x // 2, y // 2) for x, y in (first, last)]
        cv2.rectangle(self.picture.chroma, halves[0], halves[1], tint, edge if filled else (edge + 1) // 2)

    # --- inside ----------------------------------------------------------------------------------------

    def _px(self, units: float) -> int:
        return max(1, int(units * self.unit + 0.5))

    def _in_sight(self, x: float, y: float) -> bool:
        """Whether a mark there could reach the picture; False for a point that is not known."""
        limit = 3 * max(self.width, self.height)
        return bool(-limit <= x <= limit and -limit <= y <= limit)

    def _near(self, points: FloatArray) -> FloatArray | None:
        """Points pulled back to the picture's neighbourhood: wild ones would overflow OpenCV's integers.

        None when one of them is not known.
        """
        limit = 3.0 * max(self.width, self.height)
        reach = float(np.abs(points).max())  # NaN when one is
        if reach <= limit:
            return points
        return np.clip(points, -limit, limit) if np.isfinite(reach) else None

    def _clip(self, box: Box) -> Box:
        left, top, right, bottom = box
        return max(left, 0), max(top, 0), min(right, self.width), min(bottom, self.height)

    def _draw(self, fixed: list[_Fixed], width: int, alpha: float, paint: _Paint) -> None:
        """Paint straight away, or mix in a copy of only the part of the picture that changes."""
        if alpha >= FULL_ALPHA:
            paint(self.picture, fixed)
            return
        pad = width // 2 + 3
        points = fixed[0] if len(fixed) == 1 else np.concatenate(fixed)
        (low_x, low_y), (high_x, high_y) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
        left, top = max(low_x // _FINE - pad, 0) // 2 * 2, max(low_y // _FINE - pad, 0) // 2 * 2
        right, bottom = min(high_x // _FINE + pad, self.width), min(high_y // _FINE + pad, self.height)
        if right <= left or bottom <= top:
            return
        view = self.picture.part(left, top, right, bottom)
        layer = view.copy()
        paint(layer, [piece - np.array([left * _FINE, top * _FINE], np.int32) for piece in fixed])
        cv2.addWeighted(layer.luma, alpha, view.luma, 1.0 - alpha, 0.0, view.luma)
        cv2.addWeighted(layer.chroma, alpha, view.chroma, 1.0 - alpha, 0.0, view.chroma)

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


# --- on any part of a picture ------------------------------------------------------------------------------

_Paint = Callable[[Planes, list[_Fixed]], None]
_TURN = np.linspace(0.0, 2 * np.pi, 33)
_CIRCLE = np.stack([np.cos(_TURN), np.sin(_TURN)], axis=1)
_TRIANGLE = np.array([[0.0, 0.0], [0.62, 1.0], [-0.62, 1.0]])


@lru_cache(maxsize=256)
def _stroke(color: Color, core: int, rim: int, closed: bool = False, round_rim: bool = False) -> _Paint:
    """Rimmed lines ``core`` pixels wide, ``rim`` with the rim; smooth edges cost the rim more than they show."""
    rim_edge = cv2.LINE_AA if round_rim else cv2.LINE_8

    def paint(target: Planes, pieces: list[_Fixed]) -> None:
        (dark, no_tint), (value, tint) = code_of(INK, target.matrix), code_of(color, target.matrix)
        cv2.polylines(target.luma, pieces, closed, dark, rim, rim_edge, _SHIFT)
        cv2.polylines(target.luma, pieces, closed, value, core, cv2.LINE_AA, _SHIFT)
        if core > 4:  # round a thin line nobody sees that the rim kept the colour of what was there
            cv2.polylines(target.chroma, pieces, closed, no_tint, rim // 2, cv2.LINE_8, _HALF)
        cv2.polylines(target.chroma, pieces, closed, tint, (core + 1) // 2, cv2.LINE_8, _HALF)

    return paint


@lru_cache(maxsize=256)
def _disc(color: Color, core: int, rim: int) -> _Paint:
    """A rimmed disc; both radii in sixteenths of a pixel."""

    def paint(target: Planes, pieces: list[_Fixed]) -> None:
        value, tint = code_of(color, target.matrix)
        center = pieces[0][0].tolist()
        cv2.circle(target.luma, center, rim, code_of(INK, target.matrix)[0], -1, cv2.LINE_AA, _SHIFT)
        cv2.circle(target.luma, center, core, value, -1, cv2.LINE_AA, _SHIFT)
        cv2.circle(target.chroma, center, core, tint, -1, cv2.LINE_8, _HALF)

    return paint


def _annulus(color: Color, core: int) -> _Paint:
    """A rimmed ring from five circles: the rim's outer and inner edge, the core's, and the middle between them."""

    def paint(target: Planes, pieces: list[_Fixed]) -> None:
        value, tint = code_of(color, target.matrix)
        cv2.fillPoly(target.luma, pieces[:2], code_of(INK, target.matrix)[0], cv2.LINE_AA, _SHIFT)
        cv2.fillPoly(target.luma, pieces[2:4], value, cv2.LINE_AA, _SHIFT)
        cv2.polylines(target.chroma, pieces[4:], True, tint, (core + 1) // 2, cv2.LINE_8, _HALF)

    return paint


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _fixed(points: FloatArray) -> _Fixed:
    fixed: _Fixed = np.rint(points * _FINE).astype(np.int32)
    return fixed


def _spots(points: FloatArray) -> list[_Fixed]:
    """Lines of no length, which come out as dots."""
    return list(np.repeat(_fixed(points)[:, None], 2, axis=1))


@lru_cache(maxsize=256)
def _steps(count: int) -> FloatArray:
    """(count, 1) from 0 to 1."""
    return np.linspace(0.0, 1.0, count)[:, None]


def _dashes(points: FloatArray, length_px: float) -> list[_Fixed]:
    """Dashes of about ``length_px`` with gaps of nearly the same, starting and ending each bone with a dash."""
    pieces: list[_Fixed] = []
    for a, b in pairwise(points):
        count = max(1, round((float(np.hypot(*(b - a))) / max(length_px, 2.0) + 1) / 2))
        ends = a + _steps(2 * count) * (b - a)
        pieces.extend(_fixed(ends).reshape(count, 2, 2))
    return pieces


def stack(points: Sequence[FloatArray]) -> FloatArray:
    """(k, 2) from k points."""
    return np.stack(points)
