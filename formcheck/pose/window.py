"""Somebody too small to be found in whole pictures: only the part that shows them is given to MediaPipe's detector.

The detector sees whatever it is given as 224 x 224 pixels. Somebody who lies across a third of a picture is 75 of them
and is missed more often than found; cut out first, they are found as if filmed from near
(``python -m tests.accuracy.small_people``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from formcheck.pose import Person, PoseFinder
from formcheck.pose.people import without_doubles
from formcheck.skeleton import INDEX

RgbImage = npt.NDArray[np.uint8]
MARGIN = 1.5
"""Side of the window against the person's extent over the pictures looked at: room to reach, lie down and get up."""
LARGEST_SHARE = 0.6
"""Of the picture's longer side: a larger window would gain little."""
MIN_SIGHTINGS = 3
"""Pictures in which somebody was seen; fewer may be furniture."""
SQUARE_SHARE = 0.55
"""Side of the squares looked at one by one, against the picture's longer side."""
CUT_SHARE = 0.03
"""Of the window's side: a joint nearer to its edge may lie beyond it."""
_JOINTS = [i for name, i in INDEX.items() if name.split("_")[-1] in ("shoulder", "wrist", "hip", "knee", "ankle")]


@dataclass(frozen=True)
class Window:
    """A part of the picture, pixels; right and bottom just beyond it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def longer_side_px(self) -> int:
        """Width or height, whichever is more."""
        return max(self.right - self.left, self.bottom - self.top)

    def scaled(self, factor: float) -> Window:
        """The same part of a picture ``factor`` times as large."""
        return Window(*(round(factor * edge) for edge in (self.left, self.top, self.right, self.bottom)))

    def people(self, finder: PoseFinder, image_rgb: RgbImage) -> list[Person]:
        """The people found in this part, in pixels of the whole picture (h, w, 3)."""
        found = finder.find(image_rgb[self.top : self.bottom, self.left : self.right])
        return [_moved(person, (self.left, self.top)) for person in found]

    def holds(self, person: Person) -> bool:
        """Whether no joint lies at the window's edge or beyond it."""
        slack = CUT_SHARE * self.longer_side_px
        low, high = person.xy_px[_JOINTS].min(axis=0), person.xy_px[_JOINTS].max(axis=0)
        return bool(
            low[0] >= self.left + slack
            and low[1] >= self.top + slack
            and high[0] <= self.right - slack
            and high[1] <= self.bottom - slack
        )


class WindowPose:
    """A pose finder that looks at a part of each picture, and at all of it where the person is not wholly in that."""

    def __init__(self, finder: PoseFinder, window: Window) -> None:
        self._finder, self._window = finder, window

    def describe(self) -> str:
        """As ``PoseFinder``."""
        return f"{self._finder.describe()}, in a part of it"

    def find(self, image_rgb: RgbImage) -> list[Person]:
        """People in the picture (h, w, 3), most prominent first."""
        near = self._window.people(self._finder, image_rgb)
        if near and self._window.holds(near[0]):
            return near
        return self._finder.find(image_rgb) or near

    def close(self) -> None:
        """Free the network."""
        self._finder.close()


def window_around(sightings: Sequence[Sequence[Person]], width_px: int, height_px: int) -> Window | None:
    """The part of the picture in which one small person stays; None where there are more, or they are not small.

    ``sightings`` are the people found in pictures of that size spread over the whole clip.
    """
    seen = [people[0] for people in sightings if len(people) == 1]
    if len(seen) < MIN_SIGHTINGS:
        return None
    xy = np.concatenate([person.xy_px for person in seen]).astype(np.float64)
    low, high = xy.min(axis=0), xy.max(axis=0)
    middle, half = (low + high) / 2, MARGIN * float((high - low).max()) / 2
    left, top = np.maximum(middle - half, 0.0)
    right, bottom = np.minimum(middle + half, [width_px, height_px])
    window = Window(int(left), int(top), int(np.ceil(right)), int(np.ceil(bottom)))
    return window if window.longer_side_px <= LARGEST_SHARE * max(width_px, height_px) else None


def people_nearer(finder: PoseFinder, image_rgb: RgbImage) -> list[Person]:
    """People in the picture (h, w, 3), looked for in overlapping squares of it, surest first; each once."""
    height, width = image_rgb.shape[:2]
    found = [person for square in _squares(width, height) for person in square.people(finder, image_rgb)]
    return without_doubles(sorted(found, key=lambda person: -float(person.visibility[_JOINTS].mean())))


def _squares(width_px: int, height_px: int) -> Iterator[Window]:
    side = min(round(SQUARE_SHARE * max(width_px, height_px)), width_px, height_px)
    for top in _starts(height_px, side):
        for left in _starts(width_px, side):
            yield Window(left, top, left + side, top + side)


def _starts(length_px: int, side_px: int) -> list[int]:
    """Where squares begin that overlap by half or more and cover the length."""
    steps = round(2 * (length_px - side_px) / side_px + 0.4)
    return [round(start) for start in np.linspace(0, length_px - side_px, steps + 1)]


def _moved(person: Person, by_px: tuple[int, int]) -> Person:
    by = np.array(by_px, np.float32)
    return replace(
        person,
        xy_px=person.xy_px + by,
        outline_px=None if person.outline_px is None else person.outline_px + by,
    )
