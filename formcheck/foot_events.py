"""The moments at which one foot meets and leaves the ground, from its own tracks; ``events.py`` has the picture.

The ground moves backward under the runner: the belt under a treadmill runner, the road under one the camera follows or
watches passing. Foot tracks are therefore taken against the body's slow path (averaged over a stride), in which the
foot on the ground moves backward at one speed v whatever the camera does.

* Contact: the foot (two parts heel, one part ankle), coming from a forward swing, reaches ``CONTACT_SPEED_SHARE`` of v
  backward. It does so ``CONTACT_LAG_S`` after the plate feels 50 N, alike for heel, midfoot and forefoot runners, at
  all speeds and frame rates: no correction by foot strike or frame rate is needed.
* Toe-off: the plain mean of four ``CLUES`` around it, each with its own lag taken off: the knee bends and the shank
  tips at a certain rate, the ankle has risen a little, the ankle has become slower than the ground. Rates, because a
  constant error of an angle does not change them; joints only, because a toe landmark may mean the tip or the ball of
  the foot. Lags follow the ground's speed, so that a clue that was not seen, or that contradicts the others, can be
  left out.

Constants are from motion capture with force plates (Fukuchi et al. 2017, 10.7717/peerj.3298): lags are means over eight
runners at 2.5, 3.5 and 4.5 m/s (``python -m tests.accuracy --fit``); weights are equal because fitted ones did worse on
a runner left out. Of the many clues tried, those were kept that also hold through the pose network on bodies moved by
real runners' joint angles: leg length, hip acceleration and thighs do not. Slower than 2 or faster than 6 leg lengths
a second nobody was measured. Sub-frame: tracks are splines between frames. Never from ankle extremes: those make
contact 130 ms too long.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy.interpolate import CubicSpline

from formcheck.leg_angles import Network
from formcheck.records import Event, FloatArray, Signals
from formcheck.signals import NETWORK, network_of
from formcheck.skeleton import Side

CONTACT_SPEED_SHARE, CONTACT_LAG_S = 0.70, 0.0076
HEEL_SHARE = 2 / 3
"""Of the foot's track; the ankle gives the rest."""
MIN_SWING_LEG, MIN_SWING_SHARE = 0.3, 0.4
"""A foot has swung when it moved forward, against the body, so many leg lengths and this share of its usual swing."""
MIN_FIRST_SWING_LEG = 0.06
"""The clip may begin late in a swing."""
SWING_LAG_STRIDES = 0.13
"""The foot is farthest behind the body this share of a stride after toe-off."""
CLUE_REACH_STRIDES = 0.15
CLUES_AGREE_S, CLUES_DISAGREE_S = 0.030, 0.060
"""From the middle clue: one this near counts in full, one this far not at all, in between by how near it is, so that a
clue on the border does not make toe-off jump."""
LOW_ANKLE_LEG = 0.11
"""A foot that moves backward with its ankle less than this above its lowest is on the ground."""
MEDIUM_SPEED, SLOWEST, FASTEST = 4.0, 2.0, 6.0
"""Leg lengths a second; the plates saw 2.6 to 5.4."""
MIN_CONTACT_S = 0.10
MAX_CONTACT_STRIDES = 0.8
EDGE_S = 0.06
"""Filters know only one side of a moment this close to the ends of what was seen."""
LATE_OF_NETWORK_S: dict[Network, float] = {"heavy": 0.004, "full": 0.010}
"""So much later MediaPipe's joints show toe-off than exact joints of the same rendered runners do: mean over the tuning
clips of the bench (near foot, heavy: 4 ms, SD 4; full: 11 ms, SD 12). Contact moves by less than 3 ms either way and is
left where it is."""
FINE_RATE_HZ = 500.0
_USUAL_STRIDE_S = 0.7


@dataclass(frozen=True)
class Clue:
    """One way to see toe-off: a track rises through a level some time after the foot has left the plate."""

    track: str
    level: float
    lag_s: float
    """At ``MEDIUM_SPEED``."""
    lag_per_speed_s: float
    """By how much the lag grows with each leg length a second."""

    def lag_at(self, ground_speed: float) -> float:
        """Seconds after toe-off, for a ground speed in leg lengths a second."""
        return self.lag_s + self.lag_per_speed_s * (float(np.clip(ground_speed, SLOWEST, FASTEST)) - MEDIUM_SPEED)


