"""How far the thigh of the standing leg points inward against the pelvis."""

from __future__ import annotations

from formcheck.metrics.rear.across import AtMidstance, per_side
from formcheck.metrics.rear.pelvic_drop import drop_of
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees for each foot at midstance: thigh against the plumb line, knee inward +, plus the pelvic drop.

    Not the angle of the knee, which a flat picture does not carry. As uncertain as the drop it contains.
    """
    inward = {sign: AtMidstance(recording, f"thigh_in_{side}_deg") for side, sign in (("left", 1.0), ("right", -1.0))}
    drop = drop_of(recording)
    return per_side(
        recording, "hip_adduction_deg", "deg", lambda stride, sign: inward[sign](stride) + drop(stride, sign)
    )
