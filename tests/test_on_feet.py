"""Activities on the feet, on a chair and in stretches: recognised, counted and measured on bodies set exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from synthetic_body import RATE_HZ, SideBody, across, reach, repeated

from formcheck.activities import examine
from formcheck.activities.danger import RULED_OUT, ruled_out_for, ruled_out_note
from formcheck.activities.examined import Examined
from formcheck.activities.recognise import recognised, runs_or_walks
from formcheck.analysis import Options, analyze_pose, with_answers
from formcheck.cards import LANGS, load_cards
from formcheck.guidance.cited import plain
from formcheck.metrics.by_repetition import corrected
from formcheck.metrics.exercise.bounce import swing_deg
from formcheck.metrics.exercise.calf_heel import ANKLE_SHARE
from formcheck.records import Answers, InputError, Measurement, PoseTrack, Subject, VideoFacts
from formcheck.skeleton import INDEX, SIDES, Side, other
from formcheck.texts import note_text, points_to_text

TURN = repeated()
N = len(TURN)
HELD_S = 6.0
FACTS = VideoFacts("squat.mp4", 1280, 1280, N, N / RATE_HZ, RATE_HZ, False, 1.0)


def entered(before: float, then: float) -> np.ndarray:
    """A second at ``before``, a second of getting there, ``HELD_S`` at ``then``, and back."""
    into = reach(np.linspace(0, 1, round(RATE_HZ)))
    share = np.concatenate([0 * into, into, np.ones(round(HELD_S * RATE_HZ)), into[::-1], 0 * into])
    return before + (then - before) * share


M = len(entered(0, 1))


def both(value: object) -> dict[Side, object]:
    return dict.fromkeys(SIDES, value)


def squat(arm: object = 0.0, lean: float = 35.0, heel: float = 0.0, facing: str = "right") -> PoseTrack:
    return SideBody(
        trunk=2 + (lean - 2) * TURN,
        thigh=both(65 * TURN),
        knee=both(95 * TURN),
        arm=arm,
        heel=both(heel * TURN),
        facing=facing,
    ).pose(N)  # type: ignore[arg-type]


def front_squat(knees_in: float = 0.0, shift: float = 0.0, sink: float = 0.5) -> PoseTrack:
    moved = {
        f"{side}_{joint}": (shift * TURN, -sink * TURN)
        for side in SIDES
        for joint in ("shoulder", "elbow", "wrist", "hip", "ear")
    }
    for side, sign in (("left", 1.0), ("right", -1.0)):
        moved[f"{side}_knee"] = (-sign * knees_in * TURN, -0.1 * TURN)
    return across(moved, N)


def deadlift(stance: Side = "left", rear_bend: float = 0.0) -> PoseTrack:
    """Stands on one leg; the free leg goes on in the trunk's line but for ``rear_bend`` at the hip."""
    thigh = {stance: 10 * TURN, other(stance): -(80 - rear_bend) * TURN}
    knee = {stance: 15 * TURN, other(stance): 0.0 * TURN}
    facing = "left" if stance == "left" else "right"
    return SideBody(trunk=80 * TURN, thigh=thigh, knee=knee, pinned=stance, facing=facing).pose(N)  # type: ignore[arg-type]


def on_one_leg(stance: Side = "left", drop_deg: float = 0.0) -> PoseTrack:
    up = entered(0.0, 0.3)
    free = other(stance)
    sign = 1.0 if free == "left" else -1.0
    sink = 0.22 * np.tan(np.radians(drop_deg)) * (up / 0.3)
    moved = {f"{free}_{joint}": (0.0 * up, up) for joint in ("ankle", "heel", "foot_index")}
    moved[f"{free}_knee"] = (0.0 * up, 0.5 * up)
    moved[f"{free}_hip"] = (0.0 * sign * up, -sink)
    return across(moved, M)


def stretch_hip_flexor(side: Side = "left", trunk: float = 0.0) -> PoseTrack:
    rear, front = entered(30, -15), entered(80, 80)
    thigh, knee = {side: rear, other(side): front}, {side: entered(90, 80), other(side): entered(90, 90)}
    return SideBody(trunk=trunk, thigh=thigh, knee=knee, pinned=other(side)).pose(M)  # type: ignore[arg-type]


