"""Crossed legs, standing seen from the front or behind, or sitting seen from the side."""

from __future__ import annotations

from formcheck.metrics.exercise.figure import Figure, held
from formcheck.metrics.summary import not_measurable
from formcheck.records import Measurement, Note, Recording

METRIC = "legs_crossed"
CROSSED_LEG = 0.03
"""Standing: the left ankle so far on the right one's side, leg lengths."""
RAISED_LEG = 0.12
"""Sitting: one knee or ankle so far above the other, leg lengths; with the feet side by side they are level."""


def measure(recording: Recording) -> list[Measurement]:
    """ "crossed" or "side_by_side", in the longest hold."""
    if not recording.holds:
        return [not_measurable(METRIC, "class", None, Note("no_hold"))]
    hold = max(recording.holds, key=lambda h: h.end_s - h.start_s)
    f = held(recording, hold)
    crossed = sitting_crossed(f) if recording.view == "side" else standing_crossed(f)
    if crossed is None:
        return [not_measurable(METRIC, "class", None, Note("not_seen"))]
    middle = (hold.start_s + hold.end_s) / 2
    value = "crossed" if crossed else "side_by_side"
    return [Measurement(METRIC, None, "class", value, n=1, times_s=(middle,))]


def standing_crossed(f: Figure) -> bool | None:
    """Whether the ankles have changed places, seen across; None where they were not seen."""
    apart = float((f.of("left", "ankle") - f.of("right", "ankle"))[0])
    return None if apart != apart else apart < -CROSSED_LEG


def sitting_crossed(f: Figure) -> bool | None:
    """Whether one knee and one ankle lie well above the others, seen from the side; None where they were not seen."""
    knees = abs(float((f.of("left", "knee") - f.of("right", "knee"))[1]))
    ankles = abs(float((f.of("left", "ankle") - f.of("right", "ankle"))[1]))
    return None if knees != knees or ankles != ankles else ankles > RAISED_LEG
