"""Levels, directions and moments of findings, on measurements made by hand."""

from __future__ import annotations

import math
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.cards import Card, Range, Text, load_cards
from formcheck.findings import OVERSTRIDE, OVERSTRIDE_AGREES, findings, judge
from formcheck.records import Finding, Level, Measurement, Status
from formcheck.skeleton import Side

CARDS = load_cards()
WORDS = Text(ja="あ", en="a")
MILD_TO_SEVERE: tuple[Level, ...] = ("good", "watch", "act")


def a_range(low: float | None = 10.0, high: float | None = 20.0, worst: Literal["watch", "act"] = "act") -> Range:
    return Range(low, high, "house", (), worst, WORDS)


def a_card(range_: Range | None, metric: str = "m", order: int = 1) -> Card:
    return Card(metric, "deg", 1, True, "trunk", order, WORDS, WORDS, WORDS, range_, (-1000.0, 1000.0))


def a_measurement(
    value: float | str | None,
    uncertainty: float | None = 1.0,
    *,
    metric: str = "m",
    side: Side | None = "left",
    status: Status = "ok",
    values: tuple[float, ...] = (),
    times_s: tuple[float, ...] = (),
) -> Measurement:
    return Measurement(metric, side, "deg", value, None, 9, uncertainty, status, None, values, times_s)


def one(measurement: Measurement, range_: Range | None = None) -> Finding:
    (found,) = findings([measurement], {"m": a_card(range_ or a_range())})
    return found


@pytest.mark.parametrize(
    ("value", "level", "direction"),
    [
        (5.0, "act", "below"),
        (8.9, "act", "below"),
        (9.0, "watch", "below"),
        (9.9, "watch", "below"),
        (10.0, "watch", "within"),
        (11.0, "watch", "within"),
        (11.1, "good", "within"),
        (15.0, "good", "within"),
        (18.9, "good", "within"),
        (19.5, "watch", "within"),
        (20.5, "watch", "above"),
        (21.0, "watch", "above"),
        (21.1, "act", "above"),
    ],
)
def test_levels_around_the_borders(value: float, level: Level, direction: str) -> None:
    found = one(a_measurement(value))
    assert (found.level, found.direction) == (level, direction)
    assert (found.low, found.high, found.basis, found.side) == (10.0, 20.0, "house", "left")


def test_a_range_may_have_one_border_only() -> None:
    assert one(a_measurement(500.0), a_range(high=None)).level == "good"
    assert one(a_measurement(5.0), a_range(high=None)).direction == "below"
    assert one(a_measurement(-500.0), a_range(low=None)).level == "good"
    assert one(a_measurement(25.0), a_range(low=None)).direction == "above"


def test_weak_evidence_never_exceeds_watch() -> None:
    assert one(a_measurement(50.0), a_range(worst="watch")).level == "watch"


def test_low_confidence_never_exceeds_watch() -> None:
    assert one(a_measurement(50.0, status="low_confidence")).level == "watch"
    assert one(a_measurement(15.0, status="low_confidence")).level == "good"


@pytest.mark.parametrize(
    "measurement",
    [
        a_measurement(None, None, status="not_measurable"),
        a_measurement(15.0, status="not_measurable"),
        a_measurement(15.0, None),
        a_measurement(15.0, math.nan),
        a_measurement(math.nan),
        a_measurement("rearfoot"),
        a_measurement(5000.0),
    ],
)
def test_what_is_not_known_is_not_judged(measurement: Measurement) -> None:
    found = one(measurement)
    assert (found.level, found.direction, found.time_s) == ("unknown", "unknown", None)


def test_no_card_or_no_range_gives_no_finding() -> None:
    assert findings([a_measurement(5.0)], {}) == ()
    assert findings([a_measurement(5.0)], {"m": a_card(None)}) == ()
    assert findings([], CARDS) == ()


class TestMoment:
    VALUES = (14.0, 15.1, 30.0, 2.0, math.nan)
    TIMES = (1.0, 2.0, 3.0, 4.0, 5.0)

    @pytest.mark.parametrize(
        ("value", "time_s"),
        [(15.0, 2.0), (25.0, 3.0), (19.5, 3.0), (5.0, 4.0), (10.5, 4.0)],
    )
    def test_typical_when_good_and_otherwise_the_furthest(self, value: float, time_s: float) -> None:
        assert one(a_measurement(value, values=self.VALUES, times_s=self.TIMES)).time_s == time_s

    def test_no_strides_or_no_times_give_no_moment(self) -> None:
        assert one(a_measurement(15.0)).time_s is None
        assert one(a_measurement(15.0, values=(15.0,))).time_s is None
        assert one(a_measurement(15.0, values=(math.nan,), times_s=(1.0,))).time_s is None