def stretch_quadriceps(side: Side = "left", bend: float = 130.0) -> PoseTrack:
    thigh = {side: entered(0, 0), other(side): entered(0, 0)}
    knee = {side: entered(0, bend), other(side): entered(0, 0)}
    return SideBody(thigh=thigh, knee=knee, pinned=other(side)).pose(M)  # type: ignore[arg-type]


def stretch_calf(side: Side = "left", heel: float = 0.0) -> PoseTrack:
    rear = {side: entered(0, -30), other(side): entered(0, 30)}
    knee = {side: entered(0, 0), other(side): entered(0, 35)}
    body = SideBody(trunk=5, thigh=rear, knee=knee, heel={side: heel, other(side): 0.0}, pinned=other(side))  # type: ignore[arg-type]
    return body.pose(M)


def without_beginning(pose: PoseTrack) -> PoseTrack:
    late = pose.time_s > LEFT_S
    return replace(pose, time_s=pose.time_s[late] - pose.time_s[late][0], xy_px=pose.xy_px[late],
                   visibility=pose.visibility[late], outline_qpx=pose.outline_qpx[late])  # fmt: skip


def on_the_ball(rise: float) -> PoseTrack:
    """A calf stretch whose rear ankle rises by a share of the leg; the foot stays where it was."""
    pose = stretch_calf()
    rear = INDEX["left_ankle"]
    xy = pose.xy_px.copy()
    leg_px = np.linalg.norm(xy[0, INDEX["left_hip"]] - xy[0, rear])
    xy[:, rear, 1] = xy[0, rear, 1] - entered(0, rise) * leg_px
    return replace(pose, xy_px=xy)


def towel(side: Side = "left", raised: float = 75.0) -> PoseTrack:
    """On the back, head to the left of the picture; a leg goes up."""
    thigh = {side: entered(-90 + 180, 90 + raised), other(side): entered(90, 90)}
    body = SideBody(trunk=-90, thigh=thigh, knee=both(0.0), arm=0, pinned=other(side))  # type: ignore[arg-type]
    return body.pose(M)


def seated(side: Side = "left", fold: float = 50.0) -> PoseTrack:
    thigh = {side: entered(88, 88), other(side): entered(140, 140)}
    knee = {side: entered(0, 0), other(side): entered(140, 140)}
    return SideBody(trunk=entered(0, fold), thigh=thigh, knee=knee, pinned=side).pose(M)  # type: ignore[arg-type]


def sitting(lean: float = 3.0) -> PoseTrack:
    return SideBody(trunk=lean, thigh=both(90.0), knee=both(90.0)).pose(M)  # type: ignore[arg-type]


def standing(hip_ahead: float = 0.0) -> PoseTrack:
    """``hip_ahead``: degrees by which the legs lean forward and the trunk back."""
    return SideBody(trunk=-hip_ahead, thigh=both(-hip_ahead), knee=both(0.0)).pose(M)  # type: ignore[arg-type]


CLIPS: dict[str, Callable[[], PoseTrack]] = {
    "squat": squat,
    "overhead_squat": lambda: squat(arm=175.0),
    "single_leg_deadlift": deadlift,
    "single_leg_stance": on_one_leg,
    "standing": standing,
    "sitting": sitting,
    "forward_bend": lambda: SideBody(trunk=2 + 95 * TURN, arm=90 * TURN).pose(N),
    "back_extension": lambda: SideBody(trunk=2 - 25 * TURN).pose(N),
    "stretch_hip_flexor": stretch_hip_flexor,
    "stretch_quadriceps": stretch_quadriceps,
    "stretch_hamstring_seated": seated,
    "stretch_hamstring_towel": towel,
    "stretch_calf": stretch_calf,
}
REPEATED = ("squat", "overhead_squat", "single_leg_deadlift", "forward_bend", "back_extension")


def found(pose: PoseTrack, activity: str = "auto") -> Examined:
    return examine(pose, Subject(), activity)


