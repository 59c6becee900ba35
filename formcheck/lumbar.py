"""Lumbar extension from the lines of back and front, and what follows from it: pelvis and hip.

No landmark lies on spine or pelvis, so landmarks cannot tell a hip that extends from a back that arches. The outline
can: arching hollows the back above the pelvis and brings the belly forward. The model (``models/lumbar_back.npz``,
made by ``tools/train_lumbar.py`` from rendered bodies) is a ridge regression told by what it needs only: how much the
offsets of the back line, the two thighs and lumbar extension vary together *within one body*. From that, weights
follow for whatever stations are seen, so that a station behind an arm is left out and not guessed. The thighs are in it
because a thigh that swings back lifts the buttock's contour; by themselves they tell nothing (they were drawn
independently).

In running the front is told too (``models/lumbar_front.npz``), as a back seen from the other side: hands hide it at
other moments than elbows hide the back, and what misleads the one is not what misleads the other. So each tells a
cycle by itself, and their mean is taken, or the one alone whose looks agree; one model of both did not do as well on
the runners tuned on. Landmarks that wander with the stride are allowed for (``trunk_frame.py``). Standing and exercises
are told from the back alone.

Looks scatter by several degrees, so the strides are laid over one another: extension is a sum of harmonics of the
stride's phase, fitted to all looks, each weighted by how sure its stations make it. That cycle in turn says where
the lines should be at each look, by which they are told from the arms once more. What comes out has no zero: only
differences within one person mean anything, unless quiet standing gives the zero. Where single looks at both scatter
too much for that, nothing is told.

It stops being true for loose clothes, a rail in front, a camera turned more than some 10 degrees, and a back unlike
those rendered: skin does not slide there, and cloth hardly folds.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from formcheck.back_reading import FARTHEST, Shape, read_back
from formcheck.geometry import NORMAL_MEDIAN
from formcheck.legs import sort_legs
from formcheck.models import checked_bytes
from formcheck.outline import STATIONS, BackLine, back_line, faces_right, stations_apart, trunk_lines
from formcheck.records import Back, BoolArray, FloatArray, Note, PoseTrack, Signals
from formcheck.skeleton import SIDES, index_of
from formcheck.trunk_frame import FRAME_SD, THIGHS_TURN, frame_moves

MODEL_FILE, TRUNK_FILE = "lumbar_back.npz", "lumbar_front.npz"
BACK, FRONT = slice(None, len(STATIONS)), slice(len(STATIONS), None)
"""Of the stations of ``outline.trunk_lines``."""
MOST_LOOKS = 900
"""Of a long clip: more would not make the mean any surer."""
MIN_STATIONS, MIN_OF_HALF = 5, 3
MOST_SD_DEG = 25.0
"""A look whose stations tell less than this is none."""
FARTHEST_EXERCISING = 0.15
"""Trunk lengths that a back moves from its middle in exercises."""
CENTRING_ROUNDS, LARGEST_STEP = 4, 0.03
READING_SD, READING_REACH = 0.010, 1.5
"""Trunk lengths, and stations that vary together. Without this room changes of the runners tuned on were told too small
(``docs/lumbar.md``)."""
BESIDE_SD = 0.03
"""Trunk lengths. Next to a gap the line is off by twice to three times what it is elsewhere, and mostly outward."""


@dataclass(frozen=True)
class BackModel:
    """How the back line goes with lumbar extension within one body. Features: stations, then rear and front thigh."""

    covariance: FloatArray
    """(k + 2, k + 2) of the features' departures from the person's own mean, at STATIONS."""
    with_lumbar: FloatArray
    """(k + 2,) covariance of each feature with lumbar extension, degrees."""
    lumbar_var: float
    """Of lumbar extension, degrees squared."""
    ridge: float
    """Added to each variance, as a share of it."""
    beside_sd: float = 0.0
    """Trunk lengths: of a station next to one that is not seen, whose edge may be the arm's that hides that."""

    @property
    def per_degree(self) -> FloatArray:
        """(k,) how far a degree of extension moves each station, trunk lengths."""
        return np.asarray(self.with_lumbar[:-2] / self.lumbar_var)


