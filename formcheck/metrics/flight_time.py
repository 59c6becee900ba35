"""Flight time: from a foot's toe-off to the other foot's contact."""

from __future__ import annotations

from bisect import bisect_left

from formcheck.metrics.summary import per_side
from formcheck.records import Measurement, Recording, Stride
from formcheck.skeleton import other


def measure(recording: Recording) -> list[Measurement]:
    """Seconds after each foot's push-off; below zero where both feet are on the ground (walking, very slow running)."""
    contacts = {
        side: [e.time_s for e in recording.events if e.kind == "contact" and e.side == side]
        for side in ("left", "right")
    }

    def flight(stride: Stride) -> float:
        theirs = contacts[other(stride.side)]
        following = bisect_left(theirs, stride.contact_s)
        if following == len(theirs) or theirs[following] > stride.next_contact_s:
            return float("nan")
        return theirs[following] - stride.toe_off_s

    return per_side(recording, "flight_time_s", "s", flight)
