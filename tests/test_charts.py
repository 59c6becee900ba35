"""Averaged strides against numbers worked out by hand, and charts that contain them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest
from synthetic_analysis import STANCE_SHARE, STRIDE_S, TRUNK_LEAN_DEG, build_analysis, without_body

from formcheck.cards import LANGS, Lang, load_cards
from formcheck.charts import (
    BLUE,
    CURVES,
    PALE,
    TITLE_ROOM,
    VERMILLION,
    WIDE_LETTERS,
    axis_title,
    cycle_chart,
    has_strides,
    strides_chart,
    timing_chart,
)
from formcheck.charts_compare import MOVEMENT, curves_of_both, overlay_chart
from formcheck.cycles import PERCENT, cycles_of
from formcheck.records import Event, Measurement, Repetition, Signals, Stride
from formcheck.skeleton import SIDES, Side, other
from formcheck.texts import text


def ramp() -> Signals:
    """A series that grows by 10 a second, so that a stride's curve is known without a computer."""
    signals = build_signals_with(lambda time_s: 10.0 * time_s)
    assert signals.time_s[-1] == pytest.approx(3.0)
    return signals


def build_signals_with(series: object) -> Signals:
    signals = build_analysis().signals
    return replace(signals, series={"x": series(signals.time_s)})  # type: ignore[operator]


class TestCycles:
    def test_a_ramp(self) -> None:
        strides = [Stride("left", 0.5, 0.7, 1.0, True), Stride("left", 1.0, 1.25, 2.0, True)]
        cycles = cycles_of(ramp(), strides, "x", "left")
        assert cycles.values.shape == (2, 101)
        assert cycles.values[0] == pytest.approx(5.0 + 0.05 * PERCENT)
        assert cycles.values[1] == pytest.approx(10.0 + 0.1 * PERCENT)
        assert cycles.toe_off_pct == pytest.approx([40.0, 25.0])
        assert cycles.mean[[0, 50, 100]] == pytest.approx([7.5, 11.25, 15.0])
        # two values 5 and 10 (7.5 and 15; 10 and 20) have an SD of their difference / sqrt(2)
        assert cycles.sd[[0, 50, 100]] == pytest.approx(np.array([5.0, 7.5, 10.0]) / np.sqrt(2))

    def test_only_clean_whole_seen_strides_of_that_side(self) -> None:
        signals = ramp()
        values = signals.series["x"].copy()
        values[(signals.time_s > 2.2) & (signals.time_s < 2.3)] = np.nan
        broken = replace(signals, series={"x": values})
        strides = [
            Stride("left", 0.5, 0.7, 1.0, True),
            Stride("right", 0.6, 0.7, 1.1, True),
            Stride("left", 1.0, 1.2, 1.5, False),
            Stride("left", 2.0, 2.2, 2.5, True),
            Stride("left", 2.6, 2.8, 3.2, True),
            Stride("left", -0.1, 0.2, 0.5, True),
        ]
        assert cycles_of(broken, strides, "x", "left").values[:, 0] == pytest.approx([5.0])

    def test_curves_between_frames(self) -> None:
        signals = build_signals_with(lambda time_s: np.sin(2 * np.pi * time_s))
        cycles = cycles_of(signals, [Stride("left", 1.003, 1.3, 2.003, True)], "x", "left")
        assert cycles.values[0] == pytest.approx(np.sin(2 * np.pi * (1.003 + PERCENT / 100)), abs=1e-5)

    @pytest.mark.parametrize("series", ["x", "no_such_series"])
    def test_without_strides(self, series: str) -> None:
        cycles = cycles_of(ramp(), [], series, "left")
        assert cycles.values.shape == (0, 101)
        assert cycles.toe_off_pct.shape == (0,)
        assert np.isnan(cycles.mean).all()
        assert np.isnan(cycles.sd).all()

    def test_one_stride_has_no_sd(self) -> None:
        cycles = cycles_of(ramp(), [Stride("left", 0.5, 0.7, 1.0, True)], "x", "left")
        assert np.isnan(cycles.sd).all()
        assert cycles.mean == pytest.approx(cycles.values[0])

    def test_edits_nothing(self) -> None:
        analysis = build_analysis()
        before = analysis.signals.series["thigh_right_deg"].copy()
        cycles_of(analysis.signals, analysis.strides, "thigh_right_deg", "right")
        assert (analysis.signals.series["thigh_right_deg"] == before).all()


def trace(figure: go.Figure, start: str) -> go.Scatter:
    (found,) = [t for t in figure.data if t.name and t.name.startswith(start)]
    return found


