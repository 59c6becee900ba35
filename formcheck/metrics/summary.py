"""From one value a stride to one number a person reads: median, spread, count, 95 % uncertainty, or the reason why not.

Not a metric. The uncertainty is what this project measured against truth, not a guess: ``accuracy.toml`` holds, for
each metric, the SD over clips of (measured - true), by pose network and, where it matters, frame rate. It is combined
with the error of a median over n strides:

    uncertainty = 1.96 * sqrt(error_sd ** 2 + 1.57 * spread ** 2 / n)

(pi / 2 = 1.57: variance of a median against that of a mean, for values scattered normally).
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any, get_args

import numpy as np
from scipy.interpolate import CubicSpline

from formcheck.records import FloatArray, Measurement, Note, PoseProfile, Recording, Signals, Status, Stride, View
from formcheck.signals import NETWORK
from formcheck.skeleton import SIDES, Side, index_of

MIN_STRIDES = 4
SLOW_CAMERA_HZ = 45.0
SMALL_PERSON_LEG_PX = 110.0
"""Legs shorter than this in the picture, hip to ankle: joints lie a pixel of the network's input or more apart."""
TRUSTED_VISIBILITY = 0.5
"""Median visibility of a leg below which its numbers deserve less trust."""

ValueOfStride = Callable[[Stride], float]


def per_side(recording: Recording, metric: str, unit: str, value_of: ValueOfStride) -> list[Measurement]:
    """One measurement for each foot, for what can be timed on both: both feet's marks are seen."""
    return [of_strides(recording, metric, unit, side, value_of) for side in SIDES]


def near_side(recording: Recording, metric: str, unit: str, value_of: ValueOfStride) -> list[Measurement]:
    """The near leg's number, and why there is none for the far leg: the near leg hides it half of the time."""
    near = recording.signals.near_side
    rows = []
    for side in SIDES:
        if side == near:
            rows.append(of_strides(recording, metric, unit, side, value_of))
        else:
            rows.append(not_measurable(metric, unit, side, Note("far_side")))
    return rows


def whole_body(recording: Recording, metric: str, unit: str, value_of: ValueOfStride) -> list[Measurement]:
    """One measurement of the body as a whole, over the near foot's strides."""
    strides = [s for s in recording.strides if s.side == recording.signals.near_side]
    return [over(recording, metric, unit, None, strides, value_of)]


def of_strides(
    recording: Recording, metric: str, unit: str, side: Side, value_of: ValueOfStride, least: int = MIN_STRIDES
) -> Measurement:
    """Median over the clean strides of one foot; not measurable below ``least`` of them."""
    strides = [s for s in recording.strides if s.side == side]
    return over(recording, metric, unit, side, strides, value_of, least)


def not_measurable(metric: str, unit: str, side: Side | None, reason: Note) -> Measurement:
    """A measurement without a number, and why."""
    return Measurement(metric, side, unit, None, status="not_measurable", reason=reason)


def over(
    recording: Recording,
    metric: str,
    unit: str,
    side: Side | None,
    strides: list[Stride],
    value_of: ValueOfStride,
    least: int = MIN_STRIDES,
) -> Measurement:
    """Median over the clean ones of ``strides``; not measurable below ``least``, less sure of a leg hardly seen."""
    pairs = [(stride.contact_s, value_of(stride)) for stride in strides if stride.clean]
    pairs = [(time, value) for time, value in pairs if math.isfinite(value)]
    if len(pairs) < least:
        return not_measurable(metric, unit, side, Note("too_few_strides", {"n": len(pairs), "needed": least}))
    values = np.array([value for _, value in pairs])
    spread = float(values.std(ddof=1))
    status, reason = _trust(recording.signals, side) if recording.view == "side" else ("ok", None)
    return Measurement(
        metric=metric,
        side=side,
        unit=unit,
        value=float(np.median(values)),
        spread=spread,
        n=len(values),
        uncertainty=uncertainty(metric, recording.signals, spread, len(values), recording.view),
        status=status,
        reason=reason,
        values=tuple(values.tolist()),
        times_s=tuple(time for time, _ in pairs),
    )


