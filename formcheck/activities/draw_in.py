"""Draw-in: on the back with bent knees, the belly is drawn in and held for five seconds while the breath goes on.

Landmarks know nothing of it. The outline of the body does, a little: how high the belly stands above the line from
shoulder to hip. A draw-in is one or two hundredths of the trunk's length, which is about what the mask's edge wavers
by; where the change is not well beyond that, nothing is measured and the clip is only timed.
"""

from __future__ import annotations

import numpy as np

from formcheck.activities.card import in_position, load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import Found, examine_exercise
from formcheck.exercise_signals import mirrored, with_series
from formcheck.records import FloatArray, Note, PoseTrack, Signals, Subject
from formcheck.repair import low_pass
from formcheck.repetitions import Swing, repetitions
from formcheck.skeleton import INDEX

STATIONS = np.linspace(0.25, 0.6, 8)
"""Share of the way from hip to shoulder: navel and what is above it."""
SLOW_HZ = 0.5
MIN_FALL_PCT = 1.8
BEYOND_NOISE = 4.0
MIN_REP_S = 2.0


def examine(pose: PoseTrack, subject: Subject) -> Examined:
    """Holds of the belly where the outline carries them. Raises InputError as ``examine_exercise``."""
    belly = belly_pct(pose)
    return examine_exercise(pose, subject, "draw_in", "side", lambda signals: find(signals, pose.time_s, belly))


def find(signals: Signals, time_s: FloatArray, belly: FloatArray) -> Found:
    """Falls of the belly's height, beyond what the outline wavers by."""
    seen = np.isfinite(belly)
    height = np.full(len(signals.time_s), np.nan)
    noise = float("nan")
    if seen.sum() > 30:
        raw = np.interp(signals.time_s, time_s[seen], belly[seen])
        height = low_pass(raw, SLOW_HZ, signals.rate_hz)
        noise = float(np.std(raw - height))
    signals = with_series(signals, belly_pct=height)
    ready = in_position(signals, load_activity_cards()["draw_in"].position)
    least = max(MIN_FALL_PCT, BEYOND_NOISE * noise) if np.isfinite(noise) else np.inf
    reps = repetitions(signals.time_s, -height, Swing(least, min_rep_s=MIN_REP_S), ready)
    notes = () if reps else (Note("draw_in_not_measured"),)
    return Found(reps, notes=notes, signals=signals, may_be_empty=bool(ready.any()))


def belly_pct(pose: PoseTrack) -> FloatArray:
    """(n,) Height of the belly's outline above the hip-shoulder line, in % of the trunk; NaN without an outline."""
    out = np.full(len(pose.time_s), np.nan)
    for k, outline in enumerate(pose.outline_qpx):
        middle = {j: pose.xy_px[k, [INDEX[f"left_{j}"], INDEX[f"right_{j}"]]].mean(axis=0) for j in ("hip", "shoulder")}
        if (outline < 0).any() or not np.isfinite(list(middle.values())).all():
            continue
        up = mirrored(np.stack([outline / 4.0]), "right")[0]
        hip, shoulder = (middle[j] * np.array([1.0, -1.0]) for j in ("hip", "shoulder"))
        out[k] = _above(up, hip, shoulder)
    return out


def _above(outline: FloatArray, hip: FloatArray, shoulder: FloatArray) -> float:
    """Median over the stations of how far the outline reaches above the line, in % of the line's length."""
    along = shoulder - hip
    long = float(np.hypot(*along))
    if long < 1.0:
        return float("nan")
    unit = along / long
    across = np.array([-unit[1], unit[0]]) * (1.0 if unit[0] > 0 else -1.0)
    share, height = (outline - hip) @ unit / long, (outline - hip) @ across / long
    tops = [height[np.abs(share - station) < 0.05] for station in STATIONS]
    highest = [float(found.max()) for found in tops if len(found)]
    return 100.0 * float(np.median(highest)) if len(highest) >= len(STATIONS) // 2 else float("nan")
