"""What the cycle of the back is learnt from, compared: more or fewer runners, true lines or lines as they are read.

``lumbar_cycle.py`` learns from backs that no arm hides. What arms do to the mask's edge goes with the stride too, and
misleads most where they swing far back. Here each runner's line is what ``formcheck/back_reading.py`` reads, with
stations missing, and the covariances are those under which such lines are likeliest (expectation-maximisation,
Dempster, Laird & Rubin 1977, 10.1111/j.2517-6161.1977.tb01600.x). Needs formcheck's own packages only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from lumbar_cycle import LEAST_SD, BodyLines, learn_cycle

from formcheck.back_cycle import EDGE_NOISE, MIN_STATIONS, ORDERS, CycleModel, fit_line_cycle, harmonics, posterior
from formcheck.back_reading import Shape, read_back
from formcheck.legs import sort_legs
from formcheck.lumbar import (
    MOST_LOOKS_RUNNING,
    SMALL_PERSON_TRUNK_PX,
    evenly,
    load_cycle_model,
    load_trunk_model,
    steady_of,
    stride_cycles,
    thighs,
)
from formcheck.outline import BackLine, back_line, faces_right

ROUNDS, FOLDS = 6, 3
AS_RUNNERS = 10.0
"""What true lines tell counts as much as so many runners."""
SHAPE_PRECISION = 25.0
"""Trunk lengths ** -2: of a runner's own shape before anything is seen."""


@dataclass(frozen=True)
class Filmed:
    """One rendered runner as the product sees it, and the truth."""

    body: str
    group: str
    line: BackLine
    phase: np.ndarray
    thighs: np.ndarray
    lumbar_deg: np.ndarray
    push_offs: np.ndarray
    """(2, strides) phases of midstance and push-off of the near foot."""
    change_deg: float
    as_one: bool
    whole: BodyLines | None
    """The true lines; None where they were not made."""


def filmed_runners() -> list[Filmed]:
    """The runners tuned on and the bench's tuning clips, in close clothes there, without a rail in front."""
    from tests.accuracy.lumbar import runners
    from tests.accuracy.poses import pose_of
    from tests.accuracy.rendered import clips, folder

    found = []
    for group, name in (("clips_tuning", "runners tuned on"), ("", "bench, tuning")):
        for clip in runners(group) if group else clips("tuning"):
            about = clip.truth.get("conditions", {"clothes": "close", "handrail": False})
            if about["clothes"] != "loose" and not about["handrail"]:
                pose = pose_of(folder(), clip.video, "balanced", str(clip.truth["spec_hash"]))
                found.append(_filmed(clip, name, pose))
    return [one for one in found if np.nanmedian(one.line.trunk_px) > SMALL_PERSON_TRUNK_PX]


def _filmed(clip, group: str, pose) -> Filmed:
    from lumbar_fit import complete_lines

    from tests.accuracy.back_causes import push_offs, true_change

    phase, thinned = sort_legs(pose.time_s, pose.xy_px).phase, evenly(pose, MOST_LOOKS_RUNNING)
    line, frames = back_line(thinned, faces_right(pose.xy_px)), clip.truth["frames"]
    (_, halves), kept = stride_cycles(pose, phase, load_trunk_model()), clip.video.with_suffix(".line.npz")
    return Filmed(
        clip.name.rsplit("_", 1)[0] if "body" in clip.name else clip.name,
        group,
        line,
        np.interp(thinned.time_s, pose.time_s, phase),
        thighs(line, thinned.xy_px),
        np.interp(thinned.time_s, frames["time_s"], frames["lumbar_extension_deg"]),
        np.interp(push_offs(clip), pose.time_s, phase),
        true_change(clip),
        not steady_of(halves),
        complete_lines(kept) if kept.exists() else None,
    )


def model_of(cycle: dict[str, np.ndarray]) -> CycleModel:
    """The product's model of these arrays."""
    shape = Shape(cycle["shape_mean"], cycle["shape_covariance"])
    names = ("per_degree", "per_thigh", "cycle", "look")
    return CycleModel(shape, *(cycle[name] for name in names), load_cycle_model().reading)


def learn_as_read(runners: list[Filmed], start: CycleModel) -> CycleModel:
    """``start`` with the covariances of cycle and looks under which the runners' lines, as read, are likeliest."""
    parts = [(one.phase, _rest(one, start)) for one in runners]
    cycle, look = start.cycle, start.look
    for _ in range(ROUNDS):
        found = [_expected(phase, rest, cycle, look) for phase, rest in parts]
        told = sum(of_orders for of_orders, _, _ in found) + AS_RUNNERS * start.cycle
        cycle = told / (len(found) + AS_RUNNERS)
        look = sum(scatter for _, scatter, _ in found) / sum(n for _, _, n in found)
    values, axes = np.linalg.eigh(look - EDGE_NOISE**2 * np.eye(len(look)))
    look = (axes * np.maximum(values, LEAST_SD**2)) @ axes.T
    return replace(start, cycle=cycle + LEAST_SD**2 * np.eye(len(look)), look=look)


def _rest(one: Filmed, model: CycleModel) -> np.ndarray:
    """(n, k) the line as read, less what thighs and lumbar extension make of it; NaN where it is not read."""
    moved = np.nan_to_num(one.thighs - np.nanmean(one.thighs, axis=0)) @ model.per_thigh
    basis = _basis(one.phase)
    first = read_back(one.line, model.reading, shape=model.shape) - moved
    waves, _ = posterior(basis, first, np.zeros(first.shape), model)
    back = read_back(one.line, model.look, basis[:, 1:] @ waves[1:] + moved, shape=model.shape)
    return back - moved - np.outer(one.lumbar_deg - one.lumbar_deg.mean(), model.per_degree)