def number(pose: PoseTrack, activity: str, metric: str) -> float:
    values = [m.value for m in found(pose, activity).measurements if m.metric == metric and m.value is not None]
    assert len(values) == 1, values
    assert isinstance(values[0], float)
    return values[0]


@pytest.mark.parametrize("activity", CLIPS)
def test_it_is_recognised_without_being_told(activity: str) -> None:
    assert found(CLIPS[activity]()).activity == activity


@pytest.mark.parametrize("activity", REPEATED)
def test_repetitions_are_counted_and_timed(activity: str) -> None:
    reps = found(CLIPS[activity]()).reps
    assert [rep.complete for rep in reps] == [True] * 3
    for n, rep in enumerate(reps):
        assert rep.start_s == pytest.approx(1.0 + 3.8 * n, abs=0.2)
        assert rep.top_s == pytest.approx(2.4 + 3.8 * n, abs=0.15)


STRETCHES: dict[str, Callable[[Side], PoseTrack]] = {
    "stretch_hip_flexor": stretch_hip_flexor,
    "stretch_quadriceps": stretch_quadriceps,
    "stretch_calf": stretch_calf,
    "stretch_hamstring_seated": seated,
    "stretch_hamstring_towel": towel,
}
LEFT_S = 2.0
"""Every held position of this file is entered from the first to the second second."""


@pytest.mark.parametrize("activity", STRETCHES)
@pytest.mark.parametrize("side", SIDES)
def test_a_stretch_has_its_side_and_begins_and_ends_where_the_body_rests(activity: str, side: Side) -> None:
    (hold,) = found(STRETCHES[activity](side), activity).holds
    assert (hold.side, hold.complete) == (side, True)
    assert (hold.start_s, hold.end_s) == pytest.approx((LEFT_S, LEFT_S + HELD_S), abs=0.2)


@pytest.mark.parametrize("activity", sorted(set(STRETCHES) - {"stretch_quadriceps"}))  # whose ankle is all that moves
@pytest.mark.parametrize("joint", ["knee", "ankle"])
def test_a_stretch_goes_on_while_one_joint_is_lost(activity: str, joint: str) -> None:
    pose = STRETCHES[activity]("left")
    lost = (pose.time_s > 4.0) & (pose.time_s < 6.0)
    pose.xy_px[np.ix_(lost, [INDEX[f"left_{joint}"]])] += [90.0, -90.0]
    (hold,) = found(pose, activity).holds
    assert (hold.start_s, hold.end_s) == pytest.approx((LEFT_S, LEFT_S + HELD_S), abs=0.3)


def test_a_spell_on_one_leg_lasts_from_when_the_foot_leaves_the_floor_until_it_is_back() -> None:
    (hold,) = found(on_one_leg("left")).holds
    assert hold.side == "left"
    assert (hold.start_s, hold.end_s) == pytest.approx((1.0, 3.0 + HELD_S), abs=0.2)


# ------------------------------------------------------------------------------------------------ known numbers

