"""The whole back and front of the trunk, also where an arm hides them: the posed body without its arms, told against
landmarks. What the model of the back is learnt from; nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from .body import Body, make_body, skin
from .camera import Camera
from .clothes import Part, dress
from .pose import Dimensions, Pose
from .stills import SEED, Person, person, pose_in_stride, posture, running_of

ARMS = ("upperarm", "lowerarm", "wrist", "finger", "metacarpal")
SHANKS = ("lowerleg", "foot", "toe", "shoecap")


def back_lines(number: int, stills: Path) -> np.ndarray:
    """(n, 2, stations) how far behind back and front lie at every still kept in the file, NaN where there is none."""
    with np.load(stills) as file:
        landmarks, squares = file["xy_input"][:, 0].astype(float), file["square"]
        lumbar, right = file["lumbar_extension_deg"].ravel(), bool(file["facing_right"])
    who = person(number)
    body = make_body(who.build)
    figure = _Armless(body, dress(body, who.outfit))
    out, kept = [], 0
    for drawn_deg, pose in poses_of(who, body.dimensions):
        if kept < len(lumbar) and abs(drawn_deg - lumbar[kept]) < 1e-3:  # the network found nobody in some
            out.append(figure.lines(pose, who.camera, squares[kept], landmarks[kept], right))
            kept += 1
    assert kept == len(lumbar), number
    return np.array(out)


def poses_of(who: Person, body: Dimensions) -> Iterator[tuple[float, Pose]]:
    """Lumbar extension and pose of every still, drawn as ``tools/train_lumbar.py`` draws them."""
    from train_lumbar import STILLS_A_BODY

    rng = np.random.default_rng([SEED, who.number, 1])
    running = running_of(who, body, rng)
    assert running, f"body {who.number} does not run"
    for _ in range(STILLS_A_BODY):
        drawn, time_s = posture(rng, False), float(rng.uniform(0.0, 1.0))
        _as_filmed(rng)
        yield drawn.lumbar_deg, pose_in_stride(drawn, who, body, running, time_s)


def _as_filmed(rng: np.random.Generator) -> None:
    """Draws what focus, compression and square take of the generator."""
    rng.uniform(0.0, 0.9)
    rng.integers(55, 96)
    rng.uniform(0.95, 1.10)
    rng.uniform(-1.0, 1.0, 2)


class _Armless:
    """The dressed body without arms and shanks."""

    def __init__(self, body: Body, figure: Part) -> None:
        self._body, weights = body, figure.mesh.weights
        off = [i for i, label in enumerate(body.labels) if label.startswith(ARMS)]
        low = [i for i, label in enumerate(body.labels) if label.startswith(SHANKS)]
        dropped = (weights[:, off].sum(axis=1) > 0.5) | (weights[:, low].sum(axis=1) > 0.5)
        faces = figure.mesh.faces[~dropped[figure.mesh.faces].any(axis=1)]
        used = np.unique(faces)
        number = np.zeros(len(dropped), dtype=int)
        number[used] = np.arange(len(used))
        faces = number[faces]
        sides = np.vstack([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
        self._edges = np.unique(np.sort(sides, axis=1), axis=0)
        self._points, self._weights = figure.mesh.points[used], weights[used]

    def lines(self, pose: Pose, camera: Camera, square: np.ndarray, landmarks: np.ndarray, right: bool) -> np.ndarray:
        """(2, stations) how far behind the trunk's line back and front of the body lie, trunk lengths."""
        from formcheck.outline import STATIONS
        from formcheck.outline import trunk_frame as frame_of

        seen = camera.project(skin(self._points, self._weights, self._body.transforms(pose)))
        seen = (seen - square[:2]) * 256 / square[2] + 128
        midhip, up, behind, trunk = (part[0] for part in frame_of(landmarks[None], right))
        at = (seen - midhip) @ np.stack([up, behind], axis=1) / trunk
        low, high = at[self._edges[:, 0]], at[self._edges[:, 1]]
        out = np.full((2, len(STATIONS)), np.nan)
        for k, station in enumerate(STATIONS):
            across = (low[:, 0] <= station) != (high[:, 0] <= station)
            if across.any():
                share = (station - low[across, 0]) / (high[across, 0] - low[across, 0])
                reach = low[across, 1] + share * (high[across, 1] - low[across, 1])
                out[:, k] = reach.max(), reach.min()
        return out
