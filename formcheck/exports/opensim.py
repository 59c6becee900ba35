"""``markers.trc`` and ``angles.mot``: the person as markers and joint angles, for OpenSim, Sports2D and Pose2Sim.

Markers carry the names of Pose2Sim's HALPE_26 model. Axes as in OpenSim: X forward (where the person faces; to the
right of the picture where that is not known), Y up, Z to the person's right; metres. The tilt of the camera and how
far it stands off square are taken out as for the report's numbers. What one camera does not give:

* Depth is not seen, and nothing is made up for it: Z is 0 everywhere in a clip from the side, X in one from behind or
  in front, where the .trc holds how the person moves across and up, and there is no .mot.
* The origin is the middle of the hips at its mean, lowered to where the toes are at their lowest. On a treadmill the
  runner stays there; from a fixed camera a runner who passes moves on.
* Metres come from the height that was given, else from the belt's speed; without both a height of 1.70 m is assumed
  (``is_scale_assumed``): lengths are then wrong by as much as the height is, angles are not.

Angles are degrees, flexion positive as in the models of Rajagopal et al. 2016 (doi:10.1109/TBME.2016.2586891), all of
them in the picture's plane and computed from these same markers:

======================  =================================================================================
``pelvis_tilt``         of the trunk's line, backward +: **pelvis and trunk are taken as one piece**, since no
                        marker shows the pelvis; so ``lumbar_extension`` is 0
``pelvis_tx, _ty``      the marker Hip, metres
``hip_flexion_r, _l``   thigh against the trunk's line, knee forward +; not the anatomical hip angle
``knee_angle_r, _l``    flexion +
``ankle_angle_r, _l``   toes toward the shin +; 0 where heel and big toe lie square to the shin
``arm_flex_r, _l``      upper arm against the trunk's line, elbow forward +
``elbow_flex_r, _l``    flexion +
======================  =================================================================================

The far side is hidden part of the time and less sure. ``trunk_lean_deg`` of the report is larger by the network's own
error of 1.7 degrees, which is taken out there and left in the markers. Moments without a body are NaN in the .trc and
filled in straight in the .mot, whose readers know no gaps; at its ends the nearest one is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from formcheck.camera_angle import squared
from formcheck.geometry import behind_deg, flexion_deg, lean_deg, rotate_deg, slope_deg
from formcheck.records import Analysis, FloatArray, Recording
from formcheck.scale import LEG_PER_HEIGHT, leg_m
from formcheck.skeleton import INDEX

ASSUMED_HEIGHT_CM = 170.0
DECIMALS = 5
_JOINTS = {
    "Hip": "hip",
    "Knee": "knee",
    "Ankle": "ankle",
    "BigToe": "foot_index",
    "Heel": "heel",
    "Shoulder": "shoulder",
    "Elbow": "elbow",
    "Wrist": "wrist",
}
MARKERS: tuple[str, ...] = ("Hip", "Neck", "Nose", *(f"{side}{joint}" for side in "RL" for joint in _JOINTS))
"""In the order in which they are written."""


def write_opensim(analysis: Analysis, folder: Path) -> None:
    """Write ``markers.trc`` and, of a clip from the side, ``angles.mot`` into ``folder``."""
    write_trc(analysis, folder / "markers.trc")
    if has_angles(analysis):
        write_mot(analysis, folder / "angles.mot")


def has_angles(analysis: Analysis) -> bool:
    """Whether the picture shows the plane in which joints bend: only from the side."""
    return analysis.view == "side"


def is_scale_assumed(analysis: Analysis) -> bool:
    """Whether the metres rest on a height that nobody gave."""
    return _leg_m(analysis) is None


def write_trc(analysis: Analysis, path: Path) -> None:
    """Markers in metres, one row a frame of the even grid; NaN where nobody was seen."""
    markers, signals = markers_m(analysis), analysis.signals
    n, rate = len(signals.time_s), f"{signals.rate_hz:.6g}"
    names = "\t\t\t".join(markers)
    axes = "\t".join(f"X{k}\tY{k}\tZ{k}" for k in range(1, len(markers) + 1))
    head = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        f"{rate}\t{rate}\t{n}\t{len(markers)}\tm\t{rate}\t1\t{n}",
        f"Frame#\tTime\t{names}\t\t",
        f"\t\t{axes}",
    ]
    values = np.stack(list(markers.values()), axis=1).reshape(n, -1)
    rows = (
        f"{k}\t{time:.{DECIMALS}f}\t{_cells(row)}"
        for k, (time, row) in enumerate(zip(signals.time_s, values, strict=True), 1)
    )
    _write([*head, *rows], path)


def write_mot(analysis: Analysis, path: Path) -> None:
    """Joint angles in degrees and the hips' place in metres, one row a frame of the even grid."""
    columns = {"time": analysis.signals.time_s, **joint_angles(markers_m(analysis))}
    filled = np.column_stack([_without_gaps(values) for values in columns.values()])
    head = [
        "Coordinates",
        "version=1",
        f"nRows={len(filled)}",
        f"nColumns={len(columns)}",
        "inDegrees=yes",
        "",
        "Units are S.I. units (second, meters, Newtons, ...)",
        "Angles are in degrees.",
        "",
        "endheader",
        "\t".join(columns),
    ]
    _write([*head, *("\t".join(f"{value + 0.0:.{DECIMALS}f}" for value in row) for row in filled)], path)


