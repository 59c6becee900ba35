"""Thigh angle at toe-off: how far behind the vertical the thigh gets as the foot leaves. Not hip extension."""

from __future__ import annotations

from formcheck.metrics.summary import Curve, near_side
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees against the vertical, knee behind the hip +, near leg.

    Says nothing about how hip and back share it: in 26 runners it explained 18 % of true hip extension.
    """
    thigh = Curve(recording.signals, f"thigh_{recording.signals.near_side}_deg")
    return near_side(recording, "thigh_extension_at_toe_off_deg", "deg", lambda stride: thigh(stride.toe_off_s))
