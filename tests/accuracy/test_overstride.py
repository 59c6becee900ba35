"""Where overstride's constants come from: real runners' ankles around contact, tuning runners only."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from formcheck.metrics.overstride import COMES_BACK_PCT, MEDIUM_SPEED, PER_SPEED_PCT, READ_BEFORE_S
from formcheck.skeleton import SIDES, Side

from .truth import Trial, trials, why_absent

pytestmark = pytest.mark.skipif(why_absent() is not None, reason=why_absent() or "")


def _comes_back(trial: Trial, side: Side) -> tuple[float, float]:
    """Speed in leg lengths a second, and how far the ankle comes back in the time before contact, percent."""
    leg_m = trial.leg_m(side)
    ahead = CubicSpline(trial.time_s, 100 * (trial.joints_m[side, "ankle"][:, 0] - trial.midhip_m[:, 0]) / leg_m)
    contacts = np.array([stride.contact_s for stride in trial.strides(side)])
    before, at = (float(np.median(ahead(contacts - early))) for early in (READ_BEFORE_S, 0.0))
    return trial.speed_mps / leg_m, before - at


def test_the_foot_comes_back_as_far_as_is_taken_off() -> None:
    told = [_comes_back(trial, side) for trial in trials() if not trial.held_out and trial.has_pelvis for side in SIDES]
    speed, back = np.array(told).T
    per_speed, medium = np.polyfit(speed - MEDIUM_SPEED, back, 1)
    assert medium == pytest.approx(COMES_BACK_PCT, abs=0.1)
    assert per_speed == pytest.approx(PER_SPEED_PCT, abs=0.05)
    assert np.std(back - np.polyval([per_speed, medium], speed - MEDIUM_SPEED)) < 1.0
