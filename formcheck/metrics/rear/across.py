"""Not a metric: values at midstance and over strides, both feet, for what is seen from behind or in front.

Midstance is the lowest point of the trunk while the foot is on the ground. Values are read as a mean over
``AROUND_S``. What the network's joints show is brought to what rendered skeletons of the tuning clips had
(``CORRECTED``; ``docs/accuracy_rear.md``): MediaPipe's ankles lie outward of the joint.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from formcheck.metrics.summary import Curve, over
from formcheck.records import Measurement, Note, Recording, Stride, View
from formcheck.skeleton import SIDES, Side

MIN_STRIDES = 3
"""Of each foot: whoever comes or goes is near the camera for a few steps only."""
AROUND_S = 0.03
LEFT_UP: dict[Side, float] = {"left": 1.0, "right": -1.0}
"""Sign that turns what is + to the left into + toward that side."""

ValueOfStride = Callable[[Stride], float]
Correction = tuple[float, float]
"""Gain and offset: true = gain * seen + offset."""
CORRECTED: dict[str, dict[View, Correction]] = {
    "trunk_side_lean_deg": {"rear": (1.0, -0.65), "front": (1.0, -0.65)},
    "step_width_pct_leg": {"rear": (1.0, -3.6), "front": (1.0, -2.4)},
    "foot_from_midline_pct_leg": {"rear": (1.0, -2.3), "front": (1.0, -1.2)},
    "knee_window_pct": {"rear": (1.1, -14.7), "front": (1.1, -12.0)},
    "arm_cross_pct_leg": {"rear": (0.9, 3.5), "front": (0.9, 1.5)},
    "pelvic_drop_deg": {"rear": (1.1, 0.1), "front": (1.1, -0.3)},
    "hip_adduction_deg": {"rear": (1.0, 1.6), "front": (1.0, 0.1)},
}


def corrected(metric: str, view: View, seen: float) -> float:
    """The value as the tuning clips' skeletons would have it."""
    gain, offset = CORRECTED.get(metric, {}).get(view, (1.0, 0.0))
    return gain * seen + offset


def midstance_s(recording: Recording, stride: Stride) -> float:
    """When the trunk is lowest between contact and toe-off; NaN where that was not seen."""
    height = Curve(recording.signals, "midhip_height_pct_leg").span(stride.contact_s, stride.toe_off_s)
    if not np.isfinite(height).all():
        return float("nan")
    return float(np.linspace(stride.contact_s, stride.toe_off_s, len(height))[int(np.argmin(height))])


class AtMidstance:
    """A series read at a stride's midstance."""

    def __init__(self, recording: Recording, series: str) -> None:
        self._recording, self._curve = recording, Curve(recording.signals, series)

    def __call__(self, stride: Stride) -> float:
        """Mean around midstance; NaN where it was not seen."""
        time_s = midstance_s(self._recording, stride)
        if math.isnan(time_s):
            return time_s
        return float(np.mean([self._curve(time_s + d) for d in np.linspace(-AROUND_S, AROUND_S, 5)]))


def per_side(
    recording: Recording, metric: str, unit: str, value_of: Callable[[Stride, float], float]
) -> list[Measurement]:
    """One measurement for each foot over its strides; ``value_of`` gets the stride and the side's sign."""
    return [
        of_strides(
            recording,
            metric,
            unit,
            side,
            [s for s in recording.strides if s.side == side],
            lambda stride, sign=LEFT_UP[side]: value_of(stride, sign),  # type: ignore[misc]
        )
        for side in SIDES
    ]


def of_strides(
    recording: Recording, metric: str, unit: str, side: Side | None, strides: Iterable[Stride], value_of: ValueOfStride
) -> Measurement:
    """Median over clean strides, corrected; not measurable below ``MIN_STRIDES`` of them."""
    view = recording.view
    return over(
        recording, metric, unit, side, list(strides), lambda s: corrected(metric, view, value_of(s)), MIN_STRIDES
    )


def estimated(found: Measurement) -> Measurement:
    """With less trust: what rests on the pelvis' tilt as estimated from all joints, which no real pelvis confirmed."""
    if found.value is None or found.status != "ok":
        return found
    return replace(found, status="low_confidence", reason=Note("pelvis_estimated"))
