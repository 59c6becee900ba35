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
from collections.abc import Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from rendering.exercise_stills import ACROSS, AT_REST  # noqa: E402
from stills_fit import (  # noqa: E402
    draw_exercises,
    exercise_stills,
    keep_landmarks,
    left_out,
    ridge,
    rmse,
    told,
)

TARGET = ROOT / "formcheck" / "one_leg_model.json"
RIDGE = 0.01
ONLY_FRONT = ("single_leg_deadlift",)
"""From behind, the raised leg hides too much: twice the error."""


def look() -> int:
    """Landmarks of every picture, kept beside it."""
    return keep_landmarks(truth for kind in ACROSS for truth in exercise_stills().glob(f"{kind}_*.json"))


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
        found = left_out(x, y, body, lambda seen, truth, new: new @ ridge(seen, truth, RIDGE))
        print(f"{kind}: {len(rows)} bodies, {len(y)} pictures; of bodies left out: {told(found, y)}")
        weights = [round(float(w), 4) for w in ridge(x, y, RIDGE)]
        model[kind] = {"weights": weights, "rmse_deg": round(rmse(found, y), 2)}
    TARGET.write_text(json.dumps(model) + "\n", encoding="utf-8")
    return 0


def _changes(kind: str) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Number of the body, features (n, k) and change of the hip line (n,) against rest, as if on the left leg."""
    from formcheck.one_leg import with_constant
    from formcheck.pelvis import features

    for answers in sorted(exercise_stills().glob(f"{kind}_*.json")):
        kept = answers.with_suffix(".npz")
        if not kept.exists():
            continue
        truth = json.loads(answers.read_text())
        if kind in ONLY_FRONT and truth["view"] != "front":
            continue
        with np.load(kept) as file:
            xy = file["xy"].astype(float)
        to_left = np.array([1.0 if truth["view"] == "front" else -1.0, -1.0])
        as_left = 1.0 if truth["side"] == "left" else -1.0
        seen, tilt = features(xy * to_left) * as_left, np.array(truth["tilt_deg"]) * as_left
        x, y = seen[AT_REST:] - seen[:AT_REST].mean(axis=0), tilt[AT_REST:] - tilt[:AT_REST].mean()
        good = np.isfinite(x).all(axis=1)
        yield int(answers.stem.split("_")[-1]), with_constant(x[good]), y[good]


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["draw", "look", "fit"])
    parser.add_argument("--kinds", nargs="+", choices=ACROSS, default=ACROSS, help="only these are drawn")
    parser.add_argument("--bodies", type=int, default=60)
    args = parser.parse_args()
    steps = {"draw": lambda: draw_exercises(args.bodies, args.kinds), "look": look, "fit": fit}
    return steps[args.what]()


if __name__ == "__main__":
    raise SystemExit(main())