def _trust(signals: Signals, side: Side | None) -> tuple[Status, Note | None]:
    """Less trust where the leg was hardly seen over the whole clip."""
    leg = [index_of(side or signals.near_side, joint) for joint in ("knee", "ankle", "foot_index")]
    if float(np.median(signals.visibility[:, leg])) < TRUSTED_VISIBILITY:
        return "low_confidence", Note("landmarks_doubtful")
    return "ok", None


# ------------------------------------------------------------------------------------------------- uncertainty


def uncertainty(metric: str, signals: Signals, spread: float, n: int, view: View = "side") -> float:
    """Half-width of the 95 % interval, in the metric's unit. Formula and source at the top of this module."""
    error_sd = error_sd_of(metric, signals, view)
    return 1.96 * math.sqrt(error_sd**2 + (math.pi / 2) * spread**2 / max(n, 1))


def error_sd_of(metric: str, signals: Signals, view: View = "side") -> float:
    """SD over clips of (measured - true) for a metric, by pose profile, frame rate and size of the person.

    KeyError if the metric was never measured against truth.
    """
    table = _accuracy("accuracy_rear.toml" if view in ("rear", "front") else "accuracy.toml")
    row = table.get(metric) or _accuracy("accuracy_standing.toml")[metric]
    sd = float(row[_profile(signals.finder)])
    if signals.frame_rate_hz < SLOW_CAMERA_HZ:
        sd *= float(row.get("slow_camera_factor", 1.0))
    if signals.leg_length_px < SMALL_PERSON_LEG_PX:
        sd *= float(table["conditions"]["small_person_factor"])
    return sd


def _profile(finder: str) -> str:
    """The profile that a finder names first; a finder of another make counts as the usual one."""
    named = finder.partition(":")[0]
    return named if named in get_args(PoseProfile) else "balanced"


@cache
def _accuracy(file: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("formcheck").joinpath(file).read_text(encoding="utf-8"))


# -------------------------------------------------------------------------------------------- series at moments

LANDING_READ_BEFORE_S = 0.005
"""Knee and shank begin to give way as the foot touches; looks and filter smear that into the moments before it. On the
tuning clips of the bench 5 to 10 ms before the contact found come nearest to the true angles at the true contact; the
least is taken, for 8 ms did worse on the clips kept back."""


def landing_s(signals: Signals, stride: Stride) -> float:
    """When to read an angle that turns sharply at contact: at the contact itself from markers, else just before."""
    return stride.contact_s - (LANDING_READ_BEFORE_S if NETWORK in signals.finder else 0.0)


class Curve:
    """A series between its samples: cubic where it was seen, NaN in its gaps.

    ``curve(time)`` and ``curve.at(times)`` give values; ``curve.span(start, end)`` a fine view of a stretch for its
    extremes and mean.
    """

    def __init__(self, signals: Signals, name: str) -> None:
        self._time_s = signals.time_s
        self._values = signals.series.get(name, np.full(len(signals.time_s), np.nan))
        good = np.isfinite(self._values)
        self._spline = CubicSpline(self._time_s[good], self._values[good]) if good.sum() >= 4 else None

    def __call__(self, time_s: float) -> float:
        """Value at one moment; NaN outside the clip or in a gap."""
        return float(self.at(np.array([time_s]))[0])

    def span(self, start_s: float, end_s: float) -> FloatArray:
        """Values over a stretch, at least every 5 ms; a single NaN where any of it was not seen."""
        times = np.linspace(start_s, end_s, max(3, int((end_s - start_s) / 0.005)))
        values = self.at(times)
        return values if np.isfinite(values).all() else np.array([np.nan])

    def at(self, times: FloatArray) -> FloatArray:
        """Values at several moments (n,), NaN as for one."""
        if self._spline is None:
            return np.full(len(times), np.nan)
        values = np.asarray(self._spline(times))
        after = np.clip(np.searchsorted(self._time_s, times), 1, len(self._time_s) - 1)
        seen = np.isfinite(self._values[after]) & np.isfinite(self._values[after - 1])
        inside = (times >= self._time_s[0]) & (times <= self._time_s[-1])
        return np.where(seen & inside, values, np.nan)
