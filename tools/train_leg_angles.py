"""Learn what the pose network sees wrongly of thigh, shank and ankle: ``formcheck/leg_angle_model.json``.

    python tools/train_lumbar.py stills --bodies 340     # pictures and landmarks, shared with the model of the back
    python tools/train_leg_angles.py ahead               # where the ankles of these stills are; two seconds a body
    python tools/train_leg_angles.py [--check]           # print how well it does on bodies kept back; write the model

The first two need the extra packages of ``tools/render_clips.py``.

Each still is one look of the product's own networks at a rendered body whose thigh and shank are known. For each
network and for the near and the far leg, the angle's error is fitted by the pose seen (``formcheck/leg_angles.py``):
ridge regression, looks far off counted less (Cauchy weights). Every fifth body is kept back. Where a network laid a leg
on the other, the names are put right first, as ``legs.py`` does in a clip. How far the ankle is ahead of the hips is
learnt in the same way from the stills of running strides alone, as a level camera square to the belt would see them.
``--check`` writes nothing.
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

from formcheck.camera_angle import YAW_TRUST, squared  # noqa: E402
from formcheck.geometry import length, rotate_deg  # noqa: E402
from formcheck.leg_angles import ANGLES, MAX_AHEAD_PCT, MAX_DEG, MAX_SDS, expanded, features  # noqa: E402
from formcheck.skeleton import INDEX, SIDES, Side, index_of, leg_indices, other  # noqa: E402

TARGET = ROOT / "formcheck" / "leg_angle_model.json"
NETWORKS = ("heavy", "full")
WHICH = ("near", "far")
RIDGE = 0.1
MAX_YAW_DEG = 7.0
"""Cameras turned farther show shorter steps; a clip's yaw is taken out before (``camera_angle.py``)."""
ROUNDS = 6


@dataclass(frozen=True)
class Look:
    """The stills of one body: landmarks (n, 33, 2) in leg lengths, x forward and y up, and what is true."""

    held_out: bool
    near: Side
    points_leg: np.ndarray
    square_leg: np.ndarray
    """The same as a level camera square to the belt would see them."""
    true_deg: dict[Side, np.ndarray]
    """(n, 2) thigh and shank."""
    ahead_pct: dict[Side, np.ndarray] | None
    """(n,) ankle ahead of mid-hip, percent of leg length; None for postures other than strides."""
    turned_far: bool
    """The camera, more than ``MAX_YAW_DEG``."""

    def side(self, which: str) -> Side:
        """The near or the far leg."""
        return self.near if which == "near" else other(self.near)

    def off_deg(self, which: str) -> np.ndarray:
        """(n, 2) true less seen."""
        side = self.side(which)
        return self.true_deg[side] - _seen(self.points_leg, side)

    def ahead_off_pct(self, which: str) -> np.ndarray:
        """(n,) true less seen."""
        side, points = self.side(which), self.square_leg
        assert self.ahead_pct is not None
        midhip = (points[:, INDEX["left_hip"], 0] + points[:, INDEX["right_hip"], 0]) / 2
        return self.ahead_pct[side] - 100 * (points[:, index_of(side, "ankle"), 0] - midhip)


def stills() -> list[Path]:
    """Every body made so far."""
    return sorted((bench_folder() / "lumbar").glob("body_[0-9][0-9][0-9][0-9].npz"))


def _ahead_of(path: Path) -> Path:
    return path.with_name(path.name.replace("body", "ahead"))


def find_ahead() -> int:
    """Pose the bodies of the strides again and keep where their ankles are."""
    from rendering.ankle_ahead import ankles_ahead
    from rendering.stills import STRIDES_FROM

    for path in stills():
        number, target = int(path.stem[5:]), _ahead_of(path)
        if number >= STRIDES_FROM and not target.exists():
            partial = target.with_suffix(".part.npz")
            np.savez_compressed(partial, **ankles_ahead(number, path))
            partial.rename(target)
            print(target.name, flush=True)
    return 0


def looks(network: str) -> Iterator[Look]:
    """Every body made so far."""
    for path in stills():
        with np.load(path) as file:
            facing = 1.0 if bool(file["facing_right"]) else -1.0
            side_px = file["square"][:, 2][:, None, None]
            points = file["xy_input"][:, NETWORKS.index(network)] * side_px * np.array([facing, -1.0])
            true = {s: np.stack([file[f"{angle}_{s}_deg"] for angle in ANGLES], axis=1) for s in SIDES}
            near: Side = "right" if facing > 0 else "left"
            points = _named(points.astype(float), true)
            points /= _leg(points, near)
            yaw_deg = float(file["yaw_deg"])
            ahead, square = _of_strides(path, points, near, yaw_deg)
            yield Look(bool(file["held_out"]), near, points, square, true, ahead, abs(yaw_deg) > MAX_YAW_DEG)


