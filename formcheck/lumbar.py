"""Lumbar extension from the line of the back, and what follows from it: pelvis and hip.

No landmark lies on spine or pelvis, so landmarks cannot tell a hip that extends from a back that arches. The back's
outline can: arching hollows it above the pelvis. The model (``models/lumbar_back.npz``, made by
``tools/train_lumbar.py`` from rendered bodies) is a ridge regression told by what it needs only: how much the offsets
of the back line, the two thighs and lumbar extension vary together *within one body*. From that, weights follow for
whatever stations are seen, so that a station behind an arm is left out and not guessed. The thighs are in it because a
thigh that swings back lifts the buttock's contour; by themselves they tell nothing (they were drawn independently).

Looks scatter by several degrees, so the strides are laid over one another: extension is a sum of harmonics of the
stride's phase, fitted to all looks, each weighted by how sure its stations make it. What comes out has no zero: only
differences within one person mean anything, unless quiet standing gives the zero.

It stops being true for loose clothes (``looseness``), a camera turned more than some 10 degrees, and a back unlike
those rendered: skin does not slide there, and cloth hardly folds.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from formcheck.legs import sort_legs
from formcheck.models import checked_bytes
from formcheck.outline import STATIONS, BackLine, back_line, faces_right
from formcheck.records import Back, BoolArray, FloatArray, Note, PoseTrack, Signals
from formcheck.skeleton import SIDES, index_of

MODEL_FILE = "lumbar_back.npz"
MOST_LOOKS = 1500
"""Of a long clip: more would not make the mean any surer."""
FAR_OFF_SDS = 3.5
"""A station this far from where the others say a back could be is something else: sleeve, elbow, another person."""
MIN_STATIONS = 5
LARGEST_OFFSET = 0.15
"""Trunk lengths from the person's own middle; farther off no back moves."""


@dataclass(frozen=True)
class BackModel:
    """How the back line goes with lumbar extension within one body. Features: stations, then rear and front thigh."""

    stations: FloatArray
    """(k,) which of STATIONS."""
    covariance: FloatArray
    """(k + 2, k + 2) of the features' departures from the person's own mean."""
    with_lumbar: FloatArray
    """(k + 2,) covariance of each feature with lumbar extension, degrees."""
    lumbar_var: float
    """Of lumbar extension, degrees squared."""
    ridge: float
    """Added to each variance, as a share of it."""


@dataclass(frozen=True)
class LookEstimates:
    """Lumbar extension at every look by itself, degrees without a zero."""

    time_s: FloatArray
    """(n,)."""
    lumbar_deg: FloatArray
    """(n,) NaN where too little of the back was seen."""
    sd_deg: FloatArray
    """(n,) of the error that the rendered bodies had with these stations."""
    used: BoolArray
    """(n, k) stations that were seen and are those of a back."""
    misfit: float
    """How far the back line departs from any that the model knows, against what the rendered bodies do (1)."""


@cache
def load_model() -> BackModel:
    """The shipped model. Raises ModelError (``formcheck.models``) when it is missing or damaged."""
    with np.load(io.BytesIO(checked_bytes(MODEL_FILE))) as file:
        return BackModel(
            file["stations"], file["covariance"], file["with_lumbar"], float(file["lumbar_var"]), float(file["ridge"])
        )


def features(line: BackLine, xy_px: FloatArray, stations: FloatArray) -> FloatArray:
    """(n, k + 2): offsets at the model's stations, then the rear and the front thigh against the trunk in radians."""
    chosen = np.searchsorted(STATIONS, stations - 1e-6)
    axes = np.stack([line.up, line.behind], axis=-1)
    thighs = []
    for side in SIDES:
        thigh = xy_px[:, index_of(side, "knee")] - xy_px[:, index_of(side, "hip")]
        up, behind = np.einsum("ni,nij->jn", thigh, axes)
        thighs.append(np.arctan2(behind, -up))
    return np.column_stack([line.offset[:, chosen], np.maximum(*thighs), np.minimum(*thighs)])


def centred(found: FloatArray) -> FloatArray:
    """Features less the person's own medians, over all looks; what no back reaches is NaN."""
    ever = np.isfinite(found).any(axis=0)
    middle = np.full(found.shape[1], np.nan)
    middle[ever] = np.nanmedian(found[:, ever], axis=0)
    out: FloatArray = found - middle
    out[:, :-2][np.abs(out[:, :-2]) > LARGEST_OFFSET] = np.nan
    return out


