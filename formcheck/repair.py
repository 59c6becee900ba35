"""Raw landmarks -> evenly timed, repaired, zero-lag filtered tracks: jumps out, short gaps bridged, one filter a joint.

Filter: Butterworth, second order run forwards and backwards (Winter 2009, Biomechanics and Motor Control of Human
Movement, ISBN 978-0-470-39818-0, ch. 3.4.4, with his correction of the cut-off for two passes). Cut-offs follow the
true frame rate; see ``CUTOFF_HZ``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from scipy.ndimage import median_filter
from scipy.signal import butter, savgol_filter, sosfiltfilt

from formcheck.between_looks import between_looks
from formcheck.geometry import length
from formcheck.records import BoolArray, FloatArray, InputError, PoseTrack
from formcheck.skeleton import ARM, INDEX, LEG, SIDES, index_of, leg_indices

CUTOFF_HZ: dict[str, float] = {
    "hip": 10.0,
    "shoulder": 8.0,
    "knee": 16.0,
    "elbow": 8.0,
    "wrist": 8.0,
    "ankle": 16.0,
    "heel": 14.0,
    "foot_index": 14.0,
}
"""Both passes together. Within the 8-18 Hz in use for running (hips low, feet high); chosen by what lost least of
the angles at contact on rendered runners while events on motion capture with 3 px jitter kept their error."""
MAX_CUTOFF_SHARE_OF_RATE = 0.36
"""No cut-off above this share of the frame rate: at 30 fps the foot is filtered at 10.8 Hz."""
MAX_BRIDGED_S = 0.12
"""Longer gaps stay gaps."""
MIN_FRAMES = 12
SPARSE_FRAMES = 1.3
"""Looks this many frames apart, in the median, are not looks at every frame."""
_DEFAULT_CUTOFF_HZ = 8.0


def found_looks(pose: PoseTrack) -> BoolArray:
    """(n,) True where a person was found.

    Raises InputError ``no_person``, and below 12 such looks ``hardly_seen``, or ``too_few_frames`` of hardly more.
    """
    found = np.asarray(np.isfinite(pose.xy_px[:, INDEX["left_hip"], 0]))
    if found.sum() == 0:
        raise InputError("no_person")
    if found.sum() < MIN_FRAMES:
        code = "too_few_frames" if len(found) < 2 * MIN_FRAMES else "hardly_seen"
        raise InputError(code, n=int(found.sum()), needed=MIN_FRAMES)
    return found


def without_jumps(xy: FloatArray, rate_hz: float) -> tuple[FloatArray, BoolArray]:
    """Positions that no body could reach between two frames become NaN; returns also which, (n, 33).

    A position is a jump when it lies further from a robust local fit than the largest acceleration of a runner's
    foot explains (300 m/s2 with a leg of 0.85 m, the figure of the foot at contact).
    """
    out = xy.copy()
    leg = rough_leg_px(xy)
    allowed = leg * (0.07 + 0.5 * (300.0 / 0.85) / rate_hz**2 * 0.25)
    window = min(7, len(xy) - (len(xy) + 1) % 2)
    bad = np.zeros(xy.shape[:2], dtype=bool)
    for joint in _TRACKED:
        track = _filled(xy[:, joint])
        if track is None:
            continue
        middle = median_filter(track, size=(5, 1), mode="nearest")
        robust = np.where(np.abs(track - middle).max(axis=1, keepdims=True) > allowed, middle, track)
        fit = savgol_filter(robust, window, min(3, window - 1), axis=0, mode="interp")
        bad[:, joint] = np.linalg.norm(track - fit, axis=1) > allowed
    bad &= np.isfinite(xy[..., 0])
    out[bad] = np.nan
    return out, bad


LEGS = [i for side in SIDES for i in leg_indices(side)]
_TRACKED = [index_of(side, joint) for side in SIDES for joint in (*LEG, *ARM)]


def _filled(track: FloatArray) -> FloatArray | None:
    """A track with its NaNs bridged linearly, for deciding only; None when it is nearly empty."""
    good = np.isfinite(track[:, 0])
    if good.sum() < 5:
        return None
    index = np.arange(len(track))
    return np.stack([np.interp(index, index[good], track[good, k]) for k in (0, 1)], axis=1)


def rough_leg_px(xy: FloatArray) -> float:
    """Hip to knee to ankle in pixels, median over looks and both legs of landmarks (n, 33, 2)."""
    legs = [
        length(xy[:, index_of(s, "hip")], xy[:, index_of(s, "knee")])
        + length(xy[:, index_of(s, "knee")], xy[:, index_of(s, "ankle")])
        for s in SIDES
    ]
    return float(np.nanmedian(np.stack(legs)))


def even_grid(
    time_s: FloatArray, xy: FloatArray, rate_hz: float, phase: FloatArray | None = None
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Tracks on an even grid of the camera's own rate; short gaps bridged, long ones left NaN.

    ``phase`` (n,) is the stride's at each look, from ``legs.py``: where the network looked at some of the pictures
    only, the others are filled from the cycle (``between_looks.py``). Returns grid (m,), tracks (m, 33, 2) and (m, 2)
    True where the left, right leg was bridged for longer than between two looks or is missing.
    """
    look_s = float(np.median(np.diff(time_s)))
    sparse = look_s > SPARSE_FRAMES / rate_hz
    grid = np.arange(time_s[0], time_s[-1] + 1e-6, 1.0 / rate_hz)
    out = np.full((len(grid), *xy.shape[1:]), np.nan)
    doubtful = np.zeros((len(grid), 2), dtype=bool)
    leg_of = {joint: column for column, side in enumerate(SIDES) for joint in leg_indices(side)}
    for joint in range(xy.shape[1]):
        good = np.isfinite(xy[:, joint, 0])
        if good.sum() < 4:
            doubtful[:, [leg_of[joint]] if joint in leg_of else []] = True
            continue
        gap = _gap_around(time_s[good], grid)
        usable = gap <= MAX_BRIDGED_S + 1.5 * look_s
        known_phase = phase[good] if sparse and phase is not None else None
        out[usable, joint] = between_looks(time_s[good], xy[good, joint], known_phase, grid[usable])
        if joint in leg_of:
            doubtful[:, leg_of[joint]] |= gap > 2.5 * look_s
    return grid, out, doubtful