@pytest.mark.parametrize("lang", LANGS)
class TestCycleChart:
    @pytest.mark.parametrize("stem", list(CURVES))
    def test_has_mean_band_and_toe_off(self, stem: str, lang: Lang) -> None:
        analysis = build_analysis()
        figure = cycle_chart(analysis, stem, lang)
        series = CURVES[stem].format(side="right")
        expected = cycles_of(analysis.signals, analysis.strides, series, "right")
        mean = trace(figure, {"ja": "平均", "en": "mean"}[lang])
        assert np.array(mean.y) == pytest.approx(expected.mean, abs=0.006)
        assert np.array(mean.x) == pytest.approx(PERCENT)
        assert figure.layout.shapes[0].x0 == pytest.approx(100 * STANCE_SHARE)
        assert len(figure.data) == 4

    def test_axes_have_titles_with_units(self, lang: Lang) -> None:
        for stem in CURVES:
            layout = cycle_chart(build_analysis(), stem, lang).layout
            assert "%" in layout.xaxis.title.text
            assert "°" in layout.yaxis.title.text or "%" in layout.yaxis.title.text
            assert layout.title.text is None

    def test_says_so_when_there_is_nothing(self, lang: Lang) -> None:
        figure = cycle_chart(without_body(build_analysis()), "thigh", lang)
        assert len(figure.data) == 0
        assert len(figure.layout.annotations) == 1


def test_near_side_is_drawn() -> None:
    analysis = build_analysis(facing="left", near_side="left")
    expected = cycles_of(analysis.signals, analysis.strides, "shank_left_deg", "left").mean
    assert np.array(trace(cycle_chart(analysis, "shank", "en"), "mean").y) == pytest.approx(expected, abs=0.006)


def test_trunk_lean_is_the_runners() -> None:
    assert np.array(trace(cycle_chart(build_analysis(), "trunk_lean", "en"), "mean").y) == pytest.approx(TRUNK_LEAN_DEG)


def test_unknown_curve() -> None:
    with pytest.raises(KeyError):
        cycle_chart(build_analysis(), "elbow", "en")


MEASURED = Measurement(
    "overstride_pct_leg", "right", "pct", 31.0, 1.0, 3, 2.0, values=(30.0, 31.0, 33.0), times_s=(0.1, 0.8, 1.5)
)


class TestStridesChart:
    @pytest.mark.parametrize("lang", LANGS)
    def test_a_dot_a_stride_the_median_and_the_range(self, lang: Lang) -> None:
        figure = strides_chart(replace(build_analysis(), measurements=(MEASURED,)), "overstride_pct_leg", lang)
        dots = trace(figure, {"ja": "右", "en": "right"}[lang])
        assert tuple(dots.x) == MEASURED.times_s
        assert tuple(dots.y) == MEASURED.values
        assert tuple(trace(figure, {"ja": "中央値", "en": "median"}[lang]).y) == (31.0, 31.0)
        band = figure.layout.shapes[0]
        range_ = load_cards()["overstride_pct_leg"].range
        assert range_ is not None
        assert band.y1 == range_.high
        assert figure.layout.yaxis.title.text == {"ja": "足を着く位置（%）", "en": "Foot ahead of the hips (%)"}[lang]

    @pytest.mark.parametrize("lang", LANGS)
    def test_no_title_is_longer_than_the_axis_and_all_have_the_unit(self, lang: Lang) -> None:
        for card in load_cards().values():
            title = axis_title(card, lang)
            assert sum(1 if ord(letter) < WIDE_LETTERS else 2 for letter in title) <= TITLE_ROOM
            assert text(f"unit_{card.unit}", lang) in title

    @pytest.mark.parametrize("near", SIDES)
    def test_a_side_looks_as_in_the_picture(self, near: Side) -> None:
        """The near leg blue and solid, the far one orange and dashed, whichever leg that is."""
        plain = build_analysis()
        analysis = replace(plain, signals=replace(plain.signals, near_side=near))
        rows = tuple(replace(MEASURED, side=side) for side in SIDES)
        figure = strides_chart(replace(analysis, measurements=rows), "overstride_pct_leg", "en")
        assert trace(figure, near).marker.color == BLUE
        assert trace(figure, other(near)).marker.color == VERMILLION
        bars = {bar.y[0]: bar.marker for bar in timing_chart(analysis, "en").data}
        assert {bars[near].color, bars[other(near)].color} == {BLUE, VERMILLION}
        assert bars[near].color == BLUE
        assert bars[near].pattern.shape != bars[other(near)].pattern.shape

    def test_sides_differ_in_shape_and_line_too(self) -> None:
        left = replace(MEASURED, side="left")
        figure = strides_chart(replace(build_analysis(), measurements=(left, MEASURED)), "overstride_pct_leg", "en")
        markers = [t.marker.symbol for t in figure.data if t.mode == "markers" and t.x[0] is not None]
        lines = [t.line.dash for t in figure.data if t.mode == "lines"]
        assert len(set(markers)) == 2
        assert len(set(lines)) == 2

    @pytest.mark.parametrize(
        "measurement",
        [
            replace(MEASURED, values=(), times_s=()),
            replace(MEASURED, values=(float("nan"),) * 3),
            replace(MEASURED, times_s=(1.0,)),
        ],
    )
    def test_without_strides_it_says_so(self, measurement: Measurement) -> None:
        assert not has_strides(measurement)
        figure = strides_chart(replace(build_analysis(), measurements=(measurement,)), measurement.metric, "en")
        assert len(figure.data) == 0

    def test_equal_values_still_have_an_axis(self) -> None:
        flat = Measurement("contact_time_s", "left", "s", 0.25, 0.0, 2, 0.01, values=(0.25, 0.25), times_s=(1.0, 2.0))
        low, high = strides_chart(
            replace(build_analysis(), measurements=(flat,)), "contact_time_s", "ja"
        ).layout.yaxis.range
        assert low < 0.25 < high


