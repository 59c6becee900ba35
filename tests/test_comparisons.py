"""Left against right, variability and drift on numbers worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import linregress

from formcheck import metrics
from formcheck.comparisons import LAID_TOGETHER, compare, line_through, segments
from formcheck.records import Comparison, Measurement, Note
from formcheck.skeleton import Side


def _measured(side: Side | None, values: list[float], unit: str = "s", step_s: float = 1.0) -> Measurement:
    mean = sum(values) / len(values)
    spread = math.sqrt(sum((v - mean) ** 2 for v in values) / (len(values) - 1))
    times = tuple(i * step_s for i in range(len(values)))
    value = sorted(values)[len(values) // 2]
    return Measurement(
        "contact_time_s", side, unit, value, spread, len(values), 0.02, values=tuple(values), times_s=times
    )


def _of_kind(kind: str, found: tuple[Comparison, ...]) -> list[Comparison]:
    return [comparison for comparison in found if comparison.kind == kind]


def test_asymmetry_is_left_less_right_with_both_errors() -> None:
    found = compare([_measured("left", [0.25] * 5), _measured("right", [0.23] * 5)], 60.0)
    (asymmetry,) = _of_kind("asymmetry", found)
    assert asymmetry.value == pytest.approx(0.02)
    assert asymmetry.uncertainty == pytest.approx(math.hypot(0.02, 0.02))


def test_no_asymmetry_of_one_side_or_without_a_number() -> None:
    missing = Measurement("contact_time_s", "right", "s", None, status="not_measurable", reason=Note("not_seen"))
    assert not _of_kind("asymmetry", compare([_measured("left", [0.25] * 5), missing], 60.0))


def test_drift_is_the_slope_per_minute() -> None:
    climbing = [0.20 + 0.001 * i for i in range(10)]
    (drift,) = _of_kind("drift", compare([_measured("left", climbing)], 120.0))
    assert drift.value == pytest.approx(0.06)
    assert drift.uncertainty == pytest.approx(0.0, abs=1e-9)


def test_a_short_clip_has_no_drift_and_says_why() -> None:
    (drift,) = _of_kind("drift", compare([_measured("left", [0.2, 0.21, 0.2, 0.22])], 120.0))
    assert drift.value is None
    assert drift.status == "not_measurable"
    assert drift.reason is not None
    assert drift.reason.code == "too_few_strides"


def test_slow_cameras_make_variable_timing_doubtful_but_not_angles() -> None:
    timing = _of_kind("variability", compare([_measured("left", [0.2, 0.21, 0.22])], 60.0))[0]
    angle = _of_kind("variability", compare([_measured("left", [10.0, 11.0, 12.0], unit="deg")], 60.0))[0]
    assert (timing.status, angle.status) == ("low_confidence", "ok")
    assert angle.value == pytest.approx(1.0)


def test_nothing_to_compare_gives_nothing() -> None:
    assert compare([], 60.0) == ()


@given(st.integers(0, 2**32 - 1), st.integers(3, 60), st.floats(1e-6, 1e6), st.floats(-1e3, 1e3))
def test_the_line_is_that_of_scipy_to_the_last_digit(seed: int, n: int, scatter: float, slope: float) -> None:
    random = np.random.default_rng(seed)
    x = np.sort(random.uniform(0.0, 60.0, n))
    y = slope * x + scatter * random.normal(size=n)
    known = linregress(x, y)
    assert line_through(x, y) == (known.slope, known.stderr)


def test_points_at_one_height_have_no_slope_and_no_error() -> None:
    assert line_through(np.arange(8.0), np.full(8, 0.25)) == (0.0, 0.0)


@pytest.mark.parametrize("metric", sorted(LAID_TOGETHER))
def test_numbers_of_one_cycle_for_all_strides_tell_nothing_of_single_strides(metric: str) -> None:
    """One curve sampled at every stride: its drift would be nearly zero, with hardly an error, whatever happened."""
    values = [6.0 + 0.001 * (i % 3) for i in range(200)]
    of_the_back = replace(_measured("left", values, "deg"), metric=metric)
    found = compare([of_the_back], 60.0)
    assert [(c.kind, c.value, c.uncertainty, c.status) for c in found] == [
        ("variability", None, None, "not_measurable"),
        ("drift", None, None, "not_measurable"),
    ]
    assert [c.reason for c in found] == [Note("one_cycle_for_all"), Note("back_needs_two_minutes")]
    assert not segments([of_the_back])
    assert segments([_measured("left", values)])


def test_all_numbers_told_from_the_back_s_cycle_are_known_as_such() -> None:
    folder = Path(metrics.__file__).parent
    told = {path.stem for path in folder.glob("*.py") if "metrics.push_off import" in path.read_text("utf-8")}
    assert {metric.rsplit("_", 1)[0] for metric in LAID_TOGETHER} == told
