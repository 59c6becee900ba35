"""From raw landmarks to even, repaired, filtered series: every step on a runner whose answers are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from synthetic import Runner, jumped, leg_at, lost, standing, uneven_times

from formcheck.records import InputError, PoseTrack, Signals
from formcheck.repair import MAX_BRIDGED_S, frame_rate_hz_of, low_pass
from formcheck.signals import build_signals, facing_of, slow_path, stride_period_s
from formcheck.skeleton import INDEX

ANGLES = {"thigh": "thigh_deg", "shank": "shank_deg", "knee_flexion": "knee_flexion_deg"}


def _inside(signals: Signals, margin_s: float = 0.2) -> np.ndarray:
    return (signals.time_s > margin_s) & (signals.time_s < signals.time_s[-1] - margin_s)


# -------------------------------------------------------------------------------------------------------- filter


@pytest.mark.parametrize(("cutoff", "rate"), [(8.0, 60.0), (10.0, 120.0), (14.0, 240.0), (6.0, 100.0)])
def test_gain_at_the_stated_cutoff_is_half_the_power(cutoff: float, rate: float) -> None:
    time_s = np.arange(0, 20, 1 / rate)
    passed = low_pass(np.sin(2 * np.pi * cutoff * time_s), cutoff, rate)
    middle = slice(len(time_s) // 4, 3 * len(time_s) // 4)
    gain = passed[middle].std() / np.sqrt(0.5)
    assert gain == pytest.approx(0.707, abs=0.04)


def test_filter_has_no_lag() -> None:
    time_s = np.arange(481) / 120
    bump = np.exp(-(((time_s - 2.0) / 0.1) ** 2))
    passed = low_pass(bump, 8.0, 120.0)
    assert time_s[passed.argmax()] == pytest.approx(2.0, abs=1e-9)
    np.testing.assert_allclose(passed, passed[::-1], atol=1e-9)


def test_filter_keeps_what_is_slow_and_drops_what_is_fast() -> None:
    time_s = np.arange(0, 6, 1 / 120)
    middle = slice(120, 600)
    slow, fast = np.sin(2 * np.pi * 1.5 * time_s), np.sin(2 * np.pi * 30 * time_s)
    assert np.abs(low_pass(slow, 8.0, 120.0) - slow)[middle].max() < 0.01
    assert np.abs(low_pass(fast, 8.0, 120.0))[middle].max() < 0.01


def test_filter_takes_the_shortest_stretch_it_promises() -> None:
    assert np.isfinite(low_pass(np.random.default_rng(0).normal(size=(12, 2)), 10.8, 30.0)).all()


# --------------------------------------------------------------------------------------------------- time and gaps


@pytest.mark.parametrize("rate", [24.0, 25.0, 29.97, 30.0, 59.94, 60.0, 120.0, 240.0])
def test_rate_survives_times_rounded_to_milliseconds(rate: float) -> None:
    times = np.round(np.arange(0, 4, 1 / rate), 3)
    assert frame_rate_hz_of(times) == pytest.approx(rate, rel=0.002)


def test_rate_survives_dropped_frames() -> None:
    times = np.delete(np.arange(0, 4, 1 / 60), [7, 50, 51, 52, 90, 130, 131])
    assert frame_rate_hz_of(times) == pytest.approx(60.0, rel=1e-6)


def test_grid_is_even_and_keeps_the_cameras_rate() -> None:
    runner = Runner(rate_hz=30)
    signals = build_signals(runner.pose(uneven_times(runner)))
    np.testing.assert_allclose(np.diff(signals.time_s), 1 / signals.rate_hz)
    assert signals.rate_hz == pytest.approx(30.0, rel=0.05)


def _with_gap(gap_s: float) -> tuple[PoseTrack, Signals]:
    """Nobody found for that long from 3.0 s on."""
    pose = Runner(rate_hz=60).pose()
    # The first and the last unseen frame are a frame inside the gap.
    hidden = (pose.time_s > 3.0 + 1e-6) & (pose.time_s < 3.0 + gap_s - 1e-6)
    return pose, build_signals(lost(pose, hidden))


@pytest.mark.parametrize("gap_s", [2 / 60, 0.05, 0.1, MAX_BRIDGED_S])
def test_short_gaps_are_bridged(gap_s: float) -> None:
    pose, signals = _with_gap(gap_s)
    assert np.isfinite(signals.xy_px).all()
    whole = build_signals(pose)
    ankle = INDEX["right_ankle"]
    assert np.abs(signals.xy_px[:, ankle] - whole.xy_px[:, ankle]).max() < 0.15 * whole.leg_length_px


@pytest.mark.parametrize("gap_s", [0.2, 0.5, 1.0])
def test_long_gaps_stay_gaps(gap_s: float) -> None:
    _, signals = _with_gap(gap_s)
    middle = (signals.time_s > 3.02) & (signals.time_s < 3.0 + gap_s - 0.02)
    assert np.isnan(signals.xy_px[middle]).all()
    assert np.isnan(signals.series["thigh_right_deg"][middle]).all()
    assert signals.n_gaps == 1
    assert signals.doubtful[middle].all()


def test_share_of_found_frames_is_told() -> None:
    pose = Runner(rate_hz=60, duration_s=5).pose()
    signals = build_signals(lost(pose, np.arange(300) < 75))
    assert signals.pose_rate == pytest.approx(0.75)


def test_one_wrong_frame_is_repaired_and_counted() -> None:
    clean = build_signals(Runner(rate_hz=60).pose())
    signals = build_signals(jumped(Runner(rate_hz=60).pose(), 150, "right_knee", (150.0, 0.0)))
    assert signals.n_jumps == 1
    knee = INDEX["right_knee"]
    assert np.abs(signals.xy_px[:, knee] - clean.xy_px[:, knee]).max() < 6.0


@pytest.mark.parametrize("rate", [25.0, 30.0, 60.0, 120.0, 240.0])
def test_a_clean_runner_has_nothing_to_repair(rate: float) -> None:
    signals = build_signals(Runner(rate_hz=rate).pose())
    assert (signals.n_jumps, signals.n_gaps, signals.n_exchanges) == (0, 0, 0)
    assert not signals.doubtful.any()
    assert signals.pose_rate == 1.0
    assert signals.camera == "static"


# ---------------------------------------------------------------------------------------- facing, level, scale


def test_facing_follows_the_feet() -> None:
    assert facing_of(Runner(facing="right").pose().xy_px) == "right"
    assert facing_of(Runner(facing="left").pose().xy_px) == "left"


def test_feet_towards_the_camera_point_nowhere() -> None:
    pose = standing()
    xy = pose.xy_px.copy()
    for side in ("left", "right"):
        xy[:, INDEX[f"{side}_foot_index"], 0] = xy[:, INDEX[f"{side}_heel"], 0]
    assert facing_of(xy) == "unknown"
    assert facing_of(np.full_like(xy, np.nan)) == "unknown"


@pytest.mark.parametrize("facing", ["left", "right"])
def test_the_near_leg_is_the_one_on_the_cameras_side(facing: str) -> None:
    signals = build_signals(Runner(facing=facing).pose())  # type: ignore[arg-type]
    assert signals.facing == facing
    assert signals.near_side == facing


def test_leg_length_is_that_of_the_runner() -> None:
    assert build_signals(Runner(leg_px=380).pose()).leg_length_px == pytest.approx(380, rel=0.01)


# --------------------------------------------------------------------------------------------------------- strides


@pytest.mark.parametrize("stride", [0.55, 0.70, 0.95])
@pytest.mark.parametrize("rate", [25.0, 60.0, 120.0])
def test_stride_period_is_found(stride: float, rate: float) -> None:
    runner = Runner(stride_s=stride, rate_hz=rate, duration_s=8)
    xy = runner.pose().xy_px
    swing = xy[:, INDEX["right_ankle"], 0] - xy[:, INDEX["right_hip"], 0]
    assert stride_period_s(swing, rate) == pytest.approx(stride, abs=1.0 / rate)


def test_noise_has_no_stride_period() -> None:
    assert stride_period_s(np.random.default_rng(1).normal(size=600), 60.0) is None


@pytest.mark.parametrize("values", [np.array([]), np.full(200, np.nan), np.ones(5)])
def test_nothing_has_no_stride_period(values: np.ndarray) -> None:
    assert stride_period_s(values, 60.0) is None


def test_a_still_track_has_no_stride_period() -> None:
    assert stride_period_s(np.ones(600), 60.0) is None


def test_slow_path_drops_the_to_and_fro_and_keeps_the_way() -> None:
    time_s = np.arange(0, 6, 1 / 60)
    way = 30.0 * time_s
    path = slow_path(way + 10 * np.sin(2 * np.pi * time_s / 0.7), 0.7, 60.0)
    assert np.abs(path - way)[60:-60].max() < 0.5
    assert np.isnan(slow_path(np.full(20, np.nan), 0.7, 60.0)).all()


# ---------------------------------------------------------------------------------------------------------- series


@pytest.mark.parametrize("facing", ["left", "right"])
@pytest.mark.parametrize(("rate", "tolerance_deg"), [(30.0, 6.0), (60.0, 3.5), (120.0, 3.5)])
def test_angles_are_those_of_the_runner(facing: str, rate: float, tolerance_deg: float) -> None:
    runner = Runner(facing=facing, rate_hz=rate)  # type: ignore[arg-type]
    signals = build_signals(runner.pose())
    inside = _inside(signals)
    for side in ("left", "right"):
        leg = leg_at(runner.share(side, signals.time_s))
        for short, attribute in ANGLES.items():
            off = signals.series[f"{short}_{side}_deg"] - getattr(leg, attribute)
            # The level found is a few tenths off; it turns thigh and shank alike.
            level = 0.0 if short == "knee_flexion" else abs(signals.level_deg)
            assert np.abs(off[inside]).max() < tolerance_deg + level, (short, side)


def test_trunk_lean_is_that_of_the_runner() -> None:
    signals = build_signals(Runner(lean_deg=9.0, lean_swing_deg=0.0).pose())
    lean = signals.series["trunk_lean_deg"] - signals.level_deg
    assert np.abs(lean[_inside(signals)] - 9.0).max() < 2 * abs(signals.level_deg) + 0.1


def test_the_foot_moves_with_the_belt_in_stance() -> None:
    runner = Runner(rate_hz=120)
    signals = build_signals(runner.pose())
    speed = np.gradient(signals.series["toe_x_right_leg"], signals.time_s)
    share = runner.share("right", signals.time_s)
    on_belt = (share > 0.1) & (share < 0.28) & _inside(signals)
    assert speed[on_belt].mean() == pytest.approx(-2.75 / 0.70, rel=0.01)


def test_every_series_is_named_with_its_unit_and_as_long_as_the_clock() -> None:
    signals = build_signals(Runner().pose())
    for name, values in signals.series.items():
        assert name.endswith(("_deg", "_leg")), name
        assert values.shape == signals.time_s.shape


# ------------------------------------------------------------------------------------------------------- refusals


def _refusal(pose: PoseTrack) -> str:
    with pytest.raises(InputError) as refused:
        build_signals(pose)
    return refused.value.code


def test_nobody_is_refused() -> None:
    pose = Runner(duration_s=1).pose()
    assert _refusal(lost(pose, np.ones(len(pose.time_s), dtype=bool))) == "no_person"


@pytest.mark.parametrize("n", [1, 2, 11])
def test_hardly_anything_seen_is_refused(n: int) -> None:
    pose = Runner(duration_s=2).pose()
    assert _refusal(lost(pose, np.arange(len(pose.time_s)) >= n)) == "hardly_seen"


def test_an_empty_track_is_refused() -> None:
    pose = Runner(duration_s=1).pose()
    empty = replace(pose, time_s=pose.time_s[:0], xy_px=pose.xy_px[:0], visibility=pose.visibility[:0])
    assert _refusal(empty) == "no_person"


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("seed", range(6))
def test_scattered_sightings_never_crash(seed: int) -> None:
    """A person found in a few frames here and there: a result or a refusal with a code, nothing else."""
    pose = Runner(rate_hz=30, duration_s=4).pose()
    rng = np.random.default_rng(seed)
    seen = rng.random(len(pose.time_s)) < [0.11, 0.15, 0.2, 0.3, 0.5, 0.7][seed]
    signals = _signals_or_code(lost(pose, ~seen))
    if isinstance(signals, str):
        assert signals in ("no_person", "hardly_seen", "too_few_frames")
    else:
        assert signals.xy_px.shape == (len(signals.time_s), 33, 2)
        assert np.isfinite(signals.leg_length_px)


def _signals_or_code(pose: PoseTrack) -> Signals | str:
    try:
        return build_signals(pose)
    except InputError as refused:
        return refused.code


def test_input_is_not_edited() -> None:
    pose = jumped(Runner(duration_s=3).pose(), 60, "left_heel", (200.0, 0.0))
    xy, times, visibility = pose.xy_px.copy(), pose.time_s.copy(), pose.visibility.copy()
    build_signals(pose)
    np.testing.assert_array_equal(pose.xy_px, xy)
    np.testing.assert_array_equal(pose.time_s, times)
    np.testing.assert_array_equal(pose.visibility, visibility)