@dataclass(frozen=True)
class TrunkModel:
    """The same of back and front together (``outline.trunk_lines``), for running."""

    both: BackModel
    middle: FloatArray
    """(k,) of the rendered people: where a person's own is never seen."""

    def own_middle(self, lines: FloatArray) -> FloatArray:
        """(k,) of the person read as ``lines`` (n, k)."""
        ever = np.isfinite(lines).any(axis=0)
        own = self.middle.copy()
        own[ever] = np.nanmedian(lines[:, ever], axis=0)
        return own

    def halves(self, own: FloatArray, frame_sd: float = FRAME_SD) -> tuple[BackModel, BackModel]:
        """Back alone and front alone, for a person of this middle (k,) whose landmarks wander by ``frame_sd``."""
        moves = np.concatenate([frame_moves(own), THIGHS_TURN])
        covariance = self.both.covariance + frame_sd**2 * moves @ moves.T
        return self._part(covariance, BACK), self._part(covariance, FRONT)

    def _part(self, covariance: FloatArray, stations: slice) -> BackModel:
        kept = np.r_[np.arange(len(covariance) - 2)[stations], -2, -1]
        covariance, with_lumbar = covariance[np.ix_(kept, kept)], self.both.with_lumbar[kept]
        return replace(self.both, covariance=covariance, with_lumbar=with_lumbar, beside_sd=BESIDE_SD)

    @property
    def reading(self) -> FloatArray:
        """(k, k) how stations vary, as far as they are to be believed when they are read: with more room than they
        need. Told from an arm by less, changes that are there are taken for an arm's."""
        room = READING_SD**2 * np.exp(-stations_apart() / READING_REACH)
        return np.asarray(self.both.covariance[:-2, :-2] + room)


@dataclass(frozen=True)
class LookEstimates:
    """Lumbar extension at every look by itself, degrees without a zero."""

    time_s: FloatArray
    """(n,)."""
    lumbar_deg: FloatArray
    """(n,) NaN where too little of the back was seen."""
    sd_deg: FloatArray
    """(n,) of the error that the rendered bodies had with these stations."""
    back: FloatArray
    """(n, k) the back as it was read, at STATIONS."""
    misfit: float
    """How far the back line departs from what lumbar extension makes of it, against what the rendered bodies do (1)."""


@cache
def load_model() -> BackModel:
    """The shipped model. Raises ModelError (``formcheck.models``) when it is missing or damaged."""
    with np.load(io.BytesIO(checked_bytes(MODEL_FILE))) as file:
        covariance, with_lumbar = file["covariance"].astype(np.float64), file["with_lumbar"].astype(np.float64)
        return BackModel(covariance, with_lumbar, float(file["lumbar_var"]), float(file["ridge"]))


@cache
def load_shape() -> Shape:
    """How people's backs differ, of the shipped model. Raises as ``load_model`` does."""
    with np.load(io.BytesIO(checked_bytes(MODEL_FILE))) as file:
        return Shape(file["shape_mean"].astype(np.float64), file["shape_covariance"].astype(np.float64))


@cache
def load_trunk_model() -> TrunkModel:
    """The shipped model of back and front. Raises as ``load_model`` does."""
    with np.load(io.BytesIO(checked_bytes(TRUNK_FILE))) as file:
        part = {name: file[name].astype(np.float64) for name in file.files}
    both = BackModel(part["covariance"], part["with_lumbar"], float(part["lumbar_var"]), float(part["ridge"]))
    return TrunkModel(both, part["middle"])


def thighs(line: BackLine, xy_px: FloatArray) -> FloatArray:
    """(n, 2) the rear and the front thigh against the trunk's line, backward +, radians."""
    axes = np.stack([line.up, line.behind], axis=-1)
    found = []
    for side in SIDES:
        thigh = xy_px[:, index_of(side, "knee")] - xy_px[:, index_of(side, "hip")]
        up, behind = np.einsum("ni,nij->jn", thigh, axes)
        found.append(np.arctan2(behind, -up))
    return np.column_stack([np.maximum(*found), np.minimum(*found)])


def estimate_looks(
    line: BackLine,
    xy_px: FloatArray,
    model: BackModel,
    expected_deg: FloatArray | None = None,
    farthest: float = FARTHEST,
) -> LookEstimates:
    """Every look by itself; ``expected_deg`` (n,): lumbar extension about its mean as far as is known already.

    ``farthest``: trunk lengths that the back may move from the person's own middle.
    """
    expected = None if expected_deg is None else np.outer(expected_deg, model.per_degree)
    back = read_back(line, model.covariance[:-2, :-2], expected, farthest)
    return looks_told(line.time_s, back, thighs(line, xy_px), model)


