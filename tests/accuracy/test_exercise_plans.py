"""What the exercise clips are to show, before anything is drawn: repetitions, holds, groups, and exact times."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from rendering.exercise_bench import BODIES, ExerciseClip, exercise_clips  # noqa: E402
from rendering.exercise_plan import Planner  # noqa: E402
from rendering.exercise_rows import ROWS, SAMPLES  # noqa: E402
from rendering.exercise_rows_more import WIDER  # noqa: E402

CLIPS = exercise_clips(ROWS, WIDER)


@pytest.mark.parametrize("clip", CLIPS.values(), ids=lambda clip: clip.name)
def test_every_plan_is_in_order_and_ends_within_its_clip(clip: ExerciseClip) -> None:
    plan = clip.plan
    assert plan.reps or plan.holds
    last_s = 0.0
    for rep in plan.reps:
        assert last_s <= rep["start_s"] < rep["hold_start_s"] <= rep["top_s"] <= rep["hold_end_s"]
        assert rep["complete"] == (rep["end_s"] is not None)
        last_s = rep["end_s"] or plan.duration_s
    assert all(0 <= hold["start_s"] < hold["end_s"] <= plan.duration_s for hold in plan.holds)
    assert 5.0 <= plan.duration_s <= 17.0


def test_held_out_clips_have_bodies_of_their_own() -> None:
    tuning = {clip.build for clip in CLIPS.values() if clip.group == "tuning"}
    held_out = {clip.build for clip in CLIPS.values() if clip.group == "held_out"}
    assert not tuning & held_out
    assert tuning <= set(BODIES["tuning"])
    share = sum(clip.group == "held_out" for clip in CLIPS.values()) / len(CLIPS)
    assert 1 / 3 <= share <= 1 / 2


def test_every_activity_is_done_well_and_badly() -> None:
    for activity in {row.activity for row in ROWS} - {"side_plank", "back_extension"}:
        faults = [bool(row.faults) for row in ROWS if row.activity == activity]
        assert {True, False} == set(faults), activity


def test_samples_are_clips_of_the_tuning_group() -> None:
    assert {CLIPS[name].group for name in SAMPLES.values()} == {"tuning"}


def test_rows_filmed_more_widely_show_every_body_of_the_tuning_group() -> None:
    twice = {f"{row.activity}_{row.variant}_{row.view}" for row in ROWS if row.n_casts == 2}
    for name in set(WIDER) - twice:
        assert {clip.build for clip in CLIPS.values() if clip.name.rpartition("_")[0] == name} >= set(BODIES["tuning"])


def test_the_same_seed_gives_the_same_clips() -> None:
    assert {name: clip.spec_hash for name, clip in CLIPS.items()} == {
        name: clip.spec_hash for name, clip in exercise_clips(ROWS, WIDER).items()
    }


@given(
    up_s=st.floats(0.3, 3.0),
    hold_s=st.floats(0.0, 2.0),
    down_s=st.floats(0.3, 3.0),
    size=st.floats(0.2, 1.0),
    soft=st.floats(0.0, 1.0),
)
def test_a_repetition_moves_exactly_between_its_times(
    up_s: float, hold_s: float, down_s: float, size: float, soft: float
) -> None:
    planner = Planner(np.random.default_rng(1), rep=0.0).wait(0.5)
    planner.rep(up_s=up_s, hold_s=hold_s, down_s=down_s, rest_s=0.4, size=size)
    plan = planner.done()
    plan.soft = soft
    (rep,) = plan.reps
    at = plan.channel("rep", np.array([rep["start_s"], rep["top_s"], rep["end_s"]]))
    assert at == pytest.approx([0.0, size, 0.0], abs=1e-3)
    rising = plan.channel("rep", np.linspace(rep["start_s"], rep["hold_start_s"], 40))
    assert (np.diff(rising) > -1e-9).all()


def test_what_the_clip_cuts_has_no_end() -> None:
    planner = Planner(np.random.default_rng(1), rep=0.0)
    planner.rep(up_s=1.0, hold_s=0.5, down_s=1.0, rest_s=0.5).rep(up_s=1.0, hold_s=0.5, down_s=1.0, rest_s=0.5)
    cut_s = planner.plan.reps[1]["hold_end_s"]
    first, second = planner.done(cut_s).reps
    assert first["complete"]
    assert not second["complete"]
    assert second["end_s"] is None
