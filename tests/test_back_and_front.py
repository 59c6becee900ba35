"""How sure a number of the back is where the back's outline and the front's tell different things."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_back_curve import analysed

from formcheck.lumbar import READING_SD, beside_gaps, load_trunk_model, weights_for, with_lumbar
from formcheck.metrics import (
    hip_extension_change,
    lumbar_extension_change,
    lumbar_extension_range,
    lumbar_share,
    pelvic_tilt_range,
)
from formcheck.records import FloatArray, Measurement, Recording

METRICS = (
    hip_extension_change,
    lumbar_extension_change,
    lumbar_extension_range,
    lumbar_share,
    pelvic_tilt_range,
)


def told(*halves: FloatArray) -> list[Measurement]:
    """Numbers of the same running, as far as its halves tell them; their mean is what they are told from."""
    found = analysed()
    assert found.signals.back is not None
    signals = with_lumbar(found.signals, np.mean(halves, axis=0))
    signals = replace(signals, back=replace(found.signals.back, halves_deg=halves))
    recording = Recording(signals, found.events, found.strides, found.subject)
    return [row for metric in METRICS for row in metric.measure(recording)]


def lumbar() -> FloatArray:
    return analysed().signals.series["lumbar_extension_deg"]


@settings(max_examples=15, deadline=None)
@given(share=st.floats(0.0, 1.5))
def test_half_of_what_they_differ_by_is_one_more_error(share: float) -> None:
    """Both about the same mean, the numbers stay; the more they differ, the wider the interval, by the formula."""
    alone = [told((1 + sign * share) * lumbar()) for sign in (1, -1)]
    agreed, apart = told(lumbar(), lumbar()), told((1 + share) * lumbar(), (1 - share) * lumbar())
    for mean, row, more, less in zip(agreed, apart, *alone, strict=True):
        assert row.value == pytest.approx(mean.value)
        half = (more.value - less.value) / 2
        assert row.uncertainty == pytest.approx(np.hypot(mean.uncertainty, 1.96 * half), rel=1e-6)


def test_of_one_half_alone_nothing_is_known_to_differ() -> None:
    for one, both in zip(told(lumbar()), told(lumbar(), lumbar()), strict=True):
        assert one.uncertainty == pytest.approx(both.uncertainty)


def test_a_clip_keeps_what_each_half_told() -> None:
    back = analysed().signals.back
    assert back is not None
    assert len(back.halves_deg) == 2
    told_from = [*back.halves_deg, np.mean(back.halves_deg, axis=0)]
    assert any(np.allclose(lumbar(), curve) for curve in told_from)


def test_a_stride_of_which_nothing_is_told_hides_no_difference() -> None:
    """One stride's swing is too small for a share; the others still tell that the halves differ."""
    found = analysed()
    side = found.signals.near_side
    first = next(stride for stride in found.strides if stride.side == side and stride.clean)
    inside = (found.signals.time_s > first.contact_s) & (found.signals.time_s < first.toe_off_s)
    thigh = found.signals.series[f"thigh_{side}_deg"]
    still = replace(found.signals, series={**found.signals.series, f"thigh_{side}_deg": np.where(inside, 0.0, thigh)})
    rows = {}
    for name, halves in (("agreed", (lumbar(), lumbar())), ("apart", (1.5 * lumbar(), 0.5 * lumbar()))):
        assert found.signals.back is not None
        signals = replace(with_lumbar(still, lumbar()), back=replace(found.signals.back, halves_deg=halves))
        recording = Recording(signals, found.events, found.strides, found.subject)
        rows[name] = next(row for row in lumbar_share.measure(recording) if row.side == side)
    assert rows["agreed"].n < len([stride for stride in found.strides if stride.side == side and stride.clean])
    assert rows["apart"].uncertainty > 1.05 * rows["agreed"].uncertainty


def test_beside_a_gap_is_next_to_what_is_not_seen_and_no_line_s_end() -> None:
    seen = np.array([True, True, False, True, True, True])
    assert beside_gaps(seen).tolist() == [False, True, False, True, False, False]
    assert not beside_gaps(np.ones(4, bool)).any()


@pytest.mark.parametrize("half", [0, 1])
def test_what_is_read_next_to_an_arm_hardly_moves_the_number(half: int) -> None:
    """An arm's edge taken for the person's lies outward: a fiftieth of the trunk there is several degrees otherwise."""
    model = load_trunk_model()
    part = model.halves(model.middle)[half]
    n = len(part.with_lumbar)
    seen = np.ones(n, bool)
    seen[8:13] = False
    moved_deg = {}
    for name, one in (("believed", replace(part, beside_sd=0.0)), ("in use", part)):
        told_by = weights_for(seen, one)
        beside = np.flatnonzero(beside_gaps(seen[:-2])[seen[:-2]])
        moved_deg[name] = np.abs(0.02 * told_by.weights[beside] / told_by.share).max()
    assert moved_deg["believed"] > 1.5
    assert moved_deg["in use"] < 0.35 * moved_deg["believed"]


def test_lines_are_read_with_more_room_than_they_need() -> None:
    model = load_trunk_model()
    added = model.reading - model.both.covariance[:-2, :-2]
    np.testing.assert_allclose(np.sqrt(np.diag(added)), READING_SD)
    assert np.linalg.eigvalsh(added).min() > 0
    assert added[0, -1] == pytest.approx(0.0, abs=1e-12)  # back and front
