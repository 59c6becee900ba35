"""The line of the back that is drawn: on the outline where it is seen, the person's own where an arm hides it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from synthetic import Runner
from test_back_at_rest import SWING_DEG, running

from formcheck.analysis import analyze_pose
from formcheck.annotate.back import LOWEST, SHOWN_S, DrawnBack, change_of
from formcheck.annotate.brush import Brush
from formcheck.annotate.typeface import Typeface
from formcheck.back_curve import LUMBAR, back_curve
from formcheck.outline import STATIONS
from formcheck.planes import black
from formcheck.records import Analysis


@cache
def analysed() -> Analysis:
    runner = Runner(lean_swing_deg=0.0)
    return analyze_pose(running(), runner.facts())


def lit(time_s: float) -> int:
    """How many pixels are drawn on a black picture."""
    picture = black(analysed().pose.width_px, analysed().pose.height_px)
    DrawnBack(analysed(), 1.0, "en").draw(Brush(picture, Typeface()), time_s)
    return int((picture.luma > picture.luma.min()).sum())


def test_it_is_drawn_about_push_off_only() -> None:
    push_offs = [event.time_s for event in analysed().events if event.kind == "toe_off"]
    assert lit(push_offs[2]) > 1000
    between = (push_offs[2] + push_offs[3]) / 2
    assert min(abs(between - time_s) for time_s in push_offs) > SHOWN_S
    assert lit(between) == 0


@pytest.mark.parametrize(("low", "high"), [(0.1, 0.6), (0.0, 0.3), (0.5, 1.0)])
def test_a_hidden_stretch_runs_as_the_own_back_does(low: float, high: float) -> None:
    curve = back_curve(analysed())
    assert curve is not None
    drawn = (STATIONS > LOWEST) & (STATIONS < 1.1)
    hidden = np.abs(STATIONS - (low + high) / 2) < (high - low) / 2
    covered = replace(curve, offset=np.where(hidden, np.nan, curve.offset))
    for look in range(20, 60, 7):
        lumbar = float(np.interp(curve.line.time_s[look], analysed().signals.time_s, analysed().signals.series[LUMBAR]))
        seen, whole = curve.offset[look], covered.whole(look, lumbar)
        np.testing.assert_allclose(whole[drawn & ~hidden], seen[drawn & ~hidden])
        np.testing.assert_allclose(whole[hidden], seen[hidden], atol=0.006)


def test_the_number_beside_it_is_the_clips() -> None:
    change = change_of(analysed(), analysed().signals.near_side)
    assert change is not None
    assert 0 < float(change.value or 0) < 2 * SWING_DEG
