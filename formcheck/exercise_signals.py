"""Landmarks of one person exercising, in any position -> evenly timed, repaired, zero-lag filtered series.

Nothing here assumes a cycle: gaps are bridged with a shape-keeping cubic, never from other repetitions. Points are
first brought into one frame, **as if the trunk were upright and the person faced right**: x is mirrored where needed,
y is up, and the picture itself is not turned. In it people who stand face +x, people on their back have the head at
-x, people face down have it at +x, and the same signed angle means the same bend of the body everywhere.

``<side>`` is left or right; the same names without a side are of the middle of both (mean of left and right joints).

===================================  ==============================================================================
``trunk_lean_deg``                   hip to shoulder against the vertical: 0 upright, +90 face down, -90 on the back
``thigh_<side>_deg``                 hip to knee against the vertical, knee behind +; -240..120 (on the back, flat: -90)
``shank_<side>_deg``                 knee to ankle against the vertical, ankle ahead +; -150..210
``knee_flexion_<side>_deg``          0 straight, flexion +
``hip_line_<side>_deg``              shoulder-hip-knee: 180 straight, smaller bent, larger bent backwards
``body_line_<side>_deg``             shoulder-hip-ankle, likewise
``upper_arm_<side>_deg``             shoulder to elbow against the vertical, elbow behind +; -240..120
``arm_<side>_deg``                   shoulder to wrist against the trunk: 0 along the side, 180 overhead, in front +
``elbow_flexion_<side>_deg``         0 straight; unsigned
``head_line_<side>_deg``             ear-shoulder-hip: 180 straight, smaller nodding, larger thrown back
``foot_<side>_deg``                  heel to toe against the horizontal, toes up +; -90..270
``<joint>_<x|y>_<side>_trunk``       positions in trunk lengths; x from the clip's usual mid-hip, y up from the floor
``hip_over_foot_trunk``               height of mid-hip above the lower ankle; a hand-held camera does not change it
``shoulder_over_hip_trunk``           height of mid-shoulder above mid-hip; the trunk tips toward the camera: small
``arms_up_trunk``                     wrists beyond the shoulders along the trunk's line; arms overhead about 0.9
``lower_<joint>_y_trunk``            the lower, ``higher_...`` the higher of left and right
``planted_...``                      hip line, knee and shank of the foot that stays down, or of both
``trunk_tilt_deg`` ``knee_bend_deg`` without sign
``foot_gap_trunk``                   distance of the ankles
``opening_deg``                      angle between the thighs in the picture
``hips_tilt_deg`` ``shoulders_tilt_deg``   line of both joints against the horizontal, person's left end up +
===================================  ==============================================================================

The floor is where the lowest joints lie (their 2nd percentile over the clip). Where the camera looks from the front,
only lengths, positions and tilts mean anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import median_filter

from formcheck.geometry import behind_deg, flexion_deg, lean_deg, length, slope_deg
from formcheck.records import BoolArray, Facing, FloatArray, PoseTrack, Signals
from formcheck.repair import MIN_FRAMES, count_runs, found_looks, frame_rate_hz_of, low_pass, nearest, runs
from formcheck.skeleton import ARM, INDEX, LANDMARKS, LEG, SIDES, Side, index_of, other

CUTOFF_HZ = 5.0
"""Both passes together: exercises are slow, and the noise of landmarks is not. Bounces of a stretch are below 3 Hz."""
MAX_CUTOFF_SHARE_OF_RATE = 0.36
MAX_BRIDGED_S = 0.7
"""Longer gaps stay gaps."""
JUMP_TRUNKS = 0.22
"""A joint further than this from the median of the looks around it is a jump."""
MEDIAN_LOOKS = 5
NAME_WEIGHT = 0.02
"""How much the network's own left and right count for against continuity, in trunk lengths a joint."""
JOINTS = ("nose", "ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index")
FLOOR_JOINTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index")
ONE_LEG_TRUNKS = 0.3
"""An ankle so much higher than the other for most of the clip is in the air."""


