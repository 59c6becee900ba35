"""A picture as video keeps it: brightness at full size, colour at half the size (4:2:0), 16..235 for black to white.

What is drawn on a clip is drawn on these. Turning every frame into RGB and back cost more than drawing on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt

Matrix = Literal["bt601", "bt709", "bt2020"]
"""How much red and blue count in brightness."""
Rgb = tuple[int, int, int]

BLACK, NEUTRAL = 16, 128
"""Brightness of black; both colour differences of every grey."""
_RED_BLUE_SHARE: dict[Matrix, tuple[float, float]] = {
    "bt601": (0.299, 0.114),
    "bt709": (0.2126, 0.0722),
    "bt2020": (0.2627, 0.0593),
}


@dataclass(frozen=True, slots=True)
class Planes:
    """One picture of even width and height; its arrays may be drawn on and need not be contiguous."""

    luma: npt.NDArray[np.uint8]
    """(height, width)."""
    chroma: npt.NDArray[np.uint8]
    """(height / 2, width / 2, 2): blue and red difference."""
    matrix: Matrix = "bt601"

    def part(self, left: int, top: int, right: int, bottom: int) -> Planes:
        """A view of a rectangle whose left and top are even; an odd right or bottom takes half a colour more."""
        chroma = self.chroma[top // 2 : (bottom + 1) // 2, left // 2 : (right + 1) // 2]
        return Planes(self.luma[top:bottom, left:right], chroma, self.matrix)

    def copy(self) -> Planes:
        """The same with memory of its own."""
        return Planes(self.luma.copy(), self.chroma.copy(), self.matrix)


def black(width: int, height: int, matrix: Matrix = "bt601") -> Planes:
    """A black picture; odd sizes grow by a pixel."""
    wide, high = width + width % 2, height + height % 2
    chroma = np.full((high // 2, wide // 2, 2), NEUTRAL, np.uint8)
    return Planes(np.full((high, wide), BLACK, np.uint8), chroma, matrix)


@lru_cache(maxsize=256)
def code_of(color: Rgb, matrix: Matrix) -> tuple[int, tuple[int, int]]:
    """(brightness, (blue difference, red difference)) of an RGB colour (ITU-T H.273, 8 bits, limited range)."""
    red, green, blue = (value / 255.0 for value in color)
    of_red, of_blue = _RED_BLUE_SHARE[matrix]
    brightness = of_red * red + (1.0 - of_red - of_blue) * green + of_blue * blue
    blue_difference = (blue - brightness) / (2.0 * (1.0 - of_blue))
    red_difference = (red - brightness) / (2.0 * (1.0 - of_red))
    return round(16 + 219 * brightness), (round(128 + 224 * blue_difference), round(128 + 224 * red_difference))
