"""Sway-back: how far the hip hangs forward of the line from ankle to shoulder."""

from __future__ import annotations

from formcheck.geometry import length
from formcheck.metrics.exercise.figure import Figure, held, of_holds, working
from formcheck.records import Hold, Measurement, Recording
from formcheck.scale import LEG_PER_HEIGHT


def measure(recording: Recording) -> list[Measurement]:
    """% of body height: the near hip from the line near ankle to near shoulder, ahead +.

    Unlike the plumb offsets it does not change when the camera is tilted.
    """

    def value(hold: Hold) -> float:
        return 100 * LEG_PER_HEIGHT * bulge_leg(held(recording, hold), recording)

    return of_holds(recording, "sway_back_pct_height", "pct", value)


def bulge_leg(f: Figure, recording: Recording) -> float:
    """Distance of the near hip in front of the line ankle to shoulder, leg lengths."""
    ankle, hip, shoulder = (f.of(working(None, recording), joint) for joint in ("ankle", "hip", "shoulder"))
    along, to_hip = shoulder - ankle, hip - ankle
    return float((along[1] * to_hip[0] - along[0] * to_hip[1]) / length(shoulder, ankle))
