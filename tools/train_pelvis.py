"""Learn the tilt of the pelvis from all joints of a runner seen from behind or in front.

    python tools/train_pelvis.py draw --bodies 140   # pictures of other bodies than the clips'; needs anny, pyvista
    python tools/train_pelvis.py look                # landmarks of each picture, by the project's own network
    python tools/train_pelvis.py fit                 # print how well it does on bodies left out; write the model

MediaPipe draws its two hips nearly level whatever the pelvis does (slope 0.07 of the truth on these pictures). Where
the other joints are tells more: a ridge regression from them, bodies left out by tenths. Most of what such a fit seems
to know is which leg carries; ``fit`` therefore also says what it knows beyond that: the drop of each body and side
about midstance against its truth, and against always saying the median.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]
TARGET = ROOT / "formcheck" / "pelvis_model.json"
RIDGE = 0.001
FOLDS = 10


def draw(bodies: int) -> int:
    """Pictures and their truth."""
    from rendering.rear_stills import draw as draw_body

    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(bodies):
        try:
            draw_body(number, folder)
        except ValueError as error:  # a leg too short for what was drawn: another body comes next
            print(number, error, flush=True)
    return 0


def look() -> int:
    """Landmarks of every picture, kept beside it."""
    import cv2

    from formcheck.pose.steady_crop import MARGIN, Crop, SteadyCropPose, landmark_network

    content = landmark_network("heavy")
    for answers in sorted(_folder().glob("*.json")):
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
    from formcheck.pelvis import features

    seen, truth, drop, body = [], [], [], []
    for number, toward_left, xy, told, conditions in _pictures():
        seen.append(features(xy * toward_left))
        truth += told
        drop += [conditions["drop_deg"] + np.sign(t) / 2 * conditions["drop_left_more_deg"] for t in told]
        body += [number] * len(told)
    x, y = np.concatenate(seen), np.array(truth)
    good = np.isfinite(x).all(axis=1)
    x, y, drop_deg, bodies = x[good], y[good], np.array(drop)[good], np.array(body)[good]
    found = _left_out(x, y, bodies)
    print(f"{len(np.unique(bodies))} bodies, {len(y)} pictures; tilt of single pictures: truth SD {y.std():.2f} deg,")
    print(
        f"  RMSE on bodies left out {np.sqrt(np.mean((found - y) ** 2)):.2f} deg, r {np.corrcoef(found, y)[0, 1]:.2f}"
    )
    _tell_drop(found, y, drop_deg, bodies)
    weights = _ridge(x, y)
    model = {"note": "written by tools/train_pelvis.py", "weights_deg": [round(float(w), 4) for w in weights]}
    TARGET.write_text(json.dumps(model) + "\n", encoding="utf-8")
    return 0


def _folder() -> Path:
    from rendering.rear import rear_folder

    return rear_folder() / "stills"


def _pictures() -> Iterator[tuple[str, np.ndarray, np.ndarray, list[float], dict]]:
    for answers in sorted(_folder().glob("*.json")):
        kept = answers.with_suffix(".npz")
        if kept.exists():
            told = json.loads(answers.read_text())
            toward_left = np.array([1.0 if told["side"] == "front" else -1.0, -1.0])
            with np.load(kept) as file:
                xy = file["xy"].astype(float)
            yield answers.stem, toward_left, xy, told["truth"]["hip_line_deg"], told["conditions"]


def _ridge(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Weights without a constant: ``features`` change sign when the picture is mirrored, and so does the tilt."""
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


def _tell_drop(found: np.ndarray, y: np.ndarray, drop_deg: np.ndarray, bodies: np.ndarray) -> None:
    """Beyond which leg carries: each body's and side's drop near midstance."""
    share = np.divide(y, drop_deg, out=np.zeros(len(y)), where=np.abs(drop_deg) > 0.3)
    near = (share > 0.6) & (share < 1.2)
    keys = sorted({(b, s) for b, s in zip(bodies[near], np.sign(y[near]), strict=True)})
    pairs = []
    for key in keys:
        mine = near & (bodies == key[0]) & (np.sign(y) == key[1])
        pairs.append((float(np.mean(np.abs(y[mine]))), float(np.mean(found[mine] * np.sign(y[mine])))))
    true, seen = np.array(pairs).T
    gain, offset = np.polyfit(seen, true, 1)
    print(f"drop near midstance, {len(true)} sides of bodies left out: r {np.corrcoef(true, seen)[0, 1]:.2f},")
    print(f"  MAE {np.abs(seen - true).mean():.2f} deg, after {gain:.2f} x + {offset:.2f}:")
    print(f"  {np.abs(gain * seen + offset - true).mean():.2f}; median: {np.abs(true - np.median(true)).mean():.2f}")


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["draw", "look", "fit"])
    parser.add_argument("--bodies", type=int, default=140)
    args = parser.parse_args()
    return {"draw": lambda: draw(args.bodies), "look": look, "fit": fit}[args.what]()


if __name__ == "__main__":
    raise SystemExit(main())
