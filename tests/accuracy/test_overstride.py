"""Where overstride's constants come from: real runners' ankles around contact, tuning runners only."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from formcheck.events import detect_events, strides_of
from formcheck.metrics.overstride import COMES_BACK_PCT, LOOKED_BACK_S, MEDIUM_SPEED, PER_SPEED_PCT
from formcheck.records import Recording, Subject
from formcheck.scale import belt_legs_per_s
from formcheck.signals import build_signals
from formcheck.skeleton import SIDES, Side

from .camera import Filming, film
from .truth import Trial, trials, why_absent

pytestmark = pytest.mark.skipif(why_absent() is not None, reason=why_absent() or "")


def _comes_back(trial: Trial, side: Side) -> tuple[float, float]:
    """Speed in leg lengths a second, and how far the ankle comes back from its farthest until contact, percent."""
    leg_m = trial.leg_m(side)
    ahead = CubicSpline(trial.time_s, 100 * (trial.joints_m[side, "ankle"][:, 0] - trial.midhip_m[:, 0]) / leg_m)
    contacts = np.array([s.contact_s for s in trial.strides(side) if s.contact_s > trial.time_s[0] + LOOKED_BACK_S])
    before = ahead(contacts[:, None] - np.linspace(0.0, LOOKED_BACK_S, 101))
    return trial.speed_mps / leg_m, float(np.median(before.max(axis=1) - before[:, 0]))


def test_the_foot_comes_back_as_far_as_is_taken_off() -> None:
    told = [_comes_back(trial, side) for trial in trials() if not trial.held_out and trial.has_pelvis for side in SIDES]
    speed, back = np.array(told).T
    per_speed, medium = np.polyfit(speed - MEDIUM_SPEED, back, 1)
    assert medium == pytest.approx(COMES_BACK_PCT, abs=0.1)
    assert per_speed == pytest.approx(PER_SPEED_PCT, abs=0.05)
    assert np.std(back - np.polyval([per_speed, medium], speed - MEDIUM_SPEED)) < 1.3


@pytest.mark.parametrize("rate_hz", [12.5, 20.0])
def test_the_belts_speed_is_told_by_a_slow_camera(rate_hz: float) -> None:
    """Some or all strides of a fast runner have less than two pictures of the flat foot."""
    for trial in (trial for trial in trials() if trial.speed_mps == 4.5 and not trial.held_out and trial.has_pelvis):
        signals = build_signals(film(trial, Filming(rate_hz=rate_hz), "right", 4).pose)
        events = detect_events(signals)
        told = belt_legs_per_s(Recording(signals, events, strides_of(events, signals), Subject()))
        assert told == pytest.approx(trial.speed_mps / trial.leg_m("right"), rel=0.1), trial.runner
