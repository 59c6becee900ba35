"""Repetitions and holds on curves whose truth is known exactly."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.records import BoolArray, FloatArray, Repetition
from formcheck.repetitions import Swing, events_of, holds, repetitions

SWING = Swing(min_range=8.0)
TIME_ERROR_S, HOLD_ERROR_S = 0.15, 0.3


@dataclass(frozen=True)
class Tempo:
    n: int
    lift_s: float
    hold_s: float
    lower_s: float
    rest_s: float
    range_deg: float = 50.0
    first_s: float = 1.0


def reach(share: FloatArray) -> FloatArray:
    """The smoothest way from 0 to 1 (minimum jerk)."""
    x = np.clip(share, 0.0, 1.0)
    return np.asarray(10 * x**3 - 15 * x**4 + 6 * x**5)


def curve(tempo: Tempo, rate_hz: float = 30.0, rest: float = 125.0) -> tuple[FloatArray, FloatArray, list[FloatArray]]:
    """Time, values, and start, hold begin, hold end and end of every repetition."""
    period_s = tempo.lift_s + tempo.hold_s + tempo.lower_s + tempo.rest_s
    time_s = np.arange(0.0, tempo.first_s + tempo.n * period_s + 1.0, 1.0 / rate_hz)
    values = np.full(len(time_s), rest)
    marks = []
    for k in range(tempo.n):
        start = tempo.first_s + k * period_s
        mark = start + np.cumsum([0.0, tempo.lift_s, tempo.hold_s, tempo.lower_s])
        up, down = (time_s - mark[0]) / tempo.lift_s, (time_s - mark[2]) / tempo.lower_s
        values += tempo.range_deg * (reach(up) - reach(down))
        marks.append(mark)
    return time_s, values, marks


TEMPI = st.builds(
    Tempo,
    n=st.integers(1, 8),
    lift_s=st.floats(0.5, 2.5),
    hold_s=st.sampled_from([0.0, 1.0, 2.0, 5.0]),
    lower_s=st.floats(0.5, 2.5),
    rest_s=st.floats(0.0, 1.5),
    range_deg=st.floats(15.0, 90.0),
)


class TestRepetitions:
    @given(TEMPI, st.integers(0, 1000))
    @settings(max_examples=60, deadline=None)
    def test_count_and_times_are_found(self, tempo: Tempo, seed: int) -> None:
        time_s, values, marks = curve(tempo)
        noisy = values + np.random.default_rng(seed).normal(0.0, 0.01 * tempo.range_deg, len(values))
        found = repetitions(time_s, noisy, SWING)
        assert len(found) == tempo.n
        assert all(rep.complete for rep in found)
        starts, ends = [rep.start_s for rep in found], [rep.end_s for rep in found]
        assert np.median(np.abs(np.array(starts) - [m[0] for m in marks])) < TIME_ERROR_S + 0.1
        assert np.median(np.abs(np.array(ends) - [m[3] for m in marks])) < TIME_ERROR_S + 0.1
        if tempo.hold_s >= 1.0:
            held = [rep.hold_end_s - rep.hold_start_s for rep in found]
            assert np.median(np.abs(np.array(held) - tempo.hold_s)) < max(
                HOLD_ERROR_S, 0.2 * max(tempo.lift_s, tempo.lower_s)
            )

    @given(TEMPI, st.floats(-50, 50), st.floats(0.3, 5.0), st.floats(-200, 200))
    @settings(max_examples=40, deadline=None)
    def test_where_and_how_large_the_curve_lies_changes_no_time(
        self, tempo: Tempo, shift_s: float, factor: float, offset: float
    ) -> None:
        time_s, values, _ = curve(tempo)
        usual = repetitions(time_s, values, SWING)
        moved = repetitions(time_s + shift_s, factor * values + offset, Swing(min_range=8.0 * factor))
        assert [round(rep.top_s - shift_s, 6) for rep in moved] == [round(rep.top_s, 6) for rep in usual]
        assert np.allclose([r.start_s - shift_s for r in moved], [r.start_s for r in usual], atol=1e-6)

    @given(TEMPI)
    @settings(max_examples=40, deadline=None)
    def test_played_backwards_starts_are_ends(self, tempo: Tempo) -> None:
        time_s, values, _ = curve(tempo)
        usual, back = repetitions(time_s, values, SWING), repetitions(-time_s[::-1], values[::-1], SWING)
        assert len(usual) == len(back)
        assert np.allclose([-r.end_s for r in back[::-1]], [r.start_s for r in usual], atol=0.07)

    @given(TEMPI)
    @settings(max_examples=40, deadline=None)
    def test_moments_follow_one_another(self, tempo: Tempo) -> None:
        time_s, values, _ = curve(tempo)
        found = repetitions(time_s, values, SWING)
        for rep in found:
            assert rep.start_s < rep.top_s < rep.end_s
        for first, second in pairwise(found):
            assert first.end_s <= second.start_s + 1e-6
        times = [event.time_s for event in events_of(found)]
        assert times == sorted(times)

    def test_a_small_dip_at_the_top_is_no_repetition(self) -> None:
        time_s, values, marks = curve(Tempo(3, 1.0, 2.0, 1.0, 0.5))
        for mark in marks:
            values -= 12.0 * np.exp(-((time_s - (mark[1] + 1.0)) ** 2) / 0.05)
        assert len(repetitions(time_s, values, SWING)) == 3

    @pytest.mark.parametrize("share", [0.3, 0.5, 0.7])
    def test_cut_while_coming_back_it_is_incomplete(self, share: float) -> None:
        time_s, values, marks = curve(Tempo(4, 1.0, 0.0, 1.5, 0.5))
        end_s = marks[-1][2] + share * 1.5
        kept = time_s < end_s
        found = repetitions(time_s[kept], values[kept], SWING)
        assert [rep.complete for rep in found] == [True, True, True, False]
        assert np.isnan(found[-1].end_s)

    def test_begun_before_the_clip_it_is_incomplete(self) -> None:
        time_s, values, marks = curve(Tempo(3, 1.0, 0.0, 1.0, 0.5))
        kept = time_s > marks[0][0] + 0.9
        found = repetitions(time_s[kept], values[kept], SWING)
        assert [rep.complete for rep in found] == [False, True, True]
        assert np.isnan(found[0].start_s)

    def test_getting_into_position_is_none(self) -> None:
        time_s, values, marks = curve(Tempo(3, 1.0, 1.0, 1.0, 0.5, first_s=4.0))
        values = np.where(time_s < 3.0, 180.0, values)
        ready: BoolArray = time_s >= 3.0
        assert len(repetitions(time_s, values, SWING, ready)) == 3
        ready &= time_s < marks[2][1]
        assert len(repetitions(time_s, values, SWING, ready)) == 2

    @given(st.floats(0.0, 5.0), st.integers(0, 1000))
    @settings(max_examples=30, deadline=None)
    def test_keeping_still_is_none(self, noise: float, seed: int) -> None:
        time_s = np.arange(0.0, 20.0, 1 / 30)
        wander = np.random.default_rng(seed).uniform(-0.5, 0.5) * noise * np.sin(time_s)
        assert repetitions(time_s, 130.0 + wander, SWING) == ()

    def test_a_set_that_fades_is_counted_to_its_end(self) -> None:
        time_s, values, _ = curve(Tempo(8, 1.0, 0.5, 1.0, 0.5))
        fading = 125.0 + (values - 125.0) * np.linspace(1.0, 0.55, len(values))
        assert len(repetitions(time_s, fading, SWING)) == 8

    def test_nothing_seen_is_none(self) -> None:
        assert repetitions(np.arange(90) / 30, np.full(90, np.nan), SWING) == ()

    def test_the_input_stays_as_it_is(self) -> None:
        time_s, values, _ = curve(Tempo(2, 1.0, 0.0, 1.0, 0.5))
        values[20:24] = np.nan
        before = values.copy()
        found: tuple[Repetition, ...] = repetitions(time_s, values, SWING)
        assert len(found) == 2
        np.testing.assert_array_equal(values, before)


class TestHolds:
    @given(st.floats(0.5, 5.0), st.floats(3.0, 20.0), st.floats(0.5, 5.0))
    @settings(max_examples=40, deadline=None)
    def test_its_ends_are_found(self, before_s: float, held_s: float, after_s: float) -> None:
        time_s = np.arange(0.0, before_s + held_s + after_s, 1 / 30)
        kept: BoolArray = (time_s >= before_s) & (time_s <= before_s + held_s)
        (hold,) = holds(time_s, kept, 2.0, 0.5)
        assert abs(hold.end_s - hold.start_s - held_s) < 0.1
        assert hold.complete

    def test_short_lapses_do_not_end_it(self) -> None:
        time_s = np.arange(0.0, 20.0, 1 / 30)
        kept: BoolArray = ((time_s > 2) & (time_s < 18)) & ~((time_s > 8) & (time_s < 8.4))
        assert len(holds(time_s, kept, 2.0, 0.5)) == 1
        assert len(holds(time_s, kept, 2.0, 0.2)) == 2

    def test_cut_by_the_clip_it_is_incomplete(self) -> None:
        time_s = np.arange(0.0, 10.0, 1 / 30)
        (hold,) = holds(time_s, time_s > 3.0, 2.0, 0.5)
        assert not hold.complete
