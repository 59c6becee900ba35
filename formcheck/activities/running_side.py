"""Running seen from the side, on a treadmill or passing by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from formcheck.activities import clip_checks
from formcheck.activities.examined import Examined
from formcheck.back_at_rest import back_at_rest
from formcheck.back_over_time import with_back_over_time
from formcheck.comparisons import MIN_SPAN_FOR_SEGMENTS_S, stretch_edges_s
from formcheck.events import detect_events, strides_of
from formcheck.lumbar import with_back
from formcheck.metrics.push_off import midstance_s as midstance_s  # others import it from here
from formcheck.records import (
    FloatArray,
    InputError,
    KeyMoment,
    Measurement,
    Note,
    PoseTrack,
    Recording,
    Signals,
    Standing,
    Stride,
    Subject,
)
from formcheck.signals import build_signals, levelled, turns_s
from formcheck.skeleton import SIDES, Side

MIN_SHOT_S = 1.0
MIN_STEPS = 3
LEAST_LEG_PX = 30.0
"""A pixel is then four degrees of the shank."""
LEAST_LEG_SHARE = 0.08
"""Of the picture's longer side: a runner with 0.07 was found in 19 of 90 pictures, one with 0.31 in all."""
SHORTEST_CLIP_S = 2.0
PICTURED = (
    "knee_flexion_at_contact_deg",
    "overstride_pct_leg",
    "thigh_extension_at_toe_off_deg",
    "trunk_lean_deg",
)
"""What stands beside the pictures of a stride as the clip's own number of that moment."""


def examine(pose: PoseTrack, subject: Subject, standing: Standing | None = None, known: bool = False) -> Examined:
    """Signals, events, measurements and moments of a runner; no measurements of one whose numbers are ``known``.

    An edited clip is examined in its best uncut shot only. Raises InputError ``not_running`` when no steps are found or
    somebody walks and nothing is known, ``too_short`` when the clip has hardly room for any and ``person_too_small``.
    """
    recording, shot = _best_shot(pose, subject)
    recording = _with_rest(replace(recording, standing=standing), pose)
    if not known:
        recording = _with_back_over_time(recording, pose)
    factor = clip_checks.suspected_slow_motion(recording)
    measurements = clip_checks.measured(recording, factor, known)
    return Examined(
        activity=recording.activity,
        view=recording.view,
        signals=recording.signals,
        events=recording.events,
        strides=recording.strides,
        measurements=tuple(measurements),
        key_moments=_key_moments(recording, measurements),
        warnings=(*_standing_notes(standing), *clip_checks.warnings(recording, pose, measurements, shot, factor)),
    )


def _standing_notes(standing: Standing | None) -> tuple[Note, ...]:
    """Whose standing some numbers are held against."""
    if standing is None:
        return ()
    if standing.clip is not None:
        return (Note("standing_side_clip_used", {"clip": standing.clip}),)
    span = {"start": round(standing.start_s, 1), "end": round(standing.end_s, 1)}
    return (Note("standing_side_used", span),)


def _best_shot(pose: PoseTrack, subject: Subject) -> tuple[Recording, tuple[float, float] | None]:
    """The recording of the shot with most clean strides, and its span when the clip has cuts."""
    best: Recording | None = None
    best_span: tuple[float, float] | None = None
    problem = InputError("not_running")
    for start, end in _shots(pose):
        try:
            recording = _recording(pose.between(start, end), subject)
        except InputError as error:
            problem = error
            continue
        if best is None or _worth(recording) > _worth(best):
            best, best_span = recording, (start, end)
    if best is None:
        raise problem
    contacts = [event for event in best.events if event.kind == "contact"]
    runs = len(contacts) >= MIN_STEPS and best.signals.stride_rate_hz is not None
    if not runs or best.signals.leg_length_px < LEAST_LEG_PX:
        raise InputError(_why_refused(best.signals, pose))
    return best, best_span if len(_shots(pose)) > 1 else None


def _why_refused(signals: Signals, pose: PoseTrack) -> str:
    if signals.leg_length_px < max(LEAST_LEG_PX, LEAST_LEG_SHARE * max(pose.width_px, pose.height_px)):
        return "person_too_small"
    if signals.frame_rate_hz < clip_checks.LEAST_RATE_HZ:
        return "bad_frame_rate"
    return "too_short" if float(pose.time_s[-1] - pose.time_s[0]) < SHORTEST_CLIP_S else "not_running"


