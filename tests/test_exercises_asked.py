"""What people say about an exercise, and several clips of one: modes, pain, sides, views, before and after."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from synthetic_body import SideBody, repeated
from test_exercises_lying import hip_lift_at, track
from test_on_feet import FACTS, N, front_squat, on_one_leg, squat, stretch_hip_flexor

from formcheck.activities.danger import told_ruled_out
from formcheck.analysis import Options, analyze_pose, with_pain
from formcheck.cards import LANGS, Lang
from formcheck.cli.keeping import Keep, keep_result
from formcheck.compare import compare_analyses
from formcheck.exercise_sides import left_right
from formcheck.exports.analysis_json import analysis_as_dict
from formcheck.history import diary, people
from formcheck.history.database import open_history
from formcheck.history.place import LOCAL
from formcheck.history.trends import changes, series_of
from formcheck.pdf.contents import report_contents
from formcheck.records import Analysis, Answers, InputError, Note, PoseTrack
from formcheck.report import report_html
from formcheck.saved import analysis_from
from formcheck.skeleton import INDEX, LANDMARKS, LEG
from formcheck.texts import note_text, text
from formcheck.together import agreement, together_as_dict, write_together
from formcheck.ui.exercise import seen_as
from formcheck.ui.job import Outcome
from formcheck.ui.visit import Clip, Result, Visit


def analysed(pose: PoseTrack, activity: str, **asked: object) -> Analysis:
    return analyze_pose(pose, FACTS, Options(activity=activity, **asked))  # type: ignore[arg-type]


def lifts(top_deg: float) -> PoseTrack:
    return track(lambda t: hip_lift_at(t, top_deg, 3), 12.5)


def bend(deg: float) -> PoseTrack:
    return SideBody(trunk=2 + (deg - 2) * repeated(), arm=0.0).pose(N)


def levels(analysis: Analysis) -> dict[str, str]:
    return {finding.metric: finding.level for finding in analysis.findings}


# -------------------------------------------------------------------------------------------------------- modes


def test_a_chosen_mode_has_its_own_borders_and_is_stored() -> None:
    gentle, full = (analysed(lifts(178.0), "hip_lift", mode=mode) for mode in ("gentle", "full"))
    assert levels(gentle)["gentle_height_pct"] == "watch"
    assert "full_height_pct" not in levels(gentle)
    assert levels(full)["full_height_pct"] == "good"
    for analysis, mode in ((gentle, "gentle"), (full, "full")):
        told = analysis_as_dict(analysis)
        assert (told["mode"], told["subject"]["mode"]) == (mode, mode)
        again = analysis_from(json.loads(json.dumps(told)), analysis.pose, None)
        assert again.subject.mode == mode


def test_without_a_choice_the_height_tells_the_mode() -> None:
    assert analysis_as_dict(analysed(lifts(178.0), "hip_lift"))["mode"] == "full"
    low = analysed(lifts(142.0), "hip_lift")
    assert (analysis_as_dict(low)["mode"], analysis_as_dict(low)["subject"]["mode"]) == ("gentle", None)


def test_beyond_the_line_the_height_is_no_praise() -> None:
    """Once "141 %: good, high enough" stood beside "worth changing: over-arch"."""
    arched = analysed(lifts(205.0), "hip_lift", mode="full")
    assert levels(arched)["lumbar_overarch_deg"] == "act"
    assert levels(arched)["full_height_pct"] != "good"


def test_over_arching_is_the_fault_in_both_modes() -> None:
    for mode in ("gentle", "full"):
        assert levels(analysed(lifts(205.0), "hip_lift", mode=mode))["lumbar_overarch_deg"] == "act"


def test_a_clip_can_be_seen_again_in_the_other_mode_or_as_something_else() -> None:
    full = analysed(lifts(178.0), "hip_lift")
    assert analysis_as_dict(seen_as(full, "hip_lift", "gentle"))["mode"] == "gentle"
    with pytest.raises(InputError, match="no_repetitions"):
        seen_as(full, "squat", "auto")


# --------------------------------------------------------------------------------------------------------- pain


def pain_of(analysis: Analysis) -> float | str | None:
    return next((m.value for m in analysis.measurements if m.metric == "movement_pain"), None)


def test_pain_in_a_bend_comes_from_the_answers_is_shown_and_stored() -> None:
    answers = Answers({"place": frozenset({"lower_back"})}, {"age": 40.0, "forward_bend_pain": 6.0})
    analysis = analysed(bend(80.0), "forward_bend", answers=answers)
    assert pain_of(analysis) == 6.0
    told = analysis_as_dict(analysis)
    assert told["subject"]["pain"] == 6.0
    assert "movement_hurts" in {note["code"] for note in told["quality"]["warnings"]}
    page = report_html(analysis, [], "en")
    assert "Pain in this movement" in page
    assert pain_of(analysis_from(json.loads(json.dumps(told)), analysis.pose, None)) == 6.0


def test_nobody_is_asked_about_pain_in_a_squat() -> None:
    assert pain_of(analysed(squat(), "squat", pain=4.0)) is None


def test_pain_out_of_range_is_refused() -> None:
    with pytest.raises(InputError, match="bad_option"):
        analysed(bend(80.0), "forward_bend", pain=11.0)


def test_an_answer_can_be_taken_back() -> None:
    hurt = analysed(bend(80.0), "forward_bend", pain=3.0)
    healed = with_pain(hurt, 0.0)
    assert (pain_of(healed), pain_of(with_pain(hurt, None))) == (0.0, None)
    assert "movement_hurts" not in {note.code for note in healed.warnings}


def test_a_back_extension_that_hurts_rules_out_what_arches_the_back() -> None:
    answers = Answers({"place": frozenset({"lower_back"})}, {"age": 40.0, "back_extension_pain": 5.0})
    assert analysed(lifts(178.0), "hip_lift", mode="full", answers=answers).findings == ()
    assert analysed(lifts(178.0), "hip_lift", mode="gentle", answers=answers).findings


@pytest.mark.parametrize(
    ("pose", "activity", "metric", "why"),
    [
        (lifts(178.0), "hip_lift", "back_shape_change_deg", "back_in_lift"),
        (squat(), "squat", "back_arch_change_deg", "needs_outline"),
    ],
)
def test_where_the_outline_cannot_tell_the_back_it_is_said_why(
    pose: PoseTrack, activity: str, metric: str, why: str
) -> None:
    (back,) = (m for m in analysed(pose, activity).measurements if m.metric == metric)
    assert back.value is None
    assert back.reason is not None
    assert back.reason.code == why


# -------------------------------------------------------------------------------------------- before and after


def test_the_same_test_twice_tells_the_change_and_whether_it_is_more_than_the_error() -> None:
    before, after = analysed(bend(60.0), "forward_bend", pain=6.0), analysed(bend(105.0), "forward_bend", pain=5.0)
    found = {d.metric: d for d in compare_analyses(before, after).differences}
    trunk, pain = found["bend_trunk_deg"], found["movement_pain"]
    assert trunk.value == pytest.approx(45.0, abs=3.0)
    assert trunk.uncertainty is not None
    assert trunk.change in ("changed", "perhaps")
    assert (pain.value, pain.change) == (-1.0, "same")
    eased = compare_analyses(before, with_pain(after, 1.0)).differences
    assert next(d for d in eased if d.metric == "movement_pain").change in ("changed", "perhaps")


def test_before_and_after_are_aligned_by_repetition() -> None:
    before, after = analysed(bend(60.0), "forward_bend"), analysed(bend(80.0), "forward_bend")
    step = compare_analyses(before, after).step
    assert step is not None
    assert len(step.cycles) == 3
    for first, second in step.cycles:
        assert step.after_at(first.marks_s["top"]) == pytest.approx(second.marks_s["top"])


# ------------------------------------------------------------------------------------------- views and sides


def test_the_overhead_squat_is_joined_from_side_and_front(tmp_path: Path) -> None:
    side = analysed(squat(arm=180.0 - 60.0), "overhead_squat", view="side")
    front = analysed(front_squat(knees_in=0.06), "squat", view="front")
    front = replace(front, activity="overhead_squat")
    clips = [(side, tmp_path / "side"), (front, tmp_path / "front")]
    assert agreement([side, front]) == []
    for lang, words in (("en", ("Every checkpoint", "from the side", "from the front")), ("ja", ("横から", "前から"))):
        page = (write_together(clips, tmp_path, lang) / "together.html").read_text("utf-8")  # type: ignore[arg-type]
        assert all(word in page for word in words)
        assert "NASM" in page


def test_clips_of_two_exercises_are_not_read_as_one() -> None:
    assert [n.code for n in agreement([analysed(squat(), "squat"), analysed(bend(80.0), "forward_bend")])] == [
        "together_activities_differ"
    ]


def leaning(pose: PoseTrack, deg: float) -> PoseTrack:
    """The same person with the trunk leaning sideways in the picture."""
    upper = [k for k, name in enumerate(LANDMARKS) if not any(part in name for part in LEG)]
    moved = pose.xy_px.copy()
    hips = (moved[:, INDEX["left_hip"]] + moved[:, INDEX["right_hip"]]) / 2
    moved[:, upper, 0] += np.tan(np.radians(deg)) * (hips[:, None, 1] - moved[:, upper, 1])
    return replace(pose, xy_px=moved)


def test_left_against_right_from_two_clips_and_from_one() -> None:
    metric = "stance_trunk_lean_deg"
    first, second = leaning(on_one_leg("left"), 9.0), on_one_leg("right")
    left, right = (analysed(pose, "single_leg_stance", view="front") for pose in (first, second))
    found = {c.metric: c for c in left_right([left, right])}
    assert abs(found[metric].value or 0.0) == pytest.approx(9.0, abs=1.0)
    assert found[metric].uncertainty is not None
    assert found["hold_time_s"].value == pytest.approx(0.0, abs=0.3)
    assert agreement([left, right]) == []
    told = {row["metric"]: row for row in together_as_dict([(left, Path("a")), (right, Path("b"))])["left_right"]}
    assert told[metric]["value"] == round(found[metric].value or 0.0, 4)
    in_one = analysed(_one_after_the_other(first, second), "single_leg_stance", view="front")
    asymmetry = {c.metric: c.value for c in in_one.comparisons if c.kind == "asymmetry"}
    assert asymmetry[metric] == pytest.approx(found[metric].value, abs=0.5)
    assert asymmetry["hold_time_s"] == pytest.approx(0.0, abs=0.3)


def _one_after_the_other(first: PoseTrack, second: PoseTrack) -> PoseTrack:
    later = first.time_s[-1] + 1 / 30 + second.time_s
    return replace(
        first,
        time_s=np.concatenate([first.time_s, later]),
        xy_px=np.concatenate([first.xy_px, second.xy_px]),
        visibility=np.concatenate([first.visibility, second.visibility]),
        outline_qpx=np.concatenate([first.outline_qpx, second.outline_qpx]),
    )


def _offered(results: list[Result], activity: str) -> AppTest:
    def page() -> None:
        import streamlit as st

        from formcheck.ui.together import offer_together

        offer_together(st.session_state["results"], st.session_state["activity"], "en")

    app = AppTest.from_function(page, default_timeout=30)
    app.session_state["results"], app.session_state["activity"] = results, activity
    return app.run()


def test_the_page_asks_for_the_other_side_and_then_offers_one_report(tmp_path: Path) -> None:
    make: Callable[[str], Analysis] = lambda leg: analysed(on_one_leg(leg), "single_leg_stance", view="front")  # type: ignore[arg-type]  # noqa: E731
    left, right = (
        Result(Outcome(make(s), tmp_path, "en"), tmp_path, Clip(tmp_path / s, s, False)) for s in ("left", "right")
    )
    asked = _offered([left], "single_leg_stance")
    assert any("other side" in caption.value for caption in asked.caption)
    offered = _offered([left, right], "single_leg_stance")
    assert "from the front, left + from the front, right" in offered.get("download_button")[0].proto.label


# --------------------------------------------------------------------------------------------- the exercise log


def test_a_kept_exercise_is_written_into_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORMCHECK_DATA", str(tmp_path))
    with open_history() as history, history.writing() as session:
        people.add(session, LOCAL, "Aki")
    keep = Keep("Aki", date(2026, 5, 4), with_clip=False)
    for pose, activity in ((lifts(178.0), "hip_lift"), (stretch_hip_flexor("left"), "stretch_hip_flexor")):
        keep_result(keep, analysed(pose, activity), tmp_path / "clip.mp4", tmp_path, "en")
    keep_result(keep, analysed(bend(80.0), "forward_bend"), tmp_path / "clip.mp4", tmp_path, "en")
    with open_history() as history, history.reading() as session:
        written = diary.exercises(session, people.find(session, LOCAL, "Aki"))
    assert {(one.exercise, one.day, one.reps) for one in written} == {
        ("hip_lift_full", date(2026, 5, 4), 3),
        ("stretch_hip_flexor", date(2026, 5, 4), None),
    }
    later = Keep("Aki", date(2026, 6, 4), with_clip=False)
    keep_result(later, analysed(bend(125.0), "forward_bend"), tmp_path / "clip.mp4", tmp_path, "en")
    with open_history() as history, history.reading() as session:
        moved = changes(series_of(session, people.find(session, LOCAL, "Aki"), "forward_bend"))
    assert moved["bend_trunk_deg", ""].verdict == "up"
    assert moved["rep_time_s", ""].verdict == "within_error"
    held = next(one for one in written if one.exercise == "stretch_hip_flexor")
    assert held.seconds == pytest.approx(6, abs=1)


@pytest.mark.parametrize("lang", LANGS)
def test_other_guesses_are_called_by_name(lang: Lang) -> None:
    told = note_text(Note("activity_unsure", {"instead": "side_plank, clamshell"}), lang)
    assert text("activity_side_plank", lang) in told
    assert "clamshell" not in told


def test_a_ruled_out_exercise_is_explained_in_report_and_pdf_and_has_no_goal() -> None:
    answers = Answers({"place": frozenset({"lower_back"})}, {"age": 40.0, "back_extension_pain": 5.0})
    analysis = analysed(lifts(178.0), "hip_lift", mode="full", answers=answers)
    allowed = analysed(lifts(178.0), "hip_lift", mode="full")
    assert "Goal, from the articles" in report_html(allowed, [], "en")
    page = report_html(analysis, [], "en")
    told = told_ruled_out(analysis.warnings)
    assert told is not None
    assert note_text(told, "en") in unescape(page)
    assert "rule “bending back hurts”" in page
    assert "Goal, from the articles" not in page
    assert text("report_nothing_judged", "en") not in page
    assert report_contents(analysis, [], "ja")[0]["nothing_judged"] == note_text(told, "ja")


def test_an_answer_on_the_page_changes_the_result_that_is_shown(tmp_path: Path) -> None:
    def page() -> None:
        import streamlit as st

        from formcheck.ui.exercise import show_asked

        show_asked(st.session_state["visit"], st.session_state["visit"].result, "en", busy=False)

    visit = Visit()
    try:
        analysis = analysed(bend(80.0), "forward_bend")
        visit.result = Result(
            Outcome(analysis, tmp_path, "en"), tmp_path, Clip(tmp_path / "gone.mp4", "gone.mp4", False)
        )
        app = AppTest.from_function(page, default_timeout=30)
        app.session_state["visit"] = visit
        app.run()
        app.radio(key=f"pain_said_{tmp_path.name}_en").set_value("yes").run()
        app.slider(key=f"pain_much_{tmp_path.name}_en").set_value(7).run()
        app.button(key="pain_save").click().run()
        assert not app.exception
        assert visit.result is not None
        assert pain_of(visit.result.outcome.analysis) == 7.0
    finally:
        visit.close()
