"""The model of back and front, and what it was compared to. Needs formcheck's own packages only.

What lumbar extension is told from while running. Compared are single looks, were no arm in the way, and changes from
midstance to push-off of runners as they are read: from the back, from the front, from both by one model, and by the
mean of what each tells by itself, with and without landmarks that wander (``formcheck/trunk_frame.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
from lumbar_fit import (
    STRIDES_FROM,
    Rows,
    arrays_of,
    crossed,
    load,
    middles_of,
    model_of,
    ridge,
    rows_of,
    told,
    write_model,
)

from formcheck.back_reading import read_back
from formcheck.legs import sort_legs
from formcheck.lumbar import (
    BACK,
    FRONT,
    MIN_OF_HALF,
    MOST_LOOKS,
    SMALL_PERSON_TRUNK_PX,
    BackModel,
    Cycle,
    TrunkModel,
    evenly,
    fit_cycle,
    looks_told,
    mean_of,
    steady_of,
    thighs,
)
from formcheck.outline import BackLine, faces_right, trunk_lines
from formcheck.trunk_frame import FRAME_SD

STEADY_SD = 0.0
"""Trunk lengths: of landmarks that do not wander."""
FEWEST_FITTED = 4
"""Runners that a slope is told of."""
MIDSTANCE_SHARE = 0.45
"""Of the contact, about."""
LONGEST_CONTACT_S = 0.6


@dataclass(frozen=True)
class Filmed:
    """One rendered runner as the product sees it."""

    group: str
    line: BackLine
    thighs: np.ndarray
    phase: np.ndarray
    push_offs: np.ndarray
    """(2, strides) phases of midstance and push-off of the near foot."""
    change_deg: float
    """True."""


def fit_front(folder: Path, write: bool) -> None:
    """Compare, and with ``write`` make the model from the bodies not kept back, and write the document."""
    from tests.accuracy.lumbar_tables import FRONT as PLACE
    from tests.accuracy.lumbar_tables import printed

    learnt = [body for body in load(folder) if body.number >= STRIDES_FROM and not body.held_out]
    if not learnt:
        raise SystemExit(f"no stills in {folder}: python tools/train_lumbar.py stills")
    rows = rows_of(learnt)
    model = TrunkModel(model_of(rows), middles_of(learnt).mean(axis=0))
    printed(PLACE, chain(_single_looks(rows), _changes(model)), write)
    if write:
        write_model("lumbar_front.npz", arrays_of(model.both) | {"middle": model.middle})


def _single_looks(rows: Rows) -> Iterator[str]:
    yield f"{len(rows.body)} stills of {len(set(rows.body))} bodies in strides. Did no arm hide them, models that"
    yield "never saw the body (five folds, ridge regression) would be off by, a single look:\n"
    yield "| stations | RMSE | robust SD | R2 | slope |\n|---|---|---|---|---|"
    lines, legs = rows.features[:, :-2], rows.features[:, -2:]
    for name, x in (("back", lines[:, BACK]), ("front", lines[:, FRONT]), ("back and front", lines)):
        yield f"| {name} | {told(crossed(ridge, np.column_stack([x, legs]), rows), rows.lumbar_deg)} |"


# ------------------------------------------------------------------------------------------------------------ changes

Read = Callable[[Filmed, TrunkModel], Cycle | None]


def _changes(model: TrunkModel) -> Iterator[str]:
    """Of runners that no weight was learnt from."""
    runners = filmed()
    yield "\nThe change from midstance to push-off of the near foot, degrees, of runners to tune on in close clothes,"
    yield 'no body of which was learnt from; "only what is steady" is in use:\n'
    yield "| told from | runners | n | bias | SD | MAE | slope | r |\n|---|---|---|---|---|---|---|---|"
    for name, read in READINGS.items():
        found = [(one, read(one, model)) for one in runners]
        for group in ("all", *sorted({one.group for one in runners})):
            pairs = [(_change(c, one), one.change_deg) for one, c in found if c and group in ("all", one.group)]
            yield f"| {name} | {group} | {_row(np.array(pairs))} |"


def _row(pairs: np.ndarray) -> str:
    """Of found and true (n, 2)."""
    error, fit = pairs[:, 0] - pairs[:, 1], "- | -"
    if len(error) >= FEWEST_FITTED:
        fit = f"{np.polyfit(pairs[:, 1], pairs[:, 0], 1)[0]:.2f} | {np.corrcoef(pairs.T)[0, 1]:.2f}"
    return f"{len(error)} | {error.mean():+.2f} | {error.std(ddof=1):.2f} | {np.abs(error).mean():.2f} | {fit}"


def _change(cycle: Cycle, one: Filmed) -> float:
    return float(np.mean(cycle.at(one.push_offs[1]) - cycle.at(one.push_offs[0])))


def _by(
    parts: Callable[[TrunkModel, np.ndarray], list[tuple[slice, BackModel]]],
    chosen: Callable[[list[Cycle]], list[Cycle]] = list,
    room: Callable[[TrunkModel], np.ndarray] = lambda model: model.reading,
) -> Read:
    """The cycle as the mean of what these parts of the lines, read with ``room``, tell, of those ``chosen``."""

    def read(one: Filmed, model: TrunkModel) -> Cycle | None:
        cycle: Cycle | None = None
        for _ in range(2):
            expected = None if cycle is None else np.outer(np.nan_to_num(cycle.at(one.phase)), model.both.per_degree)
            lines = read_back(one.line, room(model), expected)
            looks = [
                looks_told(one.line.time_s, lines[:, stations], one.thighs, part, MIN_OF_HALF)
                for stations, part in parts(model, model.own_middle(lines))
            ]
            cycles = [c for told_by in looks if (c := fit_cycle(one.phase, told_by)) is not None]
            cycle = mean_of(cycles) if cycles else None
        return mean_of(chosen(cycles)) if cycles else None

    return read


def _halves(model: TrunkModel, own: np.ndarray, frame_sd: float) -> list[tuple[slice, BackModel]]:
    return list(zip((BACK, FRONT), model.halves(own, frame_sd), strict=True))


READINGS: dict[str, Read] = {
    "back": _by(lambda model, own: _halves(model, own, STEADY_SD)[:1]),
    "front": _by(lambda model, own: _halves(model, own, STEADY_SD)[1:]),
    "both by one model": _by(lambda model, own: [(slice(None), model.both)]),
    "mean of back and front": _by(lambda model, own: _halves(model, own, STEADY_SD)),
    "the same, landmarks wander": _by(lambda model, own: _halves(model, own, FRAME_SD)),
    "the same, only what is steady": _by(
        lambda model, own: _halves(model, own, FRAME_SD), lambda cycles: steady_of(cycles) or cycles
    ),
    "the last, read with no more room": _by(
        lambda model, own: _halves(model, own, FRAME_SD),
        lambda cycles: steady_of(cycles) or cycles,
        lambda model: model.both.covariance[:-2, :-2],
    ),
    "the last but one, beside arms too": _by(
        lambda model, own: [(at, replace(half, beside_sd=0.0)) for at, half in _halves(model, own, FRAME_SD)],
        lambda cycles: steady_of(cycles) or cycles,
    ),
}


def filmed() -> list[Filmed]:
    """The runners tuned on and the bench's tuning clips, in close clothes."""
    from tests.accuracy.lumbar import runners
    from tests.accuracy.rendered import clips

    found = []
    for group, made in (
        ("runners tuned on", runners("clips_tuning")),
        ("further ones tuned on", runners("clips_more")),
        ("bench, tuning", clips("tuning")),
    ):
        for clip in made:
            about = clip.truth.get("conditions", {"clothes": clip.truth.get("clothes"), "handrail": False})
            if about["clothes"] != "loose":
                found.append(_filmed(clip, "bench, behind a rail" if about["handrail"] else group))
    return [one for one in found if np.nanmedian(one.line.trunk_px) > SMALL_PERSON_TRUNK_PX]


