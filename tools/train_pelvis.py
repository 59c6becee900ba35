"""Learn how pelvis and trunk move sideways from all joints of a runner seen from behind or in front.

    python tools/train_pelvis.py draw --bodies 140   # pictures of other bodies than the clips'; needs anny, pyvista
    python tools/train_pelvis.py look                # landmarks of each picture, by the project's own network
    python tools/train_pelvis.py fit                 # print how well it does on bodies left out; write the model

MediaPipe draws its two hips nearly level whatever the pelvis does, and its trunk sways late. Where all joints are
tells more: ridge regressions from them for the tilt of the pelvis and the sideways lean of the trunk, bodies left out
by tenths. Only departures from each body's own mean are learned, since what a network gets wrong about a body, its
clothes and its camera stays the same through a clip: what comes out has no zero of its own.
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
TARGETS = {"pelvis_tilt": "hip_line_deg", "trunk_sway": "trunk_side_lean_deg"}
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

    seen, body = [], []
    truth: dict[str, list[float]] = {name: [] for name in TARGETS}
    for number, toward_left, xy, told in _pictures():
        seen.append(features(xy * toward_left))
        body += [number] * len(xy)
        for name, track in TARGETS.items():
            truth[name] += told[track]
    x, bodies = np.concatenate(seen), np.array(body)
    good = np.isfinite(x).all(axis=1)
    x, bodies = _centred(x[good], bodies[good]), bodies[good]
    model: dict[str, object] = {"note": "written by tools/train_pelvis.py"}
    print(f"{len(np.unique(bodies))} bodies, {len(x)} pictures; of bodies left out, departures from their own mean:")
    for name, values in truth.items():
        y = _centred(np.array(values)[good][:, None], bodies)[:, 0]
        found = _left_out(x, y, bodies)
        r, slope = np.corrcoef(found, y)[0, 1], np.polyfit(y, found, 1)[0]
        error = np.sqrt(np.mean((found - y) ** 2))
        print(f"  {name}: truth SD {y.std():.2f} deg, RMSE {error:.2f} deg, r {r:.2f}, slope {slope:.2f}")
        model[f"{name}_deg"] = [round(float(w), 4) for w in _ridge(x, y)]
    TARGET.write_text(json.dumps(model) + "\n", encoding="utf-8")
    return 0


def _centred(columns: np.ndarray, bodies: np.ndarray) -> np.ndarray:
    """Less each body's own mean."""
    out = columns.copy()
    for body in np.unique(bodies):
        out[bodies == body] -= out[bodies == body].mean(axis=0)
    return out


def _folder() -> Path:
    from rendering.rear import rear_folder

    return rear_folder() / "stills"


def _pictures() -> Iterator[tuple[str, np.ndarray, np.ndarray, dict]]:
    for answers in sorted(_folder().glob("*.json")):
        kept = answers.with_suffix(".npz")
        if kept.exists():
            told = json.loads(answers.read_text())
            toward_left = np.array([1.0 if told["side"] == "front" else -1.0, -1.0])
            with np.load(kept) as file:
                xy = file["xy"].astype(float)
            yield answers.stem, toward_left, xy, told["truth"]


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


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["draw", "look", "fit"])
    parser.add_argument("--bodies", type=int, default=140)
    args = parser.parse_args()
    return {"draw": lambda: draw(args.bodies), "look": look, "fit": fit}[args.what]()


if __name__ == "__main__":
    raise SystemExit(main())
