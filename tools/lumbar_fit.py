"""Stills -> the model of the back, with what it was compared to. Needs formcheck's own packages only.

That of back and front together: ``lumbar_front.py``.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np

from formcheck.lumbar import BackModel, estimate_looks, thighs
from formcheck.models import SUMS_NAME, models_folder
from formcheck.outline import FRONT_STATIONS, STATIONS, back_line, stations_apart, trunk_lines
from formcheck.pose.mediapipe_pose import outline_of_mask
from formcheck.records import PoseTrack
from formcheck.skeleton import INDEX, LANDMARKS, LEG, SIDES

RIDGE = 0.003
EDGE_NOISE = 0.0045
"""Trunk lengths: how far an outline lies off the body's edge, ..."""
EDGE_NOISE_REACH = 1.5
"""... alike over so many stations."""
STRIDES_FROM = 240
"""As in ``rendering/stills.py``: the model is learnt where it is used, from bodies caught in running strides."""
PICTURE_PX = 2.0
"""Pixels of the picture for each of the network's input: rounds outlines to quarter pixels as in a clip."""
NAMES = ("heavy", "full")
FOLDS = 5
SHAPE_SD = 0.008
"""Trunk lengths: of a person's own middle, what so few bodies do not show."""


@dataclass(frozen=True)
class Stills:
    """One body as the product sees it."""

    number: int
    held_out: bool
    clothes: str
    track: PoseTrack
    facing_right: bool
    lumbar_deg: np.ndarray
    whole_lines: np.ndarray | None
    """(n, stations) back and front without arms (``train_lumbar.py lines``); None where they were not made."""


def load(folder: Path, network: str = "heavy") -> list[Stills]:
    """Every body made so far."""
    return [_read(path, NAMES.index(network)) for path in sorted(folder.glob("body_[0-9][0-9][0-9][0-9].npz"))]


def _read(path: Path, network: int) -> Stills:
    with np.load(path) as file:
        xy = file["xy_input"][:, network].astype(float)
        masks = file["mask"][:, network].astype(np.float32) / 255
        outlines = [outline_of_mask(mask, points) for mask, points in zip(masks, xy, strict=True)]
        track = PoseTrack(
            time_s=np.arange(len(xy), dtype=float),
            xy_px=PICTURE_PX * xy,
            visibility=file["visibility"][:, network].astype(float),
            width_px=512,
            height_px=512,
            outline_qpx=np.rint(4 * PICTURE_PX * np.array(outlines)).astype(np.int16),
            finder="stills",
        )
        told = (int(file["number"]), bool(file["held_out"]), str(file["clothes"]))
        lumbar = file["lumbar_extension_deg"].astype(float).ravel()
        return Stills(*told, track, bool(file["facing_right"]), lumbar, _lines(path))


def _lines(stills: Path) -> np.ndarray | None:
    beside = stills.with_name(stills.name.replace("body", "line"))
    if not beside.exists():
        return None
    with np.load(beside) as file:
        return as_trunk_lines(file["back"], file["front"])


def as_trunk_lines(back: np.ndarray, front: np.ndarray) -> np.ndarray:
    """(n, stations) as of ``outline.trunk_lines``, from how far behind both (n, all STATIONS) lie."""
    return np.column_stack([back, -front[:, np.isin(STATIONS, FRONT_STATIONS)]])


# ------------------------------------------------------------------------------------------------------------ tables


@dataclass(frozen=True)
class Rows:
    """Stills with the whole back known: features and lumbar extension less the body's own means."""

    body: np.ndarray
    features: np.ndarray
    landmarks: np.ndarray
    lumbar_deg: np.ndarray


