"""Contacts and toe-offs of a runner seen from behind or in front, from the trunk's rise and fall.

::

    height of the trunk     ____                    ____
                           /    \\                  /    \\
                          /  F   \\                /  F   \\
                                  \\____/\\_   ____/
                                   v  M   ^
                                   C       T        F flight, M midstance: lowest; side: the foot that is not lifted

Seen along the running direction a foot's way on the ground is hidden in the depth of the picture, so a foot's own
track does not show when it lands. The body does: it falls fastest just after contact and rises fastest just before
toe-off (Milner and Paquette 2015, doi 10.1016/j.jbiomech.2015.06.015, for contact: 15 ms before the pelvis falls
fastest). ``CONTACT_LAG_S`` and ``TOE_OFF_LEAD_S`` are those of the tuning clips. It stops being true where nobody
flies (walking).
"""

from __future__ import annotations

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.signal import find_peaks

from formcheck.records import Event, FloatArray, Signals
from formcheck.repair import low_pass, runs
from formcheck.skeleton import SIDES, Side, other

CONTACT_LAG_S, TOE_OFF_LEAD_S = 0.038, 0.022
FINE_HZ = 500.0
HEIGHT_CUTOFF_HARMONIC = 3.3
"""Of the step rate: above it the trunk's height shows the network's noise."""
EDGE_S = 0.10
MAX_DOUBTFUL_SHARE = 0.3


def detect_frontal_events(signals: Signals) -> tuple[Event, ...]:
    """Contacts and toe-offs of both feet in time order."""
    height = signals.series["midhip_height_pct_leg"]
    events: list[Event] = []
    for start, stop in runs(np.isfinite(height)):
        if stop - start >= max(12, int(0.8 * signals.rate_hz)):
            events += _events_between(signals, height[start:stop], signals.time_s[start:stop])
    return tuple(sorted(events, key=lambda event: event.time_s))


def _events_between(signals: Signals, height: FloatArray, time_s: FloatArray) -> list[Event]:
    step_hz = 2.0 * (signals.stride_rate_hz or 1.4)
    smooth = low_pass(height, min(HEIGHT_CUTOFF_HARMONIC * step_hz, 0.45 * signals.rate_hz), signals.rate_hz)
    curve = CubicSpline(time_s, smooth)
    fine = np.arange(time_s[0], time_s[-1], 1.0 / FINE_HZ)
    track, speed = curve(fine), curve(fine, 1)
    apart = max(1, round(0.6 / step_hz * FINE_HZ))
    lowest, _ = find_peaks(-track, distance=apart, prominence=0.25 * float(np.ptp(np.percentile(track, (5, 95)))))
    reach = round(0.55 / step_hz * FINE_HZ)
    events: list[Event] = []
    for k in lowest:
        side = stance_side(signals, float(fine[k]))
        if side is None:
            continue
        before, after = speed[max(0, k - reach) : k], speed[k : k + reach]
        if k >= reach:
            events.append(
                _event(signals, "contact", side, float(fine[k - reach + int(np.argmin(before))]) - CONTACT_LAG_S)
            )
        if k + reach < len(fine):
            events.append(_event(signals, "toe_off", side, float(fine[k + int(np.argmax(after))]) + TOE_OFF_LEAD_S))
    return events


def stance_side(signals: Signals, time_s: float) -> Side | None:
    """The foot on the ground at midstance: the other one is lifted. None where neither was seen."""
    near = np.abs(signals.time_s - time_s) <= 0.12 / max(signals.stride_rate_hz or 1.4, 0.1)
    lifts = [signals.series[f"ankle_height_{side}_leg"][near] for side in SIDES]
    if not all(np.isfinite(lift).any() for lift in lifts):
        return None
    lifted: Side = "left" if np.nanmean(lifts[0]) > np.nanmean(lifts[1]) else "right"
    return other(lifted)


def _event(signals: Signals, kind: str, side: Side, time_s: float) -> Event:
    inside = (signals.time_s[0] + EDGE_S < time_s) and (time_s < signals.time_s[-1] - EDGE_S)
    near = np.abs(signals.time_s - time_s) <= 0.1
    doubtful = float(signals.doubtful[near, SIDES.index(side)].mean()) if near.any() else 1.0
    return Event(kind, side, time_s, inside and doubtful <= MAX_DOUBTFUL_SHARE)  # type: ignore[arg-type]
