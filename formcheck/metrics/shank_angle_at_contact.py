"""Shank angle at contact: does the foot land ahead of the knee?"""

from __future__ import annotations

from formcheck.metrics.summary import Curve, landing_s, near_side
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees of the near shank against the vertical at contact, ankle ahead of the knee +.

    Souza 2016, 10.1016/j.pmr.2015.08.006, reads it some frames later, in loading response, when it is smaller.
    """
    shank = Curve(recording.signals, f"shank_{recording.signals.near_side}_deg")
    signals = recording.signals
    return near_side(recording, "shank_angle_at_contact_deg", "deg", lambda stride: shank(landing_s(signals, stride)))