def markers_m(analysis: Analysis) -> dict[str, FloatArray]:
    """(n, 3) of each of ``MARKERS``, metres; NaN where not seen."""
    signals = analysis.signals
    way = np.array([-1.0 if signals.facing == "left" else 1.0, -1.0])
    points = rotate_deg(signals.xy_px * way, -signals.level_deg)
    if analysis.view == "side":
        points = squared(points, signals.yaw_deg, signals.near_side, signals.leg_length_px)
    leg = _leg_m(analysis) or LEG_PER_HEIGHT * ASSUMED_HEIGHT_CM / 100.0
    points = (points - _origin(points)) * (leg / signals.leg_length_px)

    def middle(joint: str) -> FloatArray:
        return np.asarray((points[:, INDEX[f"left_{joint}"]] + points[:, INDEX[f"right_{joint}"]]) / 2)

    across = _across(analysis)
    flat = {"Hip": middle("hip"), "Neck": middle("shoulder"), "Nose": points[:, INDEX["nose"]]}
    for short, side in (("R", "right"), ("L", "left")):
        flat |= {f"{short}{name}": points[:, INDEX[f"{side}_{joint}"]] for name, joint in _JOINTS.items()}
    return {name: _in_space(xy, across) for name, xy in flat.items()}


def joint_angles(markers: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """(n,) of each coordinate named at the top of this module."""
    at = {name: track[:, :2] for name, track in markers.items()}
    trunk = lean_deg(at["Hip"], at["Neck"])
    angles = {"pelvis_tilt": -trunk, "pelvis_tx": at["Hip"][:, 0], "pelvis_ty": at["Hip"][:, 1]}
    for side, end in (("R", "_r"), ("L", "_l")):
        hip, knee, ankle = (at[f"{side}{joint}"] for joint in ("Hip", "Knee", "Ankle"))
        shoulder, elbow, wrist = (at[f"{side}{joint}"] for joint in ("Shoulder", "Elbow", "Wrist"))
        foot = slope_deg(at[f"{side}Heel"], at[f"{side}BigToe"])
        angles |= {
            f"hip_flexion{end}": _turn(trunk - behind_deg(hip, knee)),
            f"knee_angle{end}": flexion_deg(hip, knee, ankle),
            f"ankle_angle{end}": _turn(foot + behind_deg(knee, ankle)),
            f"arm_flex{end}": _turn(trunk - behind_deg(shoulder, elbow)),
            f"elbow_flex{end}": -flexion_deg(shoulder, elbow, wrist),
        }
    return angles


def _across(analysis: Analysis) -> float:
    """Which way the picture's right is: 0 forward (from the side), 1 the person's right, -1 their left."""
    if has_angles(analysis):
        return 0.0
    return -1.0 if analysis.view == "front" else 1.0


def _in_space(xy: FloatArray, across: float) -> FloatArray:
    """(n, 3) X forward, Y up, Z to the person's right; what the picture does not show is 0."""
    unseen = np.where(np.isfinite(xy[:, 0]), 0.0, np.nan)
    if across == 0.0:
        return np.column_stack([xy, unseen])
    return np.column_stack([unseen, xy[:, 1], across * xy[:, 0]])


def _leg_m(analysis: Analysis) -> float | None:
    subject = analysis.subject
    if subject.height_cm is None and subject.belt_speed_mps is None:
        return None
    return leg_m(Recording(analysis.signals, analysis.events, analysis.strides, subject))


def _origin(points: FloatArray) -> FloatArray:
    """(2,) under the mean mid-hip, at the height of the lowest toes (their second percentile)."""
    if not np.isfinite(points).any():
        return np.zeros(2)
    hips = points[:, [INDEX["left_hip"], INDEX["right_hip"]], 0]
    toes = points[:, [INDEX["left_foot_index"], INDEX["right_foot_index"]], 1]
    return np.array([np.nanmean(hips), np.nanpercentile(toes, 2)])


def _turn(angle_deg: FloatArray) -> FloatArray:
    """The same angle within -180..180."""
    return np.asarray((angle_deg + 180.0) % 360.0 - 180.0)


def _without_gaps(values: FloatArray) -> FloatArray:
    """Straight over gaps, level at the ends; 0 for what was never seen."""
    good = np.isfinite(values)
    if not good.any():
        return np.zeros(len(values))
    index = np.arange(len(values))
    return np.interp(index, index[good], values[good])


def _cells(row: FloatArray) -> str:
    return "\t".join("NaN" if np.isnan(value) else f"{value + 0.0:.{DECIMALS}f}" for value in row)


def _write(lines: Iterable[str], path: Path) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="ascii", newline="\n")