def looks_told(
    time_s: FloatArray, back: FloatArray, legs: FloatArray, model: BackModel, fewest: int = MIN_STATIONS
) -> LookEstimates:
    """Every look by itself, from stations as they were read (n, k) and thighs (n, 2); of fewer stations nothing."""
    found = np.column_stack([back, legs])
    usable = np.isfinite(legs).all(axis=1) & (np.isfinite(back).sum(axis=1) >= fewest)
    lumbar, sd, misfit = np.full(len(found), np.nan), np.full(len(found), np.nan), np.nan
    if usable.any():
        lumbar[usable], sd[usable], misfit = _told(found[usable], model)
    lumbar[~(sd < MOST_SD_DEG)] = np.nan
    return LookEstimates(time_s, lumbar, sd, back, misfit)


def _told(found: FloatArray, model: BackModel) -> tuple[FloatArray, FloatArray, float]:
    """Lumbar extension and its SD (n,) from features (n, k + 2) about the person's own middle, and their misfit.

    Which stations are seen goes with the posture, so the middle is that of all stations, those not seen filled in by
    what the others make of them (expectation-maximisation).
    """
    middle = np.array([np.nanmedian(column) if np.isfinite(column).any() else 0.0 for column in found.T])
    lumbar, sd, square = (np.zeros(len(found)) for _ in range(3))
    seen = np.isfinite(found)
    kinds, kind_of = np.unique(seen, axis=0, return_inverse=True)
    weights = [weights_for(kind, model) for kind in kinds]
    for _ in range(CENTRING_ROUNDS):
        departure = found - middle
        for i, kind in enumerate(kind_of.ravel()):
            told = weights[kind]
            known = departure[i, seen[i]]
            departure[i, ~seen[i]] = told.fill @ known
            lumbar[i] = known @ told.weights / told.share
            sd[i] = np.sqrt(model.lumbar_var * (1.0 / told.share - 1.0))
            rest = known - lumbar[i] * told.with_lumbar / model.lumbar_var
            square[i] = rest @ told.precision @ rest / len(rest)
        middle = middle + np.clip(departure.mean(axis=0), -LARGEST_STEP, LARGEST_STEP)
    return lumbar, sd, float(np.median(square))


@dataclass(frozen=True)
class Weights:
    """What m features seen tell."""

    weights: FloatArray
    """(m,) by ridge regression."""
    share: float
    """0..1 of lumbar extension's variance."""
    fill: FloatArray
    """(k + 2 - m, m) the features not seen, as these make them."""
    precision: FloatArray
    """(m, m) inverse of their covariance."""
    with_lumbar: FloatArray
    """(m,) their covariance with lumbar extension."""


def weights_for(seen: BoolArray, model: BackModel) -> Weights:
    """Weights for the features ``seen`` (k + 2,).

    Divided by the share the estimate has slope 1 against the truth: a single look scatters more, but the mean of many
    is not drawn toward the middle.
    """
    added = model.ridge * np.diag(model.covariance)
    added[:-2] += model.beside_sd**2 * beside_gaps(seen[:-2])
    ridged = model.covariance + np.diag(added)
    inverse = np.linalg.inv(ridged[np.ix_(seen, seen)])
    weights = inverse @ model.with_lumbar[seen]
    share = float(np.clip(weights @ model.with_lumbar[seen] / model.lumbar_var, 1e-3, 0.999))
    fill = np.asarray(ridged[np.ix_(~seen, seen)] @ inverse)
    return Weights(weights, share, fill, np.asarray(inverse), model.with_lumbar[seen])


def beside_gaps(seen: BoolArray) -> BoolArray:
    """(k,) the stations of one line next to one that is not seen."""
    whole = np.concatenate([[True], seen, [True]])
    return np.asarray(~(whole[:-2] & whole[2:]))


# -------------------------------------------------------------------------------------------- strides laid together

USUAL_SWAY_DEG = (0.25, 8.0, 0.25, 1.0)
"""SD of each harmonic of the stride before anything is seen. Pelvis and trunk sway twice in a stride. What comes once
in a stride is mostly shoulder and pelvis turning before the camera: by this the two push-offs are nearly alike. Real
backs bend more briefly than a plain sine wave: by the second harmonic alone, the true bend at every look given, changes
of 20 rendered runners who move as real ones do came out 1.6 degrees wrong."""


