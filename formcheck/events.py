"""Signals -> moments: when each foot meets the ground and when it leaves it.

::

    time ------------------------------------------------------------------------------------------->

    left  foot   |#### contact time ####|............ swing ............|####################|.......
                 C                      T                               C'                   T'
    right foot   ....|                  .....|##################|.......
                                             C
                 |<------- step time ------->|
                 |<- contact ->|<- flight -->|      step time = contact time + flight time
                 |<------------------- stride time -------------------->|

    C contact (initial contact), T toe-off. Contact time = T - C, flight time = next foot's C - T (below zero while
    both feet are down), stride time = C' - C, duty factor = contact time / stride time.

How. The ground moves backward under the runner: the belt under a treadmill runner, the road under one the camera
follows or watches passing. Foot tracks are therefore taken against the body's slow path (averaged over a stride), in
which the foot on the ground moves backward at one speed v whatever the camera does.

* Contact: the mean of heel and ankle, coming from a forward swing, reaches ``CONTACT_SPEED_SHARE`` of v backward. A
  foot meets the belt a little slower than the belt and is at its speed some 20 ms later, alike for heel, midfoot and
  forefoot runners: no correction by foot strike is needed.
* Toe-off: the weighted mean of three clues, each with its constant lead taken off: the ankle rises
  ``ANKLE_RISE_LEG`` above its lowest, the knee is at its straightest, the thigh is farthest back. Joints only: a toe
  landmark may mean the tip or the ball of the foot. Where one clue contradicts the others or was not seen, the others
  stand.

Constants are from motion capture with force plates (Fukuchi et al. 2017, 10.7717/peerj.3298), in which, at 120
frames/s and 3 px jitter, contact so found is within 6 ms (SD) of the 50 N plate contact; ``docs/accuracy.md`` has the
table. Sub-frame: tracks are splines between frames. Never from ankle extremes: those make contact 130 ms too long.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy.interpolate import CubicSpline

from formcheck.records import BoolArray, Event, FloatArray, Signals, Stride
from formcheck.skeleton import SIDES, Side, other

CONTACT_SPEED_SHARE = 0.573
MIN_SWING_LEG, MIN_SWING_SHARE = 0.3, 0.4
"""A foot has swung when it moved forward, against the body, so many leg lengths and this share of its usual swing."""
MIN_FIRST_SWING_LEG = 0.06
"""The clip may begin late in a swing."""
ANKLE_RISE_LEG = 0.11
SWING_LAG_STRIDES = 0.13
"""The foot turns forward against the body this share of a stride after toe-off."""
CLUE_REACH_STRIDES = 0.13
CLUES_AGREE_S = 0.045
MIN_CONTACT_S, MAX_CONTACT_S = 0.10, 0.45
MAX_CONTACT_STRIDES = 0.8
FINE_RATE_HZ = 500.0
MAX_REPAIRED_SHARE = 0.15
EDGE_S = 0.06
"""Filters know only one side of a moment this close to the clip's ends."""
STRIDE_TOLERANCE = 0.25
"""Strides further from the median stride time than this share are not of steady running."""


@dataclass(frozen=True)
class _Foot:
    """One foot on a fine time grid, in leg lengths and leg lengths per second."""

    time_s: FloatArray
    vx: FloatArray
    ankle_y: FloatArray
    knee_deg: FloatArray
    thigh_deg: FloatArray
    ground_speed: float
    ankle_floor: float

    def between(self, start_s: float, end_s: float) -> _Foot:
        """The same foot over a stretch: looking through the whole of a long clip at every stride takes minutes."""
        part = slice(*np.searchsorted(self.time_s, [start_s, end_s]))
        return replace(
            self,
            time_s=self.time_s[part],
            vx=self.vx[part],
            ankle_y=self.ankle_y[part],
            knee_deg=self.knee_deg[part],
            thigh_deg=self.thigh_deg[part],
        )


