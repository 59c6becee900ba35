"""How far the elbows are carried away from the body."""

from __future__ import annotations

from formcheck.metrics.rear.across import of_strides
from formcheck.metrics.summary import Curve
from formcheck.records import Measurement, Recording
from formcheck.skeleton import SIDES


def measure(recording: Recording) -> list[Measurement]:
    """Degrees for each arm: shoulder to elbow against the plumb line, elbow outward +, mean over a stride."""
    out = {side: Curve(recording.signals, f"arm_out_{side}_deg") for side in SIDES}
    return [
        of_strides(
            recording,
            "arm_out_deg",
            "deg",
            side,
            recording.strides,
            lambda s, curve=out[side]: float(curve.span(s.contact_s, s.next_contact_s).mean()),  # type: ignore[misc]
        )
        for side in SIDES
    ]
