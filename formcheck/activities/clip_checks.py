"""What a reader should know about a running clip before its numbers: doubts about filming, scale and clock."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.events import rhythm_breaks
from formcheck.frontal import off_line_deg
from formcheck.metrics import measure_all
from formcheck.metrics.summary import MIN_STRIDES
from formcheck.records import InputError, Measurement, Note, PoseTrack, Recording
from formcheck.scale import estimated_belt_speed_mps, free_fall_oscillation_cm
from formcheck.skeleton import index_of

SLOWEST_RUNNING_SPM = 120.0
"""Runners take 132-204 steps a minute (Bonnaerens et al. 2021); slower is walking or slow motion."""
SLOWEST_WALKING_SPM = 70.0
"""Nobody keeps walking slower than this; such a clip plays in slow motion."""
FASTEST_RUNNING_SPM, FASTEST_SPRINTING_SPM = 230.0, 300.0
"""Beyond the one only sprinters step, beyond the other nobody: such a clip plays faster than it was filmed."""
USUAL_CADENCE_SPM = 168.0
SLOW_MOTION_FACTORS = (2.0, 4.0, 8.0, 10.0)
LOW_FRAME_RATE_HZ = 45.0
LEAST_RATE_AT_CONTACT_HZ, LEAST_RATE_HZ = 18.0, 9.5
"""Below the one no number is read at the moment of contact: on rendered runners thinned out, the knee's interval holds
the truth in 100 % at 20 pictures a second, 81 % at 15 and 21 % at 10. Below the other nothing is, but the cadence."""
AT_CONTACT = (
    "foot_angle_at_contact_deg",
    "foot_strike",
    "knee_flexion_at_contact_deg",
    "overstride_pct_leg",
    "shank_angle_at_contact_deg",
)
SMALL_LEG_PX = 100.0
TILTED_DEG, TURNED_DEG = 3.0, 8.0
FEW_STRIDES = 8
SPEEDS_APART = 0.15
"""Three times the error of the estimated belt speed (``scale.BELT_SPEED_ERROR``)."""
LEAST_OF_FREE_FALL, MOST_OF_FREE_FALL = 0.62, 1.6
"""Hips' oscillation over that of free fall: 0.97-1.30 on real runners, 0.70-0.98 on rendered ones."""
STRETCHED, LEVEL_SHARE = 1.2, 0.8
"""Width over height of a picture, as the shank tells it: 0.96 to 1.12 on 10 rendered and real clips from the side, 0.93
to 1.08 on 36 runners of motion capture with the camera up to 14 degrees off, 1.33 of a clip stretched by 1.33 (4:3
shown as 16:9). It has to be this level at times, against its own length."""
FEET_OUT_SHARE = 0.05
OFF_LINE_DEG = 11.0
"""From behind and in front; the error of each number was measured with cameras up to 8 degrees off."""
ANGLES_AND_LENGTHS = ("_deg", "_pct_leg", "_cm", "foot_strike", "crossover_pct", "knee_window_pct")
"""Ends of the names of what a camera that moves or stands off makes less sure; times stay."""

Doubt = tuple[bool, Note]


def suspected_slow_motion(recording: Recording) -> float | None:
    """How many times slower than life the clip seems to play, when nobody runs at the cadence it shows."""
    cadence = _cadence(recording)
    walks = recording.signals.gait == "walking"
    if not cadence or cadence >= SLOWEST_RUNNING_SPM or (cadence >= SLOWEST_WALKING_SPM and walks):
        return None
    return min(SLOW_MOTION_FACTORS, key=lambda factor: abs(np.log(cadence * factor / USUAL_CADENCE_SPM)))


def measured(recording: Recording, factor: float | None, known: bool) -> list[Measurement]:
    """Every number of a runner, as far as the filming allows; none where they are ``known`` from an earlier day.

    Raises InputError ``walks`` for somebody who walks, but not where a version that let them pass has measured.
    """
    if known:
        return []
    _refuse_walking(recording, factor)
    stretched = is_stretched(picture_stretch(recording))
    return [_doubted(measurement, recording, factor, stretched) for measurement in measure_all(recording)]


def _refuse_walking(recording: Recording, factor: float | None) -> None:
    """Somebody who walks, no faster than people do, in a clip at full speed."""
    if factor is None and recording.signals.gait == "walking" and _cadence(recording) < SLOWEST_RUNNING_SPM:
        raise InputError("walks")