def _of_strides(
    path: Path, points_leg: np.ndarray, near: Side, yaw_deg: float
) -> tuple[dict[Side, np.ndarray] | None, np.ndarray]:
    """How far the ankles are ahead, where that was found, and the landmarks seen squarely."""
    if not _ahead_of(path).exists():
        return None, points_leg
    with np.load(_ahead_of(path)) as file:
        roll_deg = float(file["roll_deg"]) * (1.0 if near == "right" else -1.0)
        ahead = {side: file["ahead_pct"][:, k] for k, side in enumerate(SIDES)}
    return ahead, squared(rotate_deg(points_leg, -roll_deg), yaw_deg / YAW_TRUST, near, 1.0)


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


Table = tuple[np.ndarray, np.ndarray]


def _table(of: list[Look], which: str, mean: np.ndarray, sd: np.ndarray) -> Table:
    near_square = [look for look in of if not look.turned_far]
    x = np.concatenate([features(look.points_leg, look.side(which)) for look in near_square])
    return _scaled(x, mean, sd), np.concatenate([look.off_deg(which) for look in near_square])


def _ahead_table(of: list[Look], which: str, mean: np.ndarray, sd: np.ndarray) -> Table:
    strides = [look for look in of if look.ahead_pct is not None]
    x = np.concatenate([features(look.square_leg, look.side(which)) for look in strides])
    return _scaled(x, mean, sd), np.concatenate([look.ahead_off_pct(which) for look in strides])[:, None]


def _scaled(x: np.ndarray, mean: np.ndarray, sd: np.ndarray) -> np.ndarray:
    return expanded(np.clip((x - mean) / sd, -MAX_SDS, MAX_SDS))


def _tell(name: str, before: np.ndarray, after: np.ndarray) -> None:
    """Spread of the errors about their mean, from quartiles: single looks may see a leg that is not there."""

    def spread(values: np.ndarray) -> str:
        return f"{(np.percentile(values, 75) - np.percentile(values, 25)) / 1.349:.2f}"

    print(
        f"| {name} | {len(before)} | {before.mean():+.2f} | {spread(before)} | {after.mean():+.2f} | {spread(after)} |"
    )


def _learnt(tables: tuple[Table, Table], most: float, names: tuple[str, ...], about: str) -> list[list[float]]:
    """Weights (features, numbers) from the first table; told on the second, of bodies kept back."""
    (x, y), (kept_x, kept_y) = tables
    fits = np.stack([_fitted(x, y[:, k]) for k in range(y.shape[1])], axis=1).round(4)
    left = kept_y - np.clip(kept_x @ fits, -most, most)
    for k, name in enumerate(names):
        _tell(f"{about} {name}", kept_y[:, k], left[:, k])
    return [list(row) for row in fits.tolist()]


def fit(write: bool) -> int:
    """Print the comparison on bodies kept back and write the model."""
    made = {network: list(looks(network)) for network in NETWORKS}
    learnt = [look for look in made["heavy"] if not look.held_out and not look.turned_far]
    if not any(look.ahead_pct is not None for look in learnt):
        print("no stills, or no ankles of them: the first two commands of this file's top", file=sys.stderr)
        return 2
    every = np.concatenate([features(look.points_leg, look.side(w)) for look in learnt for w in WHICH])
    mean, sd = every.mean(axis=0).round(4), every.std(axis=0).round(4)
    print(f"{len(learnt)} bodies learnt from; off: true less seen, degrees or percent of a leg, of bodies kept back")
    print("| number | looks | mean | spread | mean, corrected | spread, corrected |\n|---|---|---|---|---|---|")
    weights: dict[str, dict[str, dict[str, list[list[float]]]]] = {"weights_deg": {}, "weights_ahead_pct": {}}
    for network in NETWORKS:
        groups = [[look for look in made[network] if look.held_out == held] for held in (False, True)]
        for which in WHICH:
            angles, ahead = ([table(of, which, mean, sd) for of in groups] for table in (_table, _ahead_table))
            about = f"{network}, {which}"
            found = _learnt((angles[0], angles[1]), MAX_DEG, ANGLES, about)
            weights["weights_deg"].setdefault(network, {})[which] = found
            found = _learnt((ahead[0], ahead[1]), MAX_AHEAD_PCT, ("ankle ahead",), about)
            weights["weights_ahead_pct"].setdefault(network, {})[which] = found
    if write:
        model = {"note": "written by tools/train_leg_angles.py", "mean": mean.tolist(), "sd": sd.tolist(), **weights}
        TARGET.write_text(json.dumps(model, separators=(",", ":")) + "\n", encoding="utf-8")
    return 0


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", nargs="?", choices=("ahead", "fit"), default="fit")
    parser.add_argument("--check", action="store_true", help="print only")
    arguments = parser.parse_args()
    return find_ahead() if arguments.task == "ahead" else fit(not arguments.check)


if __name__ == "__main__":
    raise SystemExit(main())
