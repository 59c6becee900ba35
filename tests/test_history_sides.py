"""Exercises of one leg and of the other are two trends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from test_exercises_lying import plank_at, track
from test_on_feet import FACTS, deadlift, on_one_leg, stretch_calf

from formcheck.analysis import Options, analyze_pose
from formcheck.compare import compare_analyses
from formcheck.exports.analysis_json import analysis_as_dict
from formcheck.history import analyses, people
from formcheck.history.database import open_history
from formcheck.history.place import Place
from formcheck.history.sides import measurements_of
from formcheck.history.trends import series_of, variants_of
from formcheck.keeping import to_keep
from formcheck.records import Analysis, PoseTrack
from formcheck.skeleton import SIDES, Side


def analysed(pose: PoseTrack, activity: str) -> Analysis:
    return analyze_pose(pose, FACTS, Options(activity=activity))


def one_after_the_other(first: PoseTrack, second: PoseTrack) -> PoseTrack:
    later = second.time_s + first.time_s[-1] + first.time_s[1]
    joined = {
        name: np.concatenate([getattr(first, name), getattr(second, name)])
        for name in ("xy_px", "visibility", "outline_qpx")
    }
    return replace(first, time_s=np.concatenate([first.time_s, later]), **joined)


@pytest.mark.parametrize(
    ("activity", "made"),
    [("single_leg_deadlift", deadlift), ("single_leg_stance", on_one_leg), ("stretch_calf", stretch_calf)],
)
def test_left_and_right_are_two_trends_in_every_number(
    activity: str, made: Callable[[Side], PoseTrack], tmp_path: Path
) -> None:
    with open_history(Place(tmp_path)) as history:
        with history.writing() as session:
            aoi = people.add(session, people.LOCAL, "Aoi").id
        for k, side in enumerate(("left", "right", "left")):
            kept = to_keep(analysed(made(side), activity), date(2026, 11, 2 + k))
            analyses.keep(history, people.LOCAL, aoi, kept)
        with history.reading() as session:
            series = series_of(session, people.find(session, people.LOCAL, aoi), activity)
    sides = {side for _, side in series}
    assert sides == {"left", "right"}
    metrics = {metric for metric, _ in series}
    assert all(len(series[metric, "left"]) == 2 and len(series[metric, "right"]) == 1 for metric in metrics)


def test_a_clip_of_both_sides_has_the_numbers_of_each() -> None:
    both = analysed(one_after_the_other(on_one_leg("left"), on_one_leg("right")), "single_leg_stance")
    held = {hold.side: hold.end_s - hold.start_s for hold in both.holds}
    rows = {(m.metric, m.side): m.value for m in measurements_of(analysis_as_dict(both))}
    assert set(held) == {"left", "right"}
    assert {side: rows["hold_time_s", side] for side in held} == pytest.approx(held)


def test_an_exercise_without_sides_stays_without() -> None:
    held = analysed(track(lambda t: plank_at(180.0), 10.0), "plank")
    assert {m.side for m in measurements_of(analysis_as_dict(held))} == {None}


def test_left_against_right_is_called_that_and_no_change_over_time() -> None:
    left, right = (analysed(on_one_leg(side), "single_leg_stance") for side in SIDES)
    compared = compare_analyses(left, right)
    assert "compare_legs_differ" in {note.code for note in compared.notes}
    assert ("left", "right") in {difference.sides for difference in compared.differences}
    assert "compare_legs_differ" not in {note.code for note in compare_analyses(left, left).notes}


def planks() -> tuple[Analysis, Analysis]:
    """The same person on the toes and on the knees."""
    toes = plank_at(180.0)
    knees = toes | {"hip": (-0.95, 0.38), "knee": (-1.8, 0.1), "ankle": (-2.6, 0.2), "heel": (-2.7, 0.3)}
    return analysed(track(lambda t: toes, 10.0), "plank"), analysed(track(lambda t: knees, 10.0), "plank")


def test_planks_on_the_knees_and_on_the_toes_are_two_trends_also_of_old_entries(tmp_path: Path) -> None:
    """Also of what was kept before trends knew of it: nothing but what ``analysis.json`` always said is read."""
    toes, knees = planks()
    with open_history(Place(tmp_path)) as history:
        with history.writing() as session:
            aoi = people.add(session, people.LOCAL, "Aoi").id
        for k, held in enumerate((toes, knees, toes, replace(knees, warnings=()))):
            analyses.keep(history, people.LOCAL, aoi, to_keep(held, date(2026, 11, 2 + k)))
        with history.reading() as session:
            person = people.find(session, people.LOCAL, aoi)
            ways = variants_of(session, person, "plank")
            n_lines = {way: len(series_of(session, person, "plank", way)["body_line_deg", ""]) for way in ways.values()}
    assert n_lines == {"plank_toes": 2, "plank_knees": 1, "": 1}


def test_two_ways_of_doing_an_exercise_are_called_that() -> None:
    toes, knees = planks()
    assert "compare_ways_differ" in {note.code for note in compare_analyses(toes, knees).notes}
    assert "compare_ways_differ" not in {note.code for note in compare_analyses(knees, knees).notes}