@dataclass(frozen=True)
class Cycle:
    """Lumbar extension over the stride, with how sure each difference is."""

    waves: FloatArray
    """(9,) constant, then cosine and sine of each harmonic, degrees."""
    covariance: FloatArray
    """(9, 9) of ``waves``: from the scatter of the looks."""
    scatter_deg: float
    """Robust SD of single looks about the cycle."""

    def at(self, phase: FloatArray) -> FloatArray:
        """Lumbar extension (m,) at phases in radians; its mean over the stride is 0."""
        return np.asarray(self.basis(phase)[:, 1:] @ self.waves[1:])

    @staticmethod
    def basis(phase: FloatArray) -> FloatArray:
        """(m, 9) what ``waves`` are multiplied with at phases (m,) in radians."""
        orders = range(1, len(USUAL_SWAY_DEG) + 1)
        waves = [wave(k * phase) for k in orders for wave in (np.cos, np.sin)]
        return np.stack([np.ones_like(phase), *waves], axis=1)


def fit_cycle(phase: FloatArray, looks: LookEstimates) -> Cycle | None:
    """The stride's cycle from looks at these phases (n,), those far off counted less; None with fewer than 30 looks."""
    good = np.isfinite(looks.lumbar_deg) & np.isfinite(phase)
    if good.sum() < MIN_LOOKS:
        return None
    basis, values, sd = Cycle.basis(phase[good]), looks.lumbar_deg[good], looks.sd_deg[good]
    prior = np.diag([0.0, *(sway**-2 for sway in USUAL_SWAY_DEG for _ in range(2))])
    trust = np.ones(len(values))
    for _ in range(6):
        weight = trust / sd**2
        inverse = np.linalg.inv(basis.T @ (basis * weight[:, None]) + prior)
        waves = inverse @ (basis.T @ (weight * values))
        off = np.abs(values - basis @ waves) / sd
        scale = max(float(np.median(off)) / NORMAL_MEDIAN, 0.2)
        trust = 1.0 / np.maximum(1.0, off / (1.5 * scale))
    scatter = float(np.median(np.abs(values - basis @ waves))) / NORMAL_MEDIAN
    return Cycle(np.asarray(waves), np.asarray(inverse * max(scale, 0.5) ** 2, dtype=np.float64), scatter)


# -------------------------------------------------------------------------------------------------------- whole clips

MIN_LOOKS = 30
MAX_SCATTER_DEG = 5.5
"""Of single looks; where those of back or front scatter more, the other tells alone, and where both do, neither. Of the
44 rendered clips tuned on, the front of all in close clothes without a rail lay below 4.9, in shirts that flutter above
7.9, behind a rail between 3.5 and 6.3. The back of those in close clothes lay below 5.2 in 30 of 35, in the others
between 5.7 and 7.9: off by 4 degrees there, the front by 1.4 (3 runners)."""
SMALL_PERSON_TRUNK_PX = 90.0
"""A shorter trunk in the picture: changes were told 8 to 11 degrees too small on both rendered runners of that size."""
TURNED_DEG = 12.0


def with_back(signals: Signals, pose: PoseTrack) -> Signals:
    """The signals with what the back's outline tells, or why it tells nothing (``Signals.back``).

    Adds ``lumbar_extension_deg`` (backward bend of ribs against pelvis +), ``pelvic_tilt_deg`` (forward +) and
    ``hip_extension_<side>_deg`` (thigh behind the pelvis' own line +). Zero is the mean over the stride.
    """
    phase = sort_legs(pose.time_s, pose.xy_px).phase
    if phase is None or not (pose.outline_qpx[:, 0, 0] >= 0).any():
        return replace(signals, back=Back(Note("needs_outline")))
    n, halves = stride_cycles(pose, phase, load_trunk_model())
    if not halves:
        return replace(signals, back=Back(Note("back_hidden")))
    steady = steady_of(halves)
    cycle = mean_of(steady or halves)
    reason = _doubt(signals, float(np.nanmedian(_trunk_px(pose)))) or (None if steady else Note("back_unsteady"))
    at = np.interp(signals.time_s, pose.time_s, phase)
    of_both = tuple(half.scatter_deg <= MAX_SCATTER_DEG for half in halves)
    back = Back(reason, n, cycle.scatter_deg, halves_deg=tuple(half.at(at) for half in halves), steady=of_both)
    found = replace(signals, back=back)
    return found if reason else with_lumbar(found, cycle.at(at))