def build_exercise_signals(pose: PoseTrack) -> Signals:
    """All series of one person exercising.

    ``facing`` is the way the person would face with the trunk turned upright. Raises InputError ``no_person`` when
    nobody was found, ``hardly_seen`` or ``too_few_frames`` below 12 pictures with a person.
    """
    found = found_looks(pose)
    look_hz = frame_rate_hz_of(pose.time_s)
    rate_hz = pose.frame_rate_hz or look_hz
    trunk_px = trunk_length_px(pose.xy_px)
    ordered, exchanged = in_order(pose.xy_px, trunk_px)
    cleaned, jumped = _without_jumps(ordered, trunk_px)
    time_s, even, bridged = _even(pose.time_s, cleaned, rate_hz)
    filtered = _filtered(even, rate_hz, min(CUTOFF_HZ, MAX_CUTOFF_SHARE_OF_RATE * look_hz))
    facing = facing_of(filtered)
    leg_px = _leg_px(filtered, facing)
    return Signals(
        time_s=time_s,
        rate_hz=rate_hz,
        frame_rate_hz=rate_hz,
        xy_px=filtered,
        visibility=nearest(pose.time_s, pose.visibility, time_s),
        doubtful=bridged,
        facing=facing,
        near_side="left" if facing == "left" else "right",
        level_deg=0.0,
        leg_length_px=leg_px,
        stride_rate_hz=None,
        gait="unknown",
        finder=pose.finder,
        n_exchanges=count_runs(exchanged),
        n_jumps=count_runs(jumped[:, _BODY].any(axis=1)),
        n_gaps=count_runs(~found),
        pose_rate=float(found.mean()),
        camera=pose.camera,
        series=_series(mirrored(filtered, facing), trunk_px),
    )


def with_series(signals: Signals, **more: FloatArray) -> Signals:
    """The same signals with further series (m,), named with their unit at the end."""
    return replace(signals, series={**signals.series, **more})


def series_of_nobody(m: int) -> dict[str, FloatArray]:
    """Every series (m,) of a clip in which no body was followed: nothing but NaN."""
    return _series(np.full((m, len(LANDMARKS), 2), np.nan), 1.0)


def mirrored(xy_px: FloatArray, facing: Facing) -> FloatArray:
    """Pixels -> x forward as if the person stood, y up (the frame of the series); see the top of this module."""
    return np.asarray(xy_px * np.array([-1.0 if facing == "left" else 1.0, -1.0]))


def trunk_length_px(xy_px: FloatArray) -> float:
    """Mid-hip to mid-shoulder, upper quartile over the clip (a trunk that leans to the camera looks shorter).

    1 where nobody was found.
    """
    along = length(_middle(xy_px, "hip"), _middle(xy_px, "shoulder"))
    return float(max(np.nanpercentile(along, 75), 1.0)) if np.isfinite(along).any() else 1.0


def jump_share(pose: PoseTrack) -> float:
    """Share of the looks in which an arm or a leg is drawn far from where it is in the looks around."""
    trunk_px = trunk_length_px(pose.xy_px)
    _, jumped = _without_jumps(in_order(pose.xy_px, trunk_px)[0], trunk_px)
    return float(jumped[:, _BODY].any(axis=1).mean())


# ------------------------------------------------------------------------------------------- names and jumps

_BODY = [index_of(side, joint) for side in SIDES for joint in (*LEG, *ARM)]
_PAIRED = [(index_of("left", joint), index_of("right", joint)) for joint in (*LEG, *ARM)]


def in_order(xy_px: FloatArray, trunk_px: float) -> tuple[FloatArray, BoolArray]:
    """Landmarks (n, 33, 2) with left and right named as continuity asks for, and where that was changed, (n,).

    The cheapest way through the clip: each look's names kept or exchanged, at the cost of how far the joints then
    move from look to look and a little for going against the network.
    """
    left, right = np.array(_PAIRED).T
    seen = np.flatnonzero(np.isfinite(xy_px[:, _BODY, 0]).all(axis=1))
    exchanged = np.zeros(len(xy_px), dtype=bool)
    if len(seen) < 2:
        return xy_px, exchanged
    a, b = xy_px[seen][:, left] / trunk_px, xy_px[seen][:, right] / trunk_px
    kept = (length(a[1:], a[:-1]) + length(b[1:], b[:-1])).sum(axis=1)
    crossed = (length(a[1:], b[:-1]) + length(b[1:], a[:-1])).sum(axis=1)
    exchanged[seen] = _cheapest(kept, crossed, NAME_WEIGHT * len(_PAIRED))
    out = xy_px.copy()
    rows = np.flatnonzero(exchanged)[:, None]
    out[rows, left], out[rows, right] = xy_px[rows, right], xy_px[rows, left]
    return out, exchanged


