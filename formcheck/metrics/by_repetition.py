"""From one value a repetition, or the values of a hold, to one number a person reads. Not a metric.

Where numbers turned out to be wrong by the same amount on clip after clip, that is taken off again (``bias``: mean
found - true) or they are multiplied by what they fell short by (``factor``), as ``exercise_accuracy.toml`` says.

As in ``summary.py`` the uncertainty is what was measured against truth (``exercise_accuracy.toml``: SD over rendered
clips of found - true, by metric), combined with the error of a median over n repetitions. A metric without a row there
takes its unit's, which is wide.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from formcheck.metrics.summary import not_measurable
from formcheck.records import BoolArray, FloatArray, Hold, Measurement, Note, Recording, Repetition, Signals, Status
from formcheck.skeleton import SIDES, Side, index_of

TRUSTED_VISIBILITY = 0.3
"""Median visibility of the joints a number needs; below it the network guesses where they are."""
ValueOfRep = Callable[[Repetition], float]


def of_reps(
    recording: Recording,
    metric: str,
    unit: str,
    value_of: ValueOfRep,
    joints: Sequence[str] = (),
    reps: Sequence[Repetition] | None = None,
    side: Side | None = None,
) -> Measurement:
    """Median over the complete repetitions (or those given); not measurable without one.

    ``joints`` are those that the number rests on: hardly seen (out of the picture, hidden), they cost it its trust.
    """
    chosen = [rep for rep in (recording.reps if reps is None else reps) if rep.complete]
    pairs = [(rep.top_s, value_of(rep)) for rep in chosen]
    pairs = [(time_s, value) for time_s, value in pairs if math.isfinite(value)]
    if not pairs:
        return not_measurable(metric, unit, side, Note("no_complete_repetition"))
    values = np.array([value for _, value in pairs])
    return _measurement(recording, metric, unit, side, values, [time_s for time_s, _ in pairs], joints)


def of_hold(
    recording: Recording,
    metric: str,
    unit: str,
    series: FloatArray,
    joints: Sequence[str] = (),
    side: Side | None = None,
) -> Measurement:
    """Median of a series (m,) over the longest hold; not measurable without one."""
    hold = longest(recording.holds, side)
    if hold is None:
        return not_measurable(metric, unit, side, Note("no_hold"))
    inside = within(recording.signals, hold.start_s, hold.end_s) & np.isfinite(series)
    if inside.sum() < 3:
        return not_measurable(metric, unit, side, Note("not_seen"))
    values = np.array([float(np.median(series[inside]))])
    return _measurement(recording, metric, unit, side, values, [(hold.start_s + hold.end_s) / 2], joints)


def single(
    recording: Recording, metric: str, unit: str, value: float, time_s: float, joints: Sequence[str] = ()
) -> Measurement:
    """One number of the whole clip."""
    return _measurement(recording, metric, unit, None, np.array([value]), [time_s], joints)


def longest(holds: Sequence[Hold], side: Side | None = None) -> Hold | None:
    """The longest hold of that side, or of any; None without one."""
    mine = [hold for hold in holds if side is None or hold.side == side]
    return max(mine, key=lambda hold: hold.end_s - hold.start_s, default=None)


def within(signals: Signals, start_s: float, end_s: float) -> BoolArray:
    """(m,) True between the two times."""
    return np.asarray((signals.time_s >= start_s) & (signals.time_s <= end_s))


def at(signals: Signals, series: FloatArray, time_s: float) -> float:
    """A series (m,) at one moment, straight between samples; NaN where it was not seen."""
    if not math.isfinite(time_s):
        return math.nan
    return float(np.interp(time_s, signals.time_s, series))


def at_top(signals: Signals, series: FloatArray, rep: Repetition, half_s: float = 0.1) -> float:
    """Median of a series around a repetition's top, or over its hold; NaN where it was not seen."""
    held = math.isfinite(rep.hold_start_s)
    start_s, end_s = (rep.hold_start_s, rep.hold_end_s) if held else (rep.top_s - half_s, rep.top_s + half_s)
    values = series[within(signals, start_s, end_s)]
    values = values[np.isfinite(values)]
    return float(np.median(values)) if len(values) else math.nan


def over_rep(signals: Signals, series: FloatArray, rep: Repetition) -> FloatArray:
    """A series from a repetition's start to its end, without what was not seen."""
    values = series[within(signals, rep.start_s, rep.end_s)]
    return values[np.isfinite(values)]


def error_sd_of(metric: str, unit: str) -> float:
    """SD over clips of (found - true), in the metric's unit; of its unit where it has no row of its own."""
    table = _accuracy()
    return float(table["metrics"].get(metric, table["units"][unit]))


def corrected(metric: str, values: FloatArray) -> FloatArray:
    """Values of a metric without what they are usually wrong by."""
    return factor_of(metric) * values - bias_of(metric)


def bias_of(metric: str) -> float:
    """What is taken off a metric's values, in its unit; 0 for most."""
    return float(_accuracy().get("bias", {}).get(metric, 0.0))


def factor_of(metric: str) -> float:
    """What a metric's values are multiplied by; 1 for most."""
    return float(_accuracy().get("factor", {}).get(metric, 1.0))


# ------------------------------------------------------------------------------------------------------- parts


def _measurement(
    recording: Recording,
    metric: str,
    unit: str,
    side: Side | None,
    values: FloatArray,
    times_s: Sequence[float],
    joints: Sequence[str],
) -> Measurement:
    n, values = len(values), corrected(metric, values)
    spread = float(values.std(ddof=1)) if n > 1 else None
    status, reason = _trust(recording.signals, joints)
    return Measurement(
        metric=metric,
        side=side,
        unit=unit,
        value=float(np.median(values)),
        spread=spread,
        n=n,
        uncertainty=1.96 * math.sqrt(error_sd_of(metric, unit) ** 2 + (math.pi / 2) * (spread or 0.0) ** 2 / n),
        status=status,
        reason=reason,
        values=tuple(values.tolist()),
        times_s=tuple(times_s),
    )


def _trust(signals: Signals, joints: Sequence[str]) -> tuple[Status, Note | None]:
    """Less trust where a joint was hardly seen on either side."""
    for joint in joints:
        seen = max(float(np.nanmedian(signals.visibility[:, index_of(side, joint)])) for side in SIDES)
        if not seen >= TRUSTED_VISIBILITY:
            return "low_confidence", Note("landmarks_doubtful")
    return "ok", None


@cache
def _accuracy() -> dict[str, Any]:
    return tomllib.loads(resources.files("formcheck").joinpath("exercise_accuracy.toml").read_text(encoding="utf-8"))
