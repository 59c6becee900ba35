"""Which pictures are looked at, and by what."""

from __future__ import annotations

import math
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.pose_search import MIN_LOOKS, PROFILES, Looks, Request, looked_at, search, sparse
from formcheck.records import PoseProfile, Stopped
from formcheck.video import check_readable

CLIP = Path(__file__).parents[1] / "sample_videos" / "runner_left_tall.mp4"


class Quiet:
    """Follows without a word; stops the search when asked to."""

    def __init__(self, stop_at: float = 2.0) -> None:
        self.shares: list[float] = []
        self.n_shown = 0
        self._stop_at = stop_at

    def check(self) -> None:
        if self.shares and self.shares[-1] >= self._stop_at:
            raise Stopped

    def progress(self, share: float) -> None:
        self.shares.append(share)
        self.check()

    def show(self, *_: object) -> None:
        self.n_shown += 1


@given(share=st.floats(0.05, 1.0), n=st.integers(1, 2000))
def test_looks_are_spread_evenly(share: float, n: int) -> None:
    looks = [index for index in range(n) if looked_at(index, share)]
    assert looks[0] == 0
    assert abs(len(looks) - n * share) <= 1.0
    assert max(np.diff(looks), default=1) <= math.ceil(1 / share)


@given(share=st.floats(0.05, 0.6), n=st.integers(1, 2000))
def test_sparse_looks_stay_one_to_each_stretch_of_the_pictures(share: float, n: int) -> None:
    looks = [index for index in range(n) if looked_at(index, share, is_sparse=True)]
    assert looks[0] == 0
    assert abs(len(looks) - n * share) <= 2.0
    assert max(np.diff(looks), default=1) <= 2 * math.ceil(1 / share) - 1


@pytest.mark.parametrize(("frame_rate_hz", "share"), [(30.0, 1 / 3), (25.0, 0.4), (20.0, 0.5), (60.0, 0.2)])
def test_no_cadence_hides_a_part_of_the_stride_from_sparse_looks(frame_rate_hz: float, share: float) -> None:
    """Evenly spread looks leave up to a sixth of the stride unseen in 14 s, at cadences that they are in step with."""
    assert sparse(share, frame_rate_hz)
    looks = [index for index in range(round(14.0 * frame_rate_hz)) if looked_at(index, share, is_sparse=True)]
    for steps_per_min in np.arange(140.0, 205.0, 0.25):
        phase = np.sort(np.array(looks) / frame_rate_hz * steps_per_min / 120.0 % 1.0)
        assert np.diff([*phase, phase[0] + 1.0]).max() < 0.1


@given(frame_rate_hz=st.floats(10.0, 240.0))
def test_no_profile_looks_too_seldom_to_follow_a_stride(frame_rate_hz: float) -> None:
    for looks in PROFILES.values():
        rate_hz = looks.of(frame_rate_hz) * frame_rate_hz
        assert rate_hz >= min(frame_rate_hz, 9.0) - 1e-6
    assert PROFILES["accurate"].of(frame_rate_hz) == 1.0


def test_every_profile_is_known_and_costs_less_than_the_next() -> None:
    """Multiplications of the two landmark networks in millions: 386 and 1927."""
    assert tuple(PROFILES) == get_args(PoseProfile)
    for rate_hz in (25.0, 30.0, 60.0, 120.0):
        costs = [{"full": 386, "heavy": 1927}[looks.network] * looks.of(rate_hz) for looks in PROFILES.values()]
        assert costs[0] < 0.7 * costs[1] < 0.35 * costs[2]
    assert Looks("heavy", 0.5, min_rate_hz=15.0).of(20.0) == pytest.approx(0.75)


@given(frame_rate_hz=st.floats(20.0, 240.0), duration_s=st.floats(1.0, 60.0))
def test_a_short_clip_is_looked_at_often_enough_to_show_the_cycle(frame_rate_hz: float, duration_s: float) -> None:
    for looks in PROFILES.values():
        n = looks.of(frame_rate_hz, duration_s) * frame_rate_hz * duration_s
        assert n >= min(frame_rate_hz * duration_s, MIN_LOOKS) - 1e-6


@pytest.mark.slow
def test_the_search_follows_the_runner_and_tells_what_it_did() -> None:
    info, watcher = check_readable(CLIP), Quiet()
    track, end_s = search(CLIP, info, Request("fast"), watcher)
    assert "steady crop" in track.finder
    assert track.finder.startswith("fast:")
    assert track.frame_rate_hz == pytest.approx(30.0)
    assert len(track.time_s) == sum(
        looked_at(i, PROFILES["fast"].of(30.0, info.duration_s)) for i in range(info.n_frames)
    )
    assert np.isfinite(track.xy_px).all()
    assert info.duration_s - end_s < 0.2
    assert watcher.shares == sorted(watcher.shares)
    assert watcher.n_shown >= len(track.time_s)


@pytest.mark.slow
def test_a_stopped_search_ends_at_once() -> None:
    with pytest.raises(Stopped):
        search(CLIP, check_readable(CLIP), Request("fast"), Quiet(stop_at=0.3))
