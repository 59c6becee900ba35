"""Pose finders: each finds people in one picture, nothing else. No drawing, no files, no smoothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.float32]
N_OUTLINE_POINTS = 512
"""Points kept of a person's outline: at 900 px height one every 5 px, 2 kB a frame."""


@dataclass(frozen=True)
class Person:
    """One person in one picture, in pixels of that picture."""

    xy_px: Pixels
    """(33, 2)."""
    visibility: Pixels
    """(33,) in 0..1."""
    outline_px: Pixels | None
    """(N_OUTLINE_POINTS, 2) closed outline, or None when it was not asked for or not found."""


class PoseFinder(Protocol):
    """What the rest of the house needs from a pose network: three methods."""

    def describe(self) -> str:
        """Which network in which mode, for the record."""

    def find(self, image_rgb: npt.NDArray[np.uint8]) -> list[Person]:
        """The people in one (h, w, 3) picture, most prominent first; each picture stands alone."""

    def close(self) -> None:
        """Give the network's memory back."""
