"""Does the back change over a long run? Its cycle laid anew through each stretch of the clip.

Over a whole clip all strides are laid over one another (``lumbar.py``), so what changes on the way is lost. From two
minutes on each stretch, some twenty strides or more, gets a cycle of its own, read about its own middle. What is alike
in all stretches (the person's shape, the camera, the clothes) is wrong alike in all and falls out of their differences;
what wanders by itself, as a shirt that gets wet does, does not, and ``comparisons.py`` allows for it.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from formcheck.legs import sort_legs
from formcheck.lumbar import MAX_SCATTER_DEG, Cycle, evenly, load_trunk_model, mean_of, stride_cycles
from formcheck.records import BackOverTime, FloatArray, PoseTrack, Signals, stretch_of

LOOKS_OF_STRETCH = 300
"""More do not make a stretch surer: what strides share is what is wrong (``docs/lumbar.md``)."""


def with_back_over_time(signals: Signals, pose: PoseTrack, edges_s: FloatArray) -> Signals:
    """The signals with lumbar extension stretch by stretch between ``edges_s`` (b + 1,); as they were where the whole
    clip tells nothing of the back.

    A stretch that does not show just what the whole clip was told from, back or front or both, has none: the one told
    alone would differ from the mean of both by what is wrong with it, and look like a change.
    """
    back, phase = signals.back, sort_legs(pose.time_s, pose.xy_px).phase
    if back is None or back.reason is not None or phase is None:
        return signals
    waves, errors = [], []
    for start_s, end_s in pairwise(edges_s):
        cycle = _cycle_of(pose.between(start_s, end_s), pose.time_s, phase, back.steady)
        waves.append(np.full(_N_WAVES, np.nan) if cycle is None else cycle.waves)
        errors.append(np.full((_N_WAVES, _N_WAVES), np.nan) if cycle is None else _spread(cycle.covariance))
    at = np.interp(signals.time_s, pose.time_s, phase)
    of = stretch_of(edges_s, signals.time_s)
    basis = Cycle.basis(at)
    over_time = BackOverTime(
        edges_s=edges_s,
        lumbar_deg=np.einsum("mk,mk->m", basis, np.array(waves)[of]),
        errors_deg=np.einsum("mk,mke->em", basis, np.array(errors)[of]),
    )
    return replace(signals, back=replace(back, over_time=over_time))


_N_WAVES = Cycle.basis(np.zeros(1)).shape[1]


def _cycle_of(pose: PoseTrack, all_s: FloatArray, phase: FloatArray, steady: tuple[bool, ...]) -> Cycle | None:
    """Of one stretch; None where it does not show what the clip was told from."""
    thinned = evenly(pose, LOOKS_OF_STRETCH)
    if not len(thinned.time_s):
        return None
    _, cycles = stride_cycles(thinned, np.interp(thinned.time_s, all_s, phase), load_trunk_model())
    if len(cycles) != len(steady):
        return None
    used = [cycle for cycle, is_steady in zip(cycles, steady, strict=True) if is_steady]
    return mean_of(used) if all(cycle.scatter_deg <= MAX_SCATTER_DEG for cycle in used) else None


def _spread(covariance: FloatArray) -> FloatArray:
    """(k, k) columns that are independent of one another and together have this covariance."""
    values, axes = np.linalg.eigh(covariance)
    return np.asarray(axes * np.sqrt(np.maximum(values, 0.0)))
