"""The whole chain from poses to findings: what must not change a number, and how folders are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from synthetic import Runner, exchange_spells, exchanged, jittered, mirrored

from formcheck import analyze_pose, analyze_video, write_results
from formcheck.analysis import Options, Progress, folder_name
from formcheck.records import Analysis, InputError, PoseTrack, Stopped
from formcheck.skeleton import other
from formcheck.texts import codes

OPTIONS = Options(height_cm=170.0, belt_speed_mps=3.0)
RUNNER = Runner(duration_s=5, width_px=720)
SAMPLE = Path(__file__).parents[1] / "sample_videos" / "runner_right_good.mp4"

FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
Key = tuple[str, str | None]


def _analysis(pose: PoseTrack) -> Analysis:
    return analyze_pose(pose, RUNNER.facts(), OPTIONS)


@cache
def _pose() -> PoseTrack:
    """With the flaws real poses have."""
    pose = jittered(RUNNER.pose(), 1.5, seed=11)
    return exchanged(pose, exchange_spells(len(pose.time_s), 60.0, share=0.1, seed=4))


def _analysis_or_code(pose: PoseTrack) -> Analysis | str:
    """The analysis, or the code of the refusal."""
    try:
        return _analysis(pose)
    except InputError as refused:
        return refused.code


@cache
def _reference() -> Analysis:
    return _analysis(_pose())


def _numbers(analysis: Analysis) -> dict[Key, float]:
    return {(m.metric, m.side): m.value for m in analysis.measurements if isinstance(m.value, float)}


def _same_numbers(analysis: Analysis, expected: dict[Key, float], tolerance: float = 1e-4) -> None:
    found = _numbers(analysis)
    assert set(found) == set(expected)
    for key, value in expected.items():
        assert found[key] == pytest.approx(value, rel=tolerance, abs=tolerance), key


# ------------------------------------------------------------------------------------------------------- symmetries


@FEW
@given(st.floats(-3000, 3000), st.floats(-3000, 3000))
def test_moving_the_picture_changes_no_number(dx: float, dy: float) -> None:
    moved = _analysis(replace(_pose(), xy_px=_pose().xy_px + np.array([dx, dy])))
    _same_numbers(moved, _numbers(_reference()))
    assert moved.signals.facing == _reference().signals.facing


@FEW
@given(st.floats(0.15, 8.0))
def test_scaling_the_picture_changes_no_number(scale: float) -> None:
    scaled = _analysis(replace(_pose(), xy_px=_pose().xy_px * scale))
    _same_numbers(scaled, _numbers(_reference()))
    assert scaled.signals.leg_length_px == pytest.approx(scale * _reference().signals.leg_length_px)


@FEW
@given(st.floats(0.5, 20.0), st.integers(0, 1000))
def test_mirroring_the_picture_changes_sides_and_no_number(stride_share: float, seed: int) -> None:
    pose = jittered(replace(RUNNER, first_contact_s=0.01 * stride_share).pose(), 2.0, seed)
    there, back = _analysis(pose), _analysis(mirrored(pose))
    assert {there.signals.facing, back.signals.facing} == {"left", "right"}
    assert back.signals.near_side == other(there.signals.near_side)
    swapped = {(name, other(side) if side else None): v for (name, side), v in _numbers(there).items()}  # type: ignore[arg-type]
    _same_numbers(back, swapped, 1e-3)
    assert [(e.kind, other(e.side)) for e in there.events if e.side] == [(e.kind, e.side) for e in back.events]
    np.testing.assert_allclose([e.time_s for e in there.events], [e.time_s for e in back.events], atol=1e-6)


@FEW
@given(st.floats(0.0, 5000.0))
def test_another_start_of_the_clock_changes_no_number(offset_s: float) -> None:
    """As for a shot in the middle of an edited clip."""
    shifted = _analysis(replace(_pose(), time_s=_pose().time_s + offset_s))
    _same_numbers(shifted, _numbers(_reference()), 1e-3)
    np.testing.assert_allclose(
        [e.time_s - offset_s for e in shifted.events], [e.time_s for e in _reference().events], atol=1e-4
    )


# What a number may differ between a 60 and a 120 Hz camera, in its own unit.
RESAMPLED = {
    "cadence_spm": 0.3,
    "contact_time_s": 0.004,
    "flight_time_s": 0.004,
    "duty_factor_pct": 0.6,
    "stride_length_m": 0.005,
    "vertical_oscillation_cm": 0.15,
    "vertical_oscillation_pct_leg": 0.15,
    "trunk_lean_range_deg": 0.3,
    "overstride_pct_leg": 0.8,
}
RESAMPLED_DEG = 1.5


@FEW
@given(st.floats(0.60, 0.85), st.floats(0.0, 0.6), st.sampled_from(["left", "right"]))
def test_a_faster_camera_changes_numbers_little(stride: float, first: float, facing: Any) -> None:
    runner = Runner(stride_s=stride, first_contact_s=first, facing=facing, duration_s=6)
    slow, fast = (_numbers(_analysis(replace(runner, rate_hz=rate).pose())) for rate in (60.0, 120.0))
    assert set(slow) == set(fast)
    for (name, side), value in slow.items():
        assert fast[name, side] == pytest.approx(value, abs=RESAMPLED.get(name, RESAMPLED_DEG)), name


@FEW
@given(st.integers(0, 10_000), st.floats(0.0, 0.3))
def test_exchanged_names_change_numbers_little(seed: int, share: float) -> None:
    wrong = exchange_spells(len(RUNNER.frame_times()), 60.0, share=share, seed=seed)
    pose = jittered(RUNNER.pose(), 1.0)
    _same_numbers(_analysis(exchanged(pose, wrong)), _numbers(_analysis(pose)), 0.02)


@FEW
@given(st.sampled_from(["cut", "speckle"]), st.integers(0, 10_000), st.floats(0.05, 0.95))
def test_holes_give_a_number_or_a_reason_never_a_crash(kind: str, seed: int, share: float) -> None:
    pose = RUNNER.pose()
    rng = np.random.default_rng(seed)
    gone = rng.random(len(pose.time_s)) < share
    if kind == "cut":
        gone = (np.arange(len(gone)) + seed) % len(gone) < share * len(gone)
    xy = np.where(gone[:, None, None], np.nan, pose.xy_px)
    analysis = _analysis_or_code(replace(pose, xy_px=xy))
    if isinstance(analysis, str):
        assert analysis in codes()
        return
    for m in analysis.measurements:
        assert (m.value is None) == (m.status == "not_measurable")
        assert m.value is not None or (m.reason is not None and m.reason.code in codes())


# --------------------------------------------------------------------------------------------------------- analysis


def test_an_analysis_of_poses_is_whole() -> None:
    analysis = _reference()
    assert (analysis.activity, analysis.view) == ("running", "side")
    assert analysis.video == RUNNER.facts()
    assert analysis.subject.height_cm == 170.0
    assert analysis.measurements
    assert analysis.findings
    assert analysis.key_moments
    assert analysis.made_with["pose"] == "synthetic"
    assert analysis.warnings[-1].code == "no_safety_check"


def test_the_same_poses_give_the_same_numbers() -> None:
    _same_numbers(_analysis(_pose()), _numbers(_reference()), 0.0)


def test_shoulders_wide_across_make_it_no_side_view_unless_the_user_knows_better() -> None:
    """Nor one from straight in front, since the feet go far across the picture."""
    pose = RUNNER.pose()
    xy = pose.xy_px.copy()
    xy[:, 11, 0] += 90
    xy[:, 12, 0] -= 90
    wide = replace(pose, xy_px=xy)
    at_an_angle = _analysis(wide)
    assert at_an_angle.view == "oblique"
    assert {"overstride_pct_leg", "trunk_lean_deg"}.isdisjoint(m.metric for m in at_an_angle.measurements)
    assert analyze_pose(wide, RUNNER.facts(), replace(OPTIONS, view="side")).view == "side"


@pytest.mark.parametrize(
    "options",
    [
        Options(height_cm=17.0),
        Options(height_cm=1700.0),
        Options(belt_speed_mps=0.0),
        Options(belt_speed_mps=-3.0),
        Options(slow_motion=0.0),
        Options(slow_motion=1000.0),
        Options(height_cm=float("nan")),
        Options(belt_speed_mps=float("inf")),
    ],
    ids=lambda o: f"{o.height_cm} cm {o.belt_speed_mps} m/s {o.slow_motion}x",
)
@pytest.mark.parametrize("through", ["video", "pose"])
def test_numbers_no_person_has_are_refused(options: Options, through: str) -> None:
    """By name, in one way, before anything is looked at."""
    calls: dict[str, Callable[[], Analysis]] = {
        "video": lambda: analyze_video(SAMPLE, options),
        "pose": lambda: analyze_pose(_pose(), RUNNER.facts(), options),
    }
    with pytest.raises(InputError) as refused:
        calls[through]()
    assert refused.value.code == "bad_option"


def test_the_users_slow_motion_is_told() -> None:
    facts = replace(RUNNER.facts(), slow_motion=4.0, variable_frame_rate=True)
    told = {note.code for note in analyze_pose(_pose(), facts, OPTIONS).warnings}
    assert {"slow_motion_undone", "variable_frame_rate"} <= told


# ------------------------------------------------------------------------------------------------- files and stopping


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("run.mp4", "run"),
        ("走る 1.MOV", "走る 1"),
        ("a.b.mp4", "a.b"),
        ('what?"<>|*.mp4', "what______"),
        ("...mp4", "clip"),
        (" . .mp4", "clip"),
        ("x" * 300 + ".mp4", "x" * 200),
        (".mp4", "mp4"),
    ],
)
def test_folder_names_suit_every_file_system(name: str, expected: str) -> None:
    assert folder_name(Path(name)) == expected


ODD_NAMES = [
    "CON.mp4",
    "nul.mov",
    "com1.mp4",
    "a\u202egpj.mp4",
    "tab\tname.mp4",
    "é" * 100 + ".mp4",
    "走" * 83 + ".mp4",
]


@pytest.mark.parametrize("name", ODD_NAMES, ids=lambda name: ascii(name)[1:16])
def test_folder_names_are_never_odd(name: str) -> None:
    made = folder_name(Path(name))
    assert made == made.strip(" .")
    assert made.isprintable()
    # A working folder with ten more characters stands beside it while it is written; 255 bytes are the limit.
    assert 0 < len(made.encode()) <= 245
    assert made.upper() not in {"CON", "PRN", "AUX", "NUL", "COM1"}


def test_stopping_at_once_raises_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        write_results(_reference(), SAMPLE, tmp_path, should_stop=lambda: True)
    assert list(tmp_path.iterdir()) == []


def test_stopping_in_the_pose_step_raises() -> None:
    shares: list[float] = []

    def stop() -> bool:
        return len(shares) >= 3

    def progress(p: Progress) -> None:
        assert p.stage == "pose"
        shares.append(p.share)

    with pytest.raises(Stopped):
        analyze_video(SAMPLE, Options(workers=1), on_progress=progress, should_stop=stop)
    assert len(shares) == 3


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file, not a folder")
    with pytest.raises(InputError) as refused:
        write_results(_reference(), SAMPLE, taken)
    assert refused.value.code == "cannot_write_output"


def test_a_clip_that_is_gone_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        write_results(_reference(), tmp_path / "gone.mp4", tmp_path / "out")
    assert list((tmp_path / "out").glob("*")) == []
    assert list((tmp_path / "out").glob(".*")) == []
