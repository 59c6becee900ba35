"""Markers and joint angles for other programs: what is in the files, and what OpenSim itself makes of them."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_analysis import build_analysis

from formcheck.exports.opensim import MARKERS, is_scale_assumed, joint_angles, markers_m, write_opensim
from formcheck.records import Analysis, Subject
from formcheck.saved import read_results
from formcheck.scale import LEG_PER_HEIGHT
from formcheck.skeleton import SIDES

SEGMENTS = {
    "pelvis_tilt": ("Hip", "Neck"),
    "thigh": ("Hip", "Knee"),
    "shank": ("Knee", "Ankle"),
    "foot": ("Heel", "BigToe"),
    "upper_arm": ("Shoulder", "Elbow"),
    "forearm": ("Elbow", "Wrist"),
}


@given(scale=st.floats(0.5, 3.0), height_cm=st.floats(100.0, 210.0))
def test_metres_and_angles_do_not_depend_on_the_picture(scale: float, height_cm: float) -> None:
    analysis = replace(build_analysis(), subject=Subject(height_cm=height_cm))
    signals = analysis.signals
    larger = replace(signals, xy_px=scale * signals.xy_px + 17.0, leg_length_px=scale * signals.leg_length_px)
    first, second = markers_m(analysis), markers_m(replace(analysis, signals=larger))
    for name in MARKERS:
        np.testing.assert_allclose(first[name], second[name], atol=1e-9)
    leg = np.hypot(*(first["RHip"] - first["RKnee"]).T[:2]) + np.hypot(*(first["RKnee"] - first["RAnkle"]).T[:2])
    assert np.median(leg) == pytest.approx(LEG_PER_HEIGHT * height_cm / 100)
    for name, values in joint_angles(first).items():
        if not name.startswith("pelvis_t") or name == "pelvis_tilt":
            np.testing.assert_allclose(values, joint_angles(second)[name], atol=1e-6)


def test_the_same_runner_to_the_left_has_the_same_markers() -> None:
    right, left = markers_m(build_analysis(facing="right")), markers_m(build_analysis(facing="left"))
    for name in MARKERS:
        np.testing.assert_allclose(right[name], left[name], atol=1e-9)


def test_angles_are_those_of_the_analysis() -> None:
    signals = build_analysis().signals
    angles = joint_angles(markers_m(build_analysis()))
    np.testing.assert_allclose(-angles["pelvis_tilt"], signals.series["trunk_lean_deg"], atol=1e-6)
    for side in SIDES:
        end = side[0]
        np.testing.assert_allclose(angles[f"knee_angle_{end}"], signals.series[f"knee_flexion_{side}_deg"], atol=1e-6)
        thigh_forward = angles[f"hip_flexion_{end}"] + angles["pelvis_tilt"]
        np.testing.assert_allclose(thigh_forward, -signals.series[f"thigh_{side}_deg"], atol=1e-6)
        sole = angles[f"ankle_angle_{end}"] - angles[f"knee_angle_{end}"] + thigh_forward
        np.testing.assert_allclose(sole, signals.series[f"foot_{side}_deg"] + _heel_to_toe(side), atol=0.1)


def _heel_to_toe(side: str) -> float:
    """The synthetic runner's heel lies a little higher than the toe's point: that slope, flat."""
    signals = build_analysis().signals
    sole = signals.xy_px[:, [29, 31] if side == "left" else [30, 32]]
    slope = -np.degrees(np.arctan2(*(sole[:, 1] - sole[:, 0]).T[::-1]))
    return float(np.median(slope - signals.series[f"foot_{side}_deg"]))


def test_from_behind_and_in_front_there_is_no_forward_and_no_joint_angle(tmp_path: Path) -> None:
    side = markers_m(build_analysis())
    for view, way in (("rear", 1.0), ("front", -1.0)):
        analysis = replace(build_analysis(), view=view)
        for name, track in markers_m(analysis).items():
            np.testing.assert_allclose(
                track, np.column_stack([0 * side[name][:, 0], side[name][:, 1], way * side[name][:, 0]])
            )
        write_opensim(analysis, tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["markers.trc"]


def test_without_a_height_one_is_assumed_and_said() -> None:
    assert is_scale_assumed(build_analysis())
    told = replace(build_analysis(), subject=Subject(height_cm=180.0))
    assert not is_scale_assumed(told)
    markers, assumed = markers_m(told), markers_m(build_analysis())
    np.testing.assert_allclose(markers["RKnee"] / 1.8, assumed["RKnee"] / 1.7, atol=1e-9)


def test_gaps_are_nan_in_the_markers_and_bridged_in_the_motion(tmp_path: Path) -> None:
    analysis = _with_gap(build_analysis())
    write_opensim(analysis, tmp_path)
    rows = [line.split("\t") for line in (tmp_path / "markers.trc").read_text(encoding="ascii").splitlines()]
    assert all(len(row) == 2 + 3 * len(MARKERS) for row in rows[5:])
    assert [row[2] == "NaN" for row in rows[5:]] == np.isnan(analysis.signals.xy_px[:, 23, 0]).tolist()
    assert "nan" not in (tmp_path / "angles.mot").read_text(encoding="ascii").lower()


def _with_gap(analysis: Analysis) -> Analysis:
    xy_px = analysis.signals.xy_px.copy()
    xy_px[:4] = xy_px[60:70] = np.nan
    return replace(analysis, signals=replace(analysis.signals, xy_px=xy_px))


def test_it_reads_as_sports2d_reads_it(tmp_path: Path) -> None:
    """Marker names from the fourth line, every third column; numbers from the sixth line on."""
    analysis = build_analysis()
    write_opensim(analysis, tmp_path)
    lines = (tmp_path / "markers.trc").read_text(encoding="ascii").splitlines()
    assert tuple(lines[3].split("\t")[2::3]) == MARKERS
    values = np.loadtxt(tmp_path / "markers.trc", skiprows=5, delimiter="\t")
    assert values[:, 0].tolist() == list(range(1, len(values) + 1))
    np.testing.assert_allclose(values[:, 1], analysis.signals.time_s, atol=1e-5)
    facts = lines[2].split("\t")
    assert (int(facts[2]), int(facts[3]), facts[4]) == (len(values), len(MARKERS), "m")


# ------------------------------------------------------------------------------------------------ OpenSim itself


@pytest.mark.slow
def test_opensim_reads_both_files_and_its_model_moves_as_the_markers_do(
    tiny_results: tuple[Analysis, Path], tmp_path: Path
) -> None:
    """A planar model of pin joints, set to the .mot's angles, has its segments where the .trc's markers are."""
    osim: Any = pytest.importorskip("opensim", reason="pip install 'formcheck[opensim]'")
    osim.Logger.setLevelString("Off")
    analysis = read_results(tiny_results[1])
    write_opensim(analysis, tmp_path)
    markers = osim.TimeSeriesTableVec3(str(tmp_path / "markers.trc"))
    motion = osim.TimeSeriesTable(str(tmp_path / "angles.mot"))
    assert tuple(markers.getColumnLabels()) == MARKERS
    assert markers.getTableMetaDataString("Units") == "m"
    assert osim.Storage(str(tmp_path / "angles.mot")).isInDegrees()
    assert markers.getNumRows() == motion.getNumRows() == len(analysis.signals.time_s)
    model, joints = _planar_model(osim)
    state = model.initSystem()
    for row in range(0, motion.getNumRows(), 5):
        values = motion.getRowAtIndex(row)
        for k, name in enumerate(motion.getColumnLabels()):
            if name in joints:
                joints[name].setValue(state, np.radians(values[k]))
        model.realizePosition(state)
        seen = {name: _xyz(markers.getRowAtIndex(row)[k]) for k, name in enumerate(MARKERS)}
        _check_segments(model, state, seen)


def _planar_model(osim: Any) -> tuple[Any, dict[str, Any]]:
    """Trunk, thighs, shanks, feet and arms, hanging straight down or forward at angle 0; bodies of any length."""
    model = osim.Model()
    trunk = osim.Body("trunk", 1, osim.Vec3(0), osim.Inertia(1))
    coordinates: dict[str, Any] = {}
    _add(osim, model, coordinates, model.getGround(), trunk, "pelvis_tilt", 1, (0, 0, 0))
    for end in ("r", "l"):
        parts = {
            name: osim.Body(f"{name}_{end}", 1, osim.Vec3(0), osim.Inertia(1))
            for name in ("thigh", "shank", "foot", "upper_arm", "forearm")
        }
        _add(osim, model, coordinates, trunk, parts["thigh"], f"hip_flexion_{end}", 1, (0, 0, 0))
        _add(osim, model, coordinates, parts["thigh"], parts["shank"], f"knee_angle_{end}", -1, (0, -0.4, 0))
        _add(osim, model, coordinates, parts["shank"], parts["foot"], f"ankle_angle_{end}", 1, (0, -0.4, 0))
        _add(osim, model, coordinates, trunk, parts["upper_arm"], f"arm_flex_{end}", 1, (0, 0.5, 0))
        _add(osim, model, coordinates, parts["upper_arm"], parts["forearm"], f"elbow_flex_{end}", 1, (0, -0.3, 0))
    model.finalizeConnections()
    return model, coordinates


def _add(
    osim: Any, model: Any, coordinates: dict[str, Any], parent: Any, child: Any, name: str, way: int, at: Any
) -> None:
    """A pin joint about the axis to the person's right, or the other way round for a knee."""
    turned, zero = osim.Vec3(0 if way > 0 else np.pi, 0, 0), osim.Vec3(0)
    joint = osim.PinJoint(f"joint_{name}", parent, osim.Vec3(*map(float, at)), turned, child, zero, turned)
    joint.updCoordinate().setName(name)
    model.addBody(child)
    model.addJoint(joint)
    coordinates[name] = joint.updCoordinate()


