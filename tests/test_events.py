"""Contacts and toe-offs of a runner whose moments are known."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic import (
    Runner,
    exchange_spells,
    exchanged,
    jittered,
    lost,
    mirrored,
    squatting,
    standing,
    uneven_times,
)

from formcheck.events import detect_events, strides_of
from formcheck.records import Event, EventKind, PoseTrack, Signals, Stride
from formcheck.signals import build_signals
from formcheck.skeleton import SIDES, Side, leg_indices

KINDS: tuple[EventKind, EventKind] = ("contact", "toe_off")


def _found(pose: PoseTrack) -> tuple[Signals, tuple[Event, ...]]:
    signals = build_signals(pose)
    return signals, detect_events(signals)


def _times(events: tuple[Event, ...], kind: EventKind, side: Side) -> np.ndarray:
    return np.array([e.time_s for e in events if e.kind == kind and e.side == side])


def _truth(runner: Runner, kind: EventKind, side: Side) -> np.ndarray:
    """Moments inside the clip. A toe-off is known by the swing after it, so it needs 0.2 s more of the clip."""
    times = runner.contacts(side) if kind == "contact" else runner.toe_offs(side)
    margin_s = 0.1 if kind == "contact" else 0.2
    return times[(times > margin_s) & (times < runner.frame_times()[-1] - margin_s)]


def _errors(events: tuple[Event, ...], runner: Runner) -> dict[EventKind, np.ndarray]:
    """Found less true, seconds; asserts that none is missed and none is made up, ends of the clip excepted."""
    end = runner.frame_times()[-1]
    errors: dict[EventKind, list[np.ndarray]] = {kind: [] for kind in KINDS}
    for kind in KINDS:
        for side in SIDES:
            found, true = _times(events, kind, side), _truth(runner, kind, side)
            apart = found[:, None] - true[None]
            assert (np.abs(apart).min(axis=0) < 0.08).all(), f"missed: {kind} {side}"
            inner = (found > 0.2) & (found < end - 0.2)
            assert (np.abs(apart).min(axis=1)[inner] < 0.08).all(), f"made up: {kind} {side}"
            errors[kind].append(apart[np.abs(apart).argmin(axis=0), np.arange(len(true))])
    return {kind: np.concatenate(parts) for kind, parts in errors.items()}


@pytest.mark.parametrize("facing", ["left", "right"])
@pytest.mark.parametrize("rate", [25.0, 30.0, 60.0, 120.0, 240.0])
def test_events_of_a_clean_runner_are_within_6_ms(rate: float, facing: str) -> None:
    runner = Runner(rate_hz=rate, facing=facing)  # type: ignore[arg-type]
    errors = _errors(_found(runner.pose())[1], runner)
    assert np.abs(errors["contact"]).max() < 0.004
    assert np.abs(errors["toe_off"]).max() < 0.006


@pytest.mark.parametrize("stride", [0.58, 0.64, 0.80, 0.88])
def test_events_hold_at_other_cadences(stride: float) -> None:
    runner = Runner(stride_s=stride, duration_s=8)
    errors = _errors(_found(jittered(runner.pose(), 2.0))[1], runner)
    assert abs(errors["contact"].mean()) < 0.008
    # The clues of toe-off lead by fixed times; a whole runner made slower shifts them by a few ms.
    assert abs(errors["toe_off"].mean()) < 0.012


@pytest.mark.parametrize(("rate", "sd_s"), [(30.0, 0.012), (60.0, 0.009), (120.0, 0.007)])
def test_jitter_scatters_but_does_not_shift(rate: float, sd_s: float) -> None:
    runner = Runner(rate_hz=rate, duration_s=12)
    errors = _errors(_found(jittered(runner.pose(), 3.0, seed=4))[1], runner)
    for kind in KINDS:
        assert abs(errors[kind].mean()) < 0.006, kind
        assert errors[kind].std() < sd_s, kind


@pytest.mark.parametrize("rate", [25.0, 30.0, 60.0])
@pytest.mark.parametrize("offset", [0.25, 0.5])
def test_events_lie_between_frames(rate: float, offset: float) -> None:
    """A camera that starts half a frame later sees the same moments."""
    late = Runner(rate_hz=rate, frame_offset=offset)
    _, early_events = _found(replace(late, frame_offset=0.0).pose())
    _, late_events = _found(late.pose())
    for kind in KINDS:
        for side in SIDES:
            early = _times(early_events, kind, side)
            shifted = _times(late_events, kind, side) + offset / rate
            inner = early[(early > 0.2) & (early < 5.6)]
            apart = np.abs(shifted[:, None] - inner[None]).min(axis=0)
            assert apart.max() < 0.003, (kind, side)


def test_events_alternate() -> None:
    _, events = _found(jittered(Runner(duration_s=10).pose(), 4.0))
    for side in SIDES:
        kinds = [e.kind for e in events if e.side == side]
        assert all(a != b for a, b in pairwise(kinds))
    contacts = [e.side for e in events if e.kind == "contact"]
    assert all(a != b for a, b in pairwise(contacts))
    assert [e.time_s for e in events] == sorted(e.time_s for e in events)


def test_exchanged_legs_do_not_move_events() -> None:
    runner = Runner(duration_s=8)
    pose = jittered(runner.pose(), 2.0)
    wrong = exchange_spells(len(pose.time_s), 60.0, share=0.25, seed=6)
    errors = _errors(_found(exchanged(pose, wrong))[1], runner)
    assert max(np.abs(e).max() for e in errors.values()) < 0.025


@pytest.mark.parametrize("rate", [30.0, 60.0])
def test_a_variable_rate_does_not_move_events(rate: float) -> None:
    runner = Runner(rate_hz=rate, duration_s=8)
    errors = _errors(_found(runner.pose(uneven_times(runner)))[1], runner)
    assert max(np.abs(e).max() for e in errors.values()) < 0.012


def test_a_moving_camera_does_not_move_events() -> None:
    """A runner who crosses the picture, as on a road: only the foot against the body counts."""
    runner = Runner(width_px=1920)
    pose = runner.pose()
    passing = pose.xy_px + np.stack([250.0 * pose.time_s - 700.0, 0 * pose.time_s], axis=1)[:, None]
    errors = _errors(_found(replace(pose, xy_px=passing))[1], runner)
    assert max(np.abs(e).max() for e in errors.values()) < 0.012


@pytest.mark.parametrize("first_contact_s", np.arange(0.0, 0.7, 0.07).tolist())
def test_the_ends_of_a_clip_give_no_invented_moments(first_contact_s: float) -> None:
    runner = Runner(first_contact_s=first_contact_s, duration_s=4)
    _, events = _found(runner.pose())
    for kind in KINDS:
        for side in SIDES:
            reach = runner.stride_s * np.arange(-2, 9)
            start = runner.contacts(side)[0] + (0.33 * runner.stride_s if kind == "toe_off" else 0.0)
            found = _times(events, kind, side)
            # Moments just outside the clip count as true: half of their pattern is seen.
            assert (np.abs(found[:, None] - (start + reach)[None]).min(axis=1) < 0.03).all(), (kind, side)


@pytest.mark.parametrize("start_s", [0.0, 20.0], ids=["clip", "later shot"])
def test_moments_at_the_very_ends_are_not_clean(start_s: float) -> None:
    """A shot of an edited clip has ends as well."""
    pose = Runner(first_contact_s=0.70 + 0.035 - 0.231).pose()  # the right foot leaves the ground at 0.035 s
    _, events = _found(replace(pose, time_s=pose.time_s + start_s))
    early = [e for e in events if e.time_s < start_s + 0.055]
    assert [(e.kind, e.side) for e in early] == [("toe_off", "right")]
    assert not early[0].clean
    assert all(e.clean for e in events if start_s + 0.2 < e.time_s < start_s + 5.7)


@pytest.mark.parametrize("pose", [standing(), squatting(), jittered(standing(), 3.0), jittered(squatting(), 3.0)])
def test_who_does_not_run_has_hardly_any_events(pose: PoseTrack) -> None:
    _, events = _found(pose)
    assert len([e for e in events if e.kind == "contact"]) < 3


# ------------------------------------------------------------------------------- what must not move any moment


def _moments(pose: PoseTrack) -> np.ndarray:
    """(n, 3): kind, side and time, in that order."""
    _, events = _found(pose)
    rows = sorted((KINDS.index(e.kind), SIDES.index(e.side), e.time_s) for e in events)  # type: ignore[arg-type]
    return np.array(rows)


@given(
    size=st.floats(0.3, 3.0),
    ahead_px=st.floats(-500, 500),
    down_px=st.floats(-500, 500),
    start_s=st.floats(0, 1000),
    mirror=st.booleans(),
)
@settings(max_examples=15, deadline=None)
def test_size_place_time_and_mirror_do_not_move_events(
    size: float, ahead_px: float, down_px: float, start_s: float, mirror: bool
) -> None:
    pose = jittered(Runner(duration_s=4, rate_hz=30).pose(), 2.0)
    other_pose = replace(pose, xy_px=pose.xy_px * size + [ahead_px, down_px], time_s=pose.time_s + start_s)
    other_pose = mirrored(other_pose) if mirror else other_pose
    found = _moments(other_pose)
    if mirror:
        found[:, 1] = 1 - found[:, 1]
        found = found[np.lexsort(found.T[::-1])]
    assert found - [0, 0, start_s] == pytest.approx(_moments(pose), abs=1e-6)


@given(rate=st.floats(24, 240), offset=st.floats(0, 1))
@settings(max_examples=12, deadline=None)
def test_frame_rate_does_not_move_events(rate: float, offset: float) -> None:
    runner = Runner(rate_hz=rate, frame_offset=offset, duration_s=4)
    shifted = replace(runner, first_contact_s=runner.first_contact_s - offset / rate, frame_offset=0.0)
    errors = _errors(_found(runner.pose())[1], shifted)
    assert max(np.abs(e).max() for e in errors.values()) < 0.008


# ------------------------------------------------------------------------------------------- what nobody saw


def _leg_lost(pose: PoseTrack, side: Side, spells: list[tuple[float, float]]) -> PoseTrack:
    xy = pose.xy_px.copy()
    hidden = np.any([(pose.time_s > a) & (pose.time_s < b) for a, b in spells], axis=0)
    xy[np.ix_(np.flatnonzero(hidden), np.array(leg_indices(side)[1:]))] = np.nan
    return replace(pose, xy_px=xy)


@pytest.mark.parametrize("hidden_s", [0.2, 0.3, 0.4])
@pytest.mark.parametrize("start_s", [2.9, 3.0, 3.1, 3.2, 3.3, 3.4, 3.5, 3.6])
def test_moments_of_a_hidden_leg_are_filled_in_and_not_clean(start_s: float, hidden_s: float) -> None:
    runner = Runner(duration_s=8)
    _, events = _found(_leg_lost(runner.pose(), "left", [(start_s, start_s + hidden_s)]))
    errors = _errors(events, runner)
    assert max(np.abs(e).max() for e in errors.values()) < 0.04
    inside = [e for e in events if e.side == "left" and start_s < e.time_s < start_s + hidden_s]
    assert not any(e.clean for e in inside)
    assert all(e.clean for e in events if e.side == "right" and 0.2 < e.time_s < 7.7)


def test_moments_of_a_person_out_of_sight_are_not_filled_in() -> None:
    runner = Runner(duration_s=8)
    pose = runner.pose()
    hidden = (pose.time_s > 3.0) & (pose.time_s < 4.4)
    _, events = _found(lost(pose, hidden))
    assert not [e for e in events if 3.1 < e.time_s < 4.3]


def test_a_leg_hardly_ever_seen_is_not_made_up() -> None:
    spells = [(float(t), float(t) + 0.55) for t in np.arange(0.2, 7.8, 0.7)]
    runner = Runner(duration_s=8)
    seen = _found(_leg_lost(runner.pose(), "left", spells))[1]
    assert len([e for e in seen if e.side == "left" and e.clean]) <= 2
    assert len([e for e in seen if e.side == "right"]) > 15


# --------------------------------------------------------------------------------------------------------- strides


def test_strides_are_contact_toe_off_contact() -> None:
    runner = Runner(duration_s=8)
    signals, events = _found(runner.pose())
    strides = strides_of(events, signals)
    assert [s.contact_s for s in strides] == sorted(s.contact_s for s in strides)
    for side in SIDES:
        mine = [s for s in strides if s.side == side]
        assert len(mine) == len(runner.contacts(side)) - 1
        for stride in mine:
            assert stride.contact_s < stride.toe_off_s < stride.next_contact_s
            assert stride.next_contact_s - stride.contact_s == pytest.approx(0.70, abs=0.005)
            assert stride.toe_off_s - stride.contact_s == pytest.approx(0.231, abs=0.006)


def _hand_made(side: Side, contacts: list[float], contact_time: float = 0.23) -> list[Event]:
    events = [Event("contact", side, t) for t in contacts]
    events += [Event("toe_off", side, t + contact_time) for t in contacts]
    return sorted(events, key=lambda e: e.time_s)


def test_a_stride_of_another_length_is_not_clean() -> None:
    signals = build_signals(Runner(duration_s=8).pose())
    events = _hand_made("right", [0.5, 1.2, 1.9, 2.6, 3.3, 4.3, 5.0])
    clean = {round(s.contact_s, 1): s.clean for s in strides_of(events, signals)}
    assert clean == {0.5: True, 1.2: True, 1.9: True, 2.6: True, 3.3: False, 4.3: True}


def test_a_stride_with_an_unclean_moment_is_not_clean() -> None:
    signals = build_signals(Runner(duration_s=8).pose())
    events = _hand_made("left", [0.5, 1.2, 1.9, 2.6])
    doubted = [replace(e, clean=False) if e.kind == "toe_off" and 1.3 < e.time_s < 1.6 else e for e in events]
    assert [s.clean for s in strides_of(doubted, signals)] == [True, False, True]


def test_a_stride_that_was_mostly_repaired_is_not_clean() -> None:
    signals = build_signals(Runner(duration_s=8).pose())
    doubtful = signals.doubtful.copy()
    doubtful[(signals.time_s > 1.25) & (signals.time_s < 1.45), SIDES.index("right")] = True
    strides = strides_of(_hand_made("right", [0.5, 1.2, 1.9, 2.6]), replace(signals, doubtful=doubtful))
    assert [s.clean for s in strides] == [True, False, True]
    other = strides_of(_hand_made("left", [0.5, 1.2, 1.9, 2.6]), replace(signals, doubtful=doubtful))
    assert all(s.clean for s in other)


def test_a_stride_with_a_missing_toe_off_is_no_stride() -> None:
    signals = build_signals(Runner(duration_s=8).pose())
    events = [e for e in _hand_made("right", [0.5, 1.2, 1.9]) if not (e.kind == "toe_off" and e.time_s < 1.0)]
    assert [round(s.contact_s, 1) for s in strides_of(events, signals)] == [1.2]


def test_no_events_no_strides() -> None:
    assert strides_of([], build_signals(Runner(duration_s=2).pose())) == ()


@pytest.mark.parametrize("gap_s", [0.2, 0.4, 1.0])
def test_strides_over_a_gap_are_not_counted(gap_s: float) -> None:
    runner = Runner(duration_s=8)
    pose = runner.pose()
    hidden = (pose.time_s > 3.0) & (pose.time_s < 3.0 + gap_s)
    signals, events = _found(lost(pose, hidden))
    for stride in strides_of(events, signals):
        if stride.clean:
            assert stride.next_contact_s < 3.05 or stride.contact_s > 2.95 + gap_s, stride
            assert stride.next_contact_s - stride.contact_s == pytest.approx(0.70, abs=0.02)


def test_no_series_no_events() -> None:
    signals = build_signals(Runner(duration_s=2).pose())
    nothing = {name: np.full_like(values, np.nan) for name, values in signals.series.items()}
    assert detect_events(replace(signals, series=nothing)) == ()


def test_stride_is_a_plain_record() -> None:
    stride = Stride("left", 1.0, 1.2, 1.7, True)
    with pytest.raises(AttributeError):
        stride.clean = False  # type: ignore[misc]
