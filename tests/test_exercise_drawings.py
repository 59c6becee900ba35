"""What is drawn on exercises: for every exercise and view, coloured by what is wrong, on exactly set bodies."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_exercises_lying import hip_lift_at, plank_at, track
from test_on_feet import FACTS, front_squat, on_one_leg, squat, standing, stretch_hip_flexor

from formcheck.activities import MODULES
from formcheck.activities.card import load_activity_cards
from formcheck.analysis import Options, analyze_pose
from formcheck.annotate import draw_key_moment
from formcheck.annotate.brush import Brush
from formcheck.annotate.exercise import _BONES, ExerciseDrawing, _above
from formcheck.annotate.exercise_panels import ExercisePanels, Now
from formcheck.annotate.lines import Drawn, Lines
from formcheck.annotate.places import Body
from formcheck.annotate.timeline import Timeline
from formcheck.annotate.toes import wrong_toes
from formcheck.annotate.typeface import Typeface
from formcheck.cards import LANGS, Lang, load_cards
from formcheck.planes import black
from formcheck.records import Analysis, PoseTrack
from formcheck.skeleton import INDEX


def analysed(pose: PoseTrack, activity: str, view: str = "auto") -> Analysis:
    return analyze_pose(pose, FACTS, Options(activity=activity, view=view))  # type: ignore[arg-type]


def lines_at(analysis: Analysis, time_s: float) -> list[Drawn]:
    return Lines(analysis, "en").at(Timeline(analysis, 1.0).pose_at(time_s), time_s)


@pytest.mark.parametrize("activity", list(load_activity_cards()))
def test_every_exercise_has_a_line_from_wherever_it_may_be_seen(activity: str) -> None:
    cards, card = load_cards(), load_activity_cards()[activity]
    for view in (view for name, view in MODULES if name == activity):
        parts = card.parts(view)
        assert parts
        for part in parts:
            assert part.judged_by == "" or view in cards[part.judged_by].views
            assert part.judged_by == "" or activity in cards[part.judged_by].activities
            assert part.at in ("", *part.joints)


@pytest.mark.parametrize(
    ("pose", "activity", "view"),
    [
        (on_one_leg("left"), "single_leg_stance", "front"),
        (stretch_hip_flexor("right"), "stretch_hip_flexor", "side"),
        (front_squat(), "squat", "front"),
        (squat(arm=180.0), "overhead_squat", "side"),
    ],
)
def test_every_key_moment_can_be_drawn(pose: PoseTrack, activity: str, view: str) -> None:
    analysis = analysed(pose, activity, view)
    blank = np.full((pose.height_px, pose.width_px, 3), 90, np.uint8)
    assert analysis.key_moments
    for moment in analysis.key_moments:
        drawn = draw_key_moment(blank, analysis, moment, "ja")
        assert (drawn[: pose.height_px] != blank).any()


def test_the_line_at_fault_is_red_and_the_others_are_not() -> None:
    analysis = analysed(squat(arm=180.0 - 60.0), "overhead_squat", "side")
    drawn = {len(line.strokes): line for line in lines_at(analysis, analysis.reps[0].top_s) if line.words}
    arms, trunk_and_shin = drawn[1], drawn[2]
    assert arms.level == "act"
    assert trunk_and_shin.level != "act"


def test_at_rest_nothing_is_judged() -> None:
    analysis = analysed(squat(arm=120.0), "overhead_squat", "side")
    assert {line.level for line in lines_at(analysis, analysis.reps[0].start_s)} == {"unknown"}


def test_every_repetition_has_a_picture_and_the_best_and_the_worst_are_named() -> None:
    tops = iter([200.0, 178.0, 190.0])
    lifts = {k: next(tops) for k in range(3)}
    pose = track(lambda t: hip_lift_at(t, lifts[min(max(int((t - 1.0) // 3.5), 0), 2)], 3), 13.0)
    analysis = analysed(pose, "hip_lift")
    kinds = {moment.n: moment.kind for moment in analysis.key_moments if moment.kind != "rep_start"}
    assert kinds == {1: "worst", 2: "best", 3: "rep_top"}


@pytest.mark.parametrize(
    ("pose", "activity", "view"),
    [
        (squat(arm=180.0), "overhead_squat", "side"),
        (front_squat(), "squat", "front"),
        (on_one_leg("left"), "single_leg_stance", "front"),
        (track(lambda t: hip_lift_at(t, 178.0, 3), 13.0), "hip_lift", "side"),
    ],
)
@pytest.mark.parametrize("lang", LANGS)
def test_panel_and_curve_keep_one_place_off_the_body(pose: PoseTrack, activity: str, view: str, lang: Lang) -> None:
    room = np.array([0.6 * pose.width_px, 0.0])
    pose = replace(pose, xy_px=pose.xy_px + room, width_px=round(2.2 * pose.width_px))
    analysis = analysed(pose, activity, view)
    lines, face = Lines(analysis, lang), Typeface()
    panels, body = ExercisePanels(analysis, lines, lang), Body(analysis.signals, 1.0)
    boxes = set()
    for time_s in np.linspace(0.0, float(pose.time_s[-1]), 9).tolist():
        brush = Brush(black(pose.width_px, pose.height_px), face)
        now = Now("draw_phase_out", analysis.reps[0] if analysis.reps else None)
        drawn = lines.at(Timeline(analysis, 1.0).pose_at(time_s), time_s)
        boxes.add(panels.draw(brush, now, lines.level_at(time_s), drawn, time_s))
    ((panel, curve),) = boxes
    assert body.covered(panel) + body.covered(curve) < 0.5
    assert min(panel[0], panel[1]) >= 0
    assert panel[2] <= pose.width_px
    apart = panel[2] <= curve[0] or curve[2] <= panel[0] or panel[3] <= curve[1] or curve[3] <= panel[1]
    assert apart


def test_a_rectangle_over_the_head_counts_more_than_one_over_the_shin() -> None:
    pose = on_one_leg("left")
    body = Body(analysed(pose, "single_leg_stance", "front").signals, 1.0)

    def around(joint: str) -> tuple[int, int, int, int]:
        x, y = np.nanmedian(pose.xy_px[:, INDEX[joint]], axis=0).astype(int).tolist()
        return x - 40, y - 40, x + 40, y + 40

    assert body.covered(around("nose")) > body.covered(around("left_knee")) > 0.0
    assert body.covered((0, 0, 5, 5)) == 0.0


@pytest.mark.parametrize("shift", [-1.0, 0.0, 1.0])
@pytest.mark.parametrize(("pose", "view", "n"), [(front_squat(sink=0.0), "front", 3), (standing(6.0), "side", 1)])
def test_every_number_of_standing_is_beside_the_body_and_by_itself(
    pose: PoseTrack, view: str, n: int, shift: float
) -> None:
    """In the middle of the picture and at either side of it."""
    x = pose.xy_px[:, :, 0]
    room = np.nanmin(x) if shift < 0 else pose.width_px - np.nanmax(x)
    analysis = analysed(replace(pose, xy_px=pose.xy_px + np.array([0.9 * shift * room, 0.0])), "standing", view)
    brush = Brush(black(pose.width_px, pose.height_px), Typeface())
    time_s = analysis.key_moments[0].time_s
    shown = Timeline(analysis, 1.0).pose_at(time_s)
    ExerciseDrawing(analysis, "en").draw_lines(brush, shown, time_s)
    _, *numbers = brush._taken  # the first is kept free for the head
    assert len(numbers) == n
    bones = np.concatenate([np.linspace(shown.xy_px[a], shown.xy_px[b], 50) for a, b in _BONES])
    for k, (left, top, right, bottom) in enumerate(numbers):
        within = (bones > [left, top]).all(axis=1) & (bones < [right, bottom]).all(axis=1)
        assert not within.any()
        assert 0 <= left < right <= pose.width_px
        for other in numbers[k + 1 :]:
            assert bottom <= other[1] or other[3] <= top or right <= other[0] or other[2] <= left


@pytest.mark.parametrize("head", ["left", "right"])
def test_a_toe_that_rises_from_a_flat_foot_is_not_drawn_and_all_else_is(head: str) -> None:
    """As the network sees it in a hip lift: the higher the hips, the higher the toe, and it is sure of it."""
    flat = track(lambda t: hip_lift_at(t, 178.0, 3), 13.0, head=head)
    hips = flat.xy_px[:, INDEX["left_hip"], 1]
    xy = flat.xy_px.copy()
    shank = np.hypot(*(xy[0, INDEX["left_knee"]] - xy[0, INDEX["left_ankle"]]))
    xy[:, INDEX["left_foot_index"], 1] -= 0.2 * shank * (hips.max() - hips) / np.ptp(hips)
    for pose, drawn in ((flat, True), (replace(flat, xy_px=xy), False)):
        timeline = Timeline(analysed(pose, "hip_lift"), 1.0)
        shown = np.isfinite(timeline.pose_at(4.0).xy_px).all(axis=1)
        assert shown[INDEX["left_foot_index"]] == drawn
        assert np.delete(shown, INDEX["left_foot_index"]).all()


def test_toes_of_other_exercises_go_where_they_want() -> None:
    standing_up = analysed(squat(heel=0.1), "squat")
    assert wrong_toes(standing_up) == []


def test_a_line_whose_end_is_out_of_the_picture_has_no_number_beside_it() -> None:
    whole = track(lambda t: plank_at(180.0), 8.0)
    ankle_x = float(np.nanmedian(whole.xy_px[:, INDEX["right_ankle"], 0]))
    cut = replace(whole, xy_px=whole.xy_px - np.array([ankle_x + 50.0, 0.0]))
    seen, unseen = (lines_at(analysed(pose, "plank"), 4.0) for pose in (whole, cut))
    assert any(line.words for line in seen)
    assert not any(line.words for line in unseen)


@given(
    ends=st.lists(st.tuples(st.floats(0.0, 600.0), st.floats(200.0, 400.0)), min_size=2, max_size=4),
    half_px=st.floats(5.0, 80.0),
)
def test_a_number_lies_above_its_lying_line_and_never_far_off(ends: list[tuple[float, float]], half_px: float) -> None:
    """Points of every piece nearer level than upright stay below the number, as wide as it is."""
    stroke = np.array(ends)
    line = Drawn((stroke,), "good", "90°", stroke[0])
    x, y = _above(line, half_px, 20.0)
    assert x == stroke[0, 0]
    assert stroke[:, 1].min() - 20.0 - 1e-6 <= y <= stroke[0, 1] - 20.0 + 1e-6
    for start, end in pairwise(stroke):
        if abs(end[1] - start[1]) < abs(end[0] - start[0]):
            along = start + np.linspace(0.0, 1.0, 50)[:, None] * (end - start)
            under = along[np.abs(along[:, 0] - x) <= half_px]
            assert (under[:, 1] >= y + 20.0 - 1e-6).all()