def _cheapest(kept: FloatArray, crossed: FloatArray, against: float) -> BoolArray:
    """(n,) exchanged or not, from what it costs to go on alike or otherwise (n - 1,) (Viterbi 1967)."""
    cost = np.array([0.0, against])
    came_from = np.zeros((len(kept) + 1, 2), dtype=int)
    for k, (alike, otherwise) in enumerate(zip(kept, crossed, strict=True), start=1):
        ways = cost[None, :] + np.array([[alike, otherwise], [otherwise, alike]])
        came_from[k] = ways.argmin(axis=1)
        cost = ways.min(axis=1) + np.array([0.0, against])
    state = int(cost.argmin())
    path = np.zeros(len(kept) + 1, dtype=bool)
    for k in range(len(kept), -1, -1):
        path[k] = bool(state)
        state = int(came_from[k, state])
    return path


def _without_jumps(xy_px: FloatArray, trunk_px: float) -> tuple[FloatArray, BoolArray]:
    """Joints far from where they are in the looks around become NaN; returns also which, (n, 33)."""
    out, bad = xy_px.copy(), np.zeros(xy_px.shape[:2], dtype=bool)
    for joint in range(xy_px.shape[1]):
        seen = np.flatnonzero(np.isfinite(xy_px[:, joint, 0]))
        if len(seen) < MEDIAN_LOOKS:
            continue
        track = xy_px[seen, joint]
        middle = median_filter(track, size=(MEDIAN_LOOKS, 1), mode="nearest")
        bad[seen, joint] = length(track, middle) > JUMP_TRUNKS * trunk_px
    out[bad] = np.nan
    return out, bad