KNOWN = [
    (squat, "squat", "squat_depth_deg", 65.0, 2.0),
    (squat, "squat", "trunk_over_shin_deg", 5.0, 2.0),
    (lambda: squat(lean=55.0), "squat", "trunk_over_shin_deg", 25.0, 2.0),
    (lambda: squat(heel=15.0), "squat", "heel_rise_pct_leg", 100 * 0.26 * np.sin(np.radians(15)), 0.5),
    (lambda: squat(arm=175.0), "overhead_squat", "arms_fall_deg", 5.0, 2.0),
    (lambda: squat(arm=180 - 40 * TURN), "overhead_squat", "arms_fall_deg", 40.0, 2.0),
    (front_squat, "squat", "knees_in_pct", 92.3, 2.0),
    (lambda: front_squat(knees_in=0.05), "squat", "knees_in_pct", 100 * 0.07 / 0.13, 5.0),
    (lambda: front_squat(shift=0.06), "squat", "weight_shift_pct_leg", 6.0, 0.3),
    (deadlift, "single_leg_deadlift", "trunk_leg_line_deg", 180.0, 3.0),
    (lambda: deadlift(rear_bend=30), "single_leg_deadlift", "trunk_leg_line_deg", 150.0, 3.0),
    (deadlift, "single_leg_deadlift", "deadlift_trunk_deg", 80.0, 2.0),
    (deadlift, "single_leg_deadlift", "stance_knee_deg", 15.0, 2.0),
    (standing, "standing", "sway_back_pct_height", 0.0, 0.2),
    (lambda: standing(5.0), "standing", "hip_ahead_pct_height", 49.1 * np.sin(np.radians(5)), 0.2),
    (sitting, "sitting", "sitting_trunk_deg", 3.0, 0.5),
    (sitting, "sitting", "sitting_hip_deg", 87.0, 0.5),
    (sitting, "sitting", "sitting_knee_deg", 90.0, 0.5),
    (CLIPS["forward_bend"], "forward_bend", "bend_trunk_deg", 95.0, 2.0),
    (CLIPS["back_extension"], "back_extension", "extension_trunk_deg", 25.0, 1.5),
    (stretch_hip_flexor, "stretch_hip_flexor", "rear_thigh_deg", 15.0, 0.5),
    (lambda: stretch_hip_flexor(trunk=-18.0), "stretch_hip_flexor", "stretch_trunk_deg", -18.0, 0.5),
    (stretch_quadriceps, "stretch_quadriceps", "stretch_knee_bend_deg", 130.0, 0.5),
    (stretch_calf, "stretch_calf", "calf_shin_deg", 30.0, 0.5),
    (
        lambda: without_beginning(stretch_calf(heel=20.0)),
        "stretch_calf",
        "calf_heel_pct_leg",
        26 * np.sin(np.radians(20)),
        0.3,
    ),
    (lambda: on_the_ball(0.0), "stretch_calf", "calf_heel_pct_leg", 0.0, 0.4),
    (lambda: on_the_ball(0.03), "stretch_calf", "calf_heel_pct_leg", 100 * 0.03 / ANKLE_SHARE, 0.6),
    (towel, "stretch_hamstring_towel", "raised_leg_deg", 75.0, 0.5),
    (towel, "stretch_hamstring_towel", "resting_leg_deg", 0.0, 0.5),
    (seated, "stretch_hamstring_seated", "hinge_angle_deg", 42.0, 0.5),
    (seated, "stretch_hamstring_seated", "stretch_knee_straight_deg", 180.0, 0.5),
]


@pytest.mark.parametrize(
    ("clip", "activity", "metric", "true", "within"), KNOWN, ids=lambda v: v if isinstance(v, str) else ""
)
def test_numbers_are_those_of_the_body(
    clip: Callable[[], PoseTrack], activity: str, metric: str, true: float, within: float
) -> None:
    expected = float(corrected(metric, np.array(true)))  # nothing here is drawn as the pose network draws it
    assert number(clip(), activity, metric) == pytest.approx(expected, abs=within)


@pytest.mark.parametrize("facing", ["left", "right"])
def test_facing_does_not_change_a_number(facing: str) -> None:
    assert number(squat(facing=facing), "squat", "trunk_over_shin_deg") == pytest.approx(5.0, abs=2.0)


def test_arms_held_out_before_a_leaning_trunk_hide_no_squat() -> None:
    plain, leaning = found(squat(), "squat").reps, found(squat(arm=125 * TURN, lean=62.0), "squat").reps
    assert len(plain) > 1
    assert [rep.top_s for rep in leaning] == pytest.approx([rep.top_s for rep in plain], abs=0.1)


def test_a_repetition_cut_before_its_bottom_still_shows_the_bottom() -> None:
    whole = squat()
    cut = slice(54, 100)
    clip = replace(whole, time_s=whole.time_s[cut] - whole.time_s[54], xy_px=whole.xy_px[cut],
                   visibility=whole.visibility[cut], outline_qpx=whole.outline_qpx[cut])  # fmt: skip
    seen = found(clip, "squat")
    assert [rep.complete for rep in seen.reps] == [False]
    depth = float(corrected("squat_depth_deg", np.array(65.0)))
    assert number(clip, "squat", "squat_depth_deg") == pytest.approx(depth, abs=3.0)


def hip_drop(pose: PoseTrack) -> Measurement:
    (row,) = [m for m in found(pose, "single_leg_stance").measurements if m.metric == "hip_drop_deg"]
    return row


