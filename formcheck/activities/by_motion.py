"""An exercise counted from the motion of the pictures alone, where its body could not be followed (``to_and_fro.py``).

Only where somebody said which exercise it is, or it was recognised, which is called unsure then: what goes up and comes
down is not known. Repetitions and their times are told, and that they are from motion alone; every number of the body
is refused.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.activities.card import TRAVEL, load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import FEW_FOUND, Found, key_moments
from formcheck.activities.recognise import UNSTEADY_SHARE, guessed, legs_pass_each_other, runs_or_walks
from formcheck.exercise_signals import jump_share, series_of_nobody
from formcheck.metrics import measure_all
from formcheck.records import (
    FloatArray,
    InputError,
    Measurement,
    Motion,
    Note,
    PoseTrack,
    Recording,
    Repetition,
    Signals,
    Subject,
    View,
)
from formcheck.repetitions import Swing, events_of, repetitions
from formcheck.skeleton import INDEX, LANDMARKS
from formcheck.to_and_fro import MIN_TRAVEL

COUNTED = ("clamshell",)
"""Exercises in which one limb goes up and comes down while all else lies still."""
COUNTED_FROM_MOTION, FROM_MOTION_ALONE = Note("counted_from_motion"), Note("from_motion_alone")
_NOBODY = ("no_person", "hardly_seen", "too_few_frames")
_LOST = ("legs_not_followed", "no_repetitions")


def may_be_counted(activity: str, pose: PoseTrack, error: InputError) -> bool:
    """Whether the pictures' own motion may tell what the pose could not.

    Not where a body was followed steadily that does something else we know, and not from a hand-held camera.
    """
    if activity not in COUNTED or pose.motion is not None or pose.camera == "moving":
        return False
    if error.code in _NOBODY:
        return True
    if error.code not in _LOST:
        return False
    seen = np.isfinite(pose.xy_px[:, INDEX["left_hip"], 0])
    if seen.mean() < FEW_FOUND or jumps_about(pose):
        return True
    known = [name for name, _ in guessed(pose)]
    return activity in known or not (known or runs_or_walks(pose) or legs_pass_each_other(pose))


def jumps_about(pose: PoseTrack) -> bool:
    """Whether limbs are drawn elsewhere from look to look, so that repetitions found in them may be none."""
    return bool(np.isfinite(pose.xy_px).any()) and jump_share(pose) >= UNSTEADY_SHARE


def without_body(pose: PoseTrack, motion: Motion) -> PoseTrack:
    """The same clip with what moves in it in place of the body, which was found where it is not."""
    return replace(
        pose,
        xy_px=np.full_like(pose.xy_px, np.nan),
        visibility=np.full_like(pose.visibility, np.nan),
        outline_qpx=np.empty((len(pose.time_s), 0, 2), np.int16),
        motion=motion,
    )


def nobody(time_s: FloatArray, size_px: tuple[int, int], finder: str) -> PoseTrack:
    """The track of a clip (n pictures) in which nobody was found."""
    n = len(time_s)
    xy_px, visibility = np.full((n, len(LANDMARKS), 2), np.nan), np.full((n, len(LANDMARKS)), np.nan)
    return PoseTrack(time_s, xy_px, visibility, *size_px, np.empty((n, 0, 2), np.int16), finder)


def examine_motion(pose: PoseTrack, motion: Motion, subject: Subject, activity: str, view: View) -> Examined:
    """Repetitions of what goes up and comes down. Raises InputError ``no_repetitions`` where there is none."""
    signals = _signals(pose, motion)
    reps = repetitions(signals.time_s, signals.series[TRAVEL], Swing(100.0 * MIN_TRAVEL))
    if not reps:
        raise InputError("no_repetitions", activity=activity)
    events = events_of(reps)
    recording = Recording(signals, events, (), subject, activity, view, reps)
    return Examined(
        activity=activity,
        view=view,
        signals=signals,
        events=events,
        measurements=tuple(_less_sure(m) for m in measure_all(recording)),
        key_moments=key_moments(signals, Found(reps), load_activity_cards()[activity]),
        warnings=(COUNTED_FROM_MOTION, *_cut(reps)),
        reps=reps,
    )


def _signals(pose: PoseTrack, motion: Motion) -> Signals:
    """Even times, nobody anywhere, and how far up the moving part is, per cent of the picture's longer side."""
    rate_hz = 1.0 / float(np.median(np.diff(motion.time_s)))
    time_s = np.arange(motion.time_s[0], motion.time_s[-1] + 1e-6, 1.0 / rate_hz)
    m = len(time_s)
    return Signals(
        time_s=time_s,
        rate_hz=rate_hz,
        frame_rate_hz=rate_hz,
        xy_px=np.full((m, len(LANDMARKS), 2), np.nan),
        visibility=np.full((m, len(LANDMARKS)), np.nan),
        doubtful=np.zeros((m, 2), dtype=bool),
        facing="unknown",
        near_side="right",
        level_deg=0.0,
        leg_length_px=float("nan"),
        stride_rate_hz=None,
        gait="unknown",
        finder=pose.finder,
        n_exchanges=0,
        n_jumps=0,
        n_gaps=0,
        pose_rate=0.0,
        camera=pose.camera,
        series=series_of_nobody(m) | {TRAVEL: 100.0 * np.interp(time_s, motion.time_s, motion.travel)},
    )


def _less_sure(measured: Measurement) -> Measurement:
    if measured.status != "ok":
        return measured
    return replace(measured, status="low_confidence", reason=measured.reason or FROM_MOTION_ALONE)


def _cut(reps: tuple[Repetition, ...]) -> list[Note]:
    n_cut = sum(not rep.complete for rep in reps)
    return [Note("rep_cut_off", {"n": n_cut})] if n_cut else []
