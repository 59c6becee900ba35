"""Where the joints are in one repetition or one hold: what the metrics of exercises and posture are made of.

Not a metric. A ``Figure`` has its joints in leg lengths (hip to knee to ankle), y up. From the side x is forward, the
way the person faces; from the front and from behind x is to the person's own left. So every formula on a figure is
the same for both facings and for both views across.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from formcheck.geometry import behind_deg, flexion_deg, lean_deg, length, rotate_deg
from formcheck.metrics import by_repetition
from formcheck.metrics.summary import not_measurable
from formcheck.records import FloatArray, Hold, Measurement, Note, Recording, Repetition
from formcheck.skeleton import INDEX, SIDES, Side, index_of, other

STILL_S = 0.2
"""A moment is the median over so long, which averages out the pose network's flicker."""
HOLD_TRIM_S = 0.5
"""Left out at both ends of a hold: getting into it and out of it."""


@dataclass(frozen=True)
class Figure:
    """Joints by name, each (2,) at one moment or (n, 2) over a stretch; leg lengths; NaN where not seen."""

    at: Mapping[str, FloatArray]
    near: Side
    """Of a view from the side: which side of the body is nearer to the camera."""

    def __getitem__(self, joint: str) -> FloatArray:
        return self.at[joint]

    def of(self, side: Side, joint: str) -> FloatArray:
        """One side's joint."""
        return self.at[f"{side}_{joint}"]

    def mid(self, joint: str) -> FloatArray:
        """Half-way between the left and the right one."""
        return (self.of("left", joint) + self.of("right", joint)) / 2


# ------------------------------------------------------------------------------------------------------- geometry


def trunk_lean_deg(f: Figure) -> FloatArray:
    """Mid-hip to mid-shoulder against the vertical; from the side forward +, across toward the person's left +."""
    return lean_deg(f.mid("hip"), f.mid("shoulder"))


def thigh_forward_deg(f: Figure, side: Side) -> FloatArray:
    """Thigh against the vertical, knee ahead of the hip +: 0 standing, 90 with the thigh level. -180..180."""
    return -behind_deg(f.of(side, "hip"), f.of(side, "knee"))


def shin_lean_deg(f: Figure, side: Side) -> FloatArray:
    """Ankle to knee against the vertical, knee ahead of the ankle +."""
    return lean_deg(f.of(side, "ankle"), f.of(side, "knee"))


def knee_flexion_deg(f: Figure, side: Side) -> FloatArray:
    """0 straight, + bent. Only from the side."""
    return flexion_deg(f.of(side, "hip"), f.of(side, "knee"), f.of(side, "ankle"))


def angle_deg(first: FloatArray, joint: FloatArray, second: FloatArray) -> FloatArray:
    """Unsigned angle at ``joint`` between two points, 0..180; 180 is a straight line."""
    a, b = first - joint, second - joint
    cosine = (a * b).sum(axis=-1) / np.maximum(length(first, joint) * length(second, joint), 1e-9)
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def level_deg(f: Figure, joint: str) -> FloatArray:
    """The line between both hips or shoulders against the horizontal, the left one higher +. Across only."""
    d = f.of("left", joint) - f.of("right", joint)
    return np.asarray(np.degrees(np.arctan2(d[..., 1], d[..., 0])))


def heel_lift_pct_leg(f: Figure, side: Side) -> FloatArray:
    """Height of the heel above the ball of the foot."""
    return 100 * (f.of(side, "heel")[..., 1] - f.of(side, "foot_index")[..., 1])


def wrapped_deg(angle: FloatArray) -> FloatArray:
    """The same angle within -180..180."""
    return np.asarray((angle + 180.0) % 360.0 - 180.0)


# -------------------------------------------------------------------------------------------- figures of a clip


def figures(recording: Recording, start_s: float, end_s: float) -> Figure:
    """The person over a stretch, joints (n, 2); at least the sample nearest to its middle, none of an empty clip."""
    signals = recording.signals
    inside = (signals.time_s >= start_s) & (signals.time_s <= end_s)
    if not inside.any() and len(signals.time_s):
        inside[int(np.argmin(np.abs(signals.time_s - (start_s + end_s) / 2)))] = True
    points = _own(recording, signals.xy_px[inside])
    return Figure({name: points[:, i] for name, i in INDEX.items()}, signals.near_side)


def still(recording: Recording, start_s: float, end_s: float) -> Figure:
    """Where each joint is over a stretch: its median, (2,)."""
    f = figures(recording, start_s, end_s)
    return Figure({name: _median(points) for name, points in f.at.items()}, f.near)


