"""How far the thigh of the standing leg points inward against the pelvis."""

from __future__ import annotations

from formcheck.metrics.rear.across import AtMidstance, estimated, per_side
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees for each foot at midstance: thigh against the plumb line, knee inward +, plus the tilt of the pelvis.

    Not the angle of the knee, which a flat picture does not carry. Standing is not subtracted: thigh and pelvis are
    seen in the same picture.
    """
    inward = {sign: AtMidstance(recording, f"thigh_in_{side}_deg") for side, sign in (("left", 1.0), ("right", -1.0))}
    line = AtMidstance(recording, "pelvis_tilt_deg")
    found = per_side(
        recording, "hip_adduction_deg", "deg", lambda stride, sign: inward[sign](stride) + sign * line(stride)
    )
    return [estimated(m) for m in found]
