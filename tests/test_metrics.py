"""Every metric: its number on a runner whose answer is known, and its good manners on bad input."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib import import_module

import numpy as np
import pytest
from synthetic import HIP_SWING_LEG, TOE_OFF_SHARE, Runner, jittered, leg_at

from formcheck import metrics
from formcheck.events import detect_events, strides_of
from formcheck.metrics.summary import MIN_STRIDES, Curve, error_sd_of, of_strides, uncertainty
from formcheck.records import Measurement, Recording, Signals, Stride, Subject
from formcheck.signals import build_signals
from formcheck.skeleton import SIDES
from formcheck.texts import codes

SUBJECT = Subject(height_cm=170.0, belt_speed_mps=3.0)


@cache
def _recording(facing: str = "right", rate: float = 120.0, jitter_px: float = 0.0) -> Recording:
    runner = Runner(facing=facing, rate_hz=rate, duration_s=8)  # type: ignore[arg-type]
    signals = build_signals(jittered(runner.pose(), jitter_px, seed=7))
    events = detect_events(signals)
    return Recording(signals, events, strides_of(events, signals), SUBJECT)


def _measure(name: str, recording: Recording) -> list[Measurement]:
    found: list[Measurement] = import_module(f"formcheck.metrics.{name}").measure(recording)
    return found


# ------------------------------------------------------------------------------------------ numbers that are known

CONTACT, TOE_OFF = leg_at(0.0), leg_at(TOE_OFF_SHARE)
STRIDE = leg_at(np.linspace(0, 1, 2001))
STANCE = leg_at(np.linspace(0, 0.7 * TOE_OFF_SHARE, 500))
FLAT = leg_at(np.linspace(0.30, 0.45, 50) * TOE_OFF_SHARE)

# name: (true value, tolerance). A degree of the tolerances of angles is the level of the belt, found to half a degree.
KNOWN: dict[str, tuple[float, float]] = {
    "cadence_spm": (120 / 0.70, 0.1),
    "contact_time_s": (0.231, 0.005),
    "flight_time_s": (0.119, 0.005),
    "duty_factor_pct": (33.0, 0.7),
    "stride_length_m": (3.0 * 0.70, 0.003),
    "steps_in_10_km": (20_000 / (3.0 * 0.70), 15.0),
    "foot_angle_at_contact_deg": (CONTACT.foot_deg[0] - float(np.median(FLAT.foot_deg)), 2.0),
    "overstride_pct_leg": (100 * CONTACT.joints["ankle"][0, 0], 1.5),
    "shank_angle_at_contact_deg": (CONTACT.shank_deg[0], 2.0),
    "knee_flexion_at_contact_deg": (CONTACT.knee_flexion_deg[0], 3.0),
    "peak_stance_knee_flexion_deg": (STANCE.knee_flexion_deg.max(), 1.0),
    "peak_swing_knee_flexion_deg": (STRIDE.knee_flexion_deg.max(), 1.0),
    "thigh_extension_at_toe_off_deg": (TOE_OFF.thigh_deg[0], 1.5),
    "peak_thigh_extension_deg": (STRIDE.thigh_deg.max(), 1.5),
    "trunk_lean_deg": (7.0, 1.0),
    "trunk_lean_range_deg": (4.0, 0.2),
    "arm_swing_deg": (50.0, 0.5),
    "vertical_oscillation_pct_leg": (200 * HIP_SWING_LEG, 0.2),
    "vertical_oscillation_cm": (2 * HIP_SWING_LEG * 0.491 * 170, 0.2),
}
NEEDS_OUTLINE = {
    "hip_extension_change_deg",
    "lumbar_extension_change_deg",
    "lumbar_extension_range_deg",
    "lumbar_share_pct",
    "pelvic_tilt_range_deg",
}


@pytest.mark.parametrize("facing", ["left", "right"])
@pytest.mark.parametrize("rate", [60.0, 120.0])
def test_numbers_are_those_of_the_runner(facing: str, rate: float) -> None:
    measured = {(m.metric, m.side): m for m in metrics.measure_all(_recording(facing, rate))}
    seen = set()
    for (name, side), m in measured.items():
        if name in KNOWN and m.value is not None:
            true, tolerance = KNOWN[name]
            assert m.value == pytest.approx(true, abs=tolerance), (name, side)
            assert m.status == "ok"
            seen.add(name)
    assert seen == set(KNOWN)


@pytest.mark.parametrize("facing", ["left", "right"])
def test_truth_is_inside_the_stated_interval(facing: str) -> None:
    for m in metrics.measure_all(_recording(facing, 60.0, 3.0)):
        if m.metric in KNOWN and isinstance(m.value, float):
            assert m.uncertainty is not None
            assert m.uncertainty > 0
            # Jitter adds to a range, never takes away; that one is stated on its card.
            if m.metric != "trunk_lean_range_deg":
                assert abs(m.value - KNOWN[m.metric][0]) <= m.uncertainty, m.metric


def test_every_metric_is_either_checked_here_or_needs_more_than_landmarks() -> None:
    produced = {m.metric for m in metrics.measure_all(_recording())}
    assert produced == set(KNOWN) | NEEDS_OUTLINE | {"foot_strike"}


def test_timing_is_told_for_both_feet_and_angles_for_the_near_leg() -> None:
    measured = metrics.measure_all(_recording("left"))
    for name in ("contact_time_s", "flight_time_s", "duty_factor_pct"):
        assert {m.side for m in measured if m.metric == name and m.status == "ok"} == set(SIDES)
    far = [m for m in measured if m.metric == "knee_flexion_at_contact_deg" and m.side == "right"]
    assert [(m.status, m.reason.code if m.reason else None) for m in far] == [("not_measurable", "far_side")]


@pytest.mark.parametrize(
    ("pitch_deg", "expected"), [(25.0, "rearfoot"), (3.0, "midfoot"), (-20.0, "forefoot")], ids=str
)
def test_foot_strike_follows_the_foots_angle(pitch_deg: float, expected: str) -> None:
    recording = _recording("right")
    share = ((recording.signals.time_s - 0.11) / 0.70) % 1.0
    # The foot lands at the wanted angle and lies flat (0) in stance.
    foot = np.interp(share, [0, 0.06, 0.25, 0.9, 1], [pitch_deg, 0, 0, pitch_deg, pitch_deg])
    series = {**recording.signals.series, "foot_right_deg": foot}
    changed = replace(recording, signals=replace(recording.signals, series=series))
    strike = next(m for m in _measure("foot_strike", changed) if m.side == "right")
    assert strike.value == expected
    assert sum(strike.probabilities.values()) == pytest.approx(1.0)


def test_a_foot_near_a_border_is_said_to_be_near_it() -> None:
    recording = _recording("right")
    foot = np.where(np.abs(((recording.signals.time_s - 0.11) / 0.7 + 0.5) % 1.0 - 0.5) < 0.04, 8.0, 0.0)
    series = {**recording.signals.series, "foot_right_deg": foot}
    changed = replace(recording, signals=replace(recording.signals, series=series))
    strike = next(m for m in _measure("foot_strike", changed) if m.side == "right")
    assert strike.status == "low_confidence"
    assert strike.reason is not None
    assert strike.reason.code == "near_border"


def test_what_needs_the_height_or_the_belt_says_so() -> None:
    unknown = replace(_recording(), subject=Subject())
    for name, code in (
        ("vertical_oscillation", "needs_height"),
        ("stride_length", "needs_belt_speed"),
        ("steps_in_10_km", "needs_belt_speed"),
    ):
        (m,) = _measure(name, unknown)
        assert (m.value, m.status, m.reason and m.reason.code) == (None, "not_measurable", code)


# ------------------------------------------------------------------------------------------------ hand-checked strides


def _flat(value: float, n: int = 601, rate: float = 100.0, side: str = "right") -> Recording:
    """A recording whose every series is one constant, with six strides of the right foot and their toe-offs."""
    base = _recording("right")
    time_s = np.arange(n) / rate
    series = {name: np.full(n, value) for name in base.signals.series}
    signals = replace(
        base.signals,
        time_s=time_s,
        rate_hz=rate,
        frame_rate_hz=rate,
        series=series,
        visibility=np.ones((n, 33)),
        doubtful=np.zeros((n, 2), dtype=bool),
        stride_rate_hz=None,
    )
    strides = tuple(Stride("right", t, t + 0.25, t + 0.75, True) for t in np.arange(0.5, 5.0, 0.75))
    return Recording(signals, (), strides, SUBJECT)


def test_cadence_of_strides_of_three_quarters_of_a_second_is_160() -> None:
    (m,) = _measure("cadence", _flat(0.0))
    assert m.value == pytest.approx(160.0)
    assert m.n == 6


def test_cadence_without_strides_is_the_rate_at_which_the_legs_swing() -> None:
    recording = _recording()
    (m,) = _measure("cadence", replace(recording, events=(), strides=()))
    assert m.value == pytest.approx(120 / 0.70, abs=0.5)
    assert m.status == "low_confidence"
    assert m.uncertainty is not None
    assert m.uncertainty > 1.0


def test_contacts_that_contradict_the_swing_of_the_legs_are_not_believed() -> None:
    recording = _flat(0.0)
    swinging = replace(recording, signals=replace(recording.signals, stride_rate_hz=1 / 0.70))
    (m,) = _measure("cadence", swinging)
    assert m.value == pytest.approx(120 / 0.70)
    assert m.status == "low_confidence"
    assert m.uncertainty is not None
    assert m.uncertainty >= 120 / 0.70 - 160


def test_duty_factor_is_contact_over_stride() -> None:
    right = next(m for m in _measure("duty_factor", _flat(0.0)) if m.side == "right")
    assert right.value == pytest.approx(100 / 3)


def test_a_steady_angle_is_its_own_median_without_spread() -> None:
    right = next(m for m in _measure("knee_flexion_at_contact", _flat(12.5)) if m.side == "right")
    assert (right.value, right.spread, right.n) == (pytest.approx(12.5), pytest.approx(0.0, abs=1e-9), 6)
    assert right.times_s == pytest.approx((0.5, 1.25, 2.0, 2.75, 3.5, 4.25))


def test_stride_length_is_speed_times_stride_time() -> None:
    (m,) = _measure("stride_length", _flat(0.0))
    assert m.value == pytest.approx(3.0 * 0.75)


def test_steps_in_10_km_are_as_sure_as_the_stride() -> None:
    (stride,) = _measure("stride_length", _flat(0.0))
    (steps,) = _measure("steps_in_10_km", _flat(0.0))
    assert steps.value == pytest.approx(20_000 / (3.0 * 0.75))
    assert isinstance(stride.value, float)
    assert steps.uncertainty / steps.value == pytest.approx(stride.uncertainty / stride.value)  # type: ignore[operator]


# ------------------------------------------------------------------------------------------- from strides to a number


def _with_strides(n_clean: int, n_doubtful: int = 0) -> Recording:
    recording = _flat(10.0)
    strides = [Stride("right", t, t + 0.25, t + 0.75, i < n_clean) for i, t in enumerate(np.arange(20) * 0.02 + 0.5)]
    return replace(recording, strides=tuple(strides[: n_clean + n_doubtful]))


@pytest.mark.parametrize("n", range(MIN_STRIDES))
def test_fewer_than_four_strides_are_no_number(n: int) -> None:
    m = of_strides(_with_strides(n, n_doubtful=5), "contact_time_s", "s", "right", lambda stride: 1.0)
    assert (m.value, m.status) == (None, "not_measurable")
    assert m.reason is not None
    assert (m.reason.code, dict(m.reason.details)) == ("too_few_strides", {"n": n, "needed": MIN_STRIDES})


def test_four_strides_are_enough() -> None:
    m = of_strides(_with_strides(4), "contact_time_s", "s", "right", lambda stride: 1.0)
    assert (m.value, m.n) == (1.0, 4)


def test_strides_without_a_value_do_not_count() -> None:
    values = iter([1.0, float("nan"), 3.0, float("inf"), 2.0, 8.0, float("nan")])
    m = of_strides(_with_strides(7), "contact_time_s", "s", "right", lambda stride: next(values))
    assert m.values == (1.0, 3.0, 2.0, 8.0)
    assert m.value == pytest.approx(2.5)
    assert m.spread == pytest.approx(np.std([1, 3, 2, 8], ddof=1))
    assert len(m.times_s) == 4


def test_uncertainty_is_the_stated_formula() -> None:
    signals = _recording("right", 60.0).signals
    sd = error_sd_of("knee_flexion_at_contact_deg", signals)
    expected = 1.96 * np.sqrt(sd**2 + np.pi / 2 * 2.0**2 / 16)
    assert uncertainty("knee_flexion_at_contact_deg", signals, 2.0, 16) == pytest.approx(expected)


def test_uncertainty_grows_with_spread_and_falls_with_strides() -> None:
    signals = _recording("right", 60.0).signals

    def wide(spread: float, n: int) -> float:
        return uncertainty("contact_time_s", signals, spread, n)

    assert wide(0.01, 8) < wide(0.02, 8) < wide(0.05, 8)
    assert wide(0.02, 4) > wide(0.02, 16) > wide(0.02, 64)
    assert wide(0.0, 64) == pytest.approx(1.96 * error_sd_of("contact_time_s", signals))


def test_every_measured_metric_has_its_error_on_record() -> None:
    signals = _recording("right", 60.0).signals
    slow, coarse = replace(signals, frame_rate_hz=30.0), replace(signals, finder="mediapipe 1.0 full image")
    for name in KNOWN.keys() - {"steps_in_10_km"}:  # as sure as the stride length it is made from
        assert error_sd_of(name, signals) > 0
        assert error_sd_of(name, slow) >= error_sd_of(name, signals)
        assert error_sd_of(name, coarse) > 0


def test_a_leg_hardly_seen_deserves_less_trust() -> None:
    recording = _recording("right")
    dim = replace(recording, signals=replace(recording.signals, visibility=0.3 * recording.signals.visibility))
    right = next(m for m in _measure("knee_flexion_at_contact", dim) if m.side == "right")
    assert right.status == "low_confidence"
    assert right.reason is not None
    assert right.reason.code == "landmarks_doubtful"


def test_curve_reads_between_samples_and_not_into_gaps() -> None:
    recording = _flat(0.0)
    ramp = 10.0 * recording.signals.time_s
    ramp[200:230] = np.nan
    signals = replace(recording.signals, series={"ramp_deg": ramp})
    curve = Curve(signals, "ramp_deg")
    assert curve(1.2345) == pytest.approx(12.345)
    assert np.isnan([curve(2.1), curve(-0.5), curve(99.0), curve(1.995)]).all()
    assert np.isfinite(curve.span(0.5, 1.5)).all()
    assert np.isnan(curve.span(1.5, 2.5)).all()
    assert np.isnan(Curve(signals, "no_such_series")(1.0))


# --------------------------------------------------------------------------------------------- good manners, for all


def _empty() -> Recording:
    signals = _recording().signals
    nothing = replace(
        signals,
        time_s=signals.time_s[:0],
        xy_px=signals.xy_px[:0],
        visibility=signals.visibility[:0],
        doubtful=signals.doubtful[:0],
        series={name: values[:0] for name, values in signals.series.items()},
        stride_rate_hz=None,
    )
    return Recording(nothing, (), (), SUBJECT)


def _all_nan() -> Recording:
    recording = _recording()
    return replace(recording, signals=_unseen(recording.signals))


def _unseen(signals: Signals) -> Signals:
    return replace(
        signals,
        xy_px=np.full_like(signals.xy_px, np.nan),
        visibility=np.full_like(signals.visibility, np.nan),
        series={name: np.full_like(values, np.nan) for name, values in signals.series.items()},
        leg_length_px=float("nan"),
        stride_rate_hz=None,
    )


def _no_events() -> Recording:
    return replace(_recording(), events=(), strides=())


def _one_stride() -> Recording:
    recording = _recording()
    return replace(recording, strides=recording.strides[:1])


def _no_series() -> Recording:
    recording = _recording()
    return replace(recording, signals=replace(recording.signals, series={}))


POOR: dict[str, Callable[[], Recording]] = {
    "no frames": _empty,
    "all NaN": _all_nan,
    "no events": _no_events,
    "one stride": _one_stride,
    "no series": _no_series,
}
NEEDS_TIMES_ONLY = {"cadence", "contact_time", "duty_factor", "flight_time", "stride_length", "steps_in_10_km"}
"""With events given, these have their number whatever was seen of the body. Cadence has the legs' swing too."""


