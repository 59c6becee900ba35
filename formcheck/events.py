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

* Contact: the mean of heel and toe, coming from a forward swing, reaches ``CONTACT_SPEED_SHARE`` of v backward. A foot
  meets the belt a little slower than the belt and is at its speed some 20 ms later, alike for heel, midfoot and
  forefoot runners: no correction by foot strike is needed.
* Toe-off: the mean of two clues, each with its constant lead taken off: the toe rises ``TOE_RISE_LEG`` above where it
  lay in stance, and the knee is at its straightest.

Constants are from motion capture with force plates (Fukuchi et al. 2017, 10.7717/peerj.3298), in which, at 120
frames/s and 3 px jitter, contact so found is within 6 ms (SD) of the 50 N plate contact; ``docs/accuracy.md`` has the
table. Sub-frame: tracks are splines between frames. Never from ankle extremes: those make contact 130 ms too long.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline

from formcheck.records import BoolArray, Event, FloatArray, Signals, Stride
from formcheck.skeleton import SIDES, Side, other

CONTACT_SPEED_SHARE = 0.607
SWING_SPEED_SHARE = 0.25
"""A foot has swung when it moved forward, against the body, at this share of the ground's speed."""
TOE_RISE_LEG = 0.030
TOE_RISE_LEAD_S = 0.0110
KNEE_STRAIGHT_LEAD_S = 0.0095
CLUES_AGREE_S = 0.035
MIN_CONTACT_S, MAX_CONTACT_S = 0.10, 0.45
MAX_WALKING_CONTACT_S = 1.2
FINE_RATE_HZ = 500.0
EDGE_S = 0.06
"""Filters know only one side of a moment this close to the clip's ends."""
STRIDE_TOLERANCE = 0.25
"""Strides further from the median stride time than this share are not of steady running."""


@dataclass(frozen=True)
class _Foot:
    """One foot on a fine time grid, in leg lengths and leg lengths per second."""

    time_s: FloatArray
    vx: FloatArray
    toe_y: FloatArray
    knee_deg: FloatArray
    ground_speed: float
    toe_floor: float


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
                clean &= _little_repaired(signals, first.time_s, second.time_s)
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


def _little_repaired(signals: Signals, start_s: float, end_s: float) -> bool:
    inside = (signals.time_s >= start_s) & (signals.time_s <= end_s)
    return bool(inside.any()) and float(signals.doubtful[inside].mean()) <= 0.1


# ---------------------------------------------------------------------------------------------------- one foot


def _finite_runs(signals: Signals, side: Side) -> list[slice]:
    names = (f"heel_x_{side}_leg", f"toe_x_{side}_leg", f"toe_y_{side}_leg", f"knee_flexion_{side}_deg")
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
    foot_x = (signals.series[f"heel_x_{side}_leg"][run] + signals.series[f"toe_x_{side}_leg"][run]) / 2
    return _Foot(
        time_s=fine,
        vx=CubicSpline(time_s, foot_x)(fine, 1),
        toe_y=CubicSpline(time_s, signals.series[f"toe_y_{side}_leg"][run])(fine),
        knee_deg=CubicSpline(time_s, signals.series[f"knee_flexion_{side}_deg"][run])(fine),
        ground_speed=ground[0],
        toe_floor=ground[1],
    )


def _ground(signals: Signals, side: Side) -> tuple[float, float] | None:
    """Speed of the ground under this foot (leg/s, > 0) and height of the toe on it (leg)."""
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
    return -float(np.median(vx[plateau])), float(np.median(toe_y[plateau]))


def _events_of_foot(foot: _Foot, side: Side, signals: Signals) -> list[Event]:
    contacts = _contacts(foot)
    ends = [*contacts[1:], float(foot.time_s[-1])]
    events = []
    for contact, end in zip(contacts, ends, strict=True):
        events.append(Event("contact", side, contact, _clear_of_ends(contact, signals)))
        lift, agreed = _toe_off(foot, contact, end)
        if lift is not None:
            events.append(Event("toe_off", side, lift, agreed and _clear_of_ends(lift, signals)))
    first_lift, agreed = _toe_off_before(foot, contacts[0] if contacts else float(foot.time_s[-1]))
    if first_lift is not None:
        events.insert(0, Event("toe_off", side, first_lift, agreed and _clear_of_ends(first_lift, signals)))
    return events


def _clear_of_ends(time_s: float, signals: Signals) -> bool:
    return EDGE_S < time_s < float(signals.time_s[-1]) - EDGE_S


def _contacts(foot: _Foot) -> list[float]:
    """Times at which the foot, after a forward swing, first moves backward with the ground."""
    crossings = _crossings(foot.time_s, foot.vx, -CONTACT_SPEED_SHARE * foot.ground_speed, rising=False)
    swinging = foot.vx > SWING_SPEED_SHARE * foot.ground_speed
    contacts: list[float] = []
    since = float(foot.time_s[0]) - 1.0
    for time in crossings:
        swung = swinging[(foot.time_s > since) & (foot.time_s < time)]
        if swung.any():
            contacts.append(time)
        since = time
    return contacts


def _toe_off(foot: _Foot, contact_s: float, end_s: float) -> tuple[float | None, bool]:
    """Toe-off after a contact, and whether its clues agree. None when the clip ends first."""
    last = min(end_s, contact_s + MAX_WALKING_CONTACT_S)
    return _lift_between(foot, contact_s + MIN_CONTACT_S / 2, last)


def _toe_off_before(foot: _Foot, contact_s: float) -> tuple[float | None, bool]:
    """A toe-off of a stance that began before the clip."""
    before = foot.time_s < contact_s
    on_ground = before & (foot.vx < -CONTACT_SPEED_SHARE * foot.ground_speed) & (foot.toe_y < foot.toe_floor + 0.02)
    if not on_ground.any():
        return None, False
    return _lift_between(foot, float(foot.time_s[np.flatnonzero(on_ground)[0]]), contact_s)


def _lift_between(foot: _Foot, start_s: float, end_s: float) -> tuple[float | None, bool]:
    """The last rise of the toe before the foot swings forward; noise early in stance may lift it a little too."""
    span = (foot.time_s > start_s) & (foot.time_s < end_s)
    forward = np.flatnonzero(span & (foot.vx > 0))
    if len(forward) == 0:
        return None, False
    span &= foot.time_s <= foot.time_s[forward[0]]
    rises = _crossings(foot.time_s[span], foot.toe_y[span] - foot.toe_floor, TOE_RISE_LEG, rising=True)
    return _with_knee(foot, rises[-1]) if rises else (None, False)


def _with_knee(foot: _Foot, rise_s: float) -> tuple[float, bool]:
    """Mean of the toe's rise and the straightest knee, each with its lead taken off, where the two agree."""
    by_toe = rise_s - TOE_RISE_LEAD_S
    near = (foot.time_s > by_toe - 0.08) & (foot.time_s < by_toe + 0.08)
    knee = foot.knee_deg[near]
    if len(knee) < 3:
        return by_toe, False
    straightest = int(np.argmin(knee))
    if straightest in (0, len(knee) - 1):
        return by_toe, True
    by_knee = float(foot.time_s[near][straightest]) - KNEE_STRAIGHT_LEAD_S
    if abs(by_knee - by_toe) > CLUES_AGREE_S:
        return by_toe, True
    return (by_toe + by_knee) / 2, True


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