def _filmed(clip, group: str) -> Filmed:
    from tests.accuracy.poses import pose_of
    from tests.accuracy.rendered import folder

    pose = pose_of(folder(), clip.video, "balanced", str(clip.truth["spec_hash"]))
    phase, thinned = sort_legs(pose.time_s, pose.xy_px).phase, evenly(pose, MOST_LOOKS)
    line = trunk_lines(thinned, faces_right(pose.xy_px))
    return Filmed(
        group,
        line,
        thighs(line, thinned.xy_px),
        np.interp(thinned.time_s, pose.time_s, phase),
        np.interp(_push_offs(clip), pose.time_s, phase),
        _true_change(clip),
    )


def _push_offs(clip) -> np.ndarray:
    """(2, strides) seconds of midstance and push-off of the near foot."""
    contacts, toe_offs = (clip.true_events(kind, clip.near) for kind in ("contact", "toe_off"))
    ends = [(start, toe_offs[toe_offs > start]) for start in contacts]
    whole = [(start, off[0]) for start, off in ends if len(off) and off[0] - start < LONGEST_CONTACT_S]
    return np.array([(start + MIDSTANCE_SHARE * (end - start), end) for start, end in whole]).T


def _true_change(clip) -> float:
    """Of lumbar extension from midstance to push-off, degrees, mean of the near foot's."""
    frames = clip.truth["frames"]
    start, end = np.interp(_push_offs(clip), frames["time_s"], frames["lumbar_extension_deg"])
    return float(np.mean(end - start))
