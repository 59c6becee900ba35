"""What the rendered bench covers, and how its truth is held against what is found. Draws nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from formcheck.analysis import Options, analyze_pose
from formcheck.records import PoseTrack
from formcheck.skeleton import INDEX, LANDMARKS, SIDES

from . import rendered
from .truth import HELD_OUT

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from rendering import recorded  # noqa: E402
from rendering.bench import HELD_OUT_RUNNERS, BenchClip, bench, is_made  # noqa: E402
from rendering.motion import RecordedMotion  # noqa: E402
from rendering.pose import Dimensions, sole_points  # noqa: E402
from rendering.running_steps import PELVIC_DROP_LATE, PELVIS_TURN_LATE  # noqa: E402

CLIPS = bench()
SAMPLE_TRUTH = ROOT / "sample_videos" / "runner_right_good.truth.json"
WALKED_ON = Dimensions(
    height=1.75, hip_half_width=0.091, thigh=0.43, shank=0.42, ankle_height=0.09, heel_x=-0.055, ball_x=0.125,
    toe_x=0.2, heel_mark=np.array([-0.05, 0.0, -0.07]), toe_mark=np.array([0.19, 0.0, -0.07]),
    spine=np.array([[-0.02, 0.0, z] for z in (0.08, 0.15, 0.22, 0.30, 0.36)]), shoulder=np.array([0.0, 0.17, 0.12]),
    neck=np.array([0.0, 0.0, 0.18]), head=np.array([0.02, 0.0, 0.1]), nose=np.array([0.11, 0.0, 0.03]),
    upper_arm=0.29, forearm=0.25,
)  # fmt: skip
"""A body of usual lengths, so that motion can be tested without making a mesh."""


def _of(group: str) -> list[BenchClip]:
    return [clip for clip in CLIPS.values() if clip.group == group]


# ------------------------------------------------------------------------------------------------------- coverage


def test_there_are_enough_clips_and_a_third_is_held_out() -> None:
    assert len(CLIPS) >= 24
    assert len(_of("tuning")) + len(_of("held_out")) == len(CLIPS)
    assert len(_of("held_out")) >= len(CLIPS) / 3


@pytest.mark.parametrize("group", ["tuning", "held_out"])
def test_half_of_a_group_moves_like_real_runners(group: str) -> None:
    clips = _of(group)
    assert 2 * sum(clip.motion == "recorded" for clip in clips) >= len(clips)
    assert any(clip.motion == "parametric" for clip in clips)


def test_held_out_runners_move_held_out_clips_only() -> None:
    assert HELD_OUT_RUNNERS == HELD_OUT
    moved = {clip.name: clip.clip.recorded.runner for clip in CLIPS.values() if clip.clip.recorded}
    for clip in CLIPS.values():
        if clip.name in moved:
            assert (moved[clip.name] in HELD_OUT) == (clip.group == "held_out")
            assert moved[clip.name] != "RBDS016"  # has gaps in its pelvis markers


@pytest.mark.parametrize("group", ["tuning", "held_out"])
def test_each_group_has_every_kind_of_picture(group: str) -> None:
    conditions = [clip.conditions for clip in _of(group)]

    def seen(name: str) -> set[object]:
        return {told[name] for told in conditions}

    assert seen("frame_rate_hz") == {30.0, 60.0, 120.0}
    assert seen("background") == {"plain", "gym", "dark"}
    assert seen("clothes") == {"close", "loose"}
    assert seen("handrail") == {True, False}
    assert {told["blur_s"] > 0 for told in conditions} == {True, False}
    assert min(told["yaw_deg"] for told in conditions) <= -7
    assert max(told["yaw_deg"] for told in conditions) >= 6
    assert min(told["person_px"] for told in conditions) < 250
    assert {clip.clip.camera.side for clip in _of(group)} == {"left", "right"}
    assert max(clip.clip.duration_s for clip in _of(group)) >= 14


def test_cameras_and_bodies_differ_as_much_as_asked() -> None:
    cameras, builds = ([getattr(clip.clip, of) for clip in CLIPS.values()] for of in ("camera", "build"))
    spans = {
        "yaw": [c.yaw_deg for c in cameras],
        "lens": [c.height_m for c in cameras],
        "distance": [c.distance_m for c in cameras],
        "roll": [c.roll_deg for c in cameras],
        "height": [b.height_cm for b in builds],
        "weight": [b.weight for b in builds],
        "sex": [b.gender for b in builds],
    }
    wanted = {
        "yaw": (-8, 8), "lens": (0.5, 1.5), "distance": (2.8, 6), "roll": (-2, 2), "height": (158, 190),
        "weight": (0.35, 0.85), "sex": (0, 1),
    }  # fmt: skip
    for name, (low, high) in wanted.items():
        assert min(spans[name]) <= low, name
        assert max(spans[name]) >= high, name
    assert max(abs(c.yaw_deg) for c in cameras) <= 10
    assert max(abs(c.roll_deg) for c in cameras) <= 3


def test_parametric_runners_span_strikes_cadence_speed_and_overstride() -> None:
    params = [clip.clip.params for clip in CLIPS.values() if clip.motion == "parametric"]
    feet = [p.right.foot_angle_at_contact_deg for p in params]
    assert min(feet) < -1.6
    assert max(feet) > 15
    assert min(p.cadence_spm for p in params) <= 155
    assert max(p.cadence_spm for p in params) >= 185
    assert min(p.belt_speed_mps for p in params) <= 2.5
    assert max(p.belt_speed_mps for p in params) >= 4.2
    assert min(p.right.overstride_share for p in params) <= 0.14
    assert max(p.right.overstride_share for p in params) >= 0.28


# ---------------------------------------------------------------------------------------------------------- specs


def test_the_same_seed_gives_the_same_clips() -> None:
    assert {name: clip.spec_hash for name, clip in bench().items()} == {n: c.spec_hash for n, c in CLIPS.items()}
    assert len({clip.spec_hash for clip in CLIPS.values()}) == len(CLIPS)


def test_a_clip_is_made_again_only_when_its_spec_changed(tmp_path: Path) -> None:
    clip = CLIPS["bench_01"]
    assert not is_made(clip, tmp_path)
    (tmp_path / "bench_01.truth.json").write_text(json.dumps(clip.truth()), encoding="utf-8")
    assert not is_made(clip, tmp_path)
    (tmp_path / "bench_01.mp4").touch()
    assert is_made(clip, tmp_path)
    assert not is_made(replace(clip, clip=replace(clip.clip, duration_s=1.0)), tmp_path)


def test_specs_need_no_renderer() -> None:
    code = "import sys; sys.path.insert(0, 'tools'); import rendering.bench; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert not {"anny", "pyvista", "torch"} & set(loaded.split())


# ----------------------------------------------------------------------------------------- motion of real runners


@pytest.fixture(scope="module", params=[name for name, clip in CLIPS.items() if clip.clip.recorded])
def real(request: pytest.FixtureRequest) -> tuple[BenchClip, RecordedMotion]:
    """Every recorded clip's motion on one body."""
    if not recorded.present():
        pytest.skip(f"no motion capture in {recorded.folder()}")
    clip = CLIPS[request.param]
    assert clip.clip.recorded is not None
    return clip, recorded.recorded_motion(clip.clip.recorded, WALKED_ON, clip.clip.duration_s)