def _doubted(measurement: Measurement, recording: Recording, factor: float | None, stretched: bool) -> Measurement:
    """The measurement, none where clock or frame rate cannot give it, or one with less trust where the camera moves or
    the picture was ``stretched``.
    """
    if factor is not None:
        return _without(measurement, Note("slow_motion_suspected_reason", {"factor": factor}))
    if _cadence(recording) > FASTEST_SPRINTING_SPM:
        return _without(measurement, Note("sped_up_reason"))
    is_out_of_strides = measurement.reason is not None and measurement.reason.code == "too_few_strides"
    is_told = measurement.value is not None or is_out_of_strides  # more of them would not help
    if is_told and _is_too_coarse(measurement.metric, recording.signals.frame_rate_hz):
        return _without(measurement, Note("frame_rate_too_low", {"rate": round(recording.signals.frame_rate_hz)}))
    if measurement.status == "ok" and _cadence(recording) > FASTEST_RUNNING_SPM:
        return replace(measurement, status="low_confidence", reason=Note("sped_up_reason"))
    if measurement.status != "ok" or not measurement.metric.endswith(ANGLES_AND_LENGTHS):
        return measurement
    if recording.signals.camera == "moving":
        return replace(measurement, status="low_confidence", reason=Note("moving_camera"))
    if stretched:
        return replace(measurement, status="low_confidence", reason=Note("picture_stretched_reason"))
    if _off_line_deg(recording) > OFF_LINE_DEG:
        return replace(measurement, status="low_confidence", reason=Note("camera_off_line_reason"))
    return measurement


def picture_stretch(recording: Recording) -> float:
    """How many times too wide the picture is for its height; 1.0 where it cannot be told.

    The near shank is as long when it is level behind the runner as upright in stance: where (x, y) px are its extents,
    k x^2 + y^2 is the same in all pictures, and the stretch 1 / sqrt(k). From the side only, for legs that swing back.
    """
    if recording.view != "side":
        return 1.0
    near, xy = recording.signals.near_side, recording.signals.xy_px
    shank = xy[:, index_of(near, "ankle")] - xy[:, index_of(near, "knee")]
    x, y = np.abs(shank[np.isfinite(shank).all(axis=1)]).T
    if len(x) < 2 * MIN_STRIDES or not np.percentile(x / np.hypot(x, y), 95) > LEVEL_SHARE:
        return 1.0
    columns, known, trust = np.column_stack([x**2, -np.ones(len(x))]), -(y**2), np.ones(len(x))
    for _ in range(5):
        root = np.sqrt(trust)
        found = np.linalg.lstsq(columns * root[:, None], known * root, rcond=None)[0]
        off = np.abs(columns @ found - known)
        trust = 1.0 / np.maximum(1.0, off / max(1.5 * float(np.median(off)), 1e-9))
    return float(1.0 / np.sqrt(found[0])) if found[0] > 0 else 1.0


def is_stretched(stretch: float) -> bool:
    """Whether a picture so many times too wide is no longer that of a person's own proportions."""
    return not 1.0 / STRETCHED <= stretch <= STRETCHED


def _without(measurement: Measurement, reason: Note) -> Measurement:
    """The measurement without its number."""
    return Measurement(
        measurement.metric, measurement.side, measurement.unit, None, status="not_measurable", reason=reason
    )


def _is_too_coarse(metric: str, frame_rate_hz: float) -> bool:
    least_hz = LEAST_RATE_AT_CONTACT_HZ if metric in AT_CONTACT else LEAST_RATE_HZ
    return metric != "cadence_spm" and frame_rate_hz < least_hz


def _off_line_deg(recording: Recording) -> float:
    """Of a camera behind or in front; 0 beside the runner."""
    return off_line_deg(recording.signals) if recording.view in ("rear", "front") else 0.0


def warnings(
    recording: Recording,
    pose: PoseTrack,
    measurements: list[Measurement],
    shot: tuple[float, float] | None,
    factor: float | None,
) -> list[Note]:
    """Notes on the whole clip; ``shot`` is the part of an edited clip, ``factor`` the suspected slow motion."""
    doubts = [
        (factor is not None, Note("slow_motion_suspected", {"factor": factor or 1, "cadence": _cadence(recording)})),
        (_cadence(recording) > FASTEST_RUNNING_SPM, Note("sped_up", {"cadence": _cadence(recording)})),
        (shot is not None, Note("edited_clip", {"start": _s(shot, 0), "end": _s(shot, 1)})),
        *_of_the_pose(recording, pose),
        *_of_the_filming(recording, pose),
    ]
    notes = [note for true, note in doubts if true]
    notes += [Note("walking")] if recording.signals.gait == "walking" and factor is None else []
    if factor is not None or recording.view != "side":
        return notes
    return notes + _of_the_running(recording, measurements)