def with_lumbar(signals: Signals, lumbar: FloatArray) -> Signals:
    """The signals with lumbar extension (m,) about its mean, degrees, and what follows from it: pelvis and hip."""
    lean = signals.series["trunk_lean_deg"]
    tilt = lean - np.nanmean(lean) + lumbar
    series = {**signals.series, "lumbar_extension_deg": lumbar, "pelvic_tilt_deg": tilt}
    for side in SIDES:
        series[f"hip_extension_{side}_deg"] = signals.series[f"thigh_{side}_deg"] - tilt
    return replace(signals, series=series)


def steady_of(halves: list[Cycle]) -> list[Cycle]:
    """Of back and front those whose single looks agree: one that an arm or a rail misleads spoils the mean."""
    return [half for half in halves if half.scatter_deg <= MAX_SCATTER_DEG]


def stride_cycles(pose: PoseTrack, phase: FloatArray, model: TrunkModel) -> tuple[int, list[Cycle]]:
    """How many looks told something, and the cycles laid through them, of back and front as far as they are seen.

    Both are read twice, the second time knowing about where they are. ``phase`` (n,) of the stride at the frames of
    ``pose``, radians.
    """
    thinned = evenly(pose, MOST_LOOKS)
    line = trunk_lines(thinned, faces_right(pose.xy_px))
    at, legs = np.interp(thinned.time_s, pose.time_s, phase), thighs(line, thinned.xy_px)
    n, cycles = _cycles_of(line, read_back(line, model.reading), legs, at, model)
    if cycles:
        expected = np.outer(np.nan_to_num(mean_of(cycles).at(at)), model.both.per_degree)
        n, cycles = _cycles_of(line, read_back(line, model.reading, expected), legs, at, model)
    return n, cycles


def _cycles_of(
    line: BackLine, read: FloatArray, legs: FloatArray, phase: FloatArray, model: TrunkModel
) -> tuple[int, list[Cycle]]:
    """What back and front tell, each by itself: what misleads the one is not what misleads the other."""
    looks = [
        looks_told(line.time_s, read[:, stations], legs, half, MIN_OF_HALF)
        for stations, half in zip((BACK, FRONT), model.halves(model.own_middle(read)), strict=True)
    ]
    told = np.isfinite([half.lumbar_deg for half in looks]).any(axis=0)
    return int(told.sum()), [cycle for half in looks if (cycle := fit_cycle(phase, half)) is not None]


def mean_of(cycles: list[Cycle]) -> Cycle:
    """Of one cycle or more with errors of their own."""
    return Cycle(
        np.mean([cycle.waves for cycle in cycles], axis=0),
        np.sum([cycle.covariance for cycle in cycles], axis=0) / len(cycles) ** 2,
        float(np.mean([cycle.scatter_deg for cycle in cycles])),
    )


def _doubt(signals: Signals, trunk_px: float) -> Note | None:
    if abs(signals.yaw_deg) > TURNED_DEG:
        return Note("back_turned", {"yaw": round(abs(signals.yaw_deg))})
    return Note("back_too_small") if trunk_px < SMALL_PERSON_TRUNK_PX else None


def _trunk_px(pose: PoseTrack) -> FloatArray:
    shoulders, hips = (
        (pose.xy_px[:, index_of("left", joint)] + pose.xy_px[:, index_of("right", joint)]) / 2
        for joint in ("shoulder", "hip")
    )
    return np.asarray(np.linalg.norm(shoulders - hips, axis=1))


def estimated(pose: PoseTrack) -> LookEstimates:
    """Lumbar extension at the looks of a clip of whatever movement, at most ``MOST_LOOKS`` of them, evenly spread."""
    thinned = evenly(pose, MOST_LOOKS)
    line = back_line(thinned, faces_right(pose.xy_px))
    return estimate_looks(line, thinned.xy_px, load_model(), None, FARTHEST_EXERCISING)


def evenly(pose: PoseTrack, most: int, through: int = 0) -> PoseTrack:
    """At most so many looks of a clip, evenly spread; the one at the index ``through`` is among them."""
    step = max(1, int(np.ceil(len(pose.time_s) / most)))
    kept = slice(through % step, None, step)
    return replace(
        pose,
        time_s=pose.time_s[kept],
        xy_px=pose.xy_px[kept],
        visibility=pose.visibility[kept],
        outline_qpx=pose.outline_qpx[kept],
    )
