"""How far the lower back has arched or rounded since the person stood or knelt at rest, as a series.

Squats and stretches have models of their own (``back_bends.py``); on all fours and in single-leg deadlifts that of
runners follows the back of rendered people (``back_shape.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from formcheck.back_bends import SeenBack, looks_deg, seen_back
from formcheck.exercise_signals import trunk_length_px, with_series
from formcheck.lumbar import SMALL_PERSON_TRUNK_PX
from formcheck.records import Back, BoolArray, Hold, Note, PoseTrack, Repetition, Signals
from formcheck.repair import low_pass

SLOW_HZ = 1.5
AWAY_S, REST_S = 0.1, 2.5
"""Rest is up to so long before a repetition or a hold."""
SETTLING_S = 1.4
"""Of it, getting into a held position takes so long: a repetition's start is its own."""
LEAST_SEEN = 0.5
FEWEST_LOOKS = 12


def with_back_bend(
    signals: Signals, pose: PoseTrack, kind: str, reps: Sequence[Repetition], holds: Sequence[Hold]
) -> Signals:
    """The signals with ``back_bend_deg``, arched +, 0 at rest; or why the outline tells nothing (``Signals.back``)."""
    if not (pose.outline_qpx[:, 0, 0] >= 0).any():
        return replace(signals, back=Back(Note("needs_outline")))
    if trunk_length_px(pose.xy_px) < SMALL_PERSON_TRUNK_PX:
        return replace(signals, back=Back(Note("back_too_small")))
    seen = seen_back(pose)
    at_rest = resting(seen, reps, holds)
    if not at_rest.any():
        return replace(signals, back=Back(Note("needs_rest_before")))
    looks = looks_deg(seen, at_rest, kind)
    told = np.isfinite(looks)
    if told.sum() < max(FEWEST_LOOKS, LEAST_SEEN * len(looks)):
        return replace(signals, back=Back(Note("back_hidden")))
    raw = np.interp(signals.time_s, seen.time_s[told], looks[told])
    bend = low_pass(raw, min(SLOW_HZ, 0.4 * signals.rate_hz), signals.rate_hz)
    return replace(with_series(signals, back_bend_deg=bend), back=Back(None, int(told.sum())))


def resting(seen: SeenBack, reps: Sequence[Repetition], holds: Sequence[Hold]) -> BoolArray:
    """(n,) looks shortly before a repetition, or before a hold was gone into."""
    rest = np.zeros(len(seen.time_s), dtype=bool)
    moving = np.zeros(len(rest), dtype=bool)
    ends = [rep.start_s + AWAY_S for rep in reps] + [hold.start_s - SETTLING_S for hold in holds]
    for end_s in ends:
        rest |= (seen.time_s >= end_s - REST_S) & (seen.time_s <= end_s)
    spans = [(rep.start_s, rep.end_s) for rep in reps] + [(hold.start_s, hold.end_s) for hold in holds]
    for start_s, end_s in spans:
        moving |= (seen.time_s > start_s + AWAY_S) & (seen.time_s < end_s - AWAY_S)
    return np.asarray(rest & ~moving)