CLUES: tuple[Clue, ...] = (
    Clue("knee_bending_deg_s", 150.0, 0.0250, 0.0000),
    Clue("shank_tipping_deg_s", 150.0, 0.0165, -0.0029),
    Clue("ankle_rise_leg", 0.13, 0.0140, -0.0057),
    Clue("ankle_off_ground_speed", 0.3, -0.0432, 0.0084),
)
"""Surest first: each is looked for near the mean of those before it."""


@dataclass(frozen=True)
class _Foot:
    """One stretch of one foot on a fine time grid, in leg lengths, degrees and seconds."""

    side: Side
    time_s: FloatArray
    vx: FloatArray
    ground_speed: float
    clues: dict[str, FloatArray]
    """Tracks of ``CLUES``; NaN where not seen."""

    def between(self, start_s: float, end_s: float) -> _Foot:
        """A part of the stretch, so that a stride of a long clip does not look through the whole clip."""
        part = slice(*np.searchsorted(self.time_s, [start_s, end_s]))
        clues = {name: track[part] for name, track in self.clues.items()}
        return replace(self, time_s=self.time_s[part], vx=self.vx[part], clues=clues)


def events_of_foot(signals: Signals, side: Side) -> list[Event]:
    """Contacts and toe-offs of one foot in time order; none where the ground does not pass under it."""
    ground = _ground(signals, side)
    if ground is None:
        return []
    late_s = LATE_OF_NETWORK_S[network_of(signals.finder)] if NETWORK in signals.finder else 0.0
    found: list[Event] = []
    for run in _finite_runs(signals, side):
        found += _events_of_run(_foot(signals, side, run, *ground), late_s)
    return found