def rows_of(stills: list[Stills]) -> Rows:
    """Whole back and front at all stills, arms or not, told against the network's landmarks."""
    parts: list[tuple[np.ndarray, ...]] = []
    for body in stills:
        if body.whole_lines is not None:
            line = trunk_lines(body.track, body.facing_right)
            told = np.column_stack([body.whole_lines, thighs(line, body.track.xy_px)])
            points = _in_trunk_frame(body, line)
            number = np.full(len(told), body.number)
            parts.append((number, _less_mean(told), _less_mean(points), _less_mean(body.lumbar_deg)))
    return Rows(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _less_mean(values: np.ndarray) -> np.ndarray:
    return values - values.mean(axis=0)


def _in_trunk_frame(body: Stills, line) -> np.ndarray:
    """(n, 66) every landmark as the outline is told: against the trunk, in trunk lengths."""
    axes = np.stack([line.up, line.behind], axis=-1)
    points = np.einsum("nki,nij->nkj", body.track.xy_px - line.midhip_px[:, None], axes)
    return (points / line.trunk_px[:, None, None]).reshape(-1, 2 * len(LANDMARKS))


BODY_AND_LEGS = [2 * INDEX[f"{s}_{j}"] + k for j in ("shoulder", *LEG) for s in SIDES for k in (0, 1)]
Fit = Callable[[np.ndarray, np.ndarray], Callable[[np.ndarray], np.ndarray]]


def ridge(x: np.ndarray, y: np.ndarray, share: float = RIDGE) -> Callable[[np.ndarray], np.ndarray]:
    """Ridge regression on scaled features, rows far off counted less."""
    scale = x.std(axis=0) + 1e-9
    a, trust = x / scale, np.ones(len(y))
    for _ in range(5):
        w = np.linalg.solve(a.T @ (a * trust[:, None]) + share * len(a) * np.eye(a.shape[1]), a.T @ (trust * y))
        off = np.abs(y - a @ w)
        trust = 1 / np.maximum(1, off / (2 * np.median(off)))
    return lambda new: new / scale @ w


def partial_least_squares(x: np.ndarray, y: np.ndarray, n: int = 8) -> Callable[[np.ndarray], np.ndarray]:
    """PLS1 with ``n`` components (Wold 1984), scaled features."""
    scale = x.std(axis=0) + 1e-9
    a, left = x / scale, y.copy()
    weights, loads, gains = [], [], []
    for _ in range(n):
        w = a.T @ left
        w /= np.linalg.norm(w)
        score = a @ w
        load, gain = a.T @ score / (score @ score), left @ score / (score @ score)
        a, left = a - np.outer(score, load), left - gain * score
        weights.append(w)
        loads.append(load)
        gains.append(gain)
    w, p = np.array(weights).T, np.array(loads).T
    beta = w @ np.linalg.solve(p.T @ w, np.array(gains))
    return lambda new: new / scale @ beta


def kernel_ridge(x: np.ndarray, y: np.ndarray, width: float = 0.005, ridge: float = 0.2):
    """Kernel ridge regression with a Gaussian kernel on scaled features."""
    scale = x.std(axis=0) + 1e-9

    def kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.exp(-width * ((a[:, None] - b[None]) ** 2).sum(axis=-1))

    base = x / scale
    alpha = np.linalg.solve(kernel(base, base) + ridge * np.eye(len(base)), y)
    return lambda new: kernel(new / scale, base) @ alpha


def crossed(fit_one: Fit, x: np.ndarray, rows: Rows) -> np.ndarray:
    """Predictions for every row by a model that never saw its body."""
    out = np.zeros(len(x))
    for fold in range(FOLDS):
        test = rows.body // 5 % FOLDS == fold
        out[test] = fit_one(x[~test], rows.lumbar_deg[~test])(x[test])
    return out


def told(found: np.ndarray, true: np.ndarray) -> str:
    """RMSE, robust SD, R2 and slope of predictions."""
    error = found - true
    r2 = 1 - np.sum(error**2) / np.sum(true**2)
    robust = 1.4826 * np.median(np.abs(error))
    slope = found @ true / (true @ true)
    return f"{np.sqrt(np.mean(error**2)):6.2f} | {robust:6.2f} | {r2:6.2f} | {slope:5.2f}"


def compare(rows: Rows) -> Iterator[str]:
    """A table of what each kind of model makes of bodies it never saw, were the whole back seen."""
    sd_deg = rows.lumbar_deg.std()
    yield f"\n{len(rows.body)} stills of {len(set(rows.body))} bodies in strides; SD of the truth within a body"
    yield f"{sd_deg:.1f} deg. Did no arm hide the back, models that never saw the body (five folds) would"
    yield "be off by, a single look:\n"
    yield "| model | RMSE | robust SD | R2 | slope |\n|---|---|---|---|---|"
    outline, legs = rows.features[:, :-2], rows.features[:, -2:]
    for name, fit_one, x in (
        ("ridge, outline and thighs", ridge, rows.features),
        ("ridge, outline alone", ridge, outline),
        ("partial least squares, 8", partial_least_squares, rows.features),
        ("kernel ridge", kernel_ridge, rows.features),
        ("thighs alone", ridge, legs),
        ("shoulders, hips and legs, no outline", ridge, rows.landmarks[:, BODY_AND_LEGS]),
        ("all 33 landmarks, no outline", ridge, rows.landmarks),
        ("nothing (chance)", lambda a, b: lambda new: np.zeros(len(new)), outline),
    ):
        yield f"| {name} | {told(crossed(fit_one, x, rows), rows.lumbar_deg)} |"


# ------------------------------------------------------------------------------------------------------------- model


def model_of(rows: Rows) -> BackModel:
    """Covariances of back, thighs and lumbar extension within a body, with what an outline is off by."""
    z = np.column_stack([rows.features, rows.lumbar_deg])
    free = len(z) - len(set(rows.body))
    covariance = z.T @ z / free
    k = len(covariance) - 3
    covariance[:k, :k] += EDGE_NOISE**2 * np.exp(-stations_apart()[:k, :k] / EDGE_NOISE_REACH)
    return BackModel(covariance[:-1, :-1], covariance[:-1, -1], float(covariance[-1, -1]), RIDGE)


def back_alone(rows: Rows) -> Rows:
    """Without the stations of the front."""
    kept = np.r_[: len(STATIONS), -2:0]
    return replace(rows, features=rows.features[:, kept])


def middles_of(stills: list[Stills]) -> np.ndarray:
    """(bodies, stations) mean line of each body whose whole back and front are known."""
    return np.array([body.whole_lines.mean(axis=0) for body in stills if body.whole_lines is not None])


def shape_of(stills: list[Stills]) -> dict[str, np.ndarray]:
    """How people's backs differ (``formcheck.back_reading.Shape``), as arrays."""
    middles = middles_of(stills)[:, : len(STATIONS)]
    covariance = np.cov(middles.T) + SHAPE_SD**2 * np.eye(len(STATIONS))
    return {"shape_mean": middles.mean(axis=0), "shape_covariance": covariance}


def by_look(stills: list[Stills], model: BackModel) -> dict[str, np.ndarray]:
    """The product's estimate of every still, covered stations and all: found, true, SD said, clothes."""
    parts = []
    for body in stills:
        looks = estimate_looks(back_line(body.track, body.facing_right), body.track.xy_px, model)
        good = np.isfinite(looks.lumbar_deg)
        if good.sum() < 3:
            continue
        weight = 1 / looks.sd_deg[good] ** 2
        zero = np.average(looks.lumbar_deg[good] - body.lumbar_deg[good], weights=weight)
        parts.append(
            (
                looks.lumbar_deg[good] - zero,
                body.lumbar_deg[good],
                looks.sd_deg[good],
                np.isfinite(looks.back[good]).mean(axis=1),
                np.full(good.sum(), body.clothes),
            )
        )
    names = ("found", "true", "sd", "seen", "clothes")
    return dict(zip(names, (np.concatenate(column) for column in zip(*parts, strict=True)), strict=True))


def looks_table(title: str, found: dict[str, np.ndarray]) -> Iterator[str]:
    """Errors of single looks, by clothes and by how much of the back is seen."""
    error = found["found"] - found["true"]
    yield f"\n{title}\n\n| looks | n | RMSE | robust SD | SD said |\n|---|---|---|---|---|"
    kinds = {kind: found["clothes"] == kind for kind in sorted(set(found["clothes"]))}
    usual = ~np.isin(found["clothes"], ("flapping",))
    seen = {
        "nearly the whole back seen": usual & (found["seen"] > 0.9),
        "two thirds and more": usual & (found["seen"] <= 0.9) & (found["seen"] >= 2 / 3),
        "less than two thirds": usual & (found["seen"] < 2 / 3),
    }
    for name, chosen in (kinds | seen).items():
        if chosen.any():
            e, said = error[chosen], found["sd"][chosen]
            yield (
                f"| {name} | {chosen.sum()} | {np.sqrt(np.mean(e**2)):.2f} | {1.4826 * np.median(np.abs(e)):.2f} "
                f"| {np.sqrt(np.mean(said**2)):.2f} |"
            )


def fit(folder: Path, write: bool = True) -> None:
    """Compare, make the model from the bodies not kept back, try it on those kept back, write it and the document."""
    from tests.accuracy.lumbar_tables import FIT, printed

    stills = load(folder)
    if not stills:
        raise SystemExit(f"no stills in {folder}: python tools/train_lumbar.py stills")
    strides = [body for body in stills if body.number >= STRIDES_FROM]
    learnt = [body for body in strides if not body.held_out]
    rows = back_alone(rows_of(learnt))
    model = model_of(rows)
    printed(FIT, chain(compare(rows), _kept_back(stills, model)), write)
    if write:
        write_model("lumbar_back.npz", arrays_of(model) | shape_of(learnt))


def _kept_back(stills: list[Stills], model: BackModel) -> Iterator[str]:
    """Tables of the bodies that were not learnt from."""
    for title, bodies in (
        ("bodies in strides kept back", [b for b in stills if b.number >= STRIDES_FROM and b.held_out]),
        ("bodies standing, running or neither, none learnt from", [b for b in stills if b.number < STRIDES_FROM]),
    ):
        yield from looks_table(f"{len(bodies)} {title}; single looks, heavy network:", by_look(bodies, model))


def arrays_of(model: BackModel) -> dict[str, np.ndarray]:
    """As they are kept in a file."""
    return {name: np.asarray(getattr(model, name)) for name in ("covariance", "with_lumbar", "lumbar_var", "ridge")}


def write_model(name: str, arrays: dict[str, np.ndarray]) -> None:
    """The file, its line in SHA256SUMS and its hash in SOURCES.md."""
    target = models_folder() / name
    buffer = io.BytesIO()
    np.savez(buffer, **{key: values.astype(np.float32) for key, values in arrays.items()})
    target.write_bytes(buffer.getvalue())
    digest = hashlib.sha256(buffer.getvalue()).hexdigest()
    sums = models_folder() / SUMS_NAME
    lines = [line for line in sums.read_text("ascii").splitlines() if not line.endswith(target.name)]
    sums.write_text("\n".join([*lines, f"{digest}  {target.name}"]) + "\n", encoding="ascii")
    sources = models_folder() / "SOURCES.md"
    text = re.sub(rf"(`{re.escape(name)}`[^\n]*`)[0-9a-f]{{64}}(`)", rf"\g<1>{digest}\g<2>", sources.read_text("utf-8"))
    sources.write_text(text, encoding="utf-8")
    print(f"\n{target}: {len(buffer.getvalue())} bytes, {digest}")
