"""Learn how far the pelvis is out of level on one leg from all joints, seen from the front or behind.

    python tools/train_one_leg.py draw --bodies 60   # pictures of other bodies than the clips'; needs anny, pyvista
    python tools/train_one_leg.py look               # landmarks of each picture, by the project's own network
    python tools/train_one_leg.py fit                # print how well it does on bodies left out; write the model

MediaPipe draws its two hips nearly level whatever the pelvis does, and lifts the one of the raised leg. Where all
joints are tells more: a ridge regression for single-leg stance and one for single-leg deadlifts, bodies left out by
tenths. Joints are those of the moment less those at rest (both feet down; upright before a deadlift), mirrored so that
everybody stands on the left leg; what is learned is the change of the hip line.
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

from rendering.exercise_stills import ACROSS, AT_REST, draw  # noqa: E402

TARGET = ROOT / "formcheck" / "one_leg_model.json"
RIDGE = 0.01
ONLY_FRONT = ("single_leg_deadlift",)
"""From behind, the raised leg hides too much: twice the error."""
FOLDS = 10


def draw_all(bodies: int, kinds: Sequence[str]) -> int:
    """Pictures and their truth."""
    _folder().mkdir(parents=True, exist_ok=True)
    for number in range(bodies):
        for kind in kinds:
            draw(kind, number, _folder())
    return 0


def look() -> int:
    """Landmarks of every picture, kept beside it."""
    import cv2

    from formcheck.pose.steady_crop import MARGIN, Crop, SteadyCropPose, landmark_network

    content = landmark_network("heavy")
    for answers in sorted(path for kind in ACROSS for path in _folder().glob(f"{kind}_*.json")):
        kept = answers.with_suffix(".npz")
        if kept.exists():
            continue
        places = np.stack([np.array(v) for v in json.loads(answers.read_text())["joints_px"].values()])
        low, high = places.min((0, 1)), places.max((0, 1))
        side = MARGIN * max(high[1] - low[1], 0.9 * (high[0] - low[0]))
        finder = SteadyCropPose("heavy", content, Crop(*((low + high) / 2), side))
        pictures = sorted(_folder().glob(f"{answers.stem}_*.jpg"))
        found = [finder.find(np.ascontiguousarray(cv2.imread(str(p))[..., ::-1])) for p in pictures]
        finder.close()
        np.savez(kept, xy=np.stack([f[0].xy_px if f else np.full((33, 2), np.nan) for f in found]))
    return 0


def fit() -> int:
    """Print what is learned and write the model."""
    model: dict[str, object] = {"note": "written by tools/train_one_leg.py"}
    for kind in ACROSS:
        rows = list(_changes(kind))
        if not rows:
            print(f"{kind}: no pictures")
            continue
        x, y = np.concatenate([row[1] for row in rows]), np.concatenate([row[2] for row in rows])
        body = np.concatenate([np.full(len(row[2]), row[0]) for row in rows])
        found = _left_out(x, y, body)
        r, slope = np.corrcoef(found, y)[0, 1], np.polyfit(y, found, 1)[0]
        rmse = np.sqrt(np.mean((found - y) ** 2))
        print(
            f"{kind}: {len(rows)} bodies, {len(y)} pictures; of bodies left out: truth SD {y.std():.1f} deg, "
            f"RMSE {rmse:.1f} deg, r {r:.2f}, slope {slope:.2f}"
        )
        model[kind] = {"weights": [round(float(w), 4) for w in _ridge(x, y)], "rmse_deg": round(float(rmse), 2)}
    TARGET.write_text(json.dumps(model) + "\n", encoding="utf-8")
    return 0


def _changes(kind: str) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Number of the body, features (n, k) and change of the hip line (n,) against rest, as if on the left leg."""
    from formcheck.one_leg import with_constant
    from formcheck.pelvis import features

    for answers in sorted(_folder().glob(f"{kind}_*.json")):
        kept = answers.with_suffix(".npz")
        if not kept.exists():
            continue
        told = json.loads(answers.read_text())
        if kind in ONLY_FRONT and told["view"] != "front":
            continue
        with np.load(kept) as file:
            xy = file["xy"].astype(float)
        to_left = np.array([1.0 if told["view"] == "front" else -1.0, -1.0])
        as_left = 1.0 if told["side"] == "left" else -1.0
        seen, tilt = features(xy * to_left) * as_left, np.array(told["tilt_deg"]) * as_left
        x, y = seen[AT_REST:] - seen[:AT_REST].mean(axis=0), tilt[AT_REST:] - tilt[:AT_REST].mean()
        good = np.isfinite(x).all(axis=1)
        yield int(answers.stem.split("_")[-1]), with_constant(x[good]), y[good]


def _folder() -> Path:
    from rendering.exercise_bench import exercise_folder

    return exercise_folder() / "stills"


def _ridge(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    scale = np.sqrt(np.mean(x**2, axis=0)) + 1e-9
    a = x / scale
    return np.linalg.solve(a.T @ a + RIDGE * len(a) * np.eye(a.shape[1]), a.T @ y) / scale


def _left_out(x: np.ndarray, y: np.ndarray, bodies: np.ndarray) -> np.ndarray:
    """What is found for each body by a fit to the others."""
    found = np.zeros(len(y))
    for part in np.array_split(np.random.default_rng(0).permutation(np.unique(bodies)), FOLDS):
        test = np.isin(bodies, part)
        found[test] = x[test] @ _ridge(x[~test], y[~test])
    return found


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["draw", "look", "fit"])
    parser.add_argument("--kinds", nargs="+", choices=ACROSS, default=ACROSS, help="only these are drawn")
    parser.add_argument("--bodies", type=int, default=60)
    args = parser.parse_args()
    return {"draw": lambda: draw_all(args.bodies, args.kinds), "look": look, "fit": fit}[args.what]()


if __name__ == "__main__":
    raise SystemExit(main())
