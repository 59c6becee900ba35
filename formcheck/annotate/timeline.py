"""What the drawing needs to know about a clip at a moment: where the body is, who stands, what to point out.

Looks things up in the records; measures nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

from formcheck.annotate.toes import wrong_toes
from formcheck.records import Analysis, Event, FloatArray, Signals
from formcheck.skeleton import SIDES, Side, index_of, leg_indices

MomentKind = Literal["contact", "midstance", "toe_off"]
FAINTEST = 0.12
"""Opacity of what is hardly seen: still there, plainly a guess."""
REPAIRED = 0.6
"""Legs that were exchanged, jumped or bridged are drawn this much fainter."""
HOLD_S = 0.12
"""How long a moment's angles stay on the picture, in seconds of real time, centred on the moment."""
LAST_LOOK_S = 0.1
"""The body is looked for in every second or third picture; the clip's last ones may lie so far behind the last look."""

_LEGS = [i for side in SIDES for i in leg_indices(side)[1:]]


@dataclass(frozen=True)
class Pose:
    """The body at one time, in pixels of the picture drawn on."""

    xy_px: FloatArray
    """(33, 2); NaN where not seen."""
    solidity: FloatArray
    """(33,) how solid to draw each point, ``FAINTEST``..1."""
    up: FloatArray
    """(2,) unit vector: up, square to the belt."""
    forward: FloatArray
    """(2,) unit vector: where the runner is heading; NaN where that is unknown."""
    leg_px: float
    """Length of the near leg; NaN where unknown."""

    def joint(self, side: Side, name: str) -> FloatArray:
        """(2,) one joint of one side."""
        found: FloatArray = self.xy_px[index_of(side, name)]
        return found

    def middle(self, name: str) -> FloatArray:
        """(2,) midway between the left and the right joint; NaN unless both were seen."""
        return (self.joint("left", name) + self.joint("right", name)) / 2

    def opacity(self, *indices: int) -> float:
        """How solid to draw something resting on these points: the least sure one decides."""
        return min(self._solid[i] for i in indices)

    @cached_property
    def seen(self) -> list[bool]:
        """Whether each point was."""
        return [bool(x and y) for x, y in np.isfinite(self.xy_px)]

    @cached_property
    def _solid(self) -> list[float]:
        found: list[float] = self.solidity.tolist()  # numbers of Python's own are quicker one at a time
        return found


@dataclass(frozen=True)
class Stance:
    """One foot on the belt."""

    side: Side
    start_s: float
    end_s: float
    clean: bool


@dataclass(frozen=True)
class Readings:
    """The series at one time, degrees and per cent of leg length; NaN where there is none."""

    knee_deg: float
    """Flexion +."""
    thigh_deg: float
    """Knee behind hip +."""
    trunk_deg: float
    """Forward +."""
    ahead_pct: float
    """Ankle ahead of mid-hip +."""


@dataclass(frozen=True)
class Moment:
    """A moment worth pointing out, and its numbers."""

    kind: MomentKind
    side: Side
    time_s: float
    readings: Readings


class Timeline:
    """Positions, stances and moments of one clip, prepared once and looked up for each frame."""

    def __init__(self, analysis: Analysis, scale: float) -> None:
        self._signals = analysis.signals
        self._scale = scale
        known = (e for e in analysis.events if e.side is not None and np.isfinite(e.time_s))
        self.events = tuple(sorted(known, key=_time_s))
        self._event_times = [e.time_s for e in self.events]
        self.stances = {side: stances_of(self.events, side) for side in SIDES}
        self._starts = {side: [s.start_s for s in self.stances[side]] for side in SIDES}
        self.moments = tuple(sorted(_moments(analysis, self.stances[analysis.signals.near_side]), key=_time_s))
        self._moment_times = [m.time_s for m in self.moments]
        self._left_out = wrong_toes(analysis)
        self._doubtful = np.asarray(analysis.signals.doubtful.any(axis=1), dtype=np.float64)

    def pose_at(self, time_s: float) -> Pose:
        """The body at ``time_s``, in pixels of the picture."""
        signals = self._signals
        forward = {"right": 1.0, "left": -1.0}.get(signals.facing, np.nan)
        slope = np.deg2rad(signals.level_deg if np.isfinite(signals.level_deg) else 0.0)
        way = forward if np.isfinite(forward) else 1.0
        doubtful = bool(sample(signals, self._doubtful, time_s) > 0)
        xy_px = sample(signals, signals.xy_px, time_s) * self._scale
        xy_px[self._left_out] = np.nan
        return Pose(
            xy_px=xy_px,
            solidity=_solidity(sample(signals, signals.visibility, time_s), doubtful),
            up=np.array([-way * np.sin(slope), -np.cos(slope)]),
            forward=np.array([forward * np.cos(slope), -np.sin(slope) * abs(forward)]),
            leg_px=float(signals.leg_length_px) * self._scale,
        )

    def trunk_deg(self, time_s: float) -> float:
        """Forward lean +, degrees, at ``time_s``."""
        return series_at(self._signals, "trunk_lean_deg", time_s)

    def stance_at(self, side: Side, time_s: float) -> Stance | None:
        """The stance of this foot at ``time_s``; None while it is in the air, or nobody knows."""
        k = bisect_right(self._starts[side], time_s) - 1
        return self.stances[side][k] if k >= 0 and time_s <= self.stances[side][k].end_s else None

    def moment_at(self, time_s: float) -> Moment | None:
        """The nearest moment, while it is held."""
        first = bisect_left(self._moment_times, time_s - HOLD_S / 2)
        close = self.moments[first : bisect_right(self._moment_times, time_s + HOLD_S / 2)]
        return min(close, key=lambda m: abs(m.time_s - time_s), default=None)

    def stances_within(self, side: Side, start_s: float, end_s: float) -> tuple[Stance, ...]:
        """Stances of a side of which something lies between the two times; they follow one another."""
        first = max(bisect_right(self._starts[side], start_s) - 1, 0)
        found = self.stances[side][first : bisect_left(self._starts[side], end_s)]
        return found if not found or found[0].end_s > start_s else found[1:]

    def events_within(self, start_s: float, end_s: float) -> tuple[Event, ...]:
        """Events later than ``start_s`` and no later than ``end_s``."""
        return self.events[bisect_right(self._event_times, start_s) : bisect_right(self._event_times, end_s)]