def test_the_stance_foot_rests_on_the_belt(real: tuple[BenchClip, RecordedMotion]) -> None:
    clip, motion = real
    for step in motion.steps:
        if step.contact_s < 0 or step.toe_off_s > clip.clip.duration_s:
            continue
        times = np.linspace(step.contact_s, step.toe_off_s, 40)
        points = sole_points(motion.pose(times), motion.body)[step.side]
        assert np.abs(points[..., 2].min(axis=1)).max() < 0.005
        at_rest = slice(8, 32)
        lowest = points[np.arange(40), points[..., 2].argmin(axis=1), 0] + motion.belt_speed_mps * times
        rolls_m = float(np.ptp(points[at_rest, :, 0], axis=1).max())  # heel, ball and toe touch in turn
        assert np.ptp(lowest[at_rest]) < rolls_m + 0.02


def test_a_real_runners_angles_and_events_are_kept(real: tuple[BenchClip, RecordedMotion]) -> None:
    clip, motion = real
    source = clip.clip.recorded
    assert source is not None
    with np.load(source.path) as stored:
        contacts = stored["contact_s"] - source.start_s
        time = np.arange(len(stored["thigh_R_deg"])) / float(stored["sampling_rate_hz"]) - source.start_s
        times = np.linspace(0.0, clip.clip.duration_s, 200)
        marked = np.interp(times, time, stored["thigh_R_deg"])
    assert np.allclose(sorted(step.contact_s for step in motion.steps), np.sort(contacts))
    turn = motion.pose(times).rotation["right_thigh"]
    thigh_deg = np.degrees(np.arctan2(turn[:, 0, 2], turn[:, 2, 2]))
    assert np.sqrt(np.mean((thigh_deg - marked) ** 2)) < 1.0


# --------------------------------------------------------------------------------------------------- the comparison


def _sample(tmp_path: Path) -> tuple[rendered.Clip, PoseTrack]:
    """A sample's truth as a bench clip, and its joints in the picture as a perfect finder would give them."""
    truth = json.loads(SAMPLE_TRUTH.read_text(encoding="utf-8"))
    truth |= CLIPS["bench_01"].truth()
    joints = truth["frames"]["joints_px"]
    xy = np.full((truth["video"]["n_frames"], len(LANDMARKS), 2), np.nan)
    xy[:, :11] = np.array(joints["nose"])[:, None]
    for name, track in joints.items():
        xy[:, INDEX[name]] = track
    for side in SIDES:
        for finger in ("pinky", "index", "thumb"):
            xy[:, INDEX[f"{side}_{finger}"]] = joints[f"{side}_wrist"]
    pose = PoseTrack(
        time_s=np.array(truth["frames"]["time_s"]),
        xy_px=xy,
        visibility=np.full(xy.shape[:2], 0.9),
        width_px=truth["video"]["width_px"],
        height_px=truth["video"]["height_px"],
        outline_qpx=np.full((len(xy), 1, 2), -1, dtype=np.int16),
        finder="exact",
    )
    return rendered.Clip(tmp_path / "bench_01.mp4", truth), pose


