"""Thigh at toe-off against the same thigh in standing."""

from __future__ import annotations

from formcheck.metrics.at_rest.held_against import median_at_rest_deg
from formcheck.metrics.summary import Curve, near_side
from formcheck.records import Measurement, Recording

METRIC = "thigh_extension_at_toe_off_vs_standing_deg"


def measure(recording: Recording) -> list[Measurement]:
    """Degrees, behind +: thigh at toe-off less the same thigh in quiet standing; none where nobody was seen standing.

    Against the vertical, so not hip extension: pelvis and back carry the thigh too.
    """
    name = f"thigh_{recording.signals.near_side}_deg"
    rest_deg = median_at_rest_deg(recording, name)
    if rest_deg is None:
        return []
    thigh = Curve(recording.signals, name)
    return near_side(recording, METRIC, "deg", lambda stride: thigh(stride.toe_off_s) - rest_deg)
