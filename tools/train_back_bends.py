"""Learn how far the lower back arches or rounds in squats and stretches from the outline of the back.

    python tools/train_back_bends.py draw --bodies 40   # pictures of other bodies than the clips'; needs anny, pyvista
    python tools/train_back_bends.py look               # landmarks and outlines, by the project's own network
    python tools/train_back_bends.py fit                # print how well it does on bodies left out; write the model

For each kind of exercise: how what is read of a body at rest and in the exercise (``formcheck.back_bends.readings``)
goes together with the change of its lumbar extension. From these covariances follow weights for whatever is seen, so
that what an arm hides is left out and not guessed. Bodies are left out by tenths.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from rendering.exercise_stills import ACROSS, AT_REST, KINDS  # noqa: E402
from stills_fit import (  # noqa: E402
    draw_exercises,
    exercise_stills,
    landmarks_px,
    left_out,
    people_in,
    rmse,
    steady_finder,
    told,
    unseen,
)

TARGET = ROOT / "formcheck" / "back_bends.json"
SIDEWAYS = [kind for kind in KINDS if kind not in ACROSS]
BENT = "squat"
LEAST_KNOWN = 0.3
"""Readings seen in fewer of the pictures are left out."""


def look() -> int:
    """Landmarks and outline of every picture, kept beside it."""
    for truth in unseen(truth for kind in SIDEWAYS for truth in exercise_stills().glob(f"{kind}_*.json")):
        people = people_in(truth, _finder(truth))
        np.savez(truth.with_suffix(".npz"), xy=landmarks_px(people), outline=_outlines(people))
    return 0


def _finder(truth: Path) -> Any:
    """Who bends is looked for with MediaPipe's own turning, others in a steady square, as in clips."""
    from formcheck.pose.mediapipe_pose import MediaPipePose, MediaPipeSettings

    return MediaPipePose(MediaPipeSettings("heavy")) if truth.stem.startswith(BENT) else steady_finder(truth)


def _outlines(people: list[Any]) -> np.ndarray:
    """Outlines (n, points, 2) in quarters of a pixel; -1 where there is none."""
    found = [None if person is None else person.outline_px for person in people]
    none = np.full((next(len(outline) for outline in found if outline is not None), 2), -1, dtype=np.int16)
    return np.stack([none if outline is None else np.round(4 * outline).astype(np.int16) for outline in found])


def fit() -> int:
    """Print what is learned and write the model."""
    model: dict[str, object] = {"note": "written by tools/train_back_bends.py"}
    for kind in SIDEWAYS:
        rows = list(_readings(kind))
        if not rows:
            print(f"{kind}: no pictures")
            continue
        x, y = np.concatenate([row[1] for row in rows]), np.concatenate([row[2] for row in rows])
        body = np.concatenate([np.full(len(row[2]), row[0]) for row in rows])
        found = left_out(x, y, body, _predicted)
        seen = np.isfinite(x).mean()
        print(
            f"{kind}: {len(rows)} bodies, {len(y)} pictures, {100 * seen:.0f} % of readings seen; of bodies left out: "
            f"{told(found, y)}"
        )
        model[kind] = {**_rounded(*_moments(x, y)), "rmse_deg": round(rmse(found, y), 2)}
    TARGET.write_text(json.dumps(model) + "\n", encoding="utf-8")
    return 0


def _readings(kind: str) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Number of the body, readings (n, k) and change of lumbar extension (n,) against rest."""
    from formcheck.back_bends import readings, seen_back
    from formcheck.records import PoseTrack

    for answers in sorted(exercise_stills().glob(f"{kind}_*.json")):
        kept = answers.with_suffix(".npz")
        if not kept.exists():
            continue
        truth = json.loads(answers.read_text())
        with np.load(kept) as file:
            xy, outline = file["xy"].astype(float), file["outline"]
        time_s, seen = np.arange(len(xy), dtype=float), np.ones((len(xy), 33))
        looks = seen_back(PoseTrack(time_s, xy, seen, *truth["size"], outline, "stills"))
        x = readings(looks, slice(0, AT_REST))[AT_REST:]
        lumbar = np.array(truth["lumbar_deg"])
        yield int(answers.stem.split("_")[-1]), x, lumbar[AT_REST:] - lumbar[:AT_REST].mean()


def _moments(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean (k + 1,) and covariance (k + 1, k + 1) of readings and lumbar change, pair by pair where both are seen."""
    from formcheck.back_bends import conditional

    known = np.isfinite(x).mean(axis=0) >= LEAST_KNOWN
    both = np.column_stack([np.where(known, x, 0.0), y])
    mean = np.nanmean(both, axis=0)
    filled = np.where(np.isfinite(both), both - mean, 0.0)
    for _ in range(8):  # expectation-maximisation: what is not seen, as the rest makes it
        covariance = filled.T @ filled / len(filled)
        covariance[np.diag_indices_from(covariance)] += 1e-6
        for row, kept in zip(filled, np.isfinite(both), strict=True):
            row[~kept] = conditional(covariance, kept, ~kept) @ row[kept]
    return mean, np.asarray(filled.T @ filled / len(filled))


def _predicted(x: np.ndarray, y: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Change of lumbar extension (m,) for ``new`` readings (m, k), by what is learned of x (n, k) and y (n,)."""
    from formcheck.back_bends import Moments, told_deg

    model = Moments(*_moments(x, y))
    return np.array([told_deg(row, model) for row in new])


def _rounded(mean: np.ndarray, covariance: np.ndarray) -> dict[str, object]:
    return {"mean": np.round(mean, 4).tolist(), "covariance": [[float(f"{v:.4g}") for v in row] for row in covariance]}


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["draw", "look", "fit"])
    parser.add_argument("--kinds", nargs="+", choices=SIDEWAYS, default=SIDEWAYS, help="only these are drawn")
    parser.add_argument("--bodies", type=int, default=40)
    args = parser.parse_args()
    steps = {"draw": lambda: draw_exercises(args.bodies, args.kinds), "look": look, "fit": fit}
    return steps[args.what]()


if __name__ == "__main__":
    raise SystemExit(main())