def _of_the_pose(recording: Recording, pose: PoseTrack) -> list[Doubt]:
    s, breaks = recording.signals, rhythm_breaks(recording.strides, recording.signals)
    return [
        (pose.n_people > 1, Note("several_people", {"n": pose.n_people, "person": pose.person})),
        (s.n_exchanges > 0, Note("legs_exchanged", {"count": s.n_exchanges})),
        (s.n_jumps > 0, Note("jumps", {"count": s.n_jumps})),
        (breaks > 0, Note("rhythm_breaks", {"n": breaks})),
        (s.pose_rate < 0.9, Note("person_rarely_found", {"pct": round(100 * s.pose_rate)})),
    ]


def _of_the_filming(recording: Recording, pose: PoseTrack) -> list[Doubt]:
    s, off, stretch = recording.signals, _off_line_deg(recording), picture_stretch(recording)
    return [
        (is_stretched(stretch), Note("picture_stretched", {"times": round(stretch, 1)})),
        (s.frame_rate_hz < LOW_FRAME_RATE_HZ, Note("low_frame_rate", {"rate": round(s.frame_rate_hz)})),
        (abs(s.level_deg) > TILTED_DEG, Note("camera_tilted", {"deg": round(abs(s.level_deg), 1)})),
        (off > OFF_LINE_DEG, Note("camera_off_line", {"deg": round(off)})),
        (abs(s.yaw_deg) > TURNED_DEG, Note("camera_yaw", {"deg": round(abs(s.yaw_deg))})),
        (s.camera == "moving", Note("camera_moving")),
        (s.leg_length_px < SMALL_LEG_PX, Note("person_small")),
        (_feet_out(recording, pose) > FEET_OUT_SHARE, Note("feet_cut_off")),
    ]


def _feet_out(recording: Recording, pose: PoseTrack) -> float:
    """Share of the time in which the near heel or toe lies below the picture, where the network guesses it."""
    near = recording.signals.near_side
    feet = pose.xy_px[:, [index_of(near, "heel"), index_of(near, "foot_index")], 1]
    seen = np.isfinite(feet).all(axis=1)
    return float((feet[seen].max(axis=1) > pose.height_px - 1).mean()) if seen.any() else 0.0


def _of_the_running(recording: Recording, measurements: list[Measurement]) -> list[Note]:
    n = sum(stride.clean for stride in recording.strides if stride.side == recording.signals.near_side)
    notes = [Note("few_strides", {"n": n})] if MIN_STRIDES <= n < FEW_STRIDES else []
    return notes + _belt_speed(recording) + _free_fall(recording, measurements)


def _belt_speed(recording: Recording) -> list[Note]:
    given, estimated = recording.subject.belt_speed_mps, estimated_belt_speed_mps(recording)
    if given is None or estimated is None or abs(estimated / given - 1) <= SPEEDS_APART:
        return []
    return [Note("belt_speed_disagrees", {"given": round(given, 1), "estimated": round(estimated, 1)})]


def _free_fall(recording: Recording, measurements: list[Measurement]) -> list[Note]:
    """Bodies in flight fall with g: a bounce that does not fit the times tells of a wrong height, speed or clock."""
    found = next((m.value for m in measurements if m.metric == "vertical_oscillation_cm"), None)
    expected = free_fall_oscillation_cm(recording)
    if not isinstance(found, float) or expected is None or recording.signals.gait != "running":
        return []
    if LEAST_OF_FREE_FALL <= found / expected <= MOST_OF_FREE_FALL:
        return []
    return [Note("scale_doubtful", {"measured": round(found, 1), "expected": round(expected, 1)})]


def _s(span: tuple[float, float] | None, index: int) -> float:
    return round(span[index], 1) if span else 0.0


def _cadence(recording: Recording) -> int:
    """Steps a minute as the clip plays, from the swing of the legs; 0 where they do not swing in turn."""
    return round(120.0 * (recording.signals.stride_rate_hz or 0.0))
