"""Two pictures side by side, and around them: whose they are, where in the stride both are, what differs in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from formcheck.annotate.brush import FAR, GREY, NEAR, WHITE, Brush, Color
from formcheck.annotate.typeface import Typeface
from formcheck.planes import Planes

GAP_PX = 4
_LABEL, _LETTERS, _SMALL = 30.0, 25.0, 21.0
_ROW, _PAD = 26.0, 12.0
_COLORS: tuple[Color, Color] = (NEAR, FAR)
"""Of the first clip and the second; their rows and names tell them apart as well."""


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
        self, sizes: tuple[tuple[int, int], tuple[int, int]], labels: tuple[str, str], lines: Sequence[str], legend: str
    ) -> None:
        """``sizes`` (width, height) of the two pictures; ``lines`` are what differs, the most important first."""
        self._sizes, self._labels, self._lines, self._legend = sizes, labels, list(lines), legend
        self._face = Typeface()
        (wide, high), (other_wide, other_high) = sizes
        self.width = _even(wide + GAP_PX + other_wide)
        self.unit = min(max(self.width / 1000, 0.8), 1.25)
        self.top = _even(round((_LABEL + 2 * _PAD) * self.unit))
        self._pictures_px = _even(max(high, other_high))
        below = 2 * (_ROW + _PAD) + _SMALL + 2.5 * _PAD + len(self._lines) * 1.45 * _LETTERS + _PAD
        self.height = self.top + self._pictures_px + _even(round(below * self.unit))

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
            self._fitted(brush, label, left + _PAD * self.unit, self.top / 2, _LABEL, wide - 2 * _PAD * self.unit, color)
            left += wide + GAP_PX
        y = self._rows_top + (2 * (_ROW + _PAD) + _SMALL + 1.5 * _PAD) * self.unit
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
        self._fitted(brush, self._legend, left, middle, _SMALL, self.width - left, GREY)

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
        brush.bar((x_of(row.now) - 2 * edge, first - 3 * edge, x_of(row.now) + 2 * edge, last + 3 * edge), WHITE, True)
        brush.text(row.words, across[1] + _PAD * self.unit, top + high / 2, _SMALL)


def _even(size: int) -> int:
    return size + size % 2