def _shots(pose: PoseTrack) -> list[tuple[float, float]]:
    end = float(pose.time_s[-1]) + 1e-6
    edges = sorted([0.0, *pose.cuts_s, *turns_s(pose.time_s, pose.xy_px), end])
    shots = [(a, b) for a, b in pairwise(edges) if b - a >= MIN_SHOT_S]
    return shots or [(0.0, end)]


def _recording(pose: PoseTrack, subject: Subject) -> Recording:
    signals = with_back(_levelled(build_signals(pose)), pose)
    events = detect_events(signals)
    return Recording(signals, events, strides_of(events, signals), subject)


def _levelled(signals: Signals) -> Signals:
    """The signals with the phone's tilt told over whole stances: their moments hardly depend on it."""
    strides = strides_of(detect_events(signals), signals)
    return levelled(signals, {side: [(s.contact_s, s.toe_off_s) for s in strides if s.side == side] for side in SIDES})


def _with_rest(recording: Recording, pose: PoseTrack) -> Recording:
    """The recording with what standing tells of the runner's own back, where both were seen well enough."""
    signals, standing = recording.signals, recording.standing
    if standing is None or signals.back is None or signals.back.reason is not None:
        return recording
    running = pose.between(float(signals.time_s[0]) - 1e-6, float(signals.time_s[-1]) + 1e-6)
    back = replace(signals.back, at_rest=back_at_rest(running, standing.pose))
    return replace(recording, signals=replace(signals, back=back))


def _with_back_over_time(recording: Recording, pose: PoseTrack) -> Recording:
    """The recording of a long clip with the back told stretch by stretch."""
    starts = [stride.contact_s for stride in recording.strides if stride.clean]
    if not starts or max(starts) - min(starts) < MIN_SPAN_FOR_SEGMENTS_S:
        return recording
    edges_s = stretch_edges_s(min(starts), max(starts))
    time_s = recording.signals.time_s
    running = pose.between(float(time_s[0]) - 1e-6, float(time_s[-1]) + 1e-6)
    return replace(recording, signals=with_back_over_time(recording.signals, running, edges_s))


def _worth(recording: Recording) -> tuple[bool, int, float]:
    """Running before walking, then most clean strides, then most strides of any kind."""
    span_s = float(recording.signals.time_s[-1] - recording.signals.time_s[0])
    n_swings = (recording.signals.stride_rate_hz or 0.0) * span_s
    return recording.signals.gait == "running", sum(s.clean for s in recording.strides), n_swings


# ---------------------------------------------------------------------------------------------------- pictures


def _key_moments(recording: Recording, measurements: Sequence[Measurement]) -> tuple[KeyMoment, ...]:
    """Contact, midstance and toe-off of each foot's most typical clean stride."""
    moments: list[KeyMoment] = []
    for side in SIDES:
        stride = _typical_stride(recording, side, measurements)
        if stride is not None:
            moments += [
                KeyMoment("contact", side, stride.contact_s),
                KeyMoment("midstance", side, midstance_s(recording.signals, stride)),
                KeyMoment("toe_off", side, stride.toe_off_s),
            ]
    return tuple(moments)


def _typical_stride(recording: Recording, side: Side, measurements: Sequence[Measurement]) -> Stride | None:
    """The clean stride nearest to the clip's medians, in its times and in the numbers its pictures stand beside."""
    strides = [s for s in recording.strides if s.side == side and s.clean]
    if not strides:
        return None
    pictured = [dict(zip(m.times_s, m.values, strict=True)) for m in measurements if _is_pictured(m, side)]
    columns = [[s.toe_off_s - s.contact_s for s in strides], [s.next_contact_s - s.contact_s for s in strides]]
    columns += [[float(values.get(s.contact_s, np.nan)) for s in strides] for values in pictured]
    told = [np.array(column) for column in columns if np.isfinite(column).any()]  # the trunk's are of the near side's
    return strides[int(np.argmin(sum(_oddness(column) for column in told)))]


def _is_pictured(measurement: Measurement, side: Side) -> bool:
    return measurement.metric in PICTURED and measurement.side in (side, None) and isinstance(measurement.value, float)


def _oddness(values: FloatArray) -> FloatArray:
    """How many SDs each of values (n,) is off their median; one that is missing counts as two."""
    off = np.abs(values - np.nanmedian(values))
    return np.nan_to_num(off / max(float(np.nanstd(values)), 1e-9), nan=2.0)
