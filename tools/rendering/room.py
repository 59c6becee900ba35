"""Looks of the room: colours, and the pictures painted on its wall and floor. NumPy only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .rotations import Array

Colour = tuple[int, int, int]
FLOOR_Z = -0.21


@dataclass(frozen=True)
class Room:
    """Looks of the room and the machine (colours 0..255).

    Attributes:
        wall, wall_low: wall above and wainscot.
        floor: floor colour. machine, trim: treadmill body and its coloured strip.
        wall_distance_m: behind the runner.
        style: "panels", "brick", "plain" or "gym" (posters, machines, a window: much to see behind the runner).
        handrail: a rail with its post along both sides of the belt, in front of the near hip and leg.
        neighbour: another treadmill behind this one.
        light: brightness of the main light, 1 = usual; warm: -1 cool .. 1 warm.
        noise: sensor noise, standard deviation in grey levels.
    """

    wall: Colour = (196, 202, 206)
    wall_low: Colour = (128, 140, 150)
    floor: Colour = (120, 104, 88)
    machine: Colour = (46, 48, 52)
    trim: Colour = (200, 60, 40)
    wall_distance_m: float = 1.7
    style: str = "panels"
    light: float = 1.0
    warm: float = 0.15
    noise: float = 0.0
    seed: int = 0
    handrail: bool = False
    neighbour: bool = False


def _grain(shape: tuple[int, int], rng: np.random.Generator, coarse: int) -> Array:
    """Smooth random field in about -1..1."""
    small = rng.normal(size=(shape[0] // coarse + 2, shape[1] // coarse + 2))
    rows = np.linspace(0, small.shape[0] - 1.001, shape[0])
    columns = np.linspace(0, small.shape[1] - 1.001, shape[1])
    i, j = rows.astype(int), columns.astype(int)
    a, b = (rows - i)[:, None], (columns - j)[None]
    return (
        small[i][:, j] * (1 - a) * (1 - b)
        + small[i + 1][:, j] * a * (1 - b)
        + small[i][:, j + 1] * (1 - a) * b
        + small[i + 1][:, j + 1] * a * b
    ) * 0.5


def wall_picture(room: Room) -> np.ndarray:
    """Wall, row 0 at the top: light falling off from above, wainscot, seams or bricks, a window of another colour."""
    rng = np.random.default_rng(room.seed)
    rows, columns = 800, 2000
    z = np.linspace(3.4, FLOOR_Z, rows)[:, None]
    x = np.linspace(-4.5, 4.5, columns)[None]
    shade = 0.80 + 0.20 * np.clip(z / 2.6, 0, 1) - 0.10 * (x / 4.5) ** 2
    shade = shade + 0.015 * _grain((rows, columns), rng, 60) + 0.006 * rng.normal(size=(rows, columns))
    low = z < 0.75
    colour = np.where(low[..., None], np.array(room.wall_low, float), np.array(room.wall, float))
    colour = np.broadcast_to(colour, (rows, columns, 3)).copy()
    if room.style == "panels":
        seam = np.abs((x + 0.4) % 1.2 - 0.6) < 0.006
        shade = shade * np.where(seam, 0.86, 1.0)
    if room.style == "brick":
        course = np.floor(z / 0.085)
        joint = (z % 0.085 < 0.008) | ((x + 0.12 * (course % 2)) % 0.24 < 0.008)
        tone = np.sin(course * 12.9 + np.floor((x + 0.12 * (course % 2)) / 0.24) * 78.2) * 0.05
        shade = shade * np.where(joint, 0.90, 1.0 + tone)
    shade = shade * np.where(np.abs(z - 0.75) < 0.012, 0.75, 1.0) * np.where(z < FLOOR_Z + 0.1, 0.6, 1.0)
    if room.style == "gym":
        _fill_gym(colour, x, z, room, rng)
    else:
        _hang_poster(colour, x, z, room)
    return np.clip(colour * shade[..., None], 0, 255).astype(np.uint8)


def _hang_poster(colour: Array, x: Array, z: Array, room: Room) -> None:
    """A plain framed board off to one side, so that the wall is no empty field."""
    frame = (np.abs(x + 1.55) < 0.5) & (np.abs(z - 1.75) < 0.36)
    board = (np.abs(x + 1.55) < 0.47) & (np.abs(z - 1.75) < 0.33)
    colour[np.broadcast_to(frame, colour.shape[:2])] = (60, 60, 64)
    colour[np.broadcast_to(board, colour.shape[:2])] = (0.5 * np.array(room.trim) + 90).clip(0, 255)


def _fill_gym(colour: Array, x: Array, z: Array, room: Room, rng: np.random.Generator) -> None:
    """Posters, a bright window, racks with weights and machine frames, all along the wall."""
    left = -4.4
    makers = (_paint_poster, _paint_window, _paint_rack, _paint_frame)
    while left < 4.2:
        wide = float(rng.uniform(0.55, 1.15))
        makers[int(rng.integers(len(makers)))](colour, x - left, z, wide, rng)
        left += wide + float(rng.uniform(0.05, 0.35))


def _fill(colour: Array, inside: Array, paint: Array | Colour) -> None:
    colour[np.broadcast_to(inside, colour.shape[:2])] = np.clip(paint, 0, 255)


def _paint_poster(colour: Array, x: Array, z: Array, wide: float, rng: np.random.Generator) -> None:
    low, high = rng.uniform(0.7, 1.1), rng.uniform(1.7, 2.2)
    _fill(colour, (x > 0) & (x < wide) & (z > low) & (z < high), rng.uniform(30, 240, 3))
    for _ in range(5):
        at, size = rng.uniform(0.1, 0.9, 2) * [wide, high - low], rng.uniform(0.05, 0.25)
        blob = ((x - at[0]) ** 2 + (z - low - at[1]) ** 2 < size**2) & (x > 0) & (x < wide) & (z > low) & (z < high)
        _fill(colour, blob, rng.uniform(20, 255, 3))
    lines = (np.sin(z * 70) > 0.3) & (x > 0.08) & (x < 0.7 * wide) & (z > low + 0.06) & (z < low + 0.35)
    _fill(colour, lines, (235, 235, 230))


def _paint_window(colour: Array, x: Array, z: Array, wide: float, rng: np.random.Generator) -> None:
    inside = (x > 0) & (x < wide) & (z > 0.55) & (z < 2.5)
    sky = np.clip((z - 0.55) / 1.9, 0, 1)
    for channel, (ground, top) in enumerate(((150, 225), (175, 240), (140, 255))):
        tone = np.broadcast_to(ground + (top - ground) * sky, colour.shape[:2])
        colour[..., channel] = np.where(inside, tone, colour[..., channel])
    bar = inside & ((np.abs(x - wide / 2) < 0.03) | (np.abs(z - 1.5) < 0.03) | (x < 0.05) | (x > wide - 0.05))
    _fill(colour, bar, rng.uniform(60, 120) * np.ones(3))


def _paint_rack(colour: Array, x: Array, z: Array, wide: float, rng: np.random.Generator) -> None:
    _fill(
        colour,
        (x > 0) & (x < wide) & ((np.abs(x - 0.03) < 0.03) | (np.abs(x - wide + 0.03) < 0.03)) & (z < 1.5),
        (40, 42, 46),
    )
    for shelf in (0.15, 0.6, 1.05):
        _fill(colour, (x > 0) & (x < wide) & (np.abs(z - shelf) < 0.02), (52, 54, 60))
        for middle in np.arange(0.12, wide - 0.08, 0.2):
            radius = rng.uniform(0.05, 0.09)
            disc = (x - middle) ** 2 + (z - shelf - 0.02 - radius) ** 2 < radius**2
            _fill(colour, disc, rng.uniform(10, 200, 3) * rng.choice([0.3, 1.0]))


def _paint_frame(colour: Array, x: Array, z: Array, wide: float, rng: np.random.Generator) -> None:
    """Slanting and upright tubes of some machine: long edges like limbs."""
    paint = rng.uniform(20, 230) * np.ones(3)
    for _ in range(4):
        foot, lean, thick = rng.uniform(0.05, wide - 0.05), rng.uniform(-0.35, 0.35), rng.uniform(0.02, 0.05)
        tube = (np.abs(x - foot - lean * z) < thick) & (z < rng.uniform(0.9, 1.9)) & (x > 0) & (x < wide)
        _fill(colour, tube, paint * rng.uniform(0.7, 1.1))
    _fill(colour, (x > 0.1) & (x < wide - 0.1) & (np.abs(z - rng.uniform(0.4, 0.7)) < 0.06), rng.uniform(20, 200, 3))


def floor_picture(room: Room) -> np.ndarray:
    """Floor boards along X; darker under the machine."""
    rng = np.random.default_rng(room.seed + 7)
    size = 900
    y = np.linspace(4.5, -4.5, size)[:, None]
    x = np.linspace(-4.5, 4.5, size)[None]
    board = np.floor(y / 0.14)
    tone = 0.05 * np.sin(board * 37.7) + 0.03 * _grain((size, size), rng, 40) + 0.01 * rng.normal(size=(size, size))
    under = 0.45 * np.exp(-((x / 1.25) ** 6) - (y / 0.5) ** 4)
    shade = (0.92 + tone - under) * np.where(y % 0.14 < 0.006, 0.8, 1.0)
    return np.clip(np.array(room.floor, float) * shade[..., None], 0, 255).astype(np.uint8)
