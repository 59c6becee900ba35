"""The marks by eye themselves, and what formcheck must reach against them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.records import Event, EventKind, FloatArray
from formcheck.skeleton import SIDES
from formcheck.video import check_readable

from .marks import (
    CLIPS,
    KINDS,
    MARKS,
    STRETCH_GAP_S,
    Clip,
    Mark,
    Moment,
    contact_time_errors,
    found,
    held,
    moments,
    read_marks,
    second_less_first,
    why_absent,
)

COLUMNS = ["frame", "time_s", "side", "near", "kind", "uncertainty_frames", "second_frame"]
BY_NAME = {clip.name: clip for clip in CLIPS}
RUNNING_S, WALKING_S = (0.10, 0.45), (0.45, 1.0)
needs_clips = pytest.mark.skipif(why_absent() is not None, reason=why_absent() or "")
each_clip = pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.name)


def _stances(clip: Clip) -> list[tuple[Mark, Mark]]:
    """Contact and toe-off of each stance of which both were marked."""
    stances = []
    for side in SIDES:
        mine = [mark for mark in read_marks(clip) if mark.side == side and mark.time_s >= clip.from_s]
        near_in_time = [(a, b) for a, b in pairwise(mine) if b.time_s - a.time_s < clip.slow_motion * STRETCH_GAP_S]
        stances += [(a, b) for a, b in near_in_time if (a.kind, b.kind) == ("contact", "toe_off")]
    return stances


def test_nothing_but_marks_is_kept() -> None:
    assert {path.name for path in MARKS.iterdir()} == {
        "README.md",
        "exercises",
        *(f"{clip.name}.csv" for clip in CLIPS),
    }


@each_clip
def test_columns_are_those_of_the_readme(clip: Clip) -> None:
    with (MARKS / f"{clip.name}.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == COLUMNS
    assert all(len(row) == len(COLUMNS) for row in rows)
    assert {row[2] for row in rows} == {"left", "right"}
    assert {row[3] for row in rows} <= {"yes", "no"}
    assert {row[4] for row in rows} == {"contact", "toe_off"}


@each_clip
def test_times_increase_and_feet_alternate(clip: Clip) -> None:
    marks = read_marks(clip)
    assert [mark.frame for mark in marks] == sorted(mark.frame for mark in marks)
    for side in SIDES:
        mine = [mark for mark in marks if mark.side == side]
        for first, second in pairwise(mine):
            assert second.time_s > first.time_s
            if second.time_s - first.time_s < clip.slow_motion * STRETCH_GAP_S:
                assert first.kind != second.kind, f"{side} frame {second.frame}"


@each_clip
def test_stances_last_as_long_as_a_body_can(clip: Clip) -> None:
    low, high = WALKING_S if clip.what == "walking" else RUNNING_S
    stances = _stances(clip)
    assert len(stances) >= 2
    for contact, toe_off in stances:
        assert low <= (toe_off.time_s - contact.time_s) / clip.slow_motion <= high, f"frame {contact.frame}"


@each_clip
def test_a_side_is_near_or_far_and_far_marks_are_no_surer(clip: Clip) -> None:
    marks = read_marks(clip)
    for side in SIDES:
        assert len({mark.near for mark in marks if mark.side == side}) == 1
    surest = {
        near: min((m.uncertainty_frames for m in marks if m.near == near), default=np.inf) for near in (True, False)
    }
    assert 0 < surest[True] <= surest[False]


@each_clip
def test_second_marks_are_of_the_same_moment(clip: Clip) -> None:
    for mark in read_marks(clip):
        assert abs(mark.second_frame - mark.frame) <= max(2.0, 2 * mark.uncertainty_frames + 1)


def test_every_running_clip_has_many_marks() -> None:
    assert sum(len(read_marks(clip)) for clip in CLIPS) > 150
    assert len(read_marks(BY_NAME["tm_movup_goodbad"])) >= 40


@needs_clips
@each_clip
def test_times_are_those_of_the_container(clip: Clip) -> None:
    times = check_readable(clip.video).times.time_s
    for mark in read_marks(clip):
        assert mark.time_s == pytest.approx(times[mark.frame], abs=0.001)


# ---------------------------------------------------------------------------------------------------- comparing


def _run(n_steps: int = 12) -> tuple[Moment, ...]:
    """A runner at 171 steps a minute, right foot near, contacts lasting 0.25 s."""
    marked = []
    for step in range(n_steps):
        side, start_s = SIDES[step % 2], 1.0 + 0.35 * step
        marked.append(Moment(start_s, side, side == "right", "contact"))
        marked.append(Moment(start_s + 0.25, side, side == "right", "toe_off"))
    return tuple(sorted(marked, key=lambda moment: moment.time_s))


def _events(marked: Sequence[Moment], late_s: Sequence[float]) -> list[Event]:
    return [Event(m.kind, m.side, m.time_s + s) for m, s in zip(marked, late_s, strict=True)]


@given(st.lists(st.floats(-0.09, 0.09), min_size=24, max_size=24))
def test_errors_are_those_put_in(late_s: list[float]) -> None:
    marked = _run()
    result = held(marked, _events(marked, late_s))
    assert not result.missed
    assert not result.invented
    assert [moment for moment, _ in result.errors] == list(marked)
    assert [error for _, error in result.errors] == pytest.approx(late_s)


@given(st.sets(st.integers(0, 23), min_size=1, max_size=23))
def test_what_is_taken_out_is_missed(gone: set[int]) -> None:
    marked = _run()
    events = [event for n, event in enumerate(_events(marked, [0.0] * 24)) if n not in gone]
    result = held(marked, events)
    assert set(result.missed) == {marked[n] for n in gone}
    assert not result.invented


def test_an_event_of_the_wrong_foot_is_missed_and_invented() -> None:
    marked = _run()
    events = _events(marked, [0.0] * 24)
    events[10] = Event(events[10].kind, "left" if events[10].side == "right" else "right", events[10].time_s)
    result = held(marked, events)
    assert result.missed == (marked[10],)
    assert result.invented == (events[10],)


def test_what_lies_between_marked_stretches_is_not_invented() -> None:
    early, late = _run(6), tuple(Moment(m.time_s + 10, m.side, m.near, m.kind) for m in _run(6))
    between = Event("contact", "left", 6.0)
    assert not held((*early, *late), [between]).invented


def test_contact_time_errors_are_of_whole_stances_of_that_foot() -> None:
    marked = _run()
    late_s = [0.01 if m.kind == "contact" else 0.03 if m.near else -0.02 for m in marked]
    result = held(marked, _events(marked, late_s))
    assert contact_time_errors(result, near=True) == pytest.approx([0.02] * 6)
    assert contact_time_errors(result, near=False) == pytest.approx([-0.03] * 6)


@each_clip
def test_the_reader_repeats_himself(clip: Clip) -> None:
    most = 3.0 if clip.name == "tm_mhuang_slowmo" else 1.0
    for kind in KINDS:
        assert second_less_first(clip, kind).std(ddof=1) < most


# ------------------------------------------------------------------------------- what the product must reach

STEADY = ("tm_movup_goodbad", "tm_mhuang_slowmo", "og_pd_road")
steady_running = pytest.mark.parametrize("clip", [BY_NAME[name] for name in STEADY], ids=STEADY)


def _errors_ms(clip: Clip, kind: EventKind) -> FloatArray:
    result = held(moments(clip), found(clip).events)
    return np.array([1000 * error for moment, error in result.errors if moment.kind == kind])


@pytest.mark.accuracy
@needs_clips
@steady_running
def test_hardly_any_moment_is_missed_or_invented(clip: Clip) -> None:
    marked, product = moments(clip), found(clip)
    result = held(marked, product.events)
    assert product.refusal is None
    assert sum(moment.near and moment.kind == "contact" for moment in result.missed) == 0
    assert len(result.missed) <= max(1, 0.05 * len(marked))
    assert sum(event.clean for event in result.invented) <= max(1, 0.05 * len(marked))


@pytest.mark.accuracy
@needs_clips
@steady_running
def test_contacts_lie_where_they_were_marked(clip: Clip) -> None:
    frame_ms = 1000 / (check_readable(clip.video).frame_rate_hz * clip.slow_motion)
    errors = _errors_ms(clip, "contact")
    assert abs(errors.mean()) < 15 + frame_ms / 2
    assert errors.std(ddof=1) < 15 + frame_ms / 2


@pytest.mark.accuracy
@needs_clips
@steady_running
def test_toe_offs_lie_before_the_last_touch_of_the_shoe(clip: Clip) -> None:
    """Force is gone before the toe is: up to 60 ms in a slow jog, hardly any time in a fast run."""
    errors = _errors_ms(clip, "toe_off")
    assert -70 < errors.mean() < 15
    assert errors.std(ddof=1) < 45