def _even(time_s: FloatArray, xy_px: FloatArray, rate_hz: float) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Tracks on an even grid (m, 33, 2), short gaps bridged; and (m, 2) where a leg was bridged for long."""
    grid = np.arange(time_s[0], time_s[-1] + 1e-6, 1.0 / rate_hz)
    out = np.full((len(grid), *xy_px.shape[1:]), np.nan)
    doubtful = np.zeros((len(grid), 2), dtype=bool)
    look_s = float(np.median(np.diff(time_s)))
    legs = {index_of(side, joint): column for column, side in enumerate(SIDES) for joint in LEG}
    for joint in range(xy_px.shape[1]):
        good = np.isfinite(xy_px[:, joint, 0])
        if good.sum() < 2:
            continue
        gap = _gap_s(time_s[good], grid)
        usable = gap <= MAX_BRIDGED_S + look_s
        out[usable, joint] = PchipInterpolator(time_s[good], xy_px[good, joint])(grid[usable])
        if joint in legs:
            doubtful[:, legs[joint]] |= gap > 2.5 * look_s
    return grid, out, doubtful


def _gap_s(seen_s: FloatArray, grid: FloatArray) -> FloatArray:
    """Time between the looks before and after each grid time; infinite outside."""
    after = np.searchsorted(seen_s, grid - 1e-9)
    inside = (after < len(seen_s)) & (grid >= seen_s[0] - 1e-9)
    before = np.clip(after - 1, 0, len(seen_s) - 1)
    after = np.clip(after, 0, len(seen_s) - 1)
    return np.where(inside, np.where(after > 0, seen_s[after] - seen_s[before], 0.0), np.inf)


def _filtered(xy_px: FloatArray, rate_hz: float, cutoff_hz: float) -> FloatArray:
    out = np.full_like(xy_px, np.nan)
    for joint in range(xy_px.shape[1]):
        for start, stop in runs(np.isfinite(xy_px[:, joint, 0])):
            if stop - start >= MIN_FRAMES:
                out[start:stop, joint] = low_pass(xy_px[start:stop, joint], cutoff_hz, rate_hz)
    return out


# ---------------------------------------------------------------------------------------------- facing, scale


def facing_of(xy_px: FloatArray) -> Facing:
    """The way the person would face with the trunk turned upright, from knees, feet and nose over the whole clip.

    Knees bend backwards, toes and nose are in front: each votes with how far it departs, in trunk lengths.
    """
    trunk = _middle(xy_px, "shoulder") - _middle(xy_px, "hip")
    votes = [_turn(trunk, xy_px[:, INDEX["nose"]] - _middle(xy_px, "ear"))]
    for side in SIDES:
        hip, knee, ankle, heel, toe = (xy_px[:, index_of(side, joint)] for joint in LEG)
        votes += [_turn(knee - hip, ankle - knee), _turn(toe - heel, heel - ankle)]
    px = trunk_length_px(xy_px)
    cast = np.array([np.nanmean(vote) if np.isfinite(vote).any() else 0.0 for vote in votes]) / px**2
    total = float((cast * np.array([4.0, 1.0, 6.0, 1.0, 6.0])).sum())
    if abs(total) < 1e-3:
        return "unknown"
    return "right" if total > 0 else "left"


def _turn(first: FloatArray, second: FloatArray) -> FloatArray:
    """Cross product in picture coordinates (y down), positive when ``second`` turns clockwise from ``first``."""
    return np.asarray(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0])


def _leg_px(xy_px: FloatArray, facing: Facing) -> float:
    side: Side = "left" if facing == "left" else "right"
    lengths = []
    for which in (side, other(side)):
        hip, knee, ankle = (xy_px[:, index_of(which, joint)] for joint in ("hip", "knee", "ankle"))
        both = length(hip, knee) + length(knee, ankle)
        if np.isfinite(both).any():
            lengths.append(float(np.nanmedian(both)))
    return lengths[0] if lengths else float("nan")


# ------------------------------------------------------------------------------------------------------ series


def _middle(xy: FloatArray, joint: str) -> FloatArray:
    """Mean of the left and the right joint, or whichever was seen."""
    both = np.stack([xy[:, index_of(side, joint)] for side in SIDES])
    one = np.where(np.isfinite(both[0]), both[0], both[1])
    return np.asarray(np.where(np.isfinite(both).all(axis=0), both.mean(axis=0), one))


def _series(points: FloatArray, trunk_px: float) -> dict[str, FloatArray]:
    """Every series; ``points`` (m, 33, 2) in the frame of ``mirrored``."""
    middle = {joint: _middle(points, joint) for joint in JOINTS if joint != "nose"} | {"nose": points[:, INDEX["nose"]]}
    of_side = {side: {j: points[:, index_of(side, j)] for j in JOINTS if j != "nose"} for side in SIDES}
    out = {"trunk_lean_deg": lean_deg(middle["hip"], middle["shoulder"])}
    for ending, at in (("", middle), *((f"_{side}", of_side[side]) for side in SIDES)):
        out |= _angles(at, ending)
    out |= _places({"": middle, **{f"_{side}": of_side[side] for side in SIDES}}, trunk_px)
    out |= _upright(middle, of_side, trunk_px)
    out |= _of_both(out)
    for joint in ("hip", "shoulder"):
        across = of_side["left"][joint] - of_side["right"][joint]
        out[f"{joint}s_tilt_deg"] = np.degrees(np.arctan2(across[:, 1], np.abs(across[:, 0])))
    return out


def _of_both(series: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """What asks for the lower or the higher of two joints, or for the leg that carries."""
    out = {"trunk_tilt_deg": np.abs(series["trunk_lean_deg"]), "knee_bend_deg": np.abs(series["knee_flexion_deg"])}
    for joint in ("wrist", "elbow", "knee", "ankle"):
        both = np.stack([series[f"{joint}_y_{side}_trunk"] for side in SIDES])
        out[f"lower_{joint}_y_trunk"], out[f"higher_{joint}_y_trunk"] = both.min(axis=0), both.max(axis=0)
    out["lower_hip_line_deg"] = np.minimum(series["hip_line_left_deg"], series["hip_line_right_deg"])
    apart = [series[f"ankle_{axis}_left_trunk"] - series[f"ankle_{axis}_right_trunk"] for axis in "xy"]
    out["foot_gap_trunk"] = np.hypot(*apart)
    carries = planted_side(series)
    for name in ("hip_line", "knee_flexion", "shank"):
        ending = "" if carries is None else f"_{carries}"
        out[f"planted_{name}_deg"] = series[f"{name}{ending}_deg"]
    thighs = series["thigh_left_deg"] - series["thigh_right_deg"]
    out["opening_deg"] = np.abs((thighs + 180.0) % 360.0 - 180.0)
    return out


def planted_side(series: Mapping[str, FloatArray]) -> Side | None:
    """The side whose foot stays down while the other is in the air for most of the clip; None where both are down."""
    higher = series["ankle_y_left_trunk"] - series["ankle_y_right_trunk"]
    if not np.isfinite(higher).any():
        return None
    usual = float(np.nanmedian(higher))
    if abs(usual) < ONE_LEG_TRUNKS:
        return None
    return "right" if usual > 0 else "left"


def _angles(at: Mapping[str, FloatArray], ending: str) -> dict[str, FloatArray]:
    shoulder, elbow, wrist, hip, knee, ankle = (
        at[joint] for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    )
    found = {
        "thigh": _within(behind_deg(hip, knee), -240.0),
        "shank": _within(-behind_deg(knee, ankle), -150.0),
        "knee_flexion": flexion_deg(hip, knee, ankle),
        "hip_line": 180.0 + flexion_deg(shoulder, hip, knee),
        "body_line": 180.0 + flexion_deg(shoulder, hip, ankle),
        "upper_arm": _within(behind_deg(shoulder, elbow), -240.0),
        "arm": _within(-flexion_deg(hip, shoulder, wrist) + 180.0, -90.0),
        "elbow_flexion": np.abs(flexion_deg(shoulder, elbow, wrist)),
        "head_line": 180.0 - flexion_deg(hip, shoulder, at["ear"]),
        "foot": _within(slope_deg(at["heel"], at["foot_index"]), -90.0),
    }
    return {f"{name}{ending}_deg": values for name, values in found.items()}


def _upright(
    middle: Mapping[str, FloatArray], of_side: Mapping[Side, Mapping[str, FloatArray]], trunk_px: float
) -> dict[str, FloatArray]:
    """What tells people on their feet apart, in trunk lengths."""
    ankles = np.stack([of_side[side]["ankle"][:, 1] for side in SIDES])
    up = middle["shoulder"] - middle["hip"]
    reach = ((middle["wrist"] - middle["shoulder"]) * up).sum(axis=1) / np.maximum(length(up, 0.0 * up), 1e-6)
    return {
        "hip_over_foot_trunk": (middle["hip"][:, 1] - ankles.min(axis=0)) / trunk_px,
        "shoulder_over_hip_trunk": up[:, 1] / trunk_px,
        "arms_up_trunk": reach / trunk_px,
    }


def _within(values: FloatArray, low: float) -> FloatArray:
    """Angles brought into ``low`` to ``low`` + 360."""
    return np.asarray((values - low) % 360.0 + low)


def _places(by_side: Mapping[str, Mapping[str, FloatArray]], trunk_px: float) -> dict[str, FloatArray]:
    low = np.concatenate([at[joint][:, 1] for at in by_side.values() for joint in FLOOR_JOINTS])
    floor = float(np.nanpercentile(low, 2)) if np.isfinite(low).any() else 0.0
    hips = by_side[""]["hip"][:, 0]
    origin = float(np.nanmedian(hips)) if np.isfinite(hips).any() else 0.0
    return {
        f"{joint}_{axis}{ending}_trunk": (track[:, k] - (origin, floor)[k]) / trunk_px
        for ending, at in by_side.items()
        for joint, track in at.items()
        for k, axis in enumerate("xy")
    }