@dataclass(frozen=True)
class _Clue:
    """One way to see toe-off: how long after it, against the plate, and how much it counts."""

    lead_s: float
    weight: float


_ANKLE, _KNEE, _THIGH = _Clue(-0.0011, 0.40), _Clue(0.0096, 0.35), _Clue(0.0343, 0.25)


def detect_events(signals: Signals) -> tuple[Event, ...]:
    """Contacts and toe-offs of both feet, in time order; empty when nobody runs or walks here."""
    found: list[Event] = []
    for side in SIDES:
        for run in _finite_runs(signals, side):
            foot = _foot(signals, side, run)
            if foot is not None:
                found += _events_of_foot(foot, side, signals)
    return tuple(sorted(_plausible(found), key=lambda event: event.time_s))


def strides_of(events: Iterable[Event], signals: Signals) -> tuple[Stride, ...]:
    """Strides of both feet in time order. Clean: both events clean, little of it repaired, times a body can do."""
    strides: list[Stride] = []
    for side in SIDES:
        mine = [event for event in events if event.side == side]
        for first, lift, second in zip(mine, mine[1:], mine[2:], strict=False):
            if (first.kind, lift.kind, second.kind) == ("contact", "toe_off", "contact"):
                clean = first.clean and lift.clean and second.clean
                clean &= _little_repaired(signals, side, first.time_s, second.time_s)
                strides.append(Stride(side, first.time_s, lift.time_s, second.time_s, clean))
    return tuple(sorted(_mark_unsteady(strides), key=lambda stride: stride.contact_s))


def _mark_unsteady(strides: list[Stride]) -> list[Stride]:
    if not strides:
        return []
    usual = float(np.median([s.next_contact_s - s.contact_s for s in strides]))
    steady = []
    for s in strides:
        stride_time = s.next_contact_s - s.contact_s
        keeps_time = abs(stride_time - usual) <= STRIDE_TOLERANCE * usual
        steady.append(Stride(s.side, s.contact_s, s.toe_off_s, s.next_contact_s, s.clean and keeps_time))
    return steady


def _little_repaired(signals: Signals, side: Side, start_s: float, end_s: float) -> bool:
    inside = (signals.time_s >= start_s) & (signals.time_s <= end_s)
    return bool(inside.any()) and float(signals.doubtful[inside, SIDES.index(side)].mean()) <= MAX_REPAIRED_SHARE


# ---------------------------------------------------------------------------------------------------- one foot


