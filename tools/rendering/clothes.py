"""Dressing a body: skin, hair, shirt, shorts or tights, shoes with socks, and their colours.

Every garment is the piece of skin it covers, cut cleanly on a line, smoothed, and pushed outward. Skin well inside
a garment is left out so that it cannot poke through. Shoes are modelled on their own around the foot.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .body import SOLE_EDGE_M, Body, Mesh, foot_axes, normals
from .rotations import Array, apply

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Outfit:
    """Colours (red, green, blue 0..255) and cuts.

    Attributes:
        sleeve: share of the upper arm that is covered (0.12 = sleeveless).
        shirt_loose_m, shorts_loose_m: how far the cloth stands off.
        shorts_length: 1 = to the knee, 2 = to the ankle.
        shirt_hem_m: lower edge of the shirt, above (+) the hips.
        hair: "short" or "long" (with a bun).
        flap_m: how far the hems of shirt and shorts swing out and in with the steps.
    """

    skin: Colour = (214, 164, 130)
    hair_colour: Colour = (52, 36, 26)
    hair: str = "short"
    shirt: Colour = (40, 110, 190)
    shirt_side: Colour | None = None
    shorts: Colour = (30, 32, 40)
    shoes: Colour = (225, 70, 50)
    sole: Colour = (240, 240, 238)
    socks: Colour = (235, 235, 235)
    sleeve: float = 0.62
    shirt_loose_m: float = 0.013
    shirt_hem_m: float = -0.02
    shorts_loose_m: float = 0.018
    shorts_length: float = 0.62
    flap_m: float = 0.0


@dataclass
class Part:
    """A coloured mesh (colours (n, 3) 0..255); ``flap_m`` (n,) is how far each point swings as loose cloth."""

    mesh: Mesh
    colour: Array
    flap_m: Array | None = None


def _plain(mesh: Mesh, colour: Colour) -> Part:
    return Part(mesh, np.tile(np.array(colour, float), (len(mesh.points), 1)))


def dress(body: Body, outfit: Outfit) -> Part:
    """The whole dressed figure as one coloured mesh, in the body's rest pose."""
    level = _Levels(body, outfit)
    parts = [_skin(body, outfit, level), _shirt(body, outfit, level), _shorts(body, outfit, level)]
    parts += [_hair(body, outfit), *_bun(body, outfit)]
    for tag in ("L", "R"):
        parts += [_sock(body, outfit, tag), _shoe(body, outfit, tag)]
    return join(parts)


def join(parts: list[Part]) -> Part:
    """One mesh of many."""
    start, faces = 0, []
    for part in parts:
        faces.append(part.mesh.faces + start)
        start += len(part.mesh.points)
    mesh = Mesh(
        np.vstack([p.mesh.points for p in parts]),
        np.vstack(faces),
        np.vstack([p.mesh.weights for p in parts]).astype(np.float32),
    )
    flap = [np.zeros(len(p.colour)) if p.flap_m is None else p.flap_m for p in parts]
    return Part(mesh, np.vstack([p.colour for p in parts]), np.concatenate(flap))


def _weight_of(body: Body, mesh: Mesh, *starts: str) -> Array:
    columns = [i for i, label in enumerate(body.labels) if label.startswith(starts)]
    return mesh.weights[:, columns].sum(axis=1)


def _along(points: Array, first: Array, second: Array) -> Array:
    """Share of the way from first to second, of each point."""
    axis = second - first
    return (points - first) @ axis / (axis @ axis)


