"""Trunk lean: how far the trunk leans forward on average."""

from __future__ import annotations

from formcheck.metrics.summary import Curve, whole_body
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees of mid-hip to mid-shoulder against the vertical, forward +, mean over each stride.

    A rounded upper back carries the shoulders forward and reads as lean.
    """
    lean = Curve(recording.signals, "trunk_lean_deg")
    return whole_body(
        recording,
        "trunk_lean_deg",
        "deg",
        lambda stride: float(lean.span(stride.contact_s, stride.next_contact_s).mean()),
    )
