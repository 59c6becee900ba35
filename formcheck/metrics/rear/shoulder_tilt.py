"""Whether one shoulder is carried higher than the other."""

from __future__ import annotations

from formcheck.metrics.rear.across import of_strides
from formcheck.metrics.summary import Curve
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees: mean tilt of the line between the shoulders over a stride, left shoulder higher +.

    A camera that is not level adds its own tilt.
    """
    tilt = Curve(recording.signals, "shoulder_line_deg")
    return [
        of_strides(
            recording,
            "shoulder_tilt_deg",
            "deg",
            None,
            recording.strides,
            lambda s: float(tilt.span(s.contact_s, s.next_contact_s).mean()),
        )
    ]