def _gap_around(seen_s: FloatArray, grid: FloatArray) -> FloatArray:
    """For each grid time, how long the joint was unseen around it; infinite outside what was seen."""
    after = np.searchsorted(seen_s, grid - 1e-9)
    gap = np.full(len(grid), np.inf)
    inside = (after > 0) & (after < len(seen_s))
    gap[inside] = seen_s[after[inside]] - seen_s[after[inside] - 1]
    at_sample = np.isclose(seen_s[np.clip(after, 0, len(seen_s) - 1)], grid, atol=1e-6)
    gap[at_sample] = 0.0
    return gap


def nearest(time_s: FloatArray, values: FloatArray, grid: FloatArray) -> FloatArray:
    """Of values (n, ...) at ``time_s`` (n,), those nearest to each time of the grid (m,), in seconds; NaN becomes 0."""
    index = np.clip(np.searchsorted(time_s, grid), 1, len(time_s) - 1)
    index -= (grid - time_s[index - 1]) < (time_s[index] - grid)
    return np.nan_to_num(values[index], nan=0.0)


def filter_tracks(xy: FloatArray, rate_hz: float) -> FloatArray:
    """Tracks (n, 33, 2), each joint at its own cut-off between gaps; stretches too short to filter become NaN."""
    out = np.full_like(xy, np.nan)
    for joint in range(xy.shape[1]):
        cutoff = _cutoff_hz(joint, rate_hz)
        for start, stop in runs(np.isfinite(xy[:, joint, 0])):
            if stop - start >= MIN_FRAMES:
                out[start:stop, joint] = low_pass(xy[start:stop, joint], cutoff, rate_hz)
    return out


def _cutoff_hz(joint: int, rate_hz: float) -> float:
    name = _NAMES[joint].removeprefix("left_").removeprefix("right_")
    return min(CUTOFF_HZ.get(name, _DEFAULT_CUTOFF_HZ), MAX_CUTOFF_SHARE_OF_RATE * rate_hz)


_NAMES = list(INDEX)


def frame_rate_hz_of(time_s: FloatArray) -> float:
    """The camera's usual rate: mean of the steps near the median one (containers round 60 Hz to 16 and 17 ms)."""
    steps = np.diff(time_s)
    middle = float(np.median(steps))
    usual = steps[np.abs(steps - middle) <= max(0.25 * middle, 0.0011)]
    return 1.0 / float(usual.mean() if len(usual) else steps.mean())  # none: looks one and two frames apart in turn


def low_pass(values: FloatArray, cutoff_hz: float, rate_hz: float) -> FloatArray:
    """Zero-lag Butterworth low-pass along the first axis of (n, ...); ``cutoff_hz`` is that of both passes together.

    Needs at least 12 samples. The corrected cut-off is held under 0.49 of the rate.
    """
    sos = _second_order(min(cutoff_hz / 0.802, 0.49 * rate_hz), rate_hz)
    return np.asarray(sosfiltfilt(sos, values, axis=0, padlen=min(3 * 3, len(values) - 1)))


@lru_cache(maxsize=64)
def _second_order(corrected_hz: float, rate_hz: float) -> FloatArray:
    """The filter's section; every joint of a clip is filtered with one of a few."""
    return np.asarray(butter(2, corrected_hz, fs=rate_hz, output="sos"))


def runs(mask: BoolArray) -> list[tuple[int, int]]:
    """Start and end (exclusive) of each stretch of True in a mask (n,)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def count_runs(mask: Any) -> int:
    """How many stretches of True a mask (n,) has."""
    return len(runs(np.asarray(mask, dtype=bool)))