def estimate_looks(line: BackLine, xy_px: FloatArray, model: BackModel) -> LookEstimates:
    """Every look by itself."""
    found = features(line, xy_px, model.stations)
    n, k = len(found), len(model.stations)
    lumbar, sd = np.full(n, np.nan), np.full(n, np.nan)
    used = np.zeros((n, k), dtype=bool)
    squares: list[float] = []
    departure = centred(found)
    for i in np.flatnonzero(np.isfinite(departure[:, -2:]).all(axis=1)):
        seen = without_strangers(departure[i], model)
        if seen[:-2].sum() < MIN_STATIONS:
            continue
        weights, share = weights_for(seen.tobytes(), model)
        lumbar[i] = departure[i, seen] @ weights / share
        sd[i] = np.sqrt(model.lumbar_var * (1.0 / share - 1.0))
        used[i] = seen[:-2]
        squares.append(_roughness(departure[i], seen, model))
    return LookEstimates(line.time_s, lumbar, sd, used, float(np.median(squares)) if squares else np.nan)


_WEIGHTS: dict[tuple[int, bytes], tuple[FloatArray, float]] = {}


def weights_for(seen_bytes: bytes, model: BackModel) -> tuple[FloatArray, float]:
    """Ridge weights for the features seen, and the share (0..1) of lumbar extension's variance that they tell.

    Divided by that share the estimate has slope 1 against the truth: a single look scatters more, but the mean of many
    is not drawn toward the middle.
    """
    key = (id(model), seen_bytes)
    if key not in _WEIGHTS:
        if len(_WEIGHTS) > 4096:
            _WEIGHTS.clear()
        seen = np.frombuffer(seen_bytes, dtype=bool)
        weights = np.linalg.solve(_ridged(model)[np.ix_(seen, seen)], model.with_lumbar[seen])
        _WEIGHTS[key] = weights, float(np.clip(weights @ model.with_lumbar[seen] / model.lumbar_var, 1e-3, 0.999))
    return _WEIGHTS[key]


def _ridged(model: BackModel) -> FloatArray:
    return np.asarray(model.covariance + model.ridge * np.diag(np.diag(model.covariance)))


def without_strangers(departure: FloatArray, model: BackModel) -> BoolArray:
    """(k + 2,) which features were seen and go together as those of a back do; the thighs always stay."""
    seen = np.isfinite(departure)
    whole = _ridged(model)
    while seen[:-2].sum() >= MIN_STATIONS:
        index = np.flatnonzero(seen)
        precision = np.linalg.inv(whole[np.ix_(index, index)])
        off_sds = np.abs(precision @ departure[index]) / np.sqrt(np.diag(precision))
        off_sds[-2:] = 0.0
        far = np.abs(departure[index]) / np.sqrt(np.diag(whole)[index])
        if off_sds.max() < FAR_OFF_SDS:
            break
        # Where a sleeve begins the last of the back is as far off as the first of the sleeve: the farther one goes.
        seen[index[int(np.argmax(np.where(off_sds > 0.5 * off_sds.max(), far, 0.0)))]] = False
    return seen


def _roughness(departure: FloatArray, seen: BoolArray, model: BackModel) -> float:
    """Mean square of the departure in units in which those of rendered bodies are 1."""
    index = np.flatnonzero(seen)
    inverse = np.linalg.inv(_ridged(model)[np.ix_(index, index)])
    return float(departure[index] @ inverse @ departure[index] / len(index))


# -------------------------------------------------------------------------------------------- strides laid together

USUAL_SWAY_DEG = (0.5, 5.0)
"""SD of the first and the second harmonic before anything is seen. Pelvis and trunk sway twice in a stride. What comes
once in a stride is mostly shoulder and pelvis turning before the camera: by this the two push-offs are nearly alike."""


@dataclass(frozen=True)
class Cycle:
    """Lumbar extension over the stride, with how sure each difference is."""

    waves: FloatArray
    """(5,) constant, then cosine and sine of each harmonic, degrees."""
    covariance: FloatArray
    """(5, 5) of ``waves``: from the scatter of the looks."""
    scatter_deg: float
    """Robust SD of single looks about the cycle."""

    def at(self, phase: FloatArray) -> FloatArray:
        """Lumbar extension (m,) at phases in radians; its mean over the stride is 0."""
        return np.asarray(_basis(phase)[:, 1:] @ self.waves[1:])