def test_a_pelvis_that_sinks_further_drops_by_more() -> None:
    rows = [hip_drop(on_one_leg(drop_deg=drop)) for drop in (0.0, 4.0, 8.0)]
    assert [row.side for row in rows] == ["left"] * 3
    level, some, more = (float(row.value or 0.0) for row in rows)
    assert level < some < more


def test_without_a_moment_on_both_feet_no_drop_is_told() -> None:
    whole = on_one_leg(drop_deg=8.0)
    late = (whole.time_s > 2.0) & (whole.time_s < HELD_S + 1.8)
    cut = replace(whole, time_s=whole.time_s[late] - whole.time_s[late][0], xy_px=whole.xy_px[late],
                  visibility=whole.visibility[late], outline_qpx=whole.outline_qpx[late])  # fmt: skip
    row = hip_drop(cut)
    assert (row.value, row.status, row.side) == (None, "not_measurable", "left")
    assert row.reason is not None
    assert row.reason.code == "needs_both_feet"


@pytest.mark.parametrize("size_deg", [0.0, 2.0, 6.0])
def test_a_bounce_is_as_large_as_it_is(size_deg: float) -> None:
    time_s = np.arange(0, 12, 1 / RATE_HZ)
    rng = np.random.default_rng(3)
    angle = 40 + 0.3 * time_s + size_deg / 2 * np.sin(2 * np.pi * 1.3 * time_s) + rng.normal(0, 0.5, len(time_s))
    assert swing_deg(angle, RATE_HZ) == pytest.approx(size_deg, abs=0.4)


def test_flicker_and_settling_are_no_bounce() -> None:
    time_s = np.arange(0, 12, 1 / RATE_HZ)
    settling = 40 - 5 * np.exp(-time_s / 4)
    assert swing_deg(settling + np.random.default_rng(1).normal(0, 1.0, len(time_s)), RATE_HZ) < 1.5
    assert np.isnan(swing_deg(settling[:60], RATE_HZ))


def test_somebody_filmed_at_an_angle_is_told_so() -> None:
    square = squat()
    turned = square.xy_px.copy()
    turned[:, INDEX["left_shoulder"], 0] += 90.0
    codes = [
        {note.code for note in found(replace(square, xy_px=xy), "squat").warnings} for xy in (square.xy_px, turned)
    ]
    assert [("not_square" in seen) for seen in codes] == [False, True]


def test_a_fault_in_the_overhead_squat_names_muscles_as_a_possibility_with_its_source() -> None:
    analysis = analyze_pose(squat(arm=180 - 70 * TURN), FACTS, Options(activity="overhead_squat"))
    finding = next(f for f in analysis.findings if f.metric == "arms_fall_deg")
    measured = next(m for m in analysis.measurements if m.metric == "arms_fall_deg")
    card = load_cards()["arms_fall_deg"]
    for lang in LANGS:
        possibility = points_to_text(finding, measured, card, lang)
        assert possibility is not None
        assert "NASM" in possibility
    assert "clark2010" in finding.sources
    assert finding.basis == "house"


def test_an_exercise_that_the_answers_rule_out_is_not_scored_but_explained() -> None:
    clip, asked = deadlift(), Options(activity="single_leg_deadlift")
    hurts = Answers({"place": frozenset({"lower_back"}), "running": frozenset({"grows"})}, {"age": 30.0})
    free = analyze_pose(clip, FACTS, asked)
    gated = analyze_pose(clip, FACTS, replace(asked, answers=hurts))
    assert free.findings
    assert not gated.findings
    assert RULED_OUT in {note.code for note in gated.warnings}
    assert [m.value for m in gated.measurements] == [m.value for m in free.measurements]
    assert with_answers(gated, None).findings == free.findings
    assert RULED_OUT not in {note.code for note in with_answers(gated, None).warnings}