class _Levels:
    """Distances (metres, + inside the garment) of every skin point from the edges of each garment."""

    def __init__(self, body: Body, outfit: Outfit) -> None:
        points, h = body.mesh.points, body.head_of
        self.arm = np.maximum(*(_along(points, h(f"upperarm01.{t}"), h(f"lowerarm01.{t}")) for t in "LR"))
        on_arm = _weight_of(body, body.mesh, "upperarm", "lowerarm", "wrist", "finger", "metacarpal") > 0.35
        arm_edge = np.where(on_arm, (outfit.sleeve - self.arm) * body.dimensions.upper_arm, 0.2)
        neck_normal = np.array([0.28, 0.0, 0.96])
        neck_edge = -(points - h("neck01") + [0.0, 0.0, 0.012]) @ neck_normal
        # The neck hole is narrow: shoulders that rise above its plane stay covered.
        neck_edge = np.maximum(neck_edge, np.abs(points[:, 1]) - 0.05 * body.dimensions.height)
        self.shirt = np.minimum.reduce([points[:, 2] - outfit.shirt_hem_m, neck_edge, arm_edge])
        tag = np.where(points[:, 1] > 0, "L", "R")
        self.leg = np.empty(len(points))
        for t in "LR":
            mine = tag == t
            thigh = _along(points[mine], h(f"upperleg01.{t}"), h(f"lowerleg01.{t}"))
            shank = _along(points[mine], h(f"lowerleg01.{t}"), h(f"foot.{t}"))
            self.leg[mine] = np.where(thigh < 1, thigh, 1 + np.clip(shank, 0, None))
        # Hands may hang beside the thighs: they are no part of the shorts.
        below = np.where(on_arm > 0.5, -0.2, (outfit.shorts_length - self.leg) * body.dimensions.thigh)
        self.shorts = np.minimum(below, body.dimensions.height * 0.035 - points[:, 2])
        ankle = h("foot.L")[2]
        self.shoe = np.where(on_arm > 0.5, -0.2, ankle + 0.012 - points[:, 2])


def _skin(body: Body, outfit: Outfit, level: _Levels) -> Part:
    """Bare skin outside the garments (with a margin under them), coloured, with a face."""
    covered = np.maximum.reduce([level.shirt, level.shorts, level.shoe, _hair_level(body, outfit)])
    keep = (covered < 0.012)[body.mesh.faces].any(axis=1)
    mesh = body.mesh.part(body.mesh.faces[keep])
    return Part(mesh, _skin_colour(body, outfit, mesh))


def _skin_colour(body: Body, outfit: Outfit, mesh: Mesh) -> Array:
    """Skin with brows, lips, eyes, a flush on the cheeks and darker nostrils' shade."""
    colour = np.tile(np.array(outfit.skin, float), (len(mesh.points), 1))
    size = body.dimensions.height / 1.75
    for tag in "LR":
        eye = body.head_of(f"eye.{tag}")
        front = eye + np.array([0.02, 0.0, 0.0]) * size
        brow = (mesh.points - front - np.array([0.0, 0.0, 0.021]) * size) / (np.array([0.03, 0.024, 0.005]) * size)
        cheek = (mesh.points - front + np.array([0.0, 0.0, 0.035]) * size) / (np.array([0.03, 0.022, 0.02]) * size)
        lid = (mesh.points - front) / (np.array([0.02, 0.02, 0.009]) * size)
        _paint(colour, cheek, np.array(outfit.skin) * [1.0, 0.88, 0.86], 0.8)
        _paint(colour, lid, np.array(outfit.skin) * 0.72, 0.8)
        _paint(colour, brow, np.array(outfit.hair_colour, float), 0.9)
    foot = _weight_of(body, mesh, "foot", "lowerleg02") > 0.5
    colour[foot & (mesh.points[:, 2] < body.head_of("foot.L")[2] + 0.05)] = outfit.socks
    middle = (body.head_of("eye.L") + body.head_of("eye.R")) / 2
    lips = mesh.points - middle - np.array([0.025, 0.0, -0.066]) * size
    _paint(colour, lips / (np.array([0.03, 0.022, 0.008]) * size), np.array(outfit.skin) * [0.78, 0.55, 0.55], 0.9)
    for tag in "LR":
        ball = _weight_of(body, mesh, f"eye.{tag}") > 0.5
        colour[ball] = (236, 234, 230)
        ahead = mesh.points - body.head_of(f"eye.{tag}")
        iris = ball & (ahead[:, 0] > 0.86 * np.linalg.norm(ahead, axis=1))
        colour[iris] = (48, 34, 24)
    return colour


def _paint(colour: Array, offset: Array, paint: Array, strength: float) -> None:
    """Mix paint in where the scaled offset is short (ellipsoid brush)."""
    share = np.clip(1.6 - 1.2 * np.linalg.norm(offset, axis=1), 0.0, 1.0)[:, None] * strength
    colour[:] = colour * (1 - share) + paint * share


