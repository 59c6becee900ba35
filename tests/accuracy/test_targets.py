"""The targets of the rendered bench on its held-out clips, profile ``balanced``: reached, or said to be missed.

Needs the clips (``python tools/render_clips.py --bench``); poses are found once and kept beside them.
"""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.sureness import CHANGED

from . import rendered
from .rendered import Outcome

pytestmark = [
    pytest.mark.accuracy,
    pytest.mark.skipif(rendered.why_absent() is not None, reason=rendered.why_absent() or ""),
]


@pytest.fixture(scope="module")
def held_out() -> Outcome:
    """What the product finds in the clips nothing was tuned on."""
    if len(rendered.clips("held_out")) < 16:
        pytest.skip("not all held-out clips have been made: python tools/render_clips.py --bench")
    return rendered.outcome("balanced", "held_out")


def _mae(out: Outcome, name: str, **conditions: str) -> float:
    errors = out.of(name, **conditions)
    assert len(errors) > 3
    return float(np.abs(errors).mean())


def test_cadence_of_long_clips(held_out: Outcome) -> None:
    assert _mae(held_out, "cadence_spm", lasts="14 s and more") < 0.3


def test_contact_time_at_60_frames_a_second(held_out: Outcome) -> None:
    errors = held_out.of("contact_time_s", **{"frames a second": "60"})
    assert len(errors) >= 10
    assert 1000 * np.abs(errors).mean() < 12.0


@pytest.mark.parametrize("angle", ["near_thigh", "near_shank"])
@pytest.mark.parametrize(("which", "most_deg"), [("rms_deg", 3.5), ("rms_less_offset_deg", 2.5)])
def test_near_leg_over_the_stride(held_out: Outcome, angle: str, which: str, most_deg: float) -> None:
    """In the usual (median) clip; on every single one it is not: handrails and blur cost more."""
    assert float(np.median(held_out.of(f"{angle}_{which}"))) < most_deg


@pytest.mark.parametrize(
    ("metric", "most"),
    [
        ("knee_flexion_at_contact_deg", 3.0),
        ("peak_stance_knee_flexion_deg", 3.0),
        ("trunk_lean_deg", 1.5),
        ("trunk_lean_range_deg", 1.5),
        ("vertical_oscillation_cm", 0.6),
        ("overstride_pct_leg", 2.0),
    ],
)
def test_mean_error_of_a_number(held_out: Outcome, metric: str, most: float) -> None:
    assert _mae(held_out, metric) < most


def test_foot_angle_at_contact(held_out: Outcome) -> None:
    assert float(np.sqrt(np.mean(held_out.of("foot_angle_at_contact_deg") ** 2))) < 2.9


def test_stated_intervals_hold_the_truth(held_out: Outcome) -> None:
    """At least nine of ten over all numbers together; no number of its own falls below eight of ten."""
    shares = {name: held_out.inside(name) for name in {e.name for e in held_out.errors if e.uncertainty is not None}}
    held, stated = np.sum(list(shares.values()), axis=0)
    assert held / stated >= 0.9
    assert not {name: share for name, share in shares.items() if share[0] < 0.8 * share[1]}


def test_no_runner_is_said_to_change_within_the_clip() -> None:
    told = [m for clip in rendered.clips() for m in rendered.analysed(clip, "balanced").measurements]
    assert len(told) > 1000
    assert not [m for m in told if m.reason is not None and m.reason.code == CHANGED]
