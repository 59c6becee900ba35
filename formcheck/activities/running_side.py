"""Running seen from the side, on a treadmill or passing by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from formcheck.events import detect_events, strides_of
from formcheck.metrics import measure_all
from formcheck.metrics.summary import Curve
from formcheck.records import (
    Event,
    InputError,
    KeyMoment,
    Measurement,
    Note,
    PoseTrack,
    Recording,
    Signals,
    Stride,
    Subject,
)
from formcheck.signals import build_signals, turns_s
from formcheck.skeleton import SIDES, Side

MIN_SHOT_S = 1.0
MIN_STEPS = 3
SLOWEST_RUNNING_SPM = 120.0
"""Runners take 132-204 steps a minute (Bonnaerens et al. 2021); slower is walking or slow motion."""
SLOWEST_WALKING_SPM = 70.0
"""Nobody keeps walking slower than this; such a clip plays in slow motion."""
USUAL_CADENCE_SPM = 168.0
SLOW_MOTION_FACTORS = (2.0, 4.0, 8.0, 10.0)
LOW_FRAME_RATE_HZ = 45.0
SMALL_LEG_PX = 100.0


@dataclass(frozen=True)
class Examined:
    """What was found in one clip of a runner."""

    signals: Signals
    events: tuple[Event, ...]
    strides: tuple[Stride, ...]
    measurements: tuple[Measurement, ...]
    key_moments: tuple[KeyMoment, ...]
    warnings: tuple[Note, ...]


def examine(pose: PoseTrack, subject: Subject) -> Examined:
    """Signals, events, measurements and moments of a runner.

    An edited clip is examined in its best uncut shot only. Raises InputError ``not_running`` when no steps are found.
    """
    recording, shot = _best_shot(pose, subject)
    factor = _suspected_slow_motion(recording)
    measurements = measure_all(recording)
    if factor is not None:
        measurements = [_doubted(m, factor) for m in measurements]
    return Examined(
        signals=recording.signals,
        events=recording.events,
        strides=recording.strides,
        measurements=tuple(measurements),
        key_moments=_key_moments(recording),
        warnings=tuple(_warnings(recording, pose, shot, factor)),
    )


def _best_shot(pose: PoseTrack, subject: Subject) -> tuple[Recording, tuple[float, float] | None]:
    """The recording of the shot with most clean strides, and its span when the clip has cuts."""
    best: Recording | None = None
    best_span: tuple[float, float] | None = None
    problem = InputError("not_running")
    for start, end in _shots(pose):
        try:
            recording = _recording(_only(pose, start, end), subject)
        except InputError as error:
            problem = error
            continue
        if best is None or _worth(recording) > _worth(best):
            best, best_span = recording, (start, end)
    if best is None:
        raise problem
    contacts = [event for event in best.events if event.kind == "contact"]
    if len(contacts) < MIN_STEPS or best.signals.stride_rate_hz is None:
        raise InputError("not_running")
    return best, best_span if len(_shots(pose)) > 1 else None


def _shots(pose: PoseTrack) -> list[tuple[float, float]]:
    end = float(pose.time_s[-1]) + 1e-6
    edges = sorted([0.0, *pose.cuts_s, *turns_s(pose.time_s, pose.xy_px), end])
    shots = [(a, b) for a, b in pairwise(edges) if b - a >= MIN_SHOT_S]
    return shots or [(0.0, end)]


def _only(pose: PoseTrack, start_s: float, end_s: float) -> PoseTrack:
    """The frames of one shot; times stay those of the clip."""
    inside = (pose.time_s >= start_s) & (pose.time_s < end_s)
    return replace(
        pose,
        time_s=pose.time_s[inside],
        xy_px=pose.xy_px[inside],
        visibility=pose.visibility[inside],
        outline_qpx=pose.outline_qpx[inside],
    )


def _recording(pose: PoseTrack, subject: Subject) -> Recording:
    signals = build_signals(pose)
    events = detect_events(signals)
    return Recording(signals, events, strides_of(events, signals), subject)


def _worth(recording: Recording) -> tuple[bool, int, float]:
    """Running before walking, then most clean strides, then most strides of any kind."""
    span_s = float(recording.signals.time_s[-1] - recording.signals.time_s[0])
    n_swings = (recording.signals.stride_rate_hz or 0.0) * span_s
    return recording.signals.gait == "running", sum(s.clean for s in recording.strides), n_swings


# ---------------------------------------------------------------------------------------------- doubts and notes


def _suspected_slow_motion(recording: Recording) -> float | None:
    """How many times slower than life the clip seems to play, when nobody runs at the cadence it shows."""
    cadence = _cadence(recording)
    walks = recording.signals.gait == "walking"
    if not cadence or cadence >= SLOWEST_RUNNING_SPM or (cadence >= SLOWEST_WALKING_SPM and walks):
        return None
    return min(SLOW_MOTION_FACTORS, key=lambda factor: abs(np.log(cadence * factor / USUAL_CADENCE_SPM)))


def _doubted(measurement: Measurement, factor: float) -> Measurement:
    """No number at all where the clock itself is in doubt: times and filters would be wrong."""
    note = Note("slow_motion_suspected_reason", {"factor": factor})
    return Measurement(
        measurement.metric, measurement.side, measurement.unit, None, status="not_measurable", reason=note
    )


def _warnings(
    recording: Recording, pose: PoseTrack, shot: tuple[float, float] | None, factor: float | None
) -> list[Note]:
    s = recording.signals
    notes: list[tuple[bool, Note]] = [
        (factor is not None, Note("slow_motion_suspected", {"factor": factor or 1, "cadence": _cadence(recording)})),
        (shot is not None, Note("edited_clip", {"start": _s(shot, 0), "end": _s(shot, 1)})),
        (pose.n_people > 1, Note("several_people", {"n": pose.n_people, "person": pose.person})),
        (s.n_exchanges > 0, Note("legs_exchanged", {"count": s.n_exchanges})),
        (s.n_jumps > 0, Note("jumps", {"count": s.n_jumps})),
        (s.pose_rate < 0.9, Note("person_rarely_found", {"pct": round(100 * s.pose_rate)})),
        (s.frame_rate_hz < LOW_FRAME_RATE_HZ, Note("low_frame_rate", {"rate": round(s.frame_rate_hz)})),
        (abs(s.level_deg) > 3.0, Note("camera_tilted", {"deg": round(abs(s.level_deg), 1)})),
        (s.camera == "moving", Note("camera_moving")),
        (s.leg_length_px < SMALL_LEG_PX, Note("person_small")),
        (factor is None and s.gait == "walking", Note("walking")),
    ]
    return [note for true, note in notes if true]


def _s(span: tuple[float, float] | None, index: int) -> float:
    return round(span[index], 1) if span else 0.0


def _cadence(recording: Recording) -> int:
    """Steps a minute as the clip plays, from the swing of the legs; 0 where they do not swing in turn."""
    return round(120.0 * (recording.signals.stride_rate_hz or 0.0))


# ---------------------------------------------------------------------------------------------------- pictures


def _key_moments(recording: Recording) -> tuple[KeyMoment, ...]:
    """Contact, midstance and toe-off of each foot's most typical clean stride."""
    moments: list[KeyMoment] = []
    for side in SIDES:
        stride = _typical_stride(recording, side)
        if stride is not None:
            moments += [
                KeyMoment("contact", side, stride.contact_s),
                KeyMoment("midstance", side, midstance_s(recording.signals, stride)),
                KeyMoment("toe_off", side, stride.toe_off_s),
            ]
    return tuple(moments)


def _typical_stride(recording: Recording, side: Side) -> Stride | None:
    strides = [s for s in recording.strides if s.side == side and s.clean]
    if not strides:
        return None
    contact = np.array([s.toe_off_s - s.contact_s for s in strides])
    whole = np.array([s.next_contact_s - s.contact_s for s in strides])
    oddness = np.abs(contact - np.median(contact)) + np.abs(whole - np.median(whole))
    return strides[int(np.argmin(oddness))]


def midstance_s(signals: Signals, stride: Stride) -> float:
    """When the ankle passes under the hips; the middle of the contact where that was not seen."""
    ahead = Curve(signals, f"ankle_ahead_{stride.side}_pct_leg")
    times = np.linspace(stride.contact_s, stride.toe_off_s, 60)
    path = np.array([ahead(t) for t in times])
    behind = np.flatnonzero(path < 0)
    if len(behind) == 0 or behind[0] == 0:
        return float((stride.contact_s + stride.toe_off_s) / 2)
    return float(times[behind[0]])