RUNNING = [name for name in metrics.names() if "." not in name]
"""Those of other views and activities lie in folders and have tests of their own."""


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", RUNNING)
@pytest.mark.parametrize("kind", POOR)
def test_poor_input_gives_a_reason_not_a_number(name: str, kind: str) -> None:
    measured = _measure(name, POOR[kind]())
    assert measured
    if name in NEEDS_TIMES_ONLY and kind in ("all NaN", "no series"):
        return
    if name == "cadence" and kind in ("no events", "one stride"):
        assert [m.status for m in measured] == ["low_confidence"]
        return
    for m in measured:
        assert (m.value, m.status) == (None, "not_measurable")
        assert m.reason is not None
        assert m.reason.code in codes()


@pytest.mark.parametrize("name", RUNNING)
def test_a_good_clip_gives_numbers_or_a_reason(name: str) -> None:
    for m in _measure(name, _recording()):
        if m.status == "not_measurable":
            assert m.value is None
            assert m.reason is not None
            assert m.reason.code in codes()
        elif isinstance(m.value, float):
            assert np.isfinite([m.value, m.spread, m.uncertainty]).all()
            assert m.n == len(m.values) == len(m.times_s) >= MIN_STRIDES


@pytest.mark.parametrize("name", RUNNING)
def test_metrics_do_not_edit_their_input(name: str) -> None:
    signals = _recording().signals
    for array in (signals.time_s, signals.xy_px, signals.visibility, signals.doubtful, *signals.series.values()):
        array.setflags(write=False)
    before = {key: values.copy() for key, values in signals.series.items()}
    _measure(name, _recording())
    assert list(before) == list(signals.series)
    for key, values in before.items():
        np.testing.assert_array_equal(values, signals.series[key])


def test_names_are_modules_with_cards() -> None:
    for name in metrics.names():
        assert callable(import_module(f"formcheck.metrics.{name}").measure)
    assert len(metrics.names()) == len(set(metrics.names())) >= 20


def test_a_number_no_body_gives_is_no_number() -> None:
    recording = _recording("right", 60.0)
    bent = recording.signals.series | {"trunk_lean_deg": np.full(len(recording.signals.time_s), 170.0)}
    found = metrics.measure_all(replace(recording, signals=replace(recording.signals, series=bent)))
    (lean,) = [m for m in found if m.metric == "trunk_lean_deg"]
    assert (lean.value, lean.status) == (None, "not_measurable")
    assert lean.reason is not None
    assert lean.reason.code == "implausible_value"