def _time_s(what: Event | Moment) -> float:
    return what.time_s


def stances_of(events: Iterable[Event], side: Side) -> tuple[Stance, ...]:
    """Contacts of a side, each with the toe-off that follows before the next contact; others are left out."""
    mine = sorted((e for e in events if e.side == side), key=lambda e: e.time_s)
    return tuple(
        Stance(side, a.time_s, b.time_s, a.clean and b.clean)
        for a, b in pairwise(mine)
        if a.kind == "contact" and b.kind == "toe_off"
    )


def sample(signals: Signals, values: npt.NDArray[np.float64], time_s: float) -> FloatArray:
    """Row of ``values`` (m, ...) at ``time_s``, straight between neighbours; NaN outside the clip or in a gap.

    Up to one camera frame beyond either end counts as the end, and what lies between two looks for the body.
    """
    grid = signals.time_s
    beyond = max(1.0 / signals.frame_rate_hz, LAST_LOOK_S) if signals.frame_rate_hz > 0 else 0.0
    inside = len(grid) > 0 and grid[0] - beyond <= time_s <= grid[-1] + beyond
    if not inside:
        return np.full(values.shape[1:], np.nan)
    after = min(int(np.searchsorted(grid, time_s)), len(grid) - 1)
    before = max(after - 1, 0)
    step = float(grid[after] - grid[before])
    share = min(max((time_s - float(grid[before])) / step, 0.0), 1.0) if step > 0 else 1.0
    if share < 1e-3 or share > 1 - 1e-3:  # on a sample: a gap next to it must not spoil it
        return np.array(values[after if share > 0.5 else before], dtype=np.float64)
    return np.asarray(values[before] + share * (values[after] - values[before]), dtype=np.float64)


def _solidity(visibility: FloatArray, doubtful: bool) -> FloatArray:
    """Solid from a visibility of 0.65 up, fading below; legs fade further where they were repaired."""
    seen = np.where(np.isfinite(visibility), visibility, 0.0)
    solid = np.clip((seen - 0.15) / 0.5, FAINTEST, 1.0)
    if doubtful:
        solid[_LEGS] *= REPAIRED
    return solid


def series_at(signals: Signals, name: str, time_s: float) -> float:
    """One derived series at ``time_s``; NaN where there is no such series."""
    values = signals.series.get(name)
    return float("nan") if values is None else float(sample(signals, values, time_s))


def readings_at(signals: Signals, side: Side, time_s: float) -> Readings:
    """The numbers of one side at ``time_s``."""
    return Readings(
        knee_deg=series_at(signals, f"knee_flexion_{side}_deg", time_s),
        thigh_deg=series_at(signals, f"thigh_{side}_deg", time_s),
        trunk_deg=series_at(signals, "trunk_lean_deg", time_s),
        ahead_pct=series_at(signals, f"ankle_ahead_{side}_pct_leg", time_s),
    )


def _moments(analysis: Analysis, stances: Iterable[Stance]) -> Iterable[Moment]:
    """Contact, midstance and toe-off of each clean stance; numbers of a repaired one would mislead."""
    middles = [m for m in analysis.key_moments if m.kind == "midstance"]
    for stance in stances:
        if not stance.clean:
            continue
        chosen = [m.time_s for m in middles if m.side == stance.side and _within(m.time_s, stance)]
        middle = chosen[0] if chosen else (stance.start_s + stance.end_s) / 2
        times: tuple[tuple[MomentKind, float], ...] = (
            ("contact", stance.start_s),
            ("midstance", middle),
            ("toe_off", stance.end_s),
        )
        for kind, time_s in times:
            readings = readings_at(analysis.signals, stance.side, time_s)
            yield Moment(kind, stance.side, time_s, readings)


def _within(time_s: float, stance: Stance) -> bool:
    return stance.start_s <= time_s <= stance.end_s