def _finite_runs(signals: Signals, side: Side) -> list[slice]:
    names = [f"{joint}_{axis}_{side}_leg" for joint in ("heel", "ankle") for axis in "xy"]
    names += [f"knee_flexion_{side}_deg", f"thigh_{side}_deg"]
    good = np.isfinite(np.stack([signals.series[name] for name in names])).all(axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], good, [False]]).astype(np.int8)))
    return [slice(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= 8]


def _foot(signals: Signals, side: Side, run: slice) -> _Foot | None:
    """Splines of one stretch, and the ground's speed and height from that side's whole clip; None if nothing moves."""
    ground = _ground(signals, side)
    if ground is None:
        return None
    time_s = signals.time_s[run]
    fine = np.arange(time_s[0], time_s[-1], 1.0 / FINE_RATE_HZ)
    foot_x = (signals.series[f"heel_x_{side}_leg"][run] + signals.series[f"ankle_x_{side}_leg"][run]) / 2
    return _Foot(
        time_s=fine,
        vx=CubicSpline(time_s, foot_x)(fine, 1),
        ankle_y=CubicSpline(time_s, signals.series[f"ankle_y_{side}_leg"][run])(fine),
        knee_deg=CubicSpline(time_s, signals.series[f"knee_flexion_{side}_deg"][run])(fine),
        thigh_deg=CubicSpline(time_s, signals.series[f"thigh_{side}_deg"][run])(fine),
        ground_speed=ground[0],
        ankle_floor=ground[1],
    )


def _ground(signals: Signals, side: Side) -> tuple[float, float] | None:
    """Speed of the ground under this foot (leg/s, > 0) and height of the ankle when the foot lies on it (leg)."""
    toe_y = signals.series[f"toe_y_{side}_leg"]
    vx = np.gradient(signals.series[f"toe_x_{side}_leg"]) * signals.rate_hz
    good = np.isfinite(vx) & np.isfinite(toe_y)
    if good.sum() < 10:
        return None
    low = good & (toe_y < np.percentile(toe_y[good], 30)) & (vx < 0)
    if low.sum() < 5:
        return None
    speed = -float(np.median(vx[low]))
    plateau = low & (np.abs(vx + speed) < 0.2 * speed)
    if speed < 0.3 or plateau.sum() < 3:
        return None
    ankle_y = signals.series[f"ankle_y_{side}_leg"]
    return -float(np.median(vx[plateau])), float(np.nanpercentile(ankle_y, 8))


def _events_of_foot(foot: _Foot, side: Side, signals: Signals) -> list[Event]:
    contacts = _contacts(foot)
    stride_s = float(np.median(np.diff(contacts))) if len(contacts) > 1 else _USUAL_STRIDE_S
    lifts = [_lift_between(foot, a + MIN_CONTACT_S / 2, b, stride_s) for a, b in _spans(foot, contacts)]
    lifts.insert(0, _lift_before(foot, contacts[0] if contacts else float(foot.time_s[-1]), stride_s))
    events = [Event("contact", side, time, _clear_of_ends(time, signals)) for time in contacts]
    for time, sure in (lift for lift in lifts if lift is not None):
        events.append(Event("toe_off", side, time, sure and _clear_of_ends(time, signals)))
    return sorted(events, key=lambda event: event.time_s)


_USUAL_STRIDE_S = 0.7


def _spans(foot: _Foot, contacts: list[float]) -> list[tuple[float, float]]:
    return list(pairwise([*contacts, float(foot.time_s[-1])])) if contacts else []


def _clear_of_ends(time_s: float, signals: Signals) -> bool:
    return float(signals.time_s[0]) + EDGE_S < time_s < float(signals.time_s[-1]) - EDGE_S


def _contacts(foot: _Foot) -> list[float]:
    """Times at which the foot, after a forward swing, first moves backward with the ground."""
    crossings = _crossings(foot.time_s, foot.vx, -CONTACT_SPEED_SHARE * foot.ground_speed, rising=False)
    forward = np.concatenate([[0.0], np.cumsum(np.maximum(foot.vx, 0.0))]) / FINE_RATE_HZ
    index = np.searchsorted(foot.time_s, [float(foot.time_s[0]), *crossings])
    swings = np.diff(forward[index])
    if len(swings) == 0:
        return []
    enough = np.full(len(swings), max(MIN_SWING_LEG, MIN_SWING_SHARE * float(np.percentile(swings, 75))))
    enough[0] = MIN_FIRST_SWING_LEG
    return [time for time, swing, least in zip(crossings, swings, enough, strict=True) if swing >= least]


def _lift_before(foot: _Foot, contact_s: float, stride_s: float) -> tuple[float, bool] | None:
    """A toe-off of a stance that began before the clip."""
    before = foot.time_s < contact_s
    on_ground = before & (foot.vx < -CONTACT_SPEED_SHARE * foot.ground_speed)
    on_ground &= foot.ankle_y < foot.ankle_floor + ANKLE_RISE_LEG
    if not on_ground.any():
        return None
    return _lift_between(foot, float(foot.time_s[np.flatnonzero(on_ground)[0]]), contact_s, stride_s)


def _lift_between(foot: _Foot, start_s: float, end_s: float, stride_s: float) -> tuple[float, bool] | None:
    """Toe-off between two moments and whether its clues agree; None when the foot does not swing in between."""
    foot = foot.between(start_s - stride_s, end_s + stride_s)
    span = (foot.time_s > start_s) & (foot.time_s < min(end_s, start_s + MAX_CONTACT_STRIDES * stride_s))
    forward = np.flatnonzero(span & (foot.vx > 0))
    if len(forward) == 0:
        return None
    swing_s = float(foot.time_s[forward[0]])
    expected = swing_s - SWING_LAG_STRIDES * stride_s
    reach = CLUE_REACH_STRIDES * stride_s
    clues = [
        (_ANKLE, _last_rise(foot, max(start_s, expected - reach), swing_s)),
        (_KNEE, _nearest_peak(foot.time_s, -foot.knee_deg, expected + _KNEE.lead_s, reach)),
        (_THIGH, _nearest_peak(foot.time_s, foot.thigh_deg, expected + _THIGH.lead_s, reach)),
    ]
    return _weighed([(time - clue.lead_s, clue.weight) for clue, time in clues if time is not None])


def _last_rise(foot: _Foot, start_s: float, swing_s: float) -> float | None:
    """The last rise of the ankle before the swing; noise early in stance may lift it a little too."""
    span = (foot.time_s > start_s) & (foot.time_s <= swing_s)
    rises = _crossings(foot.time_s[span], foot.ankle_y[span] - foot.ankle_floor, ANKLE_RISE_LEG, rising=True)
    return rises[-1] if rises else None


def _nearest_peak(time_s: FloatArray, values: FloatArray, expected_s: float, reach_s: float) -> float | None:
    """Time of the local maximum nearest to where it is expected; None where there is none within reach."""
    near = np.flatnonzero(np.abs(time_s - expected_s) <= reach_s)
    near = near[(near > 0) & (near < len(values) - 1)]
    peaks = near[(values[near] >= values[near - 1]) & (values[near] > values[near + 1])]
    return float(time_s[peaks[np.argmin(np.abs(time_s[peaks] - expected_s))]]) if len(peaks) else None


def _weighed(clues: list[tuple[float, float]]) -> tuple[float, bool] | None:
    """Weighted mean of the clues that agree with their middle one, and whether at least two do."""
    if not clues:
        return None
    middle = float(np.median([time for time, _ in clues]))
    agreeing = [(time, weight) for time, weight in clues if abs(time - middle) <= CLUES_AGREE_S] or clues
    total = sum(weight for _, weight in agreeing)
    return sum(time * weight for time, weight in agreeing) / total, len(agreeing) > 1


def _crossings(time_s: FloatArray, values: FloatArray, level: float, rising: bool) -> list[float]:
    above = values - level
    if len(above) < 2:
        return []
    crossed: BoolArray = (above[:-1] < 0) & (above[1:] >= 0) if rising else (above[:-1] >= 0) & (above[1:] < 0)
    i = np.flatnonzero(crossed)
    return [float(t) for t in time_s[i] + (time_s[i + 1] - time_s[i]) * above[i] / (above[i] - above[i + 1])]


# -------------------------------------------------------------------------------------------------- plain checks


def _plausible(events: list[Event]) -> list[Event]:
    """Events marked not clean where a contact lasts impossibly long or short, or the feet do not alternate."""
    checked: list[Event] = []
    for side in SIDES:
        mine = [e for e in events if e.side == side]
        theirs = [e.time_s for e in events if e.side == other(side) and e.kind == "contact"]
        for i, event in enumerate(mine):
            checked.append(_checked(event, mine[i + 1] if i + 1 < len(mine) else None, mine[i + 2 : i + 3], theirs))
    return checked


def _checked(event: Event, following: Event | None, after: list[Event], other_contacts: list[float]) -> Event:
    clean = event.clean
    if event.kind == "contact" and following is not None and following.kind == "toe_off":
        clean &= MIN_CONTACT_S <= following.time_s - event.time_s <= MAX_CONTACT_S
        if after and other_contacts:
            between = [t for t in other_contacts if event.time_s < t < after[0].time_s]
            clean &= len(between) == 1
    return Event(event.kind, event.side, event.time_s, clean)