def _finite_runs(signals: Signals, side: Side) -> list[slice]:
    names = [f"{joint}_{axis}_{side}_leg" for joint in ("heel", "ankle") for axis in "xy"]
    names += [f"knee_flexion_{side}_deg", f"shank_{side}_deg"]
    good = np.isfinite(np.stack([signals.series[name] for name in names])).all(axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], good, [False]]).astype(np.int8)))
    return [slice(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= 8]


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


def _foot(signals: Signals, side: Side, run: slice, ground_speed: float, ankle_floor: float) -> _Foot:
    series, time_s = signals.series, signals.time_s[run]
    fine = np.arange(time_s[0], time_s[-1], 1.0 / FINE_RATE_HZ)

    def slope(name: str) -> FloatArray:
        return np.asarray(CubicSpline(time_s, series[name][run])(fine, 1))

    ankle_rise = np.asarray(CubicSpline(time_s, series[f"ankle_y_{side}_leg"][run])(fine)) - ankle_floor
    ankle_vx = slope(f"ankle_x_{side}_leg")
    return _Foot(
        side=side,
        time_s=fine,
        vx=HEEL_SHARE * slope(f"heel_x_{side}_leg") + (1 - HEEL_SHARE) * ankle_vx,
        ground_speed=ground_speed,
        clues={
            "knee_bending_deg_s": slope(f"knee_flexion_{side}_deg"),
            "shank_tipping_deg_s": -slope(f"shank_{side}_deg"),
            "ankle_rise_leg": ankle_rise,
            "ankle_off_ground_speed": 1.0 + ankle_vx / ground_speed,
        },
    )


def _events_of_run(foot: _Foot, late_s: float) -> list[Event]:
    starts = _contacts(foot)
    stride_s = float(np.median(np.diff(starts))) if len(starts) > 1 else _USUAL_STRIDE_S
    lifts = [_lift_between(foot, a + MIN_CONTACT_S / 2, b, stride_s) for a, b in _spans(foot, starts)]
    lifts.insert(0, _lift_before(foot, starts[0] if starts else float(foot.time_s[-1]), stride_s))
    events = [
        Event("contact", foot.side, time - CONTACT_LAG_S, _clear_of_ends(foot, time - CONTACT_LAG_S)) for time in starts
    ]
    for time, sure in (lift for lift in lifts if lift is not None):
        events.append(Event("toe_off", foot.side, time - late_s, sure and _clear_of_ends(foot, time)))
    return sorted(events, key=lambda event: event.time_s)


def _spans(foot: _Foot, contacts: list[float]) -> list[tuple[float, float]]:
    return list(pairwise([*contacts, float(foot.time_s[-1])])) if contacts else []


def _clear_of_ends(foot: _Foot, time_s: float) -> bool:
    return float(foot.time_s[0]) + EDGE_S < time_s < float(foot.time_s[-1]) - EDGE_S


def _contacts(foot: _Foot) -> list[float]:
    """Times at which the foot, after a forward swing, first moves backward with the ground; lag not yet taken off."""
    crossings = _crossings(foot.time_s, -foot.vx, CONTACT_SPEED_SHARE * foot.ground_speed)
    forward = np.concatenate([[0.0], np.cumsum(np.maximum(foot.vx, 0.0))]) / FINE_RATE_HZ
    index = np.searchsorted(foot.time_s, [float(foot.time_s[0]), *crossings])
    swings = np.diff(forward[index])
    if len(swings) == 0:
        return []
    enough = np.full(len(swings), max(MIN_SWING_LEG, MIN_SWING_SHARE * float(np.percentile(swings, 75))))
    enough[0] = MIN_FIRST_SWING_LEG
    return [time for time, swing, least in zip(crossings, swings, enough, strict=True) if swing >= least]


def _lift_before(foot: _Foot, contact_s: float, stride_s: float) -> tuple[float, bool] | None:
    """A toe-off of a stance that began before the stretch."""
    before = foot.between(-np.inf, contact_s)
    on_ground = before.vx < -CONTACT_SPEED_SHARE * foot.ground_speed
    on_ground &= before.clues["ankle_rise_leg"] < LOW_ANKLE_LEG
    if not on_ground.any():
        return None
    return _lift_between(foot, float(before.time_s[np.argmax(on_ground)]), contact_s, stride_s)


def _lift_between(foot: _Foot, start_s: float, end_s: float, stride_s: float) -> tuple[float, bool] | None:
    """Toe-off between two moments and whether its clues agree; None when the foot does not swing in between."""
    end_s = min(end_s, start_s + MAX_CONTACT_STRIDES * stride_s)
    swing_s = _start_of_swing(foot.between(start_s, end_s))
    if swing_s is None:
        return None
    expected_s, reach_s = swing_s - SWING_LAG_STRIDES * stride_s, CLUE_REACH_STRIDES * stride_s
    near = foot.between(max(start_s, expected_s - reach_s), min(end_s, expected_s + reach_s))
    times: list[float] = []
    for clue in CLUES:
        time = _clue_time(near, clue, float(np.mean(times)) if times else expected_s)
        times += [] if time is None else [time]
    return _mean_of_agreeing(times)


def _start_of_swing(foot: _Foot) -> float | None:
    """When the foot is farthest behind before it moves forward fastest; None when it does not move forward at all.

    Not when it last turns forward: a foot that hesitates in mid-swing does so twice.
    """
    if len(foot.vx) == 0 or foot.vx.max() <= 0:
        return None
    return float(foot.time_s[np.argmin(np.cumsum(foot.vx[: np.argmax(foot.vx) + 1]))])


def _clue_time(foot: _Foot, clue: Clue, expected_s: float) -> float | None:
    """Toe-off by one clue: its rise nearest to where it is expected, lag taken off."""
    lag_s = clue.lag_at(foot.ground_speed)
    rises = _crossings(foot.time_s, foot.clues[clue.track], clue.level)
    return min((rise - lag_s for rise in rises), key=lambda time: abs(time - expected_s), default=None)


def _mean_of_agreeing(times: list[float]) -> tuple[float, bool] | None:
    """Mean of the times near their middle one, and whether at least two are."""
    if not times:
        return None
    off = np.abs(np.array(times) - float(np.median(times)))
    weights = np.clip((CLUES_DISAGREE_S - off) / (CLUES_DISAGREE_S - CLUES_AGREE_S), 0.0, 1.0)
    if not weights.any():
        return float(np.mean(times)), len(times) > 1
    return float(np.average(times, weights=weights)), int((weights >= 0.5).sum()) > 1


def _crossings(time_s: FloatArray, values: FloatArray, level: float) -> list[float]:
    """Times at which a track rises through a level."""
    above = values - level
    if len(above) < 2:
        return []
    i = np.flatnonzero((above[:-1] < 0) & (above[1:] >= 0))
    return [float(t) for t in time_s[i] + (time_s[i + 1] - time_s[i]) * above[i] / (above[i] - above[i + 1])]