def _smoothed(mesh: Mesh, rounds: int, hold: Array | None = None) -> Array:
    """Points after Laplacian smoothing; ``hold`` (n,) 0..1 keeps points in place."""
    edge = np.concatenate([mesh.faces[:, [0, 1]], mesh.faces[:, [1, 2]], mesh.faces[:, [2, 0]]])
    edge = np.unique(np.sort(edge, axis=1), axis=0)
    one, two = np.concatenate([edge[:, 0], edge[:, 1]]), np.concatenate([edge[:, 1], edge[:, 0]])
    count = np.maximum(np.bincount(one, minlength=len(mesh.points)), 1)[:, None]
    points = mesh.points.copy()
    free = 1.0 if hold is None else (1 - hold)[:, None]
    for _ in range(rounds):
        mean = np.column_stack([np.bincount(one, points[two, a], len(points)) for a in range(3)]) / count
        points += 0.5 * free * (mean - points)
    return points


def _border(mesh: Mesh) -> Array:
    """1 at points on the cut edges of a garment, 0 elsewhere."""
    edge = np.concatenate([mesh.faces[:, [0, 1]], mesh.faces[:, [1, 2]], mesh.faces[:, [2, 0]]])
    pair, count = np.unique(np.sort(edge, axis=1), axis=0, return_counts=True)
    out = np.zeros(len(mesh.points))
    out[pair[count == 1].ravel()] = 1.0
    return out


def _largest(mesh: Mesh) -> Mesh:
    """The largest connected piece (cutting may leave crumbs)."""
    label = np.arange(len(mesh.points))
    while True:
        low = label[mesh.faces].min(axis=1)
        new = label.copy()
        for corner in range(3):
            np.minimum.at(new, mesh.faces[:, corner], low)
        if np.array_equal(new, label):
            break
        label = new
    main = np.bincount(label).argmax()
    return mesh.part(mesh.faces[label[mesh.faces[:, 0]] == main])


def _garment(body: Body, level: Array, rounds: int, off_m: Array | float) -> Mesh:
    """Cut out, smooth and push outward."""
    mesh, _ = body.mesh.cut(level)
    mesh = _largest(mesh)
    points = _smoothed(mesh, rounds, hold=_border(mesh))
    push = np.broadcast_to(off_m(mesh) if callable(off_m) else off_m, len(points))
    mesh.points = _pushed(mesh, points, push)
    return mesh


def _pushed(mesh: Mesh, smooth: Array, push: Array) -> Array:
    """Smoothed points moved outward by ``push`` (n,), more where smoothing had sunk them below the skin."""
    sunk = np.einsum("ni,ni->n", mesh.points - smooth, normals(mesh.points, mesh.faces))
    return smooth + normals(smooth, mesh.faces) * (push + np.maximum(sunk, 0.0))[:, None]


def _shirt(body: Body, outfit: Outfit, level: _Levels) -> Part:
    def off(mesh: Mesh) -> Array:
        # Looser at the waist and the hem than on the shoulders.
        top = body.head_of("upperarm01.L")[2]
        return outfit.shirt_loose_m * (0.45 + 0.75 * np.clip(1 - mesh.points[:, 2] / top, 0, 1.1)) + 0.003

    mesh = _garment(body, level.shirt, 14, off)
    part = _plain(mesh, outfit.shirt)
    if outfit.shirt_side is not None:
        side = np.abs(mesh.points[:, 1]) > 0.72 * np.abs(mesh.points[:, 1]).max() * 0.42
        low = (mesh.points[:, 2] < body.head_of("spine01")[2]) & side & (np.abs(mesh.points[:, 0]) < 0.045)
        part.colour[low] = outfit.shirt_side
    part.flap_m = outfit.flap_m * np.clip(1 - mesh.points[:, 2] / body.head_of("spine01")[2], 0, 1)
    return part


