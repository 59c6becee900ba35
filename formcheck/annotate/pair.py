"""Two pictures side by side, and around them: whose they are, where in the stride both are, what differs in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from formcheck.annotate.brush import GREY, MARK, WHITE, Brush, Color
from formcheck.annotate.rgb import RgbImage, planes_of, rgb_of
from formcheck.annotate.typeface import Typeface
from formcheck.planes import Planes, black

GAP_PX = 4
_LABEL, _LETTERS, _SMALL = 30.0, 25.0, 21.0
_ROW, _PAD = 26.0, 12.0
_PAIR_HEIGHT_PX, _JPEG_QUALITY = 1100, 88
_COLORS: tuple[Color, Color] = (WHITE, (64, 214, 166))
"""Of the first clip and the second, not those of the legs; their rows and names tell them apart as well."""


@dataclass(frozen=True)
class Row:
    """One clip's stride or repetition as a bar."""

    name: str
    share: float
    """How long it takes against the longer of the two, 0..1."""
    turn: float | None
    """Where its first part (stance, lifting) ends, 0..1 of it; None where it has no parts."""
    ticks: tuple[float, ...]
    """Moments of the other leg, 0..1 of it."""
    now: float
    """0..1 of it."""
    words: str


class PairSheet:
    """Where everything lies on a canvas for two pictures; one serves one thread."""

    def __init__(
        self,
        sizes: tuple[tuple[int, int], tuple[int, int]],
        labels: tuple[str, str],
        lines: Sequence[str],
        legend: str | None,
    ) -> None:
        """``sizes`` (width, height), even, of the two pictures; ``lines`` are what differs, the most important first.

        ``legend`` explains the bars; None for pictures without bars.
        """
        self._sizes, self._labels, self._lines, self._legend = sizes, labels, list(lines), legend
        self._face = Typeface()
        (wide, high), (other_wide, other_high) = sizes
        self.width = _even(wide + GAP_PX + other_wide)
        self.unit = min(max(self.width / 1000, 0.8), 1.25)
        self.top = _even(round((_LABEL + 2 * _PAD) * self.unit))
        self._pictures_px = _even(max(high, other_high))
        self._bars = 0.0 if legend is None else 2 * (_ROW + _PAD) + _SMALL + 1.5 * _PAD
        words = len(self._lines) * 1.45 * _LETTERS + _PAD if self._lines else 0.0
        self.height = self.top + self._pictures_px + _even(round((self._bars + words) * self.unit))

    def lay(self, canvas: Planes, pictures: tuple[Planes, Planes]) -> None:
        """Put both pictures on the canvas, in place."""
        left = 0
        for picture, (wide, high) in zip(pictures, self._sizes, strict=True):
            down = self.top + (self._pictures_px - high) // 4 * 2
            place = canvas.part(left, down, left + wide, down + high)
            place.luma[:] = picture.luma[:high, :wide]
            place.chroma[:] = picture.chroma[: (high + 1) // 2, : (wide + 1) // 2]
            left += _even(wide + GAP_PX)

    def draw_words(self, canvas: Planes) -> None:
        """What stays the same all the time: the names above, the differences below."""
        brush = self._brush(canvas)
        left = 0.0
        for label, color, (wide, _) in zip(self._labels, _COLORS, self._sizes, strict=True):
            self._fitted(
                brush, label, left + _PAD * self.unit, self.top / 2, _LABEL, wide - 2 * _PAD * self.unit, color
            )
            left += wide + GAP_PX
        y = self._rows_top + self._bars * self.unit
        for line in self._lines:
            room = self.width - 2 * _PAD * self.unit
            self._fitted(brush, line, _PAD * self.unit, y + 0.7 * _LETTERS * self.unit, _LETTERS, room, WHITE)
            y += 1.45 * _LETTERS * self.unit

    def draw_rows(self, canvas: Planes, rows: tuple[Row, Row]) -> None:
        """Where in the stride, the repetition or the hold either clip is."""
        brush = self._brush(canvas)
        left = max(brush.text_width(row.name, _LETTERS) for row in rows) + 2 * _PAD * self.unit
        words = max(brush.text_width(row.words, _SMALL) for row in rows) + 2 * _PAD * self.unit
        step = 40 * self.unit  # steady while the digits change
        across = (left, self.width - step * (words // step + 1))
        y = self._rows_top + _PAD * self.unit
        for row, color in zip(rows, _COLORS, strict=True):
            self._draw_row(brush, row, across, y, color)
            y += (_ROW + _PAD) * self.unit
        middle = y + 0.4 * _SMALL * self.unit
        self._fitted(brush, self._legend or "", left, middle, _SMALL, self.width - left - 2 * _PAD * self.unit, GREY)

    @property
    def _rows_top(self) -> int:
        return self.top + self._pictures_px

    def _brush(self, canvas: Planes) -> Brush:
        brush = Brush(canvas, self._face)
        brush.unit = self.unit
        return brush

    def _fitted(
        self, brush: Brush, words: str, left: float, middle: float, size: float, room: float, color: Color
    ) -> None:
        """A line of text, smaller where it would not fit."""
        wide = brush.text_width(words, size)
        brush.text(words, left, middle, size if wide <= room else size * room / wide, color)

    def _draw_row(self, brush: Brush, row: Row, across: tuple[float, float], top: float, color: Color) -> None:
        high, edge = round(_ROW * self.unit), max(1, round(2 * self.unit))
        left, room = across[0], (across[1] - across[0]) * row.share
        first, last = round(top), round(top) + high

        def x_of(share: float) -> int:
            return round(left + share * room)

        brush.text(row.name, _PAD * self.unit, top + high / 2, _LETTERS, color)
        brush.bar((x_of(0), first, x_of(1), last), color, False)
        if row.turn is not None:
            brush.bar((x_of(0), first, x_of(row.turn), last), color, True)
        for tick in row.ticks:
            brush.bar((x_of(tick), first, x_of(tick) + edge, last), GREY, True)
        brush.bar((x_of(row.now) - 2 * edge, first - 3 * edge, x_of(row.now) + 2 * edge, last + 3 * edge), MARK, True)
        brush.text(row.words, across[1] + _PAD * self.unit, top + high / 2, _SMALL)


def _even(size: int) -> int:
    return size + size % 2


def side_by_side_jpeg(jpegs: tuple[bytes, bytes], labels: tuple[str, str]) -> bytes:
    """Two pictures as JPEG bytes in one, equally high, each under its label."""
    images = [np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8) for jpeg in jpegs]
    high = min(_PAIR_HEIGHT_PX, *(image.shape[0] for image in images)) // 2 * 2
    small = [_as_high(np.ascontiguousarray(image[..., ::-1]), high) for image in images]
    sizes = ((small[0].shape[1], small[0].shape[0]), (small[1].shape[1], small[1].shape[0]))
    sheet = PairSheet(sizes, labels, (), None)
    canvas = black(sheet.width, sheet.height)
    sheet.lay(canvas, (planes_of(small[0]), planes_of(small[1])))
    sheet.draw_words(canvas)
    _, encoded = cv2.imencode(".jpg", rgb_of(canvas)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return encoded.tobytes()


def _as_high(image: RgbImage, high: int) -> RgbImage:
    wide = 2 * max(round(image.shape[1] * high / image.shape[0] / 2), 1)
    return np.asarray(cv2.resize(image, (wide, high), interpolation=cv2.INTER_AREA), np.uint8)