def moment(recording: Recording, time_s: float) -> Figure:
    """The person at one moment."""
    return still(recording, time_s - STILL_S / 2, time_s + STILL_S / 2)


def inner(hold: Hold) -> tuple[float, float]:
    """A hold without its ends; of a short one the middle half."""
    trim = min(HOLD_TRIM_S, (hold.end_s - hold.start_s) / 4)
    return hold.start_s + trim, hold.end_s - trim


def held(recording: Recording, hold: Hold) -> Figure:
    """The person as held."""
    return still(recording, *inner(hold))


def leg_px(xy_px: FloatArray) -> float:
    """Hip to knee to ankle of a track (n, 33, 2), where it looks longest: bent legs look short from the front."""
    best = [_long(xy_px, side, "hip", "knee") + _long(xy_px, side, "knee", "ankle") for side in SIDES]
    seen = [value for value in best if math.isfinite(value) and value > 0]
    return max(seen) if seen else math.nan


def _long(xy: FloatArray, side: Side, first: str, second: str) -> float:
    found = length(xy[:, index_of(side, first)], xy[:, index_of(side, second)])
    found = found[np.isfinite(found)]
    return float(np.percentile(found, 90)) if len(found) else math.nan


def _median(points: FloatArray) -> FloatArray:
    good = points[np.isfinite(points).all(axis=1)]
    return np.median(good, axis=0) if len(good) else np.full(2, np.nan)


def _own(recording: Recording, xy_px: FloatArray) -> FloatArray:
    """Pixels as leg lengths in the person's own directions."""
    signals = recording.signals
    backward = signals.facing == "left" if recording.view == "side" else recording.view == "rear"
    points = xy_px * np.array([-1.0 if backward else 1.0, -1.0]) / leg_px(signals.xy_px)
    return rotate_deg(points, -signals.level_deg)


# ------------------------------------------------------------------------------------------------- measurements

ValueOfRep = Callable[[Repetition], float]
ValueOfHold = Callable[[Hold], float]


def of_reps(
    recording: Recording, metric: str, unit: str, value_of: ValueOfRep, per_side: bool = False
) -> list[Measurement]:
    """Median over the repetitions whose far end was seen, those cut before or after it included.

    Where the card is per side, one row for each side exercised.
    """
    seen = [replace(rep, complete=True) for rep in recording.reps if _top_seen(recording, rep)]
    sides = sorted({rep.side for rep in seen if rep.side is not None}) if per_side else []
    if not sides:
        return [by_repetition.of_reps(recording, metric, unit, value_of, reps=seen)]
    return [
        by_repetition.of_reps(recording, metric, unit, value_of, reps=[r for r in seen if r.side == side], side=side)
        for side in sides
    ]


def _top_seen(recording: Recording, rep: Repetition) -> bool:
    """Complete, or cut so far from its far end that this is no mere last picture."""
    time_s = recording.signals.time_s
    if rep.complete or not len(time_s):
        return rep.complete
    return bool(time_s[0] + STILL_S < rep.top_s < time_s[-1] - STILL_S)


def rest(recording: Recording, rep: Repetition) -> Figure:
    """The person before the repetition; after it where the clip begins within."""
    return moment(recording, rep.start_s if math.isfinite(rep.start_s) else rep.end_s)


def of_holds(
    recording: Recording, metric: str, unit: str, value_of: ValueOfHold, per_side: bool = False
) -> list[Measurement]:
    """The value of the longest hold; where the card is per side, of the longest one of each side held."""
    sides = sorted({hold.side for hold in recording.holds if hold.side is not None}) if per_side else []
    asked: list[Side | None] = [*sides] or [None]
    return [_of_longest(recording, metric, unit, value_of, side) for side in asked]


def _of_longest(recording: Recording, metric: str, unit: str, value_of: ValueOfHold, side: Side | None) -> Measurement:
    hold = by_repetition.longest(recording.holds, side)
    if hold is None:
        return not_measurable(metric, unit, side, Note("no_hold"))
    value = float(value_of(hold))
    if not math.isfinite(value):
        return not_measurable(metric, unit, side, Note("not_seen"))
    return replace(by_repetition.single(recording, metric, unit, value, (hold.start_s + hold.end_s) / 2), side=side)


def working(side: Side | None, recording: Recording) -> Side:
    """The exercised side; the near one where nobody could tell."""
    return side or recording.signals.near_side


def free(side: Side | None, recording: Recording) -> Side:
    """The other one."""
    return other(working(side, recording))
