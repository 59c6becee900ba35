"""What goes up and comes down in pictures: exact scenes of a moving patch, clips of it, and clips of something else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_exercises_lying import hip_lift_at, track

from formcheck.activities.by_motion import may_be_counted, nobody, without_body
from formcheck.analysis import Options, analyze_motion, analyze_pose, analyze_video, write_results
from formcheck.motion import motion_in
from formcheck.pose.recorded_pose import read_pose, write_pose
from formcheck.records import Analysis, FloatArray, InputError, Motion, Repetition, VideoFacts
from formcheck.repetitions import Swing, repetitions
from formcheck.saved import read_results
from formcheck.to_and_fro import MIN_TRAVEL, Scene, to_and_fro
from formcheck.video import VideoWriter, probe

RATE_HZ = 15.0
SHARED = Path(__file__).resolve().parents[2] / "shared" / "clips"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"no clips in {SHARED}")


def reach(t: FloatArray, start_s: float, lasts_s: float) -> FloatArray:
    """0 to 1 as the smoothest reach does it (minimum jerk)."""
    x = np.clip((t - start_s) / lasts_s, 0.0, 1.0)
    return np.asarray(10 * x**3 - 15 * x**4 + 6 * x**5)


def out_and_back(t: FloatArray, n: int, each_s: float, rest_s: float = 0.6) -> tuple[FloatArray, list[float]]:
    """n movements out and back (len(t),), and when each begins."""
    begins = [1.0 + k * (each_s + rest_s) for k in range(n)]
    half = each_s / 2
    return sum((reach(t, b, half) - reach(t, b + half, half) for b in begins), np.zeros(len(t))), begins


def scene(place: FloatArray, way: tuple[float, float], seed: int = 0) -> Scene:
    """A patch of 3 x 3 cells that has gone ``place`` (n,) along ``way`` (right, down; cells of the picture)."""
    rng = np.random.default_rng(seed)
    height, width, n = 9, 16, len(place)
    flow = rng.normal(0.0, 2e-5, (n - 1, height, width, 2))
    pictures = np.tile(rng.uniform(60, 180, (height, width)), (n, 1, 1))
    rows, columns = np.mgrid[0:height, 0:width]
    for k in range(n):
        x, y = 7.0 + place[k] * way[0], 5.0 + place[k] * way[1]
        part = np.clip(2.0 - np.abs(columns - x), 0, 1) * np.clip(2.0 - np.abs(rows - y), 0, 1)
        pictures[k] += part * (250.0 - pictures[k])
        if k + 1 < n:
            flow[k] += part[..., None] * (place[k + 1] - place[k]) * np.array(way) / width
    return Scene(np.arange(n) / RATE_HZ, pictures, flow.astype(np.float32))


def counted(motion: Motion | None) -> list[Repetition]:
    if motion is None:
        return []
    return [rep for rep in repetitions(motion.time_s, motion.travel, Swing(MIN_TRAVEL)) if rep.complete]


@settings(max_examples=25, deadline=None)
@given(
    n=st.integers(2, 10),
    each_s=st.floats(1.6, 5.0),
    up=st.floats(0.5, 2.0),
    aside=st.floats(-0.5, 0.5),
    seed=st.integers(0, 99),
)
def test_what_goes_up_and_comes_down_is_counted_and_timed(
    n: int, each_s: float, up: float, aside: float, seed: int
) -> None:
    t = np.arange(0.0, 2.5 + n * (each_s + 0.6), 1 / RATE_HZ)
    place, begins = out_and_back(t, n, each_s)
    reps = counted(to_and_fro(scene(place, (aside * up, -up), seed)))
    assert len(reps) == n
    assert np.abs([rep.start_s - b for rep, b in zip(reps, begins, strict=True)]).max() < 0.3
    assert np.abs([rep.end_s - b - each_s for rep, b in zip(reps, begins, strict=True)]).max() < 0.3


@pytest.mark.parametrize("way", [(0.0, -2.0), (0.6, -1.0)])
def test_getting_into_position_and_up_again_is_left_out(way: tuple[float, float]) -> None:
    t = np.arange(0.0, 12.0, 1 / RATE_HZ)
    place, begins = out_and_back(t, 3, 3.0)
    exercise = scene(place, way)
    rng = np.random.default_rng(1)
    before = np.arange(0.0, 4.0, 1 / RATE_HZ)
    lying_down = rng.normal(0.0, 0.02, (len(before), 9, 16, 2)).astype(np.float32)
    room = np.tile(exercise.pictures[0], (len(before), 1, 1))
    whole = Scene(
        np.arange(2 * len(before) + len(t)) / RATE_HZ,
        np.concatenate([room, exercise.pictures, room]),
        np.concatenate([lying_down, exercise.flow, lying_down]),
    )
    reps = counted(to_and_fro(whole))
    assert [rep.start_s for rep in reps] == pytest.approx([4.0 + b for b in begins], abs=0.3)


def test_nothing_else_is_counted() -> None:
    t = np.arange(0.0, 14.0, 1 / RATE_HZ)
    there_and_back, _ = out_and_back(t, 3, 3.0)
    once, _ = out_and_back(t, 1, 3.0)
    others = {
        "nothing moves": scene(np.zeros(len(t)), (0.0, -1.0)),
        "walks by": scene(14.0 * t / t[-1] - 7.0, (1.0, 0.0)),
        "gets up": scene(4.0 * reach(t, 4.0, 3.0), (0.0, -1.0)),
        "goes sideways and back": scene(there_and_back, (2.0, 0.0)),
        "only once": scene(once, (0.0, -2.0)),
        "hardly moves": scene(there_and_back, (0.0, -0.06)),
    }
    assert [name for name, other in others.items() if to_and_fro(other) is not None] == []


def test_a_picture_that_is_not_as_before_is_no_repetition() -> None:
    t = np.arange(0.0, 12.0, 1 / RATE_HZ)
    place, _ = out_and_back(t, 3, 3.0)
    moving = scene(place, (0.0, -2.0))
    other = np.random.default_rng(3).uniform(0.0, 250.0, moving.pictures.shape[1:])
    share = (t / t[-1])[:, None, None]
    changed = Scene(moving.time_s, (1 - share) * moving.pictures + share * other * 4.0, moving.flow)
    assert len(counted(to_and_fro(moving))) == 3
    assert to_and_fro(changed) is None


# ------------------------------------------------------------------------------------------------------- clips


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[float]]:
    """A textured patch that goes up and comes down three times before a textured wall; nobody is there."""
    path = tmp_path_factory.mktemp("motion") / "patch.mp4"
    rng = np.random.default_rng(0)
    room = cv2.resize(rng.integers(60, 200, (45, 80, 3), dtype=np.uint8), (480, 270))
    patch = cv2.resize(rng.integers(0, 255, (8, 12, 3), dtype=np.uint8), (100, 60))
    t = np.arange(0.0, 12.0, 1 / 30)
    place, begins = out_and_back(t, 3, 2.8)
    with VideoWriter(path, 480, 270) as writer:
        for time_s, far in zip(t, place, strict=True):
            image, top = room.copy(), round(180 - 70 * float(far))
            image[top : top + 60, 190:290] = patch
            writer.write(image, float(time_s))
    return path, begins


@pytest.fixture(scope="module")
def told(clip: tuple[Path, list[float]]) -> Analysis:
    return analyze_video(clip[0], Options("clamshell", pose="fast", workers=1))


def test_a_clip_is_counted_at_its_own_times(clip: tuple[Path, list[float]]) -> None:
    reps = counted(motion_in(clip[0], probe(clip[0])))
    assert [rep.start_s for rep in reps] == pytest.approx(clip[1], abs=0.15)
    slow = counted(motion_in(clip[0], probe(clip[0]), slow_motion=2.0))
    assert [rep.start_s for rep in slow] == pytest.approx([b / 2 for b in clip[1]], abs=0.15)


def test_somebody_who_names_the_exercise_gets_repetitions_and_no_number_of_a_body(
    clip: tuple[Path, list[float]], told: Analysis
) -> None:
    assert [rep.start_s for rep in told.reps] == pytest.approx(clip[1], abs=0.15)
    assert "counted_from_motion" in {note.code for note in told.warnings}
    by_name = {m.metric: m for m in told.measurements}
    assert by_name["reps"].value == 3
    numbers = {name for name, m in by_name.items() if m.value is not None}
    assert numbers <= {"reps", "rep_time_s", "lift_time_s", "lower_time_s", "holds", "hold_time_s"}
    assert {by_name[name].status for name in numbers} == {"low_confidence"}
    for refused in ("knee_opening_deg", "pelvis_roll_deg", "heels_apart_pct"):
        assert (by_name[refused].status, by_name[refused].reason.code) == ("not_measurable", "body_not_followed")  # type: ignore[union-attr]


def test_its_results_are_written_and_read_again(clip: tuple[Path, list[float]], told: Analysis, tmp_path: Path) -> None:
    folder = write_results(told, clip[0], tmp_path, "ja", also=("pdf", "opensim"))
    again = read_results(folder)
    assert [rep.start_s for rep in again.reps] == pytest.approx([rep.start_s for rep in told.reps])
    assert again.warnings == told.warnings
    assert len(list((folder / "frames").glob("rep_top_*.jpg"))) == 3


def test_nobody_is_told_of_an_exercise_they_did_not_name(clip: tuple[Path, list[float]]) -> None:
    info = probe(clip[0])
    facts = VideoFacts("patch.mp4", 480, 270, info.n_frames, info.duration_s, info.frame_rate_hz, False, 1.0)
    pose = nobody(info.times.time_s, (480, 270), "fast")
    for activity in ("auto", "hip_lift", "running"):
        with pytest.raises(InputError, match="no_person"):
            analyze_pose(pose, facts, Options(activity))
        with pytest.raises(InputError, match="no_person"):
            analyze_motion(clip[0], pose, facts, Options(activity), InputError("no_person"))


def test_an_exercise_recognised_but_not_named_is_called_unsure(clip: tuple[Path, list[float]]) -> None:
    info = probe(clip[0])
    facts = VideoFacts("patch.mp4", 480, 270, info.n_frames, info.duration_s, info.frame_rate_hz, False, 1.0)
    steady = track(lambda t: hip_lift_at(t, 175.0, 2), 10.0)
    shaken = np.random.default_rng(0).normal(0.0, 60.0, steady.xy_px.shape)
    lost = replace(steady, xy_px=steady.xy_px + shaken)
    why = InputError("legs_not_followed", activity="clamshell")
    found = analyze_motion(clip[0], lost, facts, Options(), why)
    assert (found.activity, len(found.reps)) == ("clamshell", 3)
    assert {"activity_unsteady", "counted_from_motion"} <= {note.code for note in found.warnings}
    with pytest.raises(InputError, match="legs_not_followed"):
        analyze_motion(clip[0], steady, facts, Options(), why)


def test_motion_is_asked_only_where_a_body_was_lost() -> None:
    steady = track(lambda t: hip_lift_at(t, 175.0, 2), 10.0)
    shaken = np.random.default_rng(0).normal(0.0, 60.0, steady.xy_px.shape)
    lost = replace(steady, xy_px=steady.xy_px + shaken)
    refused = InputError("no_repetitions", activity="clamshell")
    assert not may_be_counted("clamshell", steady, refused)
    assert may_be_counted("clamshell", lost, refused)
    assert not may_be_counted("squat", lost, refused)
    assert not may_be_counted("clamshell", replace(lost, camera="moving"), refused)
    assert not may_be_counted("clamshell", lost, InputError("too_dark"))


def test_motion_is_kept_with_the_pose(tmp_path: Path) -> None:
    steady = track(lambda t: hip_lift_at(t, 175.0, 2), 4.0)
    motion = Motion(np.arange(8) / 4.0, np.array([0.0, 0.1, np.nan, np.nan, 0.2, 0.1, 0.0, 0.0]))
    for pose in (steady, without_body(steady, motion)):
        write_pose(pose, tmp_path / "pose.npz")
        again = read_pose(tmp_path / "pose.npz").motion
        if pose.motion is None:
            assert again is None
        else:
            assert again is not None
            np.testing.assert_array_equal(again.time_s, motion.time_s)
            np.testing.assert_array_equal(again.travel, motion.travel)


@needs_shared
@pytest.mark.parametrize("name", ["pl_kk_005", "pl_mp_window", "wk_s2d_demo4", "og_pd_road", "sldl_rb"])
def test_real_people_who_hold_still_walk_or_run_by_are_not_counted(name: str) -> None:
    path = SHARED / f"{name}.mp4"
    assert motion_in(path, probe(path)) is None
