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
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from rendering.exercise_stills import ACROSS, AT_REST, KINDS, draw  # noqa: E402

from formcheck.pose import PoseFinder  # noqa: E402

TARGET = ROOT / "formcheck" / "back_bends.json"
SIDEWAYS = [kind for kind in KINDS if kind not in ACROSS]
BENT = "squat"
FOLDS = 10
LEAST_KNOWN = 0.3
"""Readings seen in fewer of the pictures are left out."""


def draw_all(bodies: int, kinds: Sequence[str]) -> int:
    """Pictures and their truth."""
    _folder().mkdir(parents=True, exist_ok=True)
    for number in range(bodies):
        for kind in kinds:
            draw(kind, number, _folder())
    return 0


def look() -> int:
    """Landmarks and outline of every picture, kept beside it."""
    import cv2

    for answers in sorted(path for kind in SIDEWAYS for path in _folder().glob(f"{kind}_*.json")):
        kept = answers.with_suffix(".npz")
        if kept.exists():
            continue
        finder = _finder(answers)
        pictures = sorted(_folder().glob(f"{answers.stem}_*.jpg"))
        found = [finder.find(np.ascontiguousarray(cv2.imread(str(p))[..., ::-1])) for p in pictures]
        finder.close()
        _keep(kept, [f[0] if f else None for f in found])
    return 0


def _finder(answers: Path) -> PoseFinder:
    """Who bends is looked for with MediaPipe's own turning, others in a steady square, as in clips."""
    from formcheck.pose.mediapipe_pose import MediaPipePose, MediaPipeSettings
    from formcheck.pose.steady_crop import MARGIN, Crop, SteadyCropPose, landmark_network

    if answers.stem.startswith(BENT):
        return MediaPipePose(MediaPipeSettings("heavy"))
    places = np.stack([np.array(v) for v in json.loads(answers.read_text())["joints_px"].values()])
    low, high = places.min((0, 1)), places.max((0, 1))
    square = Crop(*((low + high) / 2), MARGIN * max(high[1] - low[1], high[0] - low[0]))
    return SteadyCropPose("heavy", landmark_network("heavy"), square)


def _keep(target: Path, people: list) -> None:
    n_points = next(len(p.outline_px) for p in people if p is not None and p.outline_px is not None)
    xy = [p.xy_px if p is not None else np.full((33, 2), np.nan) for p in people]
    none = np.full((n_points, 2), -1, dtype=np.int16)
    outlines = [
        np.round(4 * p.outline_px).astype(np.int16) if p is not None and p.outline_px is not None else none
        for p in people
    ]
    np.savez(target, xy=np.stack(xy), outline=np.stack(outlines))


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
        found = _left_out(x, y, body)
        r, slope = np.corrcoef(found, y)[0, 1], np.polyfit(y, found, 1)[0]
        rmse = np.sqrt(np.mean((found - y) ** 2))
        seen = np.isfinite(x).mean()
        print(
            f"{kind}: {len(rows)} bodies, {len(y)} pictures, {100 * seen:.0f} % of readings seen; of bodies left out: "
            f"truth SD {y.std():.1f} deg, RMSE {rmse:.1f} deg, r {r:.2f}, slope {slope:.2f}"
        )
        model[kind] = {**_rounded(*_moments(x, y)), "rmse_deg": round(float(rmse), 2)}
    TARGET.write_text(json.dumps(model) + "\n", encoding="utf-8")
    return 0


def _readings(kind: str) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Number of the body, readings (n, k) and change of lumbar extension (n,) against rest."""
    from formcheck.back_bends import readings, seen_back
    from formcheck.records import PoseTrack

    for answers in sorted(_folder().glob(f"{kind}_*.json")):
        kept = answers.with_suffix(".npz")
        if not kept.exists():
            continue
        told = json.loads(answers.read_text())
        with np.load(kept) as file:
            xy, outline = file["xy"].astype(float), file["outline"]
        time_s, seen = np.arange(len(xy), dtype=float), np.ones((len(xy), 33))
        looks = seen_back(PoseTrack(time_s, xy, seen, *told["size"], outline, "stills"))
        x = readings(looks, slice(0, AT_REST))[AT_REST:]
        lumbar = np.array(told["lumbar_deg"])
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


def _left_out(x: np.ndarray, y: np.ndarray, bodies: np.ndarray) -> np.ndarray:
    """What is found for each body by what is learned of the others."""
    from formcheck.back_bends import Moments, told_deg

    found = np.zeros(len(y))
    for part in np.array_split(np.random.default_rng(0).permutation(np.unique(bodies)), FOLDS):
        test = np.isin(bodies, part)
        model = Moments(*_moments(x[~test], y[~test]))
        found[test] = [told_deg(row, model) for row in x[test]]
    return found


def _rounded(mean: np.ndarray, covariance: np.ndarray) -> dict[str, object]:
    return {"mean": np.round(mean, 4).tolist(), "covariance": [[float(f"{v:.4g}") for v in row] for row in covariance]}


def _folder() -> Path:
    from rendering.exercise_bench import exercise_folder

    return exercise_folder() / "stills"


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["draw", "look", "fit"])
    parser.add_argument("--kinds", nargs="+", choices=SIDEWAYS, default=SIDEWAYS, help="only these are drawn")
    parser.add_argument("--bodies", type=int, default=40)
    args = parser.parse_args()
    return {"draw": lambda: draw_all(args.bodies, args.kinds), "look": look, "fit": fit}[args.what]()


if __name__ == "__main__":
    raise SystemExit(main())
