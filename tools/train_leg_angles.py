"""Learn what the pose network sees wrongly of thigh and shank: ``formcheck/leg_angle_model.json``.

    python tools/train_lumbar.py stills --bodies 340     # pictures and landmarks, shared with the model of the back
    python tools/train_leg_angles.py [--check]           # print how well it does on bodies kept back; write the model

Each still is one look of the product's own networks at a rendered body whose thigh and shank are known. For each
network and for the near and the far leg, the angle's error is fitted by the pose seen (``formcheck/leg_angles.py``):
ridge regression, looks far off counted less (Cauchy weights). Every fifth body is kept back. Where a network laid a leg
on the other, the names are put right first, as ``legs.py`` does in a clip. ``--check`` writes nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from rendering.bench import bench_folder  # noqa: E402

from formcheck.geometry import length  # noqa: E402
from formcheck.leg_angles import ANGLES, MAX_DEG, MAX_SDS, expanded, features  # noqa: E402
from formcheck.skeleton import SIDES, Side, index_of, leg_indices, other  # noqa: E402

TARGET = ROOT / "formcheck" / "leg_angle_model.json"
NETWORKS = ("heavy", "full")
WHICH = ("near", "far")
RIDGE = 0.1
MAX_YAW_DEG = 7.0
"""Cameras turned farther show shorter steps; a clip's yaw is taken out before (``camera_angle.py``)."""
ROUNDS = 6


@dataclass(frozen=True)
class Look:
    """The stills of one body: landmarks (n, 33, 2) in leg lengths, x forward and y up, and the true angles."""

    held_out: bool
    strides: bool
    near: Side
    points_leg: np.ndarray
    true_deg: dict[Side, np.ndarray]

    def side(self, which: str) -> Side:
        """The near or the far leg."""
        return self.near if which == "near" else other(self.near)

    def off_deg(self, which: str) -> np.ndarray:
        """(n, 2) true less seen."""
        side = self.side(which)
        return self.true_deg[side] - _seen(self.points_leg, side)


def looks(network: str) -> Iterator[Look]:
    """Every body made so far whose camera is nearly square."""
    from rendering.stills import STRIDES_FROM

    for path in sorted((bench_folder() / "lumbar").glob("body_[0-9][0-9][0-9][0-9].npz")):
        with np.load(path) as file:
            if abs(float(file["yaw_deg"])) > MAX_YAW_DEG:
                continue
            ahead = 1.0 if bool(file["facing_right"]) else -1.0
            side_px = file["square"][:, 2][:, None, None]
            points = file["xy_input"][:, NETWORKS.index(network)] * side_px * np.array([ahead, -1.0])
            true = {s: np.stack([file[f"{angle}_{s}_deg"] for angle in ANGLES], axis=1) for s in SIDES}
            near: Side = "right" if ahead > 0 else "left"
            points = _named(points.astype(float), true)
            strides = int(file["number"]) >= STRIDES_FROM
            yield Look(bool(file["held_out"]), strides, near, points / _leg(points, near), true)


def _seen(points: np.ndarray, side: Side) -> np.ndarray:
    return features(points, side)[:, : len(ANGLES)]


def _named(points: np.ndarray, true: dict[Side, np.ndarray]) -> np.ndarray:
    """Legs exchanged where that is nearer to the truth."""
    wrong = [sum(np.abs(_seen(points, s) - true[t]).sum(axis=1) for s, t in zip(SIDES, of, strict=True)) for of in
             (SIDES, SIDES[::-1])]  # fmt: skip
    out, swap = points.copy(), np.flatnonzero(wrong[1] < wrong[0])
    left, right = leg_indices("left"), leg_indices("right")
    out[np.ix_(swap, left)], out[np.ix_(swap, right)] = points[np.ix_(swap, right)], points[np.ix_(swap, left)]
    return out


def _leg(points: np.ndarray, side: Side) -> float:
    """Length of the near leg as in a clip (``signals.py``)."""
    hip, knee, ankle = (points[:, index_of(side, joint)] for joint in ("hip", "knee", "ankle"))
    return float(np.median(length(hip, knee)) + np.median(length(knee, ankle)))


def _fitted(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Ridge with looks far off counted less; the constant is not held small."""
    weight = np.ones(len(x))
    for _ in range(ROUNDS):
        weighted = x * weight[:, None]
        products = weighted.T @ x
        penalty = RIDGE * np.diag(products).copy()
        penalty[0] = 0.0
        fit = np.linalg.solve(products + np.diag(penalty), weighted.T @ y)
        off = y - x @ fit
        weight = 1.0 / (1.0 + (off / (2.5 * 1.4826 * np.median(np.abs(off)))) ** 2)
    return fit


def _table(of: list[Look], which: str, mean: np.ndarray, sd: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    x = np.concatenate([features(look.points_leg, look.side(which)) for look in of])
    return expanded(np.clip((x - mean) / sd, -MAX_SDS, MAX_SDS)), np.concatenate([look.off_deg(which) for look in of])


def _tell(name: str, before: np.ndarray, after: np.ndarray) -> None:
    """Spread of the errors about their mean, from quartiles: single looks may see a leg that is not there."""

    def spread(values: np.ndarray) -> str:
        return f"{(np.percentile(values, 75) - np.percentile(values, 25)) / 1.349:.2f}"

    print(
        f"| {name} | {len(before)} | {before.mean():+.2f} | {spread(before)} | {after.mean():+.2f} | {spread(after)} |"
    )


def fit(write: bool) -> int:
    """Print the comparison on bodies kept back and write the model."""
    made = {network: list(looks(network)) for network in NETWORKS}
    learnt = [look for look in made["heavy"] if not look.held_out]
    if not learnt:
        print("no stills: python tools/train_lumbar.py stills --bodies 340", file=sys.stderr)
        return 2
    every = np.concatenate([features(look.points_leg, look.side(w)) for look in learnt for w in WHICH])
    mean, sd = every.mean(axis=0).round(4), every.std(axis=0).round(4)
    print(f"{len(learnt)} bodies learnt from; off: true less seen, degrees, of bodies kept back")
    print("| angle | looks | mean | spread | mean, corrected | spread, corrected |\n|---|---|---|---|---|---|")
    weights: dict[str, dict[str, list[list[float]]]] = {}
    for network in NETWORKS:
        for which in WHICH:
            groups = [[look for look in made[network] if look.held_out == held] for held in (False, True)]
            (x, y), (kept_x, kept_y) = (_table(group, which, mean, sd) for group in groups)
            fits = np.stack([_fitted(x, y[:, k]) for k in range(len(ANGLES))], axis=1).round(4)
            weights.setdefault(network, {})[which] = fits.tolist()
            left = kept_y - np.clip(kept_x @ fits, -MAX_DEG, MAX_DEG)
            for k, angle in enumerate(ANGLES):
                _tell(f"{network}, {which} {angle}", kept_y[:, k], left[:, k])
    if write:
        note = "written by tools/train_leg_angles.py"
        model = {"note": note, "mean": mean.tolist(), "sd": sd.tolist(), "weights_deg": weights}
        TARGET.write_text(json.dumps(model, separators=(",", ":")) + "\n", encoding="utf-8")
    return 0


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="print only")
    return fit(not parser.parse_args().check)


if __name__ == "__main__":
    raise SystemExit(main())