def _xyz(vector: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([vector[k] for k in range(3)])


def _check_segments(model: Any, state: Any, seen: dict[str, Any]) -> None:
    """The way every segment points: down its own -Y (the trunk up its +Y, the foot along its +X)."""
    own = {"trunk": (0, 1, 0), "foot": (1, 0, 0)}
    ends = {"trunk": SEGMENTS["pelvis_tilt"]} | {name: ends for name, ends in SEGMENTS.items() if name != "pelvis_tilt"}
    for segment, (first, second) in ends.items():
        for side, end in (("R", "_r"), ("L", "_l")) if segment != "trunk" else (("", ""),):
            body = model.getBodySet().get(f"{segment}{end}")
            axis = np.array(own.get(segment, (0, -1, 0)), float)
            import opensim as osim

            turned = _xyz(body.expressVectorInGround(state, osim.Vec3(*axis)))
            way = seen[f"{side}{second}"] - seen[f"{side}{first}"]
            if np.isfinite(way).all():
                np.testing.assert_allclose(turned, way / np.linalg.norm(way), atol=0.002)


READ_BY_POSE2SIM = """
import sys
from pathlib import Path
from Pose2Sim.common import compute_leg_length, convert_to_c3d, extract_trc_data, read_mot, read_trc
folder = Path(sys.argv[1])
points, _, times, markers, _ = read_trc(str(folder / "markers.trc"))
names, table = extract_trc_data(str(folder / "markers.trc"))
assert names == markers and table.shape == (len(times), 1 + 3 * len(markers)), (names, table.shape)
angles, angle_times, _ = read_mot(str(folder / "angles.mot"))
assert convert_to_c3d(folder / "markers.trc").stat().st_size > 1000
print(len(times), float(times.iloc[-1]), float(points["RKnee"].iloc[0, 1]), float(angles["knee_angle_r"].iloc[0]),
      float(compute_leg_length(str(folder / "markers.trc"))), *markers)
"""


@pytest.mark.slow
def test_what_sports2d_reads_with_reads_markers_and_angles(tmp_path: Path) -> None:
    """Sports2D's readers are Pose2Sim's, whose dependencies would take the place of this project's OpenCV.

    So it has an environment of its own: ``pip install --no-deps pose2sim`` beside pandas, scipy, matplotlib, rtoml,
    c3d, anytree and opencv-python-headless. FORMCHECK_POSE2SIM names its Python.
    """
    python = os.environ.get("FORMCHECK_POSE2SIM")
    if not python:
        pytest.skip("FORMCHECK_POSE2SIM does not name a Python that has pose2sim")
    analysis = replace(build_analysis(), subject=Subject(height_cm=170.0))
    write_opensim(analysis, tmp_path)
    done = subprocess.run(
        [python, "-c", READ_BY_POSE2SIM, str(tmp_path)], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    n, last_s, knee_m, knee_deg, leg_m, *markers = done.stdout.split()
    points, angles = markers_m(analysis), joint_angles(markers_m(analysis))
    assert tuple(markers) == MARKERS
    assert int(n) == len(analysis.signals.time_s)
    assert float(last_s) == pytest.approx(float(analysis.signals.time_s[-1]), abs=1e-4)
    assert float(knee_m) == pytest.approx(points["RKnee"][0, 1], abs=1e-4)
    assert float(knee_deg) == pytest.approx(angles["knee_angle_r"][0], abs=1e-3)
    assert float(leg_m) == pytest.approx(LEG_PER_HEIGHT * 1.70, rel=0.03)
