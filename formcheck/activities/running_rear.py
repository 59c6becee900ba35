"""Running seen from behind, on a treadmill or going away; ``running_front`` does the same from in front."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.activities import clip_checks
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import uncut
from formcheck.activities.running_oblique import seen_at_an_angle
from formcheck.events import strides_of
from formcheck.frontal import build_frontal, off_line_deg, shoulder_line_deg, tilt_at_rest_deg
from formcheck.frontal_events import detect_frontal_events
from formcheck.metrics.rear.across import midstance_s
from formcheck.metrics.rear.pelvic_drop import pelvis_line_deg, rest_tilt_deg
from formcheck.records import InputError, KeyMoment, Note, PoseTrack, Recording, Standing, Stride, Subject, View
from formcheck.skeleton import SIDES, Side

MIN_CONTACTS = 3
SHORTEST_CLIP_S = 2.0
LEAST_LEG_PX = 30.0
OBLIQUE_DEG = 15.0
"""Off straight behind or in front by more, feet seem 6 % of leg length and more from where they stand (rendered)."""
WITHOUT_ANGLES = ("standing_unknown", "standing_subtracted", "standing_clip_subtracted", "camera_off_line")
"""Notes that say nothing where no angle is measured."""


def examine(pose: PoseTrack, subject: Subject, standing: Standing | None = None, known: bool = False) -> Examined:
    """Signals, events, measurements and moments of a runner from behind; no measurements where they are ``known``.

    ``standing`` is the same person at rest from the same view, whose tilts are taken off.
    Raises InputError ``not_running`` when no steps are found, ``too_short`` and ``person_too_small``.
    """
    return examine_across(pose, subject, "rear", standing, known)


def examine_across(
    pose: PoseTrack, subject: Subject, view: View, standing: Standing | None, known: bool = False
) -> Examined:
    """The same for either view across the running direction; an edited clip in its best uncut shot only."""
    recording, shot = _best_shot(pose, subject, view)
    recording = _with_pelvis_line(replace(recording, standing=standing))
    factor = clip_checks.suspected_slow_motion(recording)
    measurements = clip_checks.measured(recording, factor, known)
    found = Examined(
        activity="running",
        view=view,
        signals=recording.signals,
        events=recording.events,
        strides=recording.strides,
        measurements=tuple(measurements),
        key_moments=_key_moments(recording),
        warnings=(_standing_note(recording), *clip_checks.warnings(recording, pose, measurements, shot, factor)),
    )
    if off_line_deg(recording.signals) <= OBLIQUE_DEG:
        return found
    told = tuple(note for note in found.warnings if note.code not in WITHOUT_ANGLES)
    return seen_at_an_angle(replace(found, warnings=told))


def _with_pelvis_line(recording: Recording) -> Recording:
    """The pelvis' line as the numbers have it among the series, to be drawn."""
    series = {**recording.signals.series, "pelvis_line_deg": pelvis_line_deg(recording)}
    return replace(recording, signals=replace(recording.signals, series=series))


def _standing_note(recording: Recording) -> Note:
    """What was done about the pelvis' own tilt."""
    standing = recording.standing
    if standing is None:
        return Note("standing_unknown")
    shoulders_deg = tilt_at_rest_deg(standing, shoulder_line_deg)
    tilts = {"pelvis": f"{rest_tilt_deg(recording):+.1f}", "shoulders": f"{shoulders_deg:+.1f}"}
    if standing.clip is not None:
        return Note("standing_clip_subtracted", {"clip": standing.clip, **tilts})
    span = {"start": round(standing.start_s, 1), "end": round(standing.end_s, 1)}
    return Note("standing_subtracted", {**span, **tilts})


def _best_shot(pose: PoseTrack, subject: Subject, view: View) -> tuple[Recording, tuple[float, float] | None]:
    shots = uncut(pose)
    found: list[tuple[Recording, PoseTrack]] = []
    problem = InputError("not_running")
    for part in shots:
        try:
            found.append((_recording(part, subject, view), part))
        except InputError as error:
            problem = error
    if not found:
        raise problem if float(pose.time_s[-1] - pose.time_s[0]) >= SHORTEST_CLIP_S else InputError("too_short")
    best, part = max(found, key=lambda item: sum(stride.clean for stride in item[0].strides))
    if best.signals.leg_length_px < LEAST_LEG_PX:
        raise InputError("person_too_small")
    if sum(event.kind == "contact" for event in best.events) < MIN_CONTACTS:
        raise InputError("not_running" if len(pose.time_s) > 1 else "too_short")
    return best, (float(part.time_s[0]), float(part.time_s[-1])) if len(shots) > 1 else None


def _recording(pose: PoseTrack, subject: Subject, view: View) -> Recording:
    signals = build_frontal(pose, view)
    events = detect_frontal_events(signals)
    return Recording(signals, events, strides_of(events, signals), subject, "running", view)


def _key_moments(recording: Recording) -> tuple[KeyMoment, ...]:
    """Contact and midstance of each foot's most typical stride, by the trunk's lean at midstance."""
    moments: list[KeyMoment] = []
    for side in SIDES:
        stride = _typical(recording, side)
        if stride is not None:
            moments += [
                KeyMoment("contact", side, stride.contact_s),
                KeyMoment("midstance", side, midstance_s(recording, stride)),
            ]
    return tuple(moments)


def _typical(recording: Recording, side: Side) -> Stride | None:
    strides = [s for s in recording.strides if s.side == side and s.clean]
    strides = [s for s in strides if np.isfinite(midstance_s(recording, s))]
    if not strides:
        return None
    lengths = np.array([s.next_contact_s - s.contact_s for s in strides])
    return strides[int(np.argmin(np.abs(lengths - np.median(lengths))))]
