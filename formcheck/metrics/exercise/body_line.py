"""Line of the body in a plank: shoulder, hip and ankle, or knee where the knees carry."""

from __future__ import annotations

from formcheck.metrics.by_repetition import of_hold
from formcheck.metrics.exercise.in_hold import doubted
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees, median over the hold: 180 straight, less with the hips up, more with the hips down."""
    line = recording.signals.series["line_deg"]
    return [doubted(recording, of_hold(recording, "body_line_deg", "deg", line, ("shoulder", "hip", "ankle")))]
