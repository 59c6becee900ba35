"""Feet out of the picture: where they are is then the pose network's guess, and numbers that rest on it are none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from formcheck.records import BoolArray, Hold, Measurement, Note, PoseTrack, Recording, Repetition, Signals
from formcheck.skeleton import SIDES, Side, index_of

OUT_SHARE = 0.5
"""Of the time in repetitions and holds: a foot that swings out of the picture for a moment is none."""
ON_FEET = frozenset({"calf_heel_pct_leg", "heel_rise_pct_leg", "heels_apart_pct", "toe_out_change_deg", "touch_downs"})
"""Numbers that rest on heels and toes."""
ON_ANKLES = frozenset(
    {
        "bend_knee_deg",
        "body_line_deg",
        "broke_down_s",
        "calf_knee_deg",
        "calf_shin_deg",
        "ear_ahead_pct_height",
        "fingertip_floor_pct_height",
        "good_line_time_s",
        "hip_ahead_pct_height",
        "hip_pike_pct",
        "hip_sag_pct",
        "knee_ahead_pct_height",
        "knee_angle_deg",
        "knees_in_pct",
        "raised_leg_deg",
        "shoulder_ahead_pct_height",
        "sitting_knee_deg",
        "stance_knee_deg",
        "stance_sway_pct_leg",
        "standing_knee_deg",
        "stretch_knee_bend_deg",
        "stretch_knee_straight_deg",
        "sway_back_pct_height",
        "trunk_leg_line_deg",
        "trunk_over_shin_deg",
        "weight_on_one_leg_pct_height",
        "weight_shift_pct_leg",
    }
)
"""Numbers that rest on the ankles; the thigh, the trunk and the arms need none."""
NOT_ON_KNEES = frozenset({"body_line_deg", "hip_sag_pct", "hip_pike_pct", "good_line_time_s", "broke_down_s"})
"""Of these a plank on the knees needs no feet."""


def without_unseen_feet(
    measurements: Sequence[Measurement], recording: Recording, pose: PoseTrack, notes: Sequence[Note]
) -> tuple[tuple[Measurement, ...], tuple[Note, ...]]:
    """The same measurements, those that need feet or ankles out of the picture without a number; and what to tell."""
    lost: frozenset[str] = frozenset()
    if _out(recording, pose, ("heel", "foot_index")):
        lost = ON_FEET
    if _out(recording, pose, ("ankle",)):
        lost = ON_FEET | ON_ANKLES
    if "plank_on_knees" in {note.code for note in notes}:
        lost -= NOT_ON_KNEES
    if not lost:
        return tuple(measurements), ()
    return tuple(_gone(m) if m.metric in lost else m for m in measurements), (Note("exercise_feet_cut_off"),)


def _gone(m: Measurement) -> Measurement:
    return Measurement(m.metric, m.side, m.unit, None, status="not_measurable", reason=Note("needs_feet"))


def _out(recording: Recording, pose: PoseTrack, joints: Sequence[str]) -> bool:
    """Whether one of these joints, of the near side or seen across of either, is mostly outside the picture."""
    signals = recording.signals
    sides: Sequence[Side] = (signals.near_side,) if recording.view == "side" else SIDES
    inside = during(signals, recording.reps, recording.holds)
    for at in (signals.xy_px[inside, index_of(side, joint)] for side in sides for joint in joints):
        seen = np.isfinite(at).all(axis=1)
        outside = (at < 0).any(axis=1) | (at > np.array([pose.width_px - 1, pose.height_px - 1])).any(axis=1)
        if seen.any() and float(outside[seen].mean()) > OUT_SHARE:
            return True
    return False


def during(signals: Signals, reps: Sequence[Repetition], holds: Sequence[Hold]) -> BoolArray:
    """(m,) True within repetitions and holds; everywhere where there is none."""
    time_s = signals.time_s
    spans = [(rep.start_s, rep.end_s) for rep in reps] + [(hold.start_s, hold.end_s) for hold in holds]
    inside = np.zeros(len(time_s), dtype=bool)
    for start_s, end_s in spans:
        inside |= ~(time_s < start_s) & ~(time_s > end_s)
    return inside if inside.any() else ~inside