@pytest.mark.parametrize(
    ("answers", "activity", "rule"),
    [
        ({"place": ["lower_back"]}, "squat", "pain_stage"),
        ({"place": ["lower_back"]}, "overhead_squat", "pain_stage"),
        ({"place": ["lower_back"]}, "hip_lift", None),
        ({"place": ["knee"]}, "stretch_quadriceps", "no_stretch_where_it_hurts"),
        ({"place": ["lower_back"], "when": ["during_exercise"]}, "side_plank", "pain_during_exercise"),
        ({"place": ["lower_back"], "when": ["during_exercise"]}, "single_leg_stance", None),
        ({"place": ["lower_back"], "hurts_in": ["core_with_limbs"]}, "dead_bug", "exercise_that_hurts"),
        ({"place": ["lower_back"], "hurts_in": ["core_with_limbs"]}, "bird_dog", "exercise_that_hurts"),
        ({"place": ["lower_back"], "signs": ["leg_numbness"]}, "standing", "leg_numbness_with_back_pain"),
    ],
)
def test_whatever_rules_an_exercise_out_is_said_in_both_languages(
    answers: dict[str, list[str]], activity: str, rule: str | None
) -> None:
    asked = Answers({name: frozenset(chosen) for name, chosen in answers.items()}, {"age": 30.0})
    found = ruled_out_for(activity, (), asked)
    assert (None if found is None else found.id) == rule
    if found is not None:
        for lang in LANGS:
            assert plain(found.because.get(lang)) in note_text(ruled_out_note(found), lang)


def test_a_posture_is_still_read_while_running_has_to_rest() -> None:
    hurts = Answers({"place": frozenset({"lower_back"}), "running": frozenset({"grows"})}, {"age": 30.0})
    assert analyze_pose(standing(), FACTS, Options(activity="standing", answers=hurts)).findings


def folding_toward_the_camera(lifted: Side = "right") -> PoseTrack:
    """A single-leg deadlift from the front: the trunk grows short, the free leg's foot goes up behind."""
    fold = 0.8 * 0.6 * TURN
    moved = {
        f"{side}_{joint}": (0.0 * TURN, -fold) for side in SIDES for joint in ("shoulder", "elbow", "wrist", "ear")
    }
    moved |= {f"{lifted}_{joint}": (0.0 * TURN, 0.8 * TURN) for joint in ("ankle", "heel", "foot_index")}
    moved[f"{lifted}_knee"] = (0.0 * TURN, 0.4 * TURN)
    return across(moved, N)


@pytest.mark.parametrize("lifted", SIDES)
@pytest.mark.parametrize("hurried", [1.0, 3.0])
def test_folding_toward_the_camera_is_not_running(lifted: Side, hurried: float) -> None:
    """Neither slowly nor as fast as strides follow each other."""
    pose = folding_toward_the_camera(lifted)
    pose = replace(pose, time_s=pose.time_s / hurried)
    assert not runs_or_walks(pose)
    taken = recognised(pose, "auto")
    assert (taken.activity, taken.view) == ("single_leg_deadlift", "front")


@pytest.mark.parametrize("samples", [40, N])
def test_standing_and_raising_the_arms_is_neither_running_nor_an_exercise(samples: int) -> None:
    up = TURN[:samples]
    ways = {"elbow": 0.3, "wrist": 0.9}
    moved = {f"{side}_{joint}": (0.0 * up, high * up) for side in SIDES for joint, high in ways.items()}
    with pytest.raises(InputError) as refused:
        found(across(moved, samples))
    assert refused.value.code == "activity_unknown"


@pytest.mark.parametrize("lost", [False, True])
def test_feet_out_of_the_picture_cost_the_numbers_that_need_them_and_no_others(lost: bool) -> None:
    whole = front_squat()
    ankles = whole.xy_px[:, [INDEX[f"{side}_ankle"] for side in SIDES], 1]
    cut = replace(whole, height_px=int(np.nanmin(ankles)) if lost else whole.height_px)
    examined = found(cut, "squat")
    missing = {m.metric for m in examined.measurements if m.reason is not None and m.reason.code == "needs_feet"}
    assert (missing >= {"knees_in_pct", "toe_out_change_deg", "weight_shift_pct_leg"}) == lost
    assert ("exercise_feet_cut_off" in {note.code for note in examined.warnings}) == lost
    assert not missing & {"reps", "rep_time_s", "range_deg"}
    assert len(examined.reps) == 3