class TestTimingChart:
    def test_bars_last_as_long_as_the_contacts(self) -> None:
        figure = timing_chart(build_analysis(), "en")
        assert len(figure.data) == 2
        for bars in figure.data:
            assert np.array(bars.x) == pytest.approx(STANCE_SHARE * STRIDE_S, abs=1e-4)
        assert figure.data[1].base[0] == pytest.approx(0.1)
        assert figure.data[0].marker.pattern.shape != figure.data[1].marker.pattern.shape

    def test_shows_three_seconds_only(self) -> None:
        figure = timing_chart(build_analysis(duration_s=15.0), "ja")
        assert max(max(bars.base) for bars in figure.data) < 3.1

    def test_doubtful_contacts_are_pale(self) -> None:
        events = (Event("contact", "left", 1.0), Event("toe_off", "left", 1.25, clean=False))
        figure = timing_chart(replace(build_analysis(), events=events), "en")
        assert tuple(figure.data[0].marker.opacity) == (PALE,)

    @pytest.mark.parametrize("lang", LANGS)
    def test_without_events_it_says_so(self, lang: Lang) -> None:
        assert len(timing_chart(without_body(build_analysis()), lang).data) == 0


# ------------------------------------------------------------------------------------------------ two clips


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("facing", ["right", "left"])
def test_two_clips_lie_over_one_another_each_by_its_near_foot(facing: str, lang: Lang) -> None:
    before, after = build_analysis(), build_analysis(facing=facing)  # type: ignore[arg-type]
    assert curves_of_both(before, after) == list(CURVES)
    figure = overlay_chart(before, after, "knee_flexion", ("A", "B"), lang)
    lines = [t for t in figure.data if t.name and t.x[0] is not None]
    assert [t.line.dash for t in lines] == ["dash", "solid"]  # not by colour alone
    assert np.array(lines[0].y) == pytest.approx(np.array(lines[1].y), abs=0.02)
    assert lines[0].name.startswith("A")


def test_of_an_exercise_the_repetitions_lie_over_one_another() -> None:
    analysis = build_analysis()
    time_s = analysis.signals.time_s
    curve = np.sin(np.pi * time_s) ** 2
    signals = replace(analysis.signals, series={**analysis.signals.series, "curve_deg": curve})
    reps = tuple(Repetition(None, k, k + 0.5, end) for k, end in ((0.0, 1.0), (1.0, 2.0), (2.0, float("nan"))))
    squat = replace(analysis, activity="squat", strides=(), reps=reps, signals=signals)
    assert curves_of_both(squat, squat) == [MOVEMENT]
    figure = overlay_chart(squat, squat, MOVEMENT, ("Before", "After"), "en")
    (mean,) = [t for t in figure.data if t.name and t.name.startswith("Before")]
    assert "mean of 2" in mean.name
    assert np.array(mean.y)[50] == pytest.approx(1.0, abs=0.01)


def test_a_runner_and_an_exercise_share_no_curve() -> None:
    assert curves_of_both(build_analysis(), replace(build_analysis(), activity="squat")) == []
    assert curves_of_both(build_analysis(), without_body(build_analysis())) == []