def _shorts(body: Body, outfit: Outfit, level: _Levels) -> Part:
    def off(mesh: Mesh) -> Array:
        down = np.maximum(*(_along(mesh.points, body.head_of(f"upperleg01.{t}"), body.head_of(f"lowerleg01.{t}"))
                            for t in "LR"))  # fmt: skip
        return 0.003 + outfit.shorts_loose_m * np.clip(0.05 + down, 0.0, 1.0)

    part = _plain(_garment(body, level.shorts, 10 if outfit.shorts_loose_m > 0.008 else 4, off), outfit.shorts)
    knee = body.head_of("lowerleg01.L")[2]
    part.flap_m = outfit.flap_m * np.clip(part.mesh.points[:, 2] / knee, 0, 1)
    return part


def _hair_level(body: Body, outfit: Outfit) -> Array:
    """Distance (m) of every skin point from the hairline, + under the hair."""
    size = body.dimensions.height / 1.75
    points = body.mesh.points
    eye = (body.head_of("eye.L") + body.head_of("eye.R")) / 2
    start = eye + np.array([0.0, 0.0, 0.052]) * size
    nape = 0.30 if outfit.hair == "long" else 0.42
    # One plane for the forehead's line, one that falls to the nape behind the ear.
    forehead = (points - start) @ np.array([-0.5, 0.0, 0.87])
    behind = (points - eye - np.array([-0.105, 0.0, -0.045]) * size) @ np.array([-0.92, 0.0, nape])
    level = np.maximum(forehead, behind)
    head = _weight_of(body, body.mesh, "head") > 0.5
    eye_ball = _weight_of(body, body.mesh, "eye") > 0.2
    low = points[:, 2] - (eye[2] - 0.085 * size)
    return np.where(head & ~eye_ball, np.minimum(level, low), -0.05)


def _hair(body: Body, outfit: Outfit) -> Part:
    """A cap of hair above and behind a line from the forehead over the ears to the nape."""
    size = body.dimensions.height / 1.75
    level = _hair_level(body, outfit)
    mesh, _ = body.mesh.cut(level)
    mesh = _largest(mesh)
    points = _smoothed(mesh, 10, hold=0.8 * _border(mesh))
    thick = (0.020 if outfit.hair == "long" else 0.013) * size
    lift = np.where(_border(mesh) > 0, 0.003, thick)
    mesh.points = _pushed(mesh, points, lift)
    return _plain(mesh, outfit.hair_colour)


def _bun(body: Body, outfit: Outfit) -> list[Part]:
    if outfit.hair != "long":
        return []
    size = body.dimensions.height / 1.75
    eye = (body.head_of("eye.L") + body.head_of("eye.R")) / 2
    centre = eye + np.array([-0.215, 0.0, 0.045]) * size
    return [_plain(_blob(body, centre, np.array([0.042, 0.042, 0.042]) * size, "head"), outfit.hair_colour)]


def _blob(body: Body, centre: Array, radii: Array, bone: str, rings: int = 12, spokes: int = 20) -> Mesh:
    """Ellipsoid fixed to one bone."""
    u, v = np.meshgrid(np.linspace(0, np.pi, rings), np.arange(spokes) * 2 * np.pi / spokes, indexing="ij")
    ball = np.stack([np.sin(u) * np.cos(v), np.sin(u) * np.sin(v), np.cos(u)], axis=-1).reshape(-1, 3)
    weights = np.zeros((len(ball), len(body.labels)))
    weights[:, body.index(bone)] = 1.0
    return Mesh(centre + ball * radii, _tube_faces(rings, spokes), weights)


def _tube_faces(rings: int, spokes: int) -> np.ndarray:
    """Triangles between successive closed rings of points."""
    i, j = np.meshgrid(np.arange(rings - 1), np.arange(spokes), indexing="ij")
    a, b = i * spokes + j, i * spokes + (j + 1) % spokes
    c, d = a + spokes, b + spokes
    return np.stack([np.stack([a, c, b], -1), np.stack([b, c, d], -1)], axis=2).reshape(-1, 3)


