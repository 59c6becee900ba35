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

from stills_fit import keep_landmarks, left_out, ridge, told  # noqa: E402

TARGET = ROOT / "formcheck" / "pelvis_model.json"
TARGETS = {"pelvis_tilt": "hip_line_deg", "trunk_sway": "trunk_side_lean_deg"}
RIDGE = 0.001


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
    return keep_landmarks(_folder().glob("*.json"))


def fit() -> int:
    """Print what is learned and write the model."""
    from formcheck.pelvis import features

    seen, body = [], []
    truth: dict[str, list[float]] = {name: [] for name in TARGETS}
    for number, toward_left, xy, tracks in _pictures():
        seen.append(features(xy * toward_left))
        body += [number] * len(xy)
        for name, track in TARGETS.items():
            truth[name] += tracks[track]
    x, bodies = np.concatenate(seen), np.array(body)
    good = np.isfinite(x).all(axis=1)
    x, bodies = _centred(x[good], bodies[good]), bodies[good]
    model: dict[str, object] = {"note": "written by tools/train_pelvis.py"}
    print(f"{len(np.unique(bodies))} bodies, {len(x)} pictures; of bodies left out, departures from their own mean:")
    for name, values in truth.items():
        y = _centred(np.array(values)[good][:, None], bodies)[:, 0]
        found = left_out(x, y, bodies, lambda seen, truth, new: new @ ridge(seen, truth, RIDGE))
        print(f"  {name}: {told(found, y, digits=2)}")
        model[f"{name}_deg"] = [round(float(w), 4) for w in ridge(x, y, RIDGE)]  # no constant: mirrored, all turn sign
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
            answer = json.loads(answers.read_text())
            toward_left = np.array([1.0 if answer["side"] == "front" else -1.0, -1.0])
            with np.load(kept) as file:
                xy = file["xy"].astype(float)
            yield answers.stem, toward_left, xy, answer["truth"]


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["draw", "look", "fit"])
    parser.add_argument("--bodies", type=int, default=140)
    args = parser.parse_args()
    return {"draw": lambda: draw(args.bodies), "look": look, "fit": fit}[args.what]()


if __name__ == "__main__":
    raise SystemExit(main())