def _basis(phase: np.ndarray) -> np.ndarray:
    return np.column_stack([np.ones(len(phase)), harmonics(phase)])


def _expected(
    phase: np.ndarray, lines: np.ndarray, cycle: np.ndarray, look: np.ndarray
) -> tuple[np.ndarray, np.ndarray, int]:
    """Expected squares of the harmonics (orders, k, k) and of the looks about them, summed (k, k), and n looks."""
    enough = np.isfinite(lines).sum(axis=1) >= MIN_STATIONS
    lines, basis = lines[enough], _basis(phase[enough])
    seen, k, size = np.isfinite(lines), lines.shape[1], basis.shape[1]
    both = seen[:, :, None] & seen[:, None, :]
    weight = np.where(both, np.linalg.inv(np.where(both, look, np.eye(k))), 0.0)
    waves, covariance = _posterior(basis, np.where(seen, lines, 0.0), weight, cycle)
    blocks = covariance.reshape(size, k, size, k)
    squares = [np.outer(waves[i], waves[i]) + blocks[i, :, i] for i in range(1, size)]
    fill = look @ weight  # what is not seen follows from what is
    off = np.einsum("nij,nj->ni", fill, np.where(seen, lines - basis @ waves, 0.0))
    of_waves = np.einsum("na,akbl,nb->nkl", basis, blocks, basis, optimize=True)
    unsure = fill @ of_waves @ fill.transpose(0, 2, 1) + look - fill @ look
    of_orders = np.array(squares).reshape(len(ORDERS), 2, k, k).mean(axis=1)
    return of_orders, off.T @ off + unsure.sum(axis=0), int(enough.sum())


def _posterior(
    basis: np.ndarray, lines: np.ndarray, weight: np.ndarray, cycle: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Mean (size, k) and covariance (flattened) of the runner's shape and harmonics."""
    size, k = basis.shape[1], lines.shape[1]
    squares = (basis[:, :, None] * basis[:, None, :]).reshape(len(basis), -1)
    told = (squares.T @ weight.reshape(len(basis), -1)).reshape(size, size, k, k)
    normal = told.transpose(0, 2, 1, 3).reshape(size * k, size * k)
    inverses = [SHAPE_PRECISION * np.eye(k), *np.repeat(np.linalg.inv(cycle), 2, axis=0)]
    for i, inverse in enumerate(inverses):
        normal[i * k : (i + 1) * k, i * k : (i + 1) * k] += inverse
    covariance = np.linalg.inv(normal)
    pull = basis.T @ np.einsum("nij,nj->ni", weight, lines)
    return (covariance @ pull.ravel()).reshape(size, k), covariance


# ------------------------------------------------------------------------------------------------------------ compared


def compare_learning(learnt_alone: list[BodyLines], runners: list[Filmed]) -> Iterator[str]:
    """A table, line by line: errors of runners whose bodies were left out, by what the cycle was learnt from."""
    bodies = sorted({one.body for one in runners})
    found: dict[str, list[tuple[Filmed, float, float]]] = defaultdict(list)
    for fold in range(FOLDS):
        left_out = set(bodies[fold::FOLDS])
        others = [one for one in runners if one.body not in left_out]
        for name, model in _learnt(learnt_alone, others).items():
            found[name] += [(one, *_error(one, model)) for one in runners if one.body in left_out]
    yield "| learnt from stills | runners left out | n | bias | MAE | RMS | RMS of error / SD stated |"
    yield "|---|---|---|---|---|---|---|"
    for learnt, made in found.items():
        for name in ("all", "single looks agree", "read as one", *sorted({one.group for one in runners})):
            chosen = [(e, sd) for one, e, sd in made if name in ("all", one.group, _how(one))]
            error, sd = np.array([pair for pair in chosen if np.isfinite(pair[0])]).T
            yield f"| {learnt} | {name} | {len(error)} | {error.mean():+.2f} | {np.abs(error).mean():.2f} " + (
                f"| {np.sqrt(np.mean(error**2)):.2f} | {np.sqrt(np.mean((error / sd) ** 2)):.2f} |"
            )


def _learnt(learnt_alone: list[BodyLines], others: list[Filmed]) -> dict[str, CycleModel]:
    """By what it was learnt from: stills and no, half and all of the other runners' true lines; their lines as read."""
    halved = sorted({one.body for one in others if one.whole})[::2]
    chosen = {
        "stills alone": [],
        "and half of the runners": [one for one in others if one.body in halved],
        "and all runners": others,
    }
    made = {
        name: model_of(learn_cycle(learnt_alone, [one.whole for one in runners if one.whole]))
        for name, runners in chosen.items()
    }
    return made | {"and all runners, as read": learn_as_read(others, made["and all runners"])}


def _how(one: Filmed) -> str:
    return "read as one" if one.as_one else "single looks agree"


def _error(one: Filmed, model: CycleModel) -> tuple[float, float]:
    """Of the change to push-off, and the SD stated for it, degrees; NaN where nothing is told."""
    cycle = fit_line_cycle(one.line, one.thighs, one.phase, model)
    if cycle is None:
        return np.nan, np.nan
    start, end = one.push_offs
    change = (harmonics(end) - harmonics(start)).mean(axis=0)
    return float(change @ cycle.waves) - one.change_deg, float(np.sqrt(change @ cycle.covariance @ change))
