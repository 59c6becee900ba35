"""What the error against motion capture and force plates must stay below."""

from __future__ import annotations

import numpy as np
import pytest

from .camera import Filming
from .compare import EVENTS, Outcome, both, outcomes
from .runners import between_runners
from .truth import why_absent

pytestmark = [
    pytest.mark.accuracy,
    pytest.mark.skipif(why_absent() is not None, reason=why_absent() or ""),
]
EXCHANGED = tuple(Filming(rate, 3.0, exchanged=0.1) for rate in (30.0, 60.0, 120.0))
FLAWED = tuple(Filming(rate, 3.0, far_leg_lost=0.1, exchanged=0.1) for rate in (30.0, 60.0, 120.0))
RATES = tuple(Filming(rate, 3.0) for rate in (30.0, 60.0, 120.0, 240.0))
MAX_SD_MS = {30.0: 18.0, 60.0: 12.0, 120.0: 8.0, 240.0: 8.0}
MAX_BIAS_MS = 3.0
MAX_SPREAD_MS = 5.0
"""Between runners, SD of their biases: what an unseen runner has to expect."""

each_event = pytest.mark.parametrize("name", EVENTS)
each_group = pytest.mark.parametrize("group", ["tuning", "held out"])


def _group(filming: Filming, group: str) -> Outcome:
    tuning, held_out = outcomes(filming)
    return tuning if group == "tuning" else held_out


@each_group
@each_event
@pytest.mark.parametrize("filming", [*RATES, *FLAWED], ids=str)
def test_events_scatter_little_about_the_plates(filming: Filming, name: str, group: str) -> None:
    assert 1000 * _group(filming, group).of(name).std(ddof=1) < MAX_SD_MS[filming.rate_hz]


MISSED = pytest.mark.xfail(strict=True, reason="held-out runners: contact 3.5 ms early, toe-off 4.4 ms early")


@pytest.mark.parametrize("group", ["tuning", pytest.param("held out", marks=MISSED)])
@each_event
def test_events_have_no_bias_at_120_fps(name: str, group: str) -> None:
    """The constants may not be moved to please the held-out runners: where they miss the target, it says so here."""
    assert abs(1000 * _group(Filming(120.0, 3.0), group).of(name).mean()) < MAX_BIAS_MS


@each_event
def test_bias_is_the_same_at_every_frame_rate(name: str) -> None:
    """Tuning runners: their bias at 120 frames a second is zero by choice of the constants, at others it is not."""
    assert max(abs(1000 * _group(filming, "tuning").of(name).mean()) for filming in RATES) < 2.0


@each_group
@each_event
def test_runners_differ_little(name: str, group: str) -> None:
    bias = between_runners(_group(Filming(120.0, 3.0), group), name)
    assert len(bias) >= 4
    assert 1000 * np.std(list(bias.values()), ddof=1) < MAX_SPREAD_MS


@each_group
@pytest.mark.parametrize("filming", [*RATES, *FLAWED], ids=str)
def test_no_event_is_missed_and_none_invented(filming: Filming, group: str) -> None:
    outcome = _group(filming, group)
    assert outcome.n_events > 2000
    assert outcome.where == []


@pytest.mark.parametrize("filming", EXCHANGED, ids=str)
def test_exchanged_legs_are_repaired(filming: Filming) -> None:
    outcome = both(filming)
    assert outcome.n_exchanged > 1000
    assert outcome.n_repaired >= 0.99 * outcome.n_exchanged


@pytest.mark.parametrize("filming", [*EXCHANGED, Filming(60.0, 3.0)], ids=str)
def test_no_exchange_is_made(filming: Filming) -> None:
    assert both(filming).n_made == 0


@pytest.mark.parametrize("rate", [60.0, 120.0])
def test_stated_intervals_hold_the_truth(rate: float) -> None:
    """Nineteen of twenty are promised; over all metrics and clips together nine of ten must be kept."""
    outcome = both(Filming(rate, 3.0))
    names = {error.name for error in outcome.errors if error.uncertainty is not None}
    held, stated = np.sum([outcome.inside(name) for name in names], axis=0)
    assert held >= 0.9 * stated


@pytest.mark.parametrize("name", EVENTS)
@pytest.mark.parametrize(("rate", "looks_hz"), [(30.0, 10.0), (30.0, 12.0), (60.0, 20.0)])
def test_looking_at_a_third_of_the_frames_costs_little(name: str, rate: float, looks_hz: float) -> None:
    """The pictures between are known from the runner's own cycle."""
    every, some = (both(Filming(rate, 3.0, looks_hz=hz)) for hz in (None, looks_hz))
    assert some.n_missed + some.n_invented <= 0.002 * some.n_events
    assert some.of(name).std() < every.of(name).std() + 0.0015
    assert abs(some.of(name).mean() - every.of(name).mean()) < 0.0025
