"""One person followed among several, from the people found in each picture."""

from __future__ import annotations

import mmap
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from synthetic import Runner, standing

from formcheck.pose import N_OUTLINE_POINTS, Person
from formcheck.pose.people import PeopleFollower
from formcheck.records import FloatArray, InputError, PoseTrack
from formcheck.skeleton import INDEX

RATE = 30.0
RUNNER = Runner(rate_hz=RATE, duration_s=4, width_px=1280)
RUNNING = RUNNER.pose()
TIMES = RUNNING.time_s
HIP = INDEX["left_hip"]


def _person(xy: FloatArray) -> Person:
    return Person(xy.astype(np.float32), np.full(33, 0.9, dtype=np.float32), None)


@dataclass(frozen=True)
class _Scene:
    """Tracks (n, 33, 2), NaN where someone is not in the picture, in the order in which the finder names them."""

    tracks: tuple[FloatArray, ...]
    shuffled: bool = False

    def follow(self, times: FloatArray = TIMES) -> PeopleFollower:
        follower = PeopleFollower()
        rng = np.random.default_rng(3)
        for i, time_s in enumerate(times):
            people = [_person(track[i]) for track in self.tracks if np.isfinite(track[i]).all()]
            if self.shuffled:
                people = [people[k] for k in rng.permutation(len(people))]
            follower.add(float(time_s), people)
        return follower


def _outlined(xy: FloatArray, at_px: float) -> Person:
    person = _person(xy)
    return Person(person.xy_px, person.visibility, np.full((N_OUTLINE_POINTS, 2), at_px, dtype=np.float32))


def _track(follower: PeopleFollower, wanted: int | None = None) -> PoseTrack:
    return follower.track(1280, 1280, "test", wanted=wanted)


def _standing_at(x: float, size: float = 1.0) -> FloatArray:
    xy = standing(4.0, RATE).xy_px
    floor = xy[0].max(axis=0)
    return (xy - floor) * size + floor + [x, 0.0]


def _walking_through(size: float = 0.8) -> FloatArray:
    """A bystander who crosses the whole picture behind the runner, legs moving little."""
    way = np.linspace(-600, 900, len(TIMES))
    return _standing_at(0.0, size) + np.stack([way, 0 * way], axis=1)[:, None]


def test_the_only_person_is_followed() -> None:
    track = _track(_Scene((RUNNING.xy_px,)).follow())
    np.testing.assert_allclose(track.xy_px, RUNNING.xy_px, atol=1e-3)
    assert (track.person, track.n_people) == (1, 1)
    np.testing.assert_array_equal(track.time_s, TIMES)
    assert track.outline_qpx.shape == (len(TIMES), N_OUTLINE_POINTS, 2)
    assert (track.outline_qpx == -1).all()


@pytest.mark.parametrize("shuffled", [False, True])
def test_the_runner_is_followed_not_the_one_who_stands_by(shuffled: bool) -> None:
    track = _track(_Scene((_standing_at(420.0), RUNNING.xy_px), shuffled).follow())
    np.testing.assert_allclose(track.xy_px, RUNNING.xy_px, atol=1e-3)
    assert track.n_people == 2


@pytest.mark.parametrize("shuffled", [False, True])
def test_the_runner_is_followed_past_a_crossing(shuffled: bool) -> None:
    track = _track(_Scene((_walking_through(), RUNNING.xy_px), shuffled).follow())
    off = np.abs(track.xy_px[:, HIP] - RUNNING.xy_px[:, HIP]).max(axis=1)
    # While one hides the other the finder's own choice stands; afterwards it is the runner again.
    assert np.nanmean(off < 1.0) > 0.9
    assert off[-1] < 1.0


def test_two_runners_crossing_keep_their_tracks() -> None:
    way = np.linspace(-500, 500, len(TIMES))
    first = RUNNING.xy_px + np.stack([way, 0 * way], axis=1)[:, None]
    other = Runner(rate_hz=RATE, duration_s=4, width_px=1280, stride_s=0.6, leg_px=330, facing="left").pose().xy_px
    second = other + np.stack([-way, 0 * way], axis=1)[:, None]
    track = _track(_Scene((first, second), shuffled=True).follow())
    off = np.abs(track.xy_px[:, HIP] - first[:, HIP]).max(axis=1)
    # Unseen for a moment while one hides the other, never the other one.
    assert np.nanmax(off) < 1e-2
    assert np.isnan(off).mean() < 0.1


def test_the_second_person_can_be_asked_for() -> None:
    bystander = _standing_at(420.0)
    track = _track(_Scene((bystander, RUNNING.xy_px)).follow(), wanted=2)
    np.testing.assert_allclose(track.xy_px, bystander, atol=1e-3)
    assert (track.person, track.n_people) == (2, 2)


@pytest.mark.parametrize("wanted", [0, -1, 3, 99])
def test_a_person_who_is_not_there_is_refused(wanted: int) -> None:
    follower = _Scene((_standing_at(420.0), RUNNING.xy_px)).follow()
    with pytest.raises(InputError) as refused:
        _track(follower, wanted)
    assert refused.value.code == "no_such_person"
    assert refused.value.details == {"person": wanted, "n": 2}


def test_asking_again_after_a_refusal_gives_the_same_people() -> None:
    """Also when tracks were joined on the way."""
    xy = RUNNING.xy_px.copy()
    xy[30:75] = np.nan
    follower = _Scene((xy, _standing_at(420.0))).follow()
    with pytest.raises(InputError):
        _track(follower, 99)
    track = _track(follower)
    assert track.n_people == 2
    assert np.isfinite(track.xy_px[[0, -1]]).all()


