"""Exercises against exact truth, on all clips that have been made; how far each number may be off (issue's targets)."""

from __future__ import annotations

import numpy as np
import pytest

from .exercises import Outcome, clips, outcome, why_absent
from .rendered import GROUPS

pytestmark = [
    pytest.mark.accuracy,
    pytest.mark.skipif(why_absent() is not None, reason=str(why_absent())),
]


@pytest.fixture(scope="module", params=GROUPS)
def found(request: pytest.FixtureRequest) -> Outcome:
    """All clips of a group."""
    if not clips(request.param):
        pytest.skip(f"no {request.param} clips: python tools/render_clips.py --exercises --group {request.param}")
    return outcome(request.param)


def test_repetitions_are_counted(found: Outcome) -> None:
    off = np.array([n - true for clip, n, true in found.counts if not clip.is_from_the_foot_end])
    assert (off == 0).mean() >= 0.95
    assert np.abs(off).max() <= 1


def test_repetitions_seen_straight_from_the_feet_are_counted(found: Outcome) -> None:
    off = np.array([n - true for clip, n, true in found.counts if clip.is_from_the_foot_end])
    assert off.size
    assert (off == 0).mean() >= 0.95


def test_no_clamshell_straight_from_the_feet_is_told_wrongly(found: Outcome) -> None:
    told = [e for e in found.errors if e.clip.is_from_the_foot_end and e.uncertainty is not None]
    assert all(abs(e.error) <= (e.uncertainty or 0.0) for e in told)
    off = [n - true for clip, n, true in found.counts if clip.is_from_the_foot_end]
    assert max(off, default=0) <= 0


def test_nothing_is_silently_taken_for_something_else(found: Outcome) -> None:
    wrong = [(clip.name, taken) for clip, taken, sure in found.recognised if taken not in ("", clip.activity) and sure]
    assert not wrong
    right = np.mean([taken == clip.activity for clip, taken, _ in found.recognised])
    assert right >= 0.9


def test_repetitions_are_timed(found: Outcome) -> None:
    for name in ("rep_start_s", "rep_top_s", "rep_end_s"):
        assert np.abs(found.of(name)).mean() <= 0.15, name


def test_angles(found: Outcome) -> None:
    names = {e.name for e in found.errors if e.name.endswith("_deg")}
    errors = np.concatenate([found.of(name) for name in names])
    assert np.abs(errors).mean() <= 4.0
    assert np.abs(found.of("hip_line_deg")).mean() <= 4.0


def test_positions_held_are_timed(found: Outcome) -> None:
    assert np.abs(found.of("hold_s")).mean() <= 0.3


def test_good_lines_are_timed(found: Outcome) -> None:
    assert np.abs(found.of("good_line_time_s")).mean() <= 0.3


@pytest.mark.parametrize("fault", ["over_arch", "sag", "pike", "roll", "knees_in", "arms_fall"])
def test_faults_are_told_from_good_form(found: Outcome, fault: str) -> None:
    rows = [(there, told) for _, name, there, told in found.judged if name == fault]
    told_there, told_good = ([told for there, told in rows if there is wanted] for wanted in (True, False))
    assert told_there, "no clip of it"
    assert (np.mean(told_there) + 1 - np.mean(told_good)) / 2 >= 0.9


def test_intervals_hold_as_often_as_they_say(found: Outcome) -> None:
    stated = [e for e in found.errors if e.uncertainty is not None]
    held = np.mean([abs(e.error) <= (e.uncertainty or 0.0) for e in stated])
    assert 0.9 <= held <= 0.98
