"""What the tools that learn from single pictures of rendered bodies share.

Pictures of a body lie beside their truth, ``NAME.json`` with ``joints_px``; what the network finds is kept beside both,
``NAME.npz``. Fits are judged on bodies left out by tenths.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

FOLDS = 10

Predict = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
"""What is found for the rows of a third array (m, k) by a fit of y (n,) to x (n, k)."""


def exercise_stills() -> Path:
    """Where pictures of exercises lie."""
    from rendering.exercise_bench import exercise_folder

    return exercise_folder() / "stills"


def draw_exercises(bodies: int, kinds: Sequence[str]) -> int:
    """Pictures of exercises and their truth."""
    from rendering.exercise_stills import draw

    folder = exercise_stills()
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(bodies):
        for kind in kinds:
            draw(kind, number, folder)
    return 0


def unseen(truths: Iterable[Path]) -> Iterator[Path]:
    """Those truths whose pictures no network has looked at."""
    return (truth for truth in sorted(truths) if not truth.with_suffix(".npz").exists())


def steady_finder(truth: Path, wide: float = 1.0) -> Any:
    """Looks in one square around all that the body does, as in clips; ``wide`` is how much its width counts."""
    from formcheck.pose.steady_crop import MARGIN, Crop, SteadyCropPose, landmark_network

    places = np.stack([np.array(v) for v in json.loads(truth.read_text())["joints_px"].values()])
    low, high = places.min((0, 1)), places.max((0, 1))
    side = MARGIN * max(high[1] - low[1], wide * (high[0] - low[0]))
    return SteadyCropPose("heavy", landmark_network("heavy"), Crop(*((low + high) / 2), side))


def people_in(truth: Path, finder: Any) -> list[Any]:
    """What ``finder``, which is closed then, finds in each picture; None where nobody."""
    import cv2

    pictures = sorted(truth.parent.glob(f"{truth.stem}_*.jpg"))
    found = [finder.find(np.ascontiguousarray(cv2.imread(str(p))[..., ::-1])) for p in pictures]
    finder.close()
    return [each[0] if each else None for each in found]


def landmarks_px(people: Sequence[Any]) -> np.ndarray:
    """Joints (n, 33, 2) in pixels; NaN where nobody was found."""
    return np.stack([np.full((33, 2), np.nan) if person is None else person.xy_px for person in people])


def keep_landmarks(truths: Iterable[Path]) -> int:
    """Look at every picture that was not looked at before, and keep the joints beside it."""
    for truth in unseen(truths):
        people = people_in(truth, steady_finder(truth, wide=0.9))
        np.savez(truth.with_suffix(".npz"), xy=landmarks_px(people))
    return 0


def ridge(x: np.ndarray, y: np.ndarray, strength: float) -> np.ndarray:
    """Weights (k,) of x (n, k), shrunk as if each column had mean square 1; no constant is added."""
    scale = np.sqrt(np.mean(x**2, axis=0)) + 1e-9
    a = x / scale
    return np.linalg.solve(a.T @ a + strength * len(a) * np.eye(a.shape[1]), a.T @ y) / scale


def left_out(x: np.ndarray, y: np.ndarray, bodies: np.ndarray, predict: Predict) -> np.ndarray:
    """What is found for each row (n,) by what is learned of other bodies only."""
    found = np.zeros(len(y))
    for part in np.array_split(np.random.default_rng(0).permutation(np.unique(bodies)), FOLDS):
        test = np.isin(bodies, part)
        found[test] = predict(x[~test], y[~test], x[test])
    return found


def rmse(found: np.ndarray, truth: np.ndarray) -> float:
    """Root mean square of the error."""
    return float(np.sqrt(np.mean((found - truth) ** 2)))


def told(found: np.ndarray, truth: np.ndarray, digits: int = 1) -> str:
    """How well angles in degrees are found, as a line to print."""
    r, slope = np.corrcoef(found, truth)[0, 1], np.polyfit(truth, found, 1)[0]
    return (
        f"truth SD {truth.std():.{digits}f} deg, RMSE {rmse(found, truth):.{digits}f} deg, r {r:.2f}, slope {slope:.2f}"
    )
