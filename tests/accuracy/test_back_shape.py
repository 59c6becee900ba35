"""Arch and rounding of the back in exercises, from its outline: held against rendered people."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.activities.back_shape import TOLD_OF
from formcheck.back_bends import KINDS
from formcheck.records import InputError

from . import exercises
from .exercise_truths import TRUTHS

pytestmark = pytest.mark.accuracy
METRICS = ("back_shape_change_deg", "back_arch_change_deg")


@pytest.fixture(scope="module")
def told() -> list[tuple[exercises.Clip, float, float, float]]:
    """Clip, number, its half-width and the truth, of every clip of the exercises in which the outline is read."""
    if (why := exercises.why_absent()) is not None:
        pytest.skip(why)
    found = []
    for clip in exercises.clips():
        if clip.view != "side" or clip.activity not in {*TOLD_OF, *KINDS}:
            continue
        try:
            analysis = exercises.analysed(clip, told=True)
        except InputError:
            continue
        m = next(m for m in analysis.measurements if m.metric in METRICS)
        true = float(np.median([TRUTHS[METRICS[0]](at) for at in exercises.moments(clip)]))
        if isinstance(m.value, float) and m.uncertainty is not None:
            assert m.status == "low_confidence"
            found.append((clip, m.value, m.uncertainty, true))
    if len(found) < 8:
        pytest.skip("too few clips with found poses")
    return found


def test_the_stated_interval_holds_on_bodies_kept_back(told: list[tuple[exercises.Clip, float, float, float]]) -> None:
    kept_back = [row for row in told if row[0].group == "held_out"]
    inside = [abs(value - true) <= half for _, value, half, true in kept_back]
    assert np.mean(inside) >= 0.9


def test_a_rounded_and_an_arched_back_stand_out(told: list[tuple[exercises.Clip, float, float, float]]) -> None:
    for activity in ("single_leg_deadlift", "bird_dog"):
        of = {
            kind: [v for c, v, _, t in told if c.activity == activity and (abs(t) > 15) is kind]
            for kind in (True, False)
        }
        if not (of[True] and of[False]):
            continue
        assert min(np.abs(of[True])) > 2 * max(np.abs(of[False]))