def _sock(body: Body, outfit: Outfit, tag: str) -> Part:
    """A short sock: the skin from inside the shoe to a hand above the ankle."""
    points = body.mesh.points
    ankle = body.head_of(f"foot.{tag}")
    side = points[:, 1] * (1 if tag == "L" else -1) > 0
    hand = _weight_of(body, body.mesh, "wrist", "finger", "metacarpal", "lowerarm") > 0.3
    level = np.where(side & ~hand, np.minimum(ankle[2] + 0.062 - points[:, 2], points[:, 2] - ankle[2] + 0.012), -0.1)
    return _plain(_garment(body, level, 2, 0.003), outfit.socks)


def _shoe(body: Body, outfit: Outfit, tag: str) -> Part:
    """A running shoe lofted around the foot: flat sole with rounded ends, padded heel, low toe box.

    The bottom is exactly at the ankle height of the dimensions, so what touches the belt is what the truth says.
    """
    d = body.dimensions
    rear, front = d.heel_x - SOLE_EDGE_M, d.toe_x + SOLE_EDGE_M
    length = front - rear
    t = np.concatenate([np.linspace(0, 0.1, 7)[:-1] ** 1.0, np.linspace(0.1, 0.88, 22), np.linspace(0.88, 1, 9)[1:]])
    spokes = 48
    angle = np.arange(spokes) * 2 * np.pi / spokes
    wide = length * np.interp(t, [0, 0.12, 0.3, 0.5, 0.7, 0.85, 1], [0.115, 0.125, 0.128, 0.14, 0.172, 0.158, 0.09])
    end = np.sqrt(np.clip(1 - np.clip((0.07 - t) / 0.07, 0, 1) ** 2, 0, 1))
    end *= np.sqrt(np.clip(1 - np.clip((t - 0.86) / 0.14, 0, 1) ** 2.4, 0, 1))
    wide = wide * np.maximum(end, 0.02)
    high = length * np.interp(
        t,
        [0, 0.03, 0.1, 0.2, 0.32, 0.45, 0.6, 0.75, 0.9, 1],
        [0.20, 0.325, 0.37, 0.36, 0.35, 0.33, 0.25, 0.20, 0.16, 0.10],
    )
    x = rear + t * length
    out = np.maximum(d.heel_x - x, x - d.toe_x) / SOLE_EDGE_M
    bottom = 0.010 * np.clip(out, 0, 1) ** 1.7
    broad = 0.024 + bottom * 0.5
    ring_y = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** 0.7
    above, below = np.clip(np.sin(angle), 0, None) ** 0.9, np.clip(-np.sin(angle), 0, None) ** 0.45
    z = broad[:, None] + (high - broad)[:, None] * above - (broad - bottom)[:, None] * below
    # The upper narrows toward its top; the sole is a little wider than the upper.
    taper = 1 - 0.42 * np.clip((z - 0.03) / (high[:, None] + 1e-9), 0, 1) ** 1.2
    y = wide[:, None] * ring_y * taper * np.where(z < 0.0265, 1.06, 1.0)
    local = np.stack([np.broadcast_to(x[:, None], z.shape), y, z - d.ankle_height], axis=-1).reshape(-1, 3)
    where = {label: i for i, label in enumerate(body.labels)}
    turn = foot_axes(body.heads, where, tag)
    points = body.head_of(f"foot.{tag}") + apply(np.broadcast_to(turn.T, (len(local), 3, 3)), local)
    cap = np.clip((local[:, 0] - d.ball_x) / 0.03 + 0.5, 0, 1)
    cap = cap * cap * (3 - 2 * cap)
    weights = np.zeros((len(points), len(body.labels)))
    weights[:, where[f"shoecap.{tag}"]], weights[:, where[f"foot.{tag}"]] = cap, 1 - cap
    colour = _shoe_colour(local[:, 0], local[:, 2] + d.ankle_height, outfit)
    return Part(Mesh(points, _tube_faces(len(t), spokes), weights), colour)


def _shoe_colour(ahead: Array, height: Array, outfit: Outfit) -> Array:
    """Colours of a shoe's points by their place (m): the sole, and one stripe of its colour across the side."""
    colour = np.tile(np.array(outfit.shoes, float), (len(ahead), 1))
    colour[height < 0.0265] = outfit.sole
    colour[(np.abs((ahead - 0.02) - (height - 0.05) * 0.6) < 0.008) & (height > 0.03) & (height < 0.075)] = outfit.sole
    return colour
