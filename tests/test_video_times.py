"""Frames come at the times they were taken, whatever a container makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_clips import UNEVEN_MS, all_frames, number_in, numbered_clip

from formcheck.video import FrameTimes, probe, read_frames
from formcheck.video.times import Clock


def test_variable_frame_rate_keeps_true_times(tmp_path: Path) -> None:
    path = numbered_clip(tmp_path / "vfr.mp4", times_ms=UNEVEN_MS)
    info = probe(path)
    frames = all_frames(path)
    assert info.variable_frame_rate
    assert info.frame_rate_hz == pytest.approx(19 / 0.9, rel=1e-3)
    np.testing.assert_allclose([f.time_s for f in frames], np.array(UNEVEN_MS) / 1000, atol=1e-3)
    assert [number_in(f.image) for f in frames] == list(range(20))


def test_times_start_at_zero_whatever_the_container_says(tmp_path: Path) -> None:
    path = numbered_clip(tmp_path / "late.mkv", times_ms=[ms + 5000 for ms in UNEVEN_MS])
    assert all_frames(path)[0].time_s == 0
    assert all_frames(path)[-1].time_s == pytest.approx(0.9, abs=1e-3)


@pytest.mark.parametrize("name", ["long.mp4", "long.mkv", "long.avi"])
def test_reading_a_part_gives_the_same_frames_as_reading_all(tmp_path: Path, name: str) -> None:
    path = numbered_clip(tmp_path / name, n=240, options={"g": "40", "bf": "2"})
    part = all_frames(path, start_s=5.0, end_s=5.5)
    whole = [f for f in read_frames(path) if 5.0 <= f.time_s < 5.5]
    assert [(f.index, f.time_s) for f in part] == [(f.index, f.time_s) for f in whole]
    assert [number_in(f.image) for f in part] == [f.index for f in part]
    assert len(part) == 15


def test_reading_past_the_end_gives_nothing(tmp_path: Path) -> None:
    path = numbered_clip(tmp_path / "a.mp4")
    assert all_frames(path, start_s=100.0) == []


def clock_times(ticks: Sequence[int | None]) -> list[float]:
    clock = Clock(Fraction(1, 1000), step_s=0.1)
    return [round(clock.seconds(t), 6) for t in ticks]


@pytest.mark.parametrize(
    ("ticks", "expected"),
    [
        ([500, 600, 700], [0, 0.1, 0.2]),
        ([-200, -100, 0], [0, 0.1, 0.2]),
        ([0, 100, 100, 200], [0, 0.1, 0.101, 0.2]),
        ([0, 100, 90, 200], [0, 0.1, 0.101, 0.2]),
        ([None, None, None], [0, 0.1, 0.2]),
        ([0, None, 200], [0, 0.1, 0.2]),
        ([None, 100, 200], [0, 0.1, 0.2]),
        ([5000, 5100, 0, 100], [0, 0.1, 0.2, 0.3]),
        ([0, 100, 90_000_000, 90_000_100], [0, 0.1, 0.2, 0.3]),
        ([0, 100, 3100], [0, 0.1, 3.1]),
    ],
)
def test_bad_timestamps_are_repaired(ticks: list[int | None], expected: list[float]) -> None:
    assert clock_times(ticks) == pytest.approx(expected)


@given(st.lists(st.one_of(st.none(), st.integers(-(2**40), 2**40)), min_size=1, max_size=60))
@settings(max_examples=200, deadline=None)
def test_repaired_times_always_increase_from_zero(ticks: list[int | None]) -> None:
    clock = Clock(Fraction(1, 90_000), step_s=1 / 30)
    times = np.array([clock.seconds(t) for t in ticks])
    assert times[0] == 0
    assert (np.diff(times) > 0).all()


@pytest.mark.parametrize("rate", [24000 / 1001, 30000 / 1001, 60, 120, 240])
def test_milliseconds_of_a_container_are_not_a_variable_rate(rate: float) -> None:
    times = FrameTimes(np.round(np.arange(300) / rate, 3))
    assert times.median_rate_hz == pytest.approx(rate, rel=0.002)
    assert times.average_rate_hz == pytest.approx(rate, rel=0.002)
    assert not times.variable
    assert times.gaps() == []


def test_a_gap_is_told_and_is_not_a_variable_rate() -> None:
    times = FrameTimes(np.concatenate([np.arange(60) / 30, 3 + np.arange(60) / 30]))
    assert times.gaps() == [(pytest.approx(59 / 30), 3.0)]
    assert times.median_rate_hz == pytest.approx(30)
    assert times.average_rate_hz < 25
    assert not times.variable


def test_two_very_different_steps_have_a_rate() -> None:
    assert np.isfinite(FrameTimes(np.array([0.0, 0.001, 1.0])).median_rate_hz)


@pytest.mark.parametrize("n", [0, 1])
def test_too_few_times_have_no_rate(n: int) -> None:
    times = FrameTimes(np.zeros(n))
    assert np.isnan(times.average_rate_hz)
    assert np.isnan(times.median_rate_hz)
    assert not times.variable
    assert times.gaps() == []


def test_matroska_with_pictures_out_of_order_has_the_times_of_the_same_mp4(tmp_path: Path) -> None:
    """Copied as it is: the first packets of a Matroska file do not say when they are decoded."""
    source, copy = tmp_path / "a.mp4", tmp_path / "a.mkv"
    numbered_clip(source, n=120, options={"bf": "3", "g": "60"})
    with av.open(str(source)) as read, av.open(str(copy), "w") as written:
        stream = written.add_stream_from_template(read.streams.video[0])
        for packet in read.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                written.mux(packet)
    there, here = probe(source), probe(copy)
    np.testing.assert_allclose(here.times.time_s, there.times.time_s, atol=2e-3)
    assert here.frame_rate_hz == pytest.approx(there.frame_rate_hz, rel=1e-3)
    assert here.duration_s == pytest.approx(there.duration_s, abs=0.02)
    assert [frame.time_s for frame in read_frames(copy)] == pytest.approx(list(here.times.time_s), abs=2e-3)
