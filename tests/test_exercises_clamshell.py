"""Clamshells of exact bodies in space, looked at from the belly, half-way round and from the feet; and a draw-in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_exercises_lying import RATE_HZ, TRUNK_PX, Joints, hip_lift_at, reach, track

from formcheck.activities import examine
from formcheck.analysis import Options, analyze_pose
from formcheck.cards import LANGS
from formcheck.pdf.contents import report_contents
from formcheck.records import FloatArray, InputError, PoseTrack, Subject, VideoFacts
from formcheck.report import report_html
from formcheck.skeleton import INDEX
from formcheck.texts import note_text, text

THIGH, SHANK, HIPS, SHOULDERS, ANKLES = 0.85, 0.85, 0.34, 0.55, 0.2
"""Trunk lengths; the last three are how far right and left are apart."""
UP = np.array([0.0, 0.0, 1.0])


def legs(turn_deg: float, hip_deg: float, knee_deg: float) -> dict[str, FloatArray]:
    """Joints of both legs (x before the body, y to its feet, z up), the upper knee turned about hip to ankle."""
    a, b = np.radians(hip_deg), np.radians(hip_deg - knee_deg)
    hip = np.array([0.0, 0.0, 0.12])
    knee = hip + THIGH * np.array([np.sin(a), np.cos(a), 0.0])
    ankle = knee + SHANK * np.array([np.sin(b), np.cos(b), 0.0])
    top_hip, top_ankle = hip + HIPS * UP, ankle + ANKLES * UP
    along = top_ankle - top_hip
    share = (THIGH**2 - SHANK**2 + along @ along) / (2 * along @ along)
    foot = top_hip + share * along
    ahead = knee - hip - share * (ankle - hip)
    ahead, raised = ahead / np.linalg.norm(ahead), np.cross(ahead, along)
    raised = raised / np.linalg.norm(raised) * (1.0 if raised[2] > 0 else -1.0)
    out = np.sqrt(THIGH**2 - (share**2) * (along @ along))
    turn = np.radians(turn_deg)
    top_knee = foot + out * (np.cos(turn) * ahead + np.sin(turn) * raised)
    return {
        "right_hip": hip,
        "right_knee": knee,
        "right_ankle": ankle,
        "left_hip": top_hip,
        "left_knee": top_knee,
        "left_ankle": top_ankle,
    }


def apart_deg(at: dict[str, FloatArray]) -> float:
    """True angle between the thighs, in space."""
    u, v = (at[f"{side}_knee"] - at[f"{side}_hip"] for side in ("left", "right"))
    return float(np.degrees(np.arccos(np.clip(u @ v / np.linalg.norm(u) / np.linalg.norm(v), -1.0, 1.0))))


def clamshell(
    yaw_deg: float, turn_deg: float, hip_deg: float = 48.0, knee_deg: float = 90.0, stray: float = 0.0
) -> PoseTrack:
    """Three openings of the left knee, the camera so far round from the belly (0) to the feet (90), far away.

    ``stray``: by how much the lower knee, which lies still, is found elsewhere now and then, trunk lengths.
    """
    yaw = np.radians(yaw_deg)

    def seen(at: FloatArray) -> tuple[float, float]:
        return float(at @ np.array([-np.sin(yaw), np.cos(yaw), 0.0])), float(at[2])

    def figure(t: float) -> Joints:
        k, within = divmod(t - 1.0, 3.5)
        size = reach(within) - reach(within - 2.0) if 0 <= k < 3 else 0.0
        at = legs(5.0 + size * turn_deg, hip_deg, knee_deg)
        for side, z in (("right", 0.12), ("left", 0.12 + SHOULDERS)):
            at[f"{side}_shoulder"] = np.array([0.0, -1.0, z])
            at[f"{side}_elbow"] = np.array([0.4, -1.0, z - 0.05])
            at[f"{side}_wrist"] = np.array([0.5, -1.3, 0.1])
            at[f"{side}_heel"] = at[f"{side}_ankle"] + np.array([-0.08, 0.05, 0.0])
            at[f"{side}_foot_index"] = at[f"{side}_ankle"] + np.array([0.25, 0.1, 0.0])
            at[f"{side}_ear"] = np.array([0.0, -1.35, z])
        at["right_knee"] = at["right_knee"] + stray * (1 - np.cos(2 * np.pi * t / 3.5)) * np.array([-1.0, 1.0, 0.0])
        at["nose"] = np.array([0.25, -1.35, 0.35])
        return {name: seen(place) for name, place in at.items()}

    return track(figure, 12.5, head="left", wide=0.0)


@settings(max_examples=12, deadline=None)
@given(
    yaw_deg=st.floats(0.0, 75.0),
    turn_deg=st.floats(20.0, 55.0),
    hip_deg=st.floats(40.0, 55.0),
    knee_deg=st.floats(82.0, 98.0),
)
def test_the_opening_is_told_from_wherever_the_camera_stands(
    yaw_deg: float, turn_deg: float, hip_deg: float, knee_deg: float
) -> None:
    at_rest, at_top = legs(5.0, hip_deg, knee_deg), legs(5.0 + turn_deg, hip_deg, knee_deg)
    true = apart_deg(at_top) - apart_deg(at_rest)
    seen = examine(clamshell(yaw_deg, turn_deg, hip_deg, knee_deg), Subject(), "clamshell", "front")
    (opening,) = [m for m in seen.measurements if m.metric == "knee_opening_deg"]
    assert sum(rep.complete for rep in seen.reps) == 3
    assert isinstance(opening.value, float)
    assert opening.uncertainty is not None
    assert abs(opening.value - true) < opening.uncertainty


@pytest.mark.parametrize("yaw_deg", [0.0, 45.0, 75.0])
def test_feet_that_stay_together_are_told_so_from_anywhere(yaw_deg: float) -> None:
    seen = examine(clamshell(yaw_deg, 40.0), Subject(), "clamshell", "front")
    (heels,) = [m for m in seen.measurements if m.metric == "heels_apart_pct"]
    assert heels.value == pytest.approx(0.0, abs=1.0)


def test_an_opening_from_nearer_the_feet_is_less_sure_than_from_the_belly() -> None:
    def status(yaw_deg: float) -> str:
        seen = examine(clamshell(yaw_deg, 40.0), Subject(), "clamshell", "front")
        return next(m.status for m in seen.measurements if m.metric == "knee_opening_deg")

    assert (status(0.0), status(50.0)) == ("ok", "low_confidence")


def test_a_lower_leg_that_does_not_lie_still_gives_no_number_and_one_that_is_lost_no_answer() -> None:
    seen = examine(clamshell(45.0, 40.0, stray=0.12), Subject(), "clamshell", "front")
    reasons = {m.metric: m.reason.code for m in seen.measurements if m.reason and m.status == "not_measurable"}
    assert reasons["knee_opening_deg"] == reasons["heels_apart_pct"] == "lower_leg_not_followed"
    with pytest.raises(InputError, match="legs_not_followed"):
        examine(clamshell(45.0, 40.0, stray=0.5), Subject(), "clamshell", "front")


@pytest.mark.parametrize("of_four", [0, 1])
def test_a_body_that_is_not_followed_steadily_is_not_recognised_for_sure(of_four: int) -> None:
    pose = track(lambda t: hip_lift_at(t, 176.0, 3), 12.0)
    away = np.arange(len(pose.time_s)) % 4 < of_four
    pose.xy_px[away, INDEX["left_knee"]] += 0.5 * TRUNK_PX
    found = examine(pose, Subject())
    assert found.activity == "hip_lift"
    assert ("activity_unsteady" in {note.code for note in found.warnings}) is bool(of_four)


def test_a_draw_in_whose_outline_tells_nothing_is_only_timed_and_says_so_where_findings_would_be() -> None:
    pose = track(lambda t: hip_lift_at(t, 176.0, 0), 12.0)
    facts = VideoFacts("a.mp4", 1920, 1080, len(pose.time_s), 12.0, RATE_HZ, False, 1.0)
    analysis = analyze_pose(pose, facts, Options(activity="draw_in"))
    (told,) = [note for note in analysis.warnings if note.code == "draw_in_not_measured"]
    assert not any(isinstance(m.value, float) for m in analysis.measurements)
    for lang in LANGS:
        page = report_html(analysis, [], lang)
        assert page.count(note_text(told, lang)) == 2  # once as the answer, once about the clip
        assert text("curve_movement", lang) not in page
        assert report_contents(analysis, [], lang)[0]["nothing_judged"] == note_text(told, lang)
