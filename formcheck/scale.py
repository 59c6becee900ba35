"""Leg lengths to metres: from the body's height, from the belt's speed, and what free fall says about both."""

from __future__ import annotations

import numpy as np

from formcheck.records import FloatArray, Recording, Stride

LEG_PER_HEIGHT = 0.491
"""Hip to ankle over body height: Winter 2009 (0.530 - 0.039), an average from which people differ by some 2-3 %."""
BELT_SPEED_ERROR = 0.05
"""RMS error of the estimated belt speed over the true one, the leg's share of the height included: 2-4 % on motion
capture, 5 % through the pose network (``python -m tests.accuracy.standpoint``)."""
G_MPS2 = 9.81
MIN_STRIDES = 4
_FLAT_FROM, _FLAT_TO = 0.2, 0.6
"""Share of the contact time in which the foot goes with the belt."""
_FOOT = ("toe", "heel", "ankle")


def leg_m(recording: Recording) -> float | None:
    """Leg length in metres: from the height where it was given, else from the belt's speed; None without both."""
    subject = recording.subject
    if subject.height_cm is not None:
        return LEG_PER_HEIGHT * subject.height_cm / 100.0
    legs_per_s = belt_legs_per_s(recording)
    if subject.belt_speed_mps is None or legs_per_s is None:
        return None
    return subject.belt_speed_mps / legs_per_s


def estimated_belt_speed_mps(recording: Recording) -> float | None:
    """Speed of the feet on the belt, scaled by the height; None without a height or with fewer than four strides."""
    legs_per_s = belt_legs_per_s(recording)
    if recording.subject.height_cm is None or legs_per_s is None:
        return None
    return legs_per_s * LEG_PER_HEIGHT * recording.subject.height_cm / 100.0


def belt_legs_per_s(recording: Recording) -> float | None:
    """How fast the near foot goes backward while it stands, leg lengths a second, median over clean strides.

    Mean of toe, heel and ankle: the ankle is 3 % slower than the belt as the shank turns over it, the toe of a network
    some 3 % faster.
    """
    near = recording.signals.near_side
    speeds = [_foot_speed(recording, stride) for stride in recording.strides if stride.side == near and stride.clean]
    speeds = [speed for speed in speeds if np.isfinite(speed)]
    if len(speeds) < MIN_STRIDES:
        return None
    found = float(np.median(speeds))
    return found if found > 0 else None


def _foot_speed(recording: Recording, stride: Stride) -> float:
    signals, contact_s = recording.signals, stride.toe_off_s - stride.contact_s
    start, end = stride.contact_s + _FLAT_FROM * contact_s, stride.contact_s + _FLAT_TO * contact_s
    inside = (signals.time_s >= start) & (signals.time_s <= end)
    names = [f"{joint}_x_{stride.side}_leg" for joint in _FOOT]
    if any(name not in signals.series for name in names):
        return float("nan")
    times = signals.time_s[inside] if inside.sum() > 1 else np.array([start, end])
    tracks = [np.interp(times, signals.time_s, signals.series[name]) for name in names]
    return -float(np.mean([_slope(times, track) for track in tracks]))


def _slope(time_s: FloatArray, values: FloatArray) -> float:
    from_middle = time_s - time_s.mean()
    return float(from_middle @ values / (from_middle @ from_middle))


def free_fall_oscillation_cm(recording: Recording) -> float | None:
    """How far the centre of mass moves up and down by timing alone: half-sine pushes, free fall between.

    Needs no scale. The hips of 7 real runners at 2.5-4.5 m/s move 0.97-1.30 times as far (mean 1.14): good for telling
    a wrong scale or clock, not for correcting the number. None with fewer than four strides.
    """
    strides = [stride for stride in recording.strides if stride.clean]
    if len(strides) < MIN_STRIDES:
        return None
    contact_s = float(np.median([s.toe_off_s - s.contact_s for s in strides]))
    step_s = float(np.median([s.next_contact_s - s.contact_s for s in strides])) / 2
    share = np.arange(1000) / 1000
    push = np.where(share * step_s < contact_s, np.sin(np.pi * share * step_s / contact_s), 0.0)
    acceleration = G_MPS2 * (push / push.mean() - 1.0)
    spectrum = np.fft.rfft(acceleration)
    spectrum[0] = 0.0
    spectrum[1:] /= -((2 * np.pi * np.arange(1, len(spectrum)) / step_s) ** 2)
    return 100.0 * float(np.ptp(np.fft.irfft(spectrum, len(share))))