def _basis(phase: FloatArray) -> FloatArray:
    orders = range(1, len(USUAL_SWAY_DEG) + 1)
    waves = [wave(k * phase) for k in orders for wave in (np.cos, np.sin)]
    return np.stack([np.ones_like(phase), *waves], axis=1)


def fit_cycle(phase: FloatArray, looks: LookEstimates) -> Cycle | None:
    """The stride's cycle from looks at these phases (n,), those far off counted less; None with fewer than 30 looks."""
    good = np.isfinite(looks.lumbar_deg) & np.isfinite(phase)
    if good.sum() < MIN_LOOKS:
        return None
    basis, values, sd = _basis(phase[good]), looks.lumbar_deg[good], looks.sd_deg[good]
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
NORMAL_MEDIAN = 0.6745
"""Median of the absolute values of a standard normal distribution."""
MAX_SCATTER_DEG = 10.0
"""Of single looks. Of 30 rendered runners, eleven lay above: all but one of those in loose, fluttering shirts and half
of those behind a rail, and the mean error of the eleven was three times that of the others."""
SMALL_PERSON_TRUNK_PX = 90.0
"""A shorter trunk in the picture: changes were told 8 to 11 degrees too small on both rendered runners of that size."""
TURNED_DEG = 12.0


def with_back(signals: Signals, pose: PoseTrack) -> Signals:
    """The signals with what the back's outline tells, or why it tells nothing (``Signals.back``).

    Adds ``lumbar_extension_deg`` (backward bend of ribs against pelvis +), ``pelvic_tilt_deg`` (forward +) and
    ``hip_extension_<side>_deg`` (thigh behind the pelvis' own line +). Zero is the mean over the stride.
    """
    cycle, phase, back = _told_by_back(signals, pose)
    if cycle is None or phase is None:
        return replace(signals, back=back)
    lumbar = cycle.at(np.interp(signals.time_s, pose.time_s, phase))
    lean = signals.series["trunk_lean_deg"]
    tilt = lean - np.nanmean(lean) + lumbar
    series = {**signals.series, "lumbar_extension_deg": lumbar, "pelvic_tilt_deg": tilt}
    for side in SIDES:
        series[f"hip_extension_{side}_deg"] = signals.series[f"thigh_{side}_deg"] - tilt
    return replace(signals, series=series, back=back)


def _told_by_back(signals: Signals, pose: PoseTrack) -> tuple[Cycle | None, FloatArray | None, Back]:
    phase = sort_legs(pose.time_s, pose.xy_px).phase
    if phase is None or not (pose.outline_qpx[:, 0, 0] >= 0).any():
        return None, None, Back(Note("needs_outline"))
    looks = estimated(pose)
    cycle = fit_cycle(np.interp(looks.time_s, pose.time_s, phase), looks)
    if cycle is None:
        return None, None, Back(Note("back_hidden"))
    trunk = float(np.nanmedian(_trunk_px(pose)))
    n, scatter = int(np.isfinite(looks.lumbar_deg).sum()), cycle.scatter_deg
    back = Back(_doubt(signals, scatter, trunk), n, scatter)
    return (None if back.reason else cycle), phase, back


def _doubt(signals: Signals, scatter_deg: float, trunk_px: float) -> Note | None:
    if abs(signals.yaw_deg) > TURNED_DEG:
        return Note("back_turned", {"yaw": round(abs(signals.yaw_deg))})
    if trunk_px < SMALL_PERSON_TRUNK_PX:
        return Note("back_too_small")
    return Note("back_unsteady") if scatter_deg > MAX_SCATTER_DEG else None


def _trunk_px(pose: PoseTrack) -> FloatArray:
    shoulders, hips = (
        (pose.xy_px[:, index_of("left", joint)] + pose.xy_px[:, index_of("right", joint)]) / 2
        for joint in ("shoulder", "hip")
    )
    return np.asarray(np.linalg.norm(shoulders - hips, axis=1))


def estimated(pose: PoseTrack, model: BackModel | None = None) -> LookEstimates:
    """Lumbar extension at the looks of a clip, at most ``MOST_LOOKS`` of them, evenly spread."""
    step = max(1, int(np.ceil(len(pose.time_s) / MOST_LOOKS)))
    thinned = replace(
        pose,
        time_s=pose.time_s[::step],
        xy_px=pose.xy_px[::step],
        visibility=pose.visibility[::step],
        outline_qpx=pose.outline_qpx[::step],
    )
    line = back_line(thinned, faces_right(pose.xy_px))
    return estimate_looks(line, thinned.xy_px, model or load_model())
