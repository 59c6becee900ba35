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

Each foot is looked at alone (``foot_events.py`` says how); here the two are held against each other: a moment that
nobody saw is filled in where the other foot shows that it must have been, and what no runner can do is not clean.
How near the moments are to force plates: ``docs/accuracy.md``.
"""

from __future__ import annotations

from bisect import bisect, bisect_left
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import numpy as np

from formcheck.foot_events import MIN_CONTACT_S, events_of_foot
from formcheck.geometry import NORMAL_MEDIAN
from formcheck.records import BoolArray, Event, EventKind, FloatArray, Signals, Stride
from formcheck.skeleton import SIDES, Side, other

MAX_CONTACT_S = 0.45
MAX_REPAIRED_SHARE = 0.15
STRIDE_TOLERANCE = 0.25
"""Strides further from the median stride time than this share are not of steady running."""
OFF_BEAT_SDS, OFF_BEAT_SHARE = 4.5, 0.06
"""Nor are those further from it than both of these: robust SDs of the clip's own stride times, which hold the errors of
timing, and a share of the median. Where a clip is cut, looped or paused its strides are off by up to half a stride."""
MIN_SEEN_TO_FILL, MIN_SEEN_SHARE_TO_FILL = 4, 0.6
"""Nothing is filled in unless so many strides, and this share of all, show the moment."""


def detect_events(signals: Signals) -> tuple[Event, ...]:
    """Contacts and toe-offs of both feet, in time order; empty when nobody runs or walks here.

    Moments that were not seen but must have been are filled in from the other foot and are not clean.
    """
    found = [event for side in SIDES for event in events_of_foot(signals, side)]
    for side in SIDES:
        found += _unseen(found, "contact", side) + _unseen(found, "toe_off", side)
    in_time = sorted(found, key=lambda event: event.time_s)
    return tuple(sorted(_plausible(in_time), key=lambda event: event.time_s))


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
    steady = ~off_beat(stride_times_s(strides))
    return [replace(stride, clean=stride.clean and bool(ok)) for stride, ok in zip(strides, steady, strict=True)]


def off_beat(stride_s: FloatArray) -> BoolArray:
    """Which of these stride times (n,), seconds, are not of the rhythm of the others."""
    if not len(stride_s):
        return np.zeros(0, dtype=bool)
    usual = float(np.median(stride_s))
    off = np.abs(stride_s - usual)
    limit = max(OFF_BEAT_SDS * float(np.median(off)) / NORMAL_MEDIAN, OFF_BEAT_SHARE * usual)
    return np.asarray(off > min(limit, STRIDE_TOLERANCE * usual))


def rhythm_breaks(strides: Iterable[Stride], signals: Signals) -> int:
    """How often both feet lose the rhythm at once though both were well seen: a cut, a loop or a pause of the clip."""
    seen = well_seen(strides, signals)
    lost = [stride for stride, is_off in zip(seen, off_beat(stride_times_s(seen)), strict=True) if is_off]
    left, right = ([(s.contact_s, s.next_contact_s) for s in lost if s.side == side] for side in SIDES)
    both = sorted((max(a, c), min(b, d)) for a, b in left for c, d in right if max(a, c) < min(b, d))
    return sum(not n or start > both[n - 1][1] for n, (start, _) in enumerate(both))


def well_seen(strides: Iterable[Stride], signals: Signals) -> list[Stride]:
    """The strides through which the leg was seen; whether they keep time does not matter."""
    return [s for s in strides if _little_repaired(signals, s.side, s.contact_s, s.next_contact_s)]


def stride_times_s(strides: Iterable[Stride]) -> FloatArray:
    """(n,) from contact to the same foot's next."""
    return np.array([stride.next_contact_s - stride.contact_s for stride in strides])


def _little_repaired(signals: Signals, side: Side, start_s: float, end_s: float) -> bool:
    inside = (signals.time_s >= start_s) & (signals.time_s <= end_s)
    return bool(inside.any()) and float(signals.doubtful[inside, SIDES.index(side)].mean()) <= MAX_REPAIRED_SHARE


# ------------------------------------------------------------------------------------------------------- both feet


def _unseen(events: list[Event], kind: EventKind, side: Side) -> list[Event]:
    """Moments of one foot that are missing between two like ones of the other, where these usually hold one.

    They lie at that foot's usual share of the way between the two. Where both feet are missing, nothing is filled in.
    """
    mine, theirs = _times(events, kind, side), _times(events, kind, other(side))
    if len(theirs) < MIN_SEEN_TO_FILL:
        return []
    usual = float(np.median(np.diff(theirs)))
    steps = [(a, b) for a, b in pairwise(theirs) if abs(b - a - usual) <= STRIDE_TOLERANCE * usual]
    inside = [mine[bisect(mine, a) : bisect_left(mine, b)] for a, b in steps]
    shares = [(times[0] - a) / (b - a) for (a, b), times in zip(steps, inside, strict=True) if len(times) == 1]
    if len(shares) < max(MIN_SEEN_TO_FILL, MIN_SEEN_SHARE_TO_FILL * len(steps)):
        return []
    share = float(np.median(shares))
    return [
        Event(kind, side, a + share * (b - a), clean=False)
        for (a, b), times in zip(steps, inside, strict=True)
        if not times
    ]


def _times(events: list[Event], kind: EventKind, side: Side) -> list[float]:
    return sorted(event.time_s for event in events if (event.kind, event.side) == (kind, side))


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
            clean &= bisect_left(other_contacts, after[0].time_s) - bisect(other_contacts, event.time_s) == 1
    return Event(event.kind, event.side, event.time_s, clean)
