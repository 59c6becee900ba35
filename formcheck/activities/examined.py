"""What an activity's module hands back."""

from __future__ import annotations

from dataclasses import dataclass

from formcheck.records import (
    Event,
    Hold,
    KeyMoment,
    Measurement,
    Note,
    Repetition,
    Signals,
    Standing,
    Stride,
    View,
)


@dataclass(frozen=True)
class Examined:
    """What was found in one clip."""

    activity: str
    view: View
    signals: Signals
    events: tuple[Event, ...]
    measurements: tuple[Measurement, ...]
    key_moments: tuple[KeyMoment, ...]
    warnings: tuple[Note, ...]
    strides: tuple[Stride, ...] = ()
    reps: tuple[Repetition, ...] = ()
    holds: tuple[Hold, ...] = ()
    standing: Standing | None = None
    """Of whom runs: the same person at rest, from the same side."""