def test_nobody_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        _track(_Scene(()).follow())
    assert refused.value.code == "no_person"
    with pytest.raises(InputError):
        _track(PeopleFollower())


def test_frames_without_the_person_are_nan() -> None:
    xy = RUNNING.xy_px.copy()
    xy[40:50] = np.nan
    track = _track(_Scene((xy,)).follow())
    assert np.isnan(track.xy_px[40:50]).all()
    assert np.isnan(track.visibility[40:50]).all()
    assert np.isfinite(np.delete(track.xy_px, np.s_[40:50], axis=0)).all()


def test_a_runner_who_was_away_for_long_is_the_same_one_after() -> None:
    xy = RUNNING.xy_px.copy()
    xy[30:75] = np.nan  # 1.5 s: longer than a person is remembered
    track = _track(_Scene((xy,)).follow())
    assert track.n_people == 1
    assert np.isfinite(track.xy_px[:30]).all()
    assert np.isfinite(track.xy_px[75:]).all()


def test_one_found_twice_is_one() -> None:
    """Another, slightly different body laid over the same person is no second person."""
    track = _track(_Scene((RUNNING.xy_px, RUNNING.xy_px + 5.0)).follow())
    assert track.n_people == 1
    np.testing.assert_allclose(track.xy_px, RUNNING.xy_px, atol=1e-3)


def test_a_short_glimpse_is_not_a_person() -> None:
    glimpse = _standing_at(420.0)
    glimpse[3:] = np.nan
    assert _track(_Scene((RUNNING.xy_px, glimpse)).follow()).n_people == 1


def test_scale_turns_small_pictures_into_the_clips_pixels() -> None:
    follower = PeopleFollower()
    outline = np.tile([100.25, 50.5], (N_OUTLINE_POINTS, 1)).astype(np.float32)
    small = _person(RUNNING.xy_px[0] / 2)
    follower.add(0.0, [Person(small.xy_px, small.visibility, outline)])
    track = follower.track(1280, 1280, "test", scale=2.0)
    np.testing.assert_allclose(track.xy_px[0], RUNNING.xy_px[0], atol=1e-3)
    assert track.outline_qpx[0, 0].tolist() == [802, 404]
    assert (track.width_px, track.height_px, track.finder) == (1280, 1280, "test")


def test_outlines_stand_in_their_frames_of_a_long_clip() -> None:
    """Three thousand frames, the person away for a while in each thousand, without an outline for another while."""
    follower = PeopleFollower()
    n = 3000
    away, bare = np.arange(n) % 1000 < 100, np.arange(n) % 1000 >= 900
    for i in range(n):
        xy = RUNNING.xy_px[i % len(TIMES)]
        person = _person(xy) if bare[i] else _outlined(xy, i / 4)
        follower.add(i / RATE, [] if away[i] else [person])
    outline = _track(follower).outline_qpx
    expected = np.where(away | bare, -1, np.arange(n))
    assert (outline == expected[:, None, None]).all()


def test_outlines_stay_apart_from_none_and_within_their_numbers() -> None:
    """Points just outside the picture, and those of a picture as large as any that is read."""
    follower = PeopleFollower()
    for i, at_px in enumerate((-3.0, 0.0, 959.75)):
        follower.add(i / RATE, [_outlined(RUNNING.xy_px[i], at_px)])
    outline = follower.track(8192, 8192, "test", scale=8192 / 900).outline_qpx
    assert (outline[:2] == 0).all()
    assert (outline[2] == np.iinfo(np.int16).max).all()


@pytest.mark.parametrize("step_px", [0.25, 31.0, 40.0, 900.0])
def test_an_outline_is_kept_as_it_was_found(step_px: float) -> None:
    """To a quarter pixel; where its points lie far apart, to a two hundred and fiftieth of the longest step."""
    turn = np.linspace(0.0, 2 * np.pi, N_OUTLINE_POINTS, endpoint=False)
    ring = 1000.0 + np.stack([np.cos(turn), np.sin(turn)], axis=1) * min(step_px / (turn[1] - turn[0]), 900.0)
    ring[1::2] += [min(step_px, 100.0), 0.0]
    follower = PeopleFollower()
    follower.add(0.0, [replace(_outlined(RUNNING.xy_px[0], 300.0), outline_px=ring.astype(np.float32))])
    follower.add(1 / RATE, [replace(_outlined(RUNNING.xy_px[1], 300.0), outline_px=None)])
    outline = follower.track(1920, 1080, "test").outline_qpx
    longest_px = float(np.abs(np.diff(ring, axis=0)).max())
    np.testing.assert_allclose(outline[0] / 4, ring, atol=0.126 + (longest_px > 31) * (longest_px / 250 + 0.126))
    assert (outline[1] == -1).all()


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * mmap.PAGESIZE / 1e6


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory in use is asked of Linux")
def test_a_long_clip_is_lean_in_memory() -> None:
    """20,000 frames of one person: 1.2 kB a frame while they come, the track's own 1.6 kB after."""
    before = _resident_mb()
    follower = PeopleFollower()
    for i in range(20_000):
        follower.add(i / 60, [_outlined(RUNNING.xy_px[i % len(TIMES)], 300.0)])
    collected = _resident_mb()
    track = _track(follower)
    assert collected - before < 20_000 * 1.2e-3 + 10
    assert (
        _resident_mb() - before < (track.xy_px.nbytes + track.visibility.nbytes + track.outline_qpx.nbytes) / 1e6 + 10
    )
