"""What stands and lies about in a room to exercise in."""

from __future__ import annotations

from dataclasses import dataclass

from .room import Colour


@dataclass(frozen=True)
class Props:
    """What stands about. Boxes are (x, y, z spans in metres, colour)."""

    mat: tuple[float, float, float, float] | None = None
    """Spans x0, x1, y0, y1 of a mat on the floor."""
    mat_colour: Colour = (70, 90, 150)
    boxes: tuple[tuple[tuple[float, float], tuple[float, float], tuple[float, float], Colour], ...] = ()
    towel: str | None = None
    """Side of the foot around which both hands hold a towel."""
    things: bool = False
    """A large and a small ball lie behind."""