def test_worst_first_then_in_the_order_of_the_cards() -> None:
    cards = {name: a_card(a_range(), name, order) for order, name in enumerate("abcd")}
    measured = [
        a_measurement(None, metric="a"),
        a_measurement(15.0, metric="b"),
        a_measurement(20.0, metric="c"),
        a_measurement(50.0, metric="d"),
        a_measurement(50.0, metric="b", side="right"),
    ]
    told = [(found.level, found.metric) for found in findings(measured, cards)]
    assert told == [("act", "b"), ("act", "d"), ("watch", "c"), ("good", "b"), ("unknown", "a")]


class TestOverstride:
    """The foot far ahead of the hips is worth changing only if shin or knee agrees."""

    def level(self, *others: Measurement) -> Level:
        far = a_measurement(45.0, metric=OVERSTRIDE)
        return next(f.level for f in findings([far, *others], CARDS) if f.metric == OVERSTRIDE)

    def test_alone_it_is_to_be_watched(self) -> None:
        assert self.level() == "watch"

    def test_shin_or_knee_confirms_it(self) -> None:
        assert self.level(a_measurement(20.0, metric="shank_angle_at_contact_deg")) == "act"
        assert self.level(a_measurement(2.0, metric="knee_flexion_at_contact_deg")) == "act"

    def test_a_shin_or_knee_that_disagrees_does_not(self) -> None:
        shin = a_measurement(3.0, metric="shank_angle_at_contact_deg")
        knee = a_measurement(18.0, metric="knee_flexion_at_contact_deg")
        assert self.level(shin, knee) == "watch"

    def test_the_other_leg_confirms_nothing(self) -> None:
        assert self.level(a_measurement(20.0, metric="shank_angle_at_contact_deg", side="right")) == "watch"

    def test_the_metrics_it_asks_exist(self) -> None:
        assert {OVERSTRIDE, *OVERSTRIDE_AGREES} <= set(CARDS)
        range_ = CARDS[OVERSTRIDE].range
        assert range_ is not None
        assert range_.worst == "act"


numbers = st.floats(-900, 900)
widths = st.floats(0, 500)
ranges = st.builds(
    lambda low, width, one_sided, worst: a_range(
        None if one_sided == "high" else low, None if one_sided == "low" else low + width, worst
    ),
    numbers,
    st.floats(0.1, 100),
    st.sampled_from(["low", "high", "both"]),
    st.sampled_from(["watch", "act"]),
)


def severity(level: Level) -> int:
    return MILD_TO_SEVERE.index(level)


@given(numbers, widths, widths, ranges)
def test_growing_uncertainty_only_ever_pulls_towards_watch(value: float, u: float, more: float, range_: Range) -> None:
    before, direction = judge(value, u, range_)
    after, same_direction = judge(value, u + more, range_)
    assert after in (before, "watch")
    assert direction == same_direction
    if direction != "within":
        assert severity(after) <= severity(before)


@given(numbers, widths, widths, ranges)
def test_moving_out_never_makes_it_milder(value: float, u: float, step: float, range_: Range) -> None:
    outwards = -step if range_.nearer(value) == "below" else step
    before, _ = judge(value, u, range_)
    after, _ = judge(value + outwards, u, range_)
    assert severity(after) >= severity(before)


@given(numbers, widths, ranges)
def test_low_confidence_is_never_more_severe(value: float, u: float, range_: Range) -> None:
    sure = one(a_measurement(value, u), range_).level
    unsure = one(a_measurement(value, u, status="low_confidence"), range_).level
    assert severity(unsure) == min(severity(sure), severity("watch"))


@given(numbers, widths, ranges)
def test_only_what_is_clearly_outside_is_worth_changing(value: float, u: float, range_: Range) -> None:
    level, direction = judge(value, u, range_)
    if level == "act":
        assert direction in ("below", "above")
        assert range_.margin(value) < -u
    if level == "good":
        assert range_.margin(value) > u
