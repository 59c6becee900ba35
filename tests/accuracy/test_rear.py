"""Runners from behind and in front hold their limits on the clips that were kept back."""

from __future__ import annotations

import numpy as np
import pytest

from .rear import outcome, why_absent

pytestmark = [pytest.mark.accuracy, pytest.mark.skipif(why_absent() is not None, reason=why_absent() or "")]

LIMITS = {
    "trunk_side_lean_deg": 1.5,
    "trunk_sway_range_deg": 2.0,
    "pelvic_drop_deg": 2.0,
    "step_width_pct_leg": 2.0,
    "cadence_spm": 0.5,
}


@pytest.mark.parametrize(("metric", "limit"), LIMITS.items())
def test_mean_error_of_held_out_clips(metric: str, limit: float) -> None:
    errors = [abs(n.error) for n in outcome("balanced", "held_out").numbers if n.metric == metric]
    assert len(errors) >= 10
    assert float(np.mean(errors)) <= limit


@pytest.mark.parametrize("group", ["tuning", "held_out"])
def test_every_view_is_right_and_every_step_on_its_own_side(group: str) -> None:
    out = outcome("balanced", group)
    assert (out.refused, out.wrong_views, out.n_wrong_side, out.n_invented) == ([], [], 0, 0)
    assert out.n_missed <= 0.02 * out.n_steps


def test_stated_intervals_hold_the_truth() -> None:
    stated = [n for n in outcome("balanced", "held_out").numbers if n.uncertainty is not None]
    assert np.mean([abs(n.error) <= (n.uncertainty or 0.0) for n in stated]) >= 0.90
