"""Overstride: how far ahead of the hips the foot lands."""

from __future__ import annotations

from formcheck.metrics.summary import Curve, near_side
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Ankle ahead of mid-hip at contact, percent of leg length (hip to knee to ankle), near foot, ahead +.

    Follows Lieberman et al. 2015, 10.1242/jeb.125500, with the ankle for the heel. Grows with speed; a camera turned by
    10 deg shortens it by 2 % of itself.
    """
    ahead = Curve(recording.signals, f"ankle_ahead_{recording.signals.near_side}_pct_leg")
    return near_side(recording, "overstride_pct_leg", "pct", lambda stride: ahead(stride.contact_s))
