"""Runners from behind and in front hold their limits on the clips that were kept back."""

from __future__ import annotations

import numpy as np
import pytest

from .exercise_marks import CLIPS
from .rear import DROP_WITHOUT, clips, outcome, stands, why_absent
from .views import FILMED, made, real

pytestmark = [pytest.mark.accuracy, pytest.mark.skipif(why_absent() is not None, reason=why_absent() or "")]

LIMITS = {
    "trunk_side_lean_deg": 1.5,
    "trunk_sway_range_deg": 2.0,
    "pelvic_drop_deg": 2.0,
    DROP_WITHOUT: 2.0,
    "step_width_pct_leg": 2.0,
    "cadence_spm": 0.5,
}


@pytest.mark.parametrize(("metric", "limit"), LIMITS.items())
def test_mean_error_of_held_out_clips(metric: str, limit: float) -> None:
    errors = [abs(n.error) for n in outcome("balanced", "held_out").numbers if n.metric == metric]
    assert len(errors) >= 10
    assert float(np.mean(errors)) <= limit


@pytest.mark.parametrize(
    "metric", ["pelvic_drop_deg", "trunk_sway_range_deg", "step_width_pct_leg", "hip_sway_pct_leg"]
)
def test_what_is_found_follows_the_truth_from_clip_to_clip(metric: str) -> None:
    numbers = [n for n in outcome("balanced", "held_out").numbers if n.metric == metric]
    assert np.corrcoef([n.found for n in numbers], [n.true for n in numbers])[0, 1] >= 0.7


def test_quiet_standing_is_found_wherever_there_is_some() -> None:
    assert sum(stands(clip) for clip in clips()) >= 12
    assert outcome("balanced", "tuning").standing_missed == []
    assert outcome("balanced", "held_out").standing_missed == []


def test_no_rendered_runner_is_taken_for_one_from_another_side() -> None:
    assert {seen.filmed for seen in made()} == {"side", "rear", "front"}
    assert [seen for seen in made() if seen.confused] == []


@pytest.mark.skipif(not CLIPS.is_dir(), reason=f"no real clips in {CLIPS}")
def test_no_real_clip_is_taken_for_one_from_another_side() -> None:
    assert len(real()) >= len(FILMED) - 1
    assert [seen for seen in real() if seen.confused] == []


@pytest.mark.parametrize("group", ["tuning", "held_out"])
def test_every_view_is_right_and_every_step_on_its_own_side(group: str) -> None:
    out = outcome("balanced", group)
    assert (out.refused, out.wrong_views, out.n_wrong_side) == ([], [], 0)
    assert out.n_missed + out.n_invented <= 0.02 * out.n_steps


def test_stated_intervals_hold_the_truth() -> None:
    stated = [n for n in outcome("balanced", "held_out").numbers if n.uncertainty is not None]
    assert np.mean([abs(n.error) <= (n.uncertainty or 0.0) for n in stated]) >= 0.90