@pytest.fixture(scope="module")
def perfect(tmp_path_factory: pytest.TempPathFactory) -> tuple[rendered.Clip, PoseTrack, rendered.Outcome]:
    """A perfect finder's outcome."""
    if not SAMPLE_TRUTH.is_file():
        pytest.skip("the sample videos have not been rendered")
    clip, pose = _sample(tmp_path_factory.mktemp("bench"))
    out = rendered.Outcome()
    options = Options(height_cm=clip.truth["height_cm"], belt_speed_mps=clip.truth["belt_speed_mps"])
    rendered.compare(out, clip, analyze_pose(pose, clip.facts, options))
    return clip, pose, out


def test_exact_joints_have_hardly_any_error(perfect: tuple[rendered.Clip, PoseTrack, rendered.Outcome]) -> None:
    _, _, out = perfect
    assert out.n_events > 30
    assert out.n_missed == out.n_invented == 0
    assert not out.refused
    assert np.abs(out.of("contact_event_s")).max() < 0.03
    assert out.of("near_thigh_rms_deg")[0] < 1.5
    assert out.of("near_shank_rms_less_offset_deg")[0] < 1.5
    assert abs(out.of("trunk_lean_deg")[0]) < 1.5
    assert [strike[1:3] for strike in out.strikes if strike[2]] == [("midfoot", "midfoot")]


def test_a_wrong_angle_shows_as_an_error(perfect: tuple[rendered.Clip, PoseTrack, rendered.Outcome]) -> None:
    """Hips four degrees of thigh behind their place: that offset is found, and only in the angles it concerns."""
    clip, pose, right = perfect
    moved = pose.xy_px.copy()
    hip, knee = INDEX["right_hip"], INDEX["right_knee"]
    length = np.linalg.norm(moved[:, hip] - moved[:, knee], axis=1)
    moved[:, [hip, INDEX["left_hip"]], 0] -= (np.tan(np.radians(4.0)) * length)[:, None]
    out = rendered.Outcome()
    rendered.compare(out, clip, analyze_pose(replace(pose, xy_px=moved), clip.facts))
    assert out.of("near_thigh_offset_deg")[0] - right.of("near_thigh_offset_deg")[0] == pytest.approx(-4.0, abs=0.6)
    assert out.of("near_shank_offset_deg")[0] == pytest.approx(right.of("near_shank_offset_deg")[0], abs=0.2)


def test_conditions_choose_clips(perfect: tuple[rendered.Clip, PoseTrack, rendered.Outcome]) -> None:
    clip, _, out = perfect
    assert len(out.of("near_thigh_rms_deg", motion=clip.conditions["motion"])) == 1
    assert len(out.of("near_thigh_rms_deg", motion="another")) == 0


# ---------------------------------------------------------------------------------------------------------- pelvis


def _late_steps(motion: RecordedMotion, name: str) -> float:
    """How much later than at left midstance this turn of the pelvis is largest, in steps (-1 to 1)."""
    steps = sorted(motion.steps, key=lambda step: step.contact_s)
    contacts = np.array([step.contact_s for step in steps])
    times = np.arange(contacts[0], contacts[-1], 0.01)
    count = np.interp(times, contacts, np.arange(len(steps)) + (steps[0].side != "left"))
    since = np.pi * (count - 0.35)  # of RunnerParams: +1 at about left midstance
    waves = np.column_stack([np.cos(since), np.sin(since), np.ones_like(since)])
    cosine, sine, _ = np.linalg.lstsq(waves, motion.turns(times)[name], rcond=None)[0]
    return float(np.arctan2(sine, cosine) / np.pi)


@pytest.mark.parametrize(
    ("name", "late", "drawn"),
    [
        ("pelvis_turn_deg", PELVIS_TURN_LATE, "pelvis_turn_late"),
        ("pelvis_roll_deg", PELVIC_DROP_LATE, "pelvic_drop_late"),
    ],
)
def test_drawn_runners_turn_and_drop_the_pelvis_when_real_ones_do(
    name: str, late: tuple[float, float], drawn: str
) -> None:
    """They turned it as walkers do, 0.65 steps later, and the back's model learnt that."""
    if not recorded.present():
        pytest.skip(f"no motion capture in {recorded.folder()}")
    trials = [recorded.Recorded(runner, 3.5, recorded.STARTS_S[0]) for runner in recorded.TUNING_RUNNERS]
    found = [_late_steps(recorded.recorded_motion(trial, WALKED_ON, 3.0), name) for trial in trials]
    assert np.mean(found) == pytest.approx(late[0], abs=0.06)
    assert {getattr(clip.clip.params, drawn) for clip in CLIPS.values() if clip.motion == "parametric"} == {late[0]}
