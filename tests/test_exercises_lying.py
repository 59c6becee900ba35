"""Lying exercises on exact stick figures: recognised, counted, held, measured, gated by pain; others stay unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from formcheck.activities import examine
from formcheck.activities.examined import Examined
from formcheck.analysis import Options, analyze_pose, with_answers
from formcheck.exports.analysis_json import analysis_as_dict
from formcheck.metrics.exercise.in_hold import SAG_PCT
from formcheck.records import Answers, FloatArray, InputError, Note, PoseTrack, Subject, VideoFacts
from formcheck.skeleton import LANDMARKS

RATE_HZ, TRUNK_PX = 30.0, 200.0
Joints = Mapping[str, tuple[float, float]]


def reach(share: float) -> float:
    x = min(max(share, 0.0), 1.0)
    return 10 * x**3 - 15 * x**4 + 6 * x**5


def track(figure_at: Callable[[float], Joints], seconds: float, head: str = "right", wide: float = 0.05) -> PoseTrack:
    """A pose track of a figure in trunk lengths (x towards the head, y up) for joints without a side."""
    time_s = np.arange(0.0, seconds, 1.0 / RATE_HZ)
    xy = np.empty((len(time_s), len(LANDMARKS), 2))
    for row, t in enumerate(time_s):
        at = figure_at(float(t))
        for k, name in enumerate(LANDMARKS):
            plain = name.replace("left_", "").replace("right_", "")
            place = at.get(name, at.get(plain, at["nose"]))
            shift = wide / 2 if name.startswith("left") else -wide / 2 if name.startswith("right") else 0.0
            xy[row, k] = place[0], place[1] + shift
    x = 960 + TRUNK_PX * xy[..., 0] * (1 if head == "right" else -1)
    picture = np.stack([x, 800 - TRUNK_PX * xy[..., 1]], axis=2)
    n = len(time_s)
    none = np.full((n, 1, 2), -1, np.int16)
    return PoseTrack(time_s, picture, np.ones((n, len(LANDMARKS))), 1920, 1080, none, "balanced: exact")


def two_links(start: FloatArray, end: FloatArray, first: float, second: float, up: bool) -> FloatArray:
    """Where the joint between two bones is."""
    along = end - start
    long = float(np.clip(np.hypot(*along), abs(first - second) + 1e-6, first + second - 1e-6))
    share = (first**2 - second**2 + long**2) / (2 * long)
    off = np.sqrt(max(first**2 - share**2, 0.0))
    unit = along / max(float(np.hypot(*along)), 1e-9)
    across = np.array([-unit[1], unit[0]])
    return np.asarray(start + share * unit + (off if (across[1] > 0) == up else -off) * across)


def hip_lift_at(t: float, top_deg: float, n: int, first_s: float = 1.0) -> Joints:
    """Shoulders on the floor, hips lifted until the line is ``top_deg``, feet kept; 1 s up, 1 s held, 1 s down."""
    k, within = divmod(t - first_s, 3.5)
    size = reach(within) - reach(within - 2.0) if 0 <= k < n else 0.0
    shoulder, ankle, knee = np.array([0.0, 0.1]), np.array([-1.9, 0.1]), np.array([-1.6, 0.85])
    low, high = -8.0, _lift_for(top_deg, shoulder, knee)
    lift = np.radians(low + size * (high - low))
    hip = shoulder + np.array([-np.cos(lift), np.sin(lift)])
    return _body(shoulder, hip, knee, ankle)


def _lift_for(top_deg: float, shoulder: FloatArray, knee: FloatArray) -> float:
    """Degrees of the trunk at which shoulder, hip and knee make ``top_deg``."""
    for lift in np.arange(0.0, 70.0, 0.05):
        hip = shoulder + np.array([-np.cos(np.radians(lift)), np.sin(np.radians(lift))])
        if line_deg(shoulder, hip, knee) >= top_deg:
            return float(lift)
    raise AssertionError(top_deg)


def line_deg(shoulder: FloatArray, hip: FloatArray, knee: FloatArray) -> float:
    a, b = np.arctan2(*(shoulder - hip)[::-1]), np.arctan2(*(knee - hip)[::-1])
    return float(np.degrees(b - a) % 360.0)


def _body(shoulder: FloatArray, hip: FloatArray, knee: FloatArray, ankle: FloatArray) -> Joints:
    return {
        "shoulder": tuple(shoulder),
        "hip": tuple(hip),
        "knee": tuple(knee),
        "ankle": tuple(ankle),
        "heel": (ankle[0] + 0.08, ankle[1] - 0.08),
        "foot_index": (ankle[0] - 0.3, ankle[1] - 0.08),
        "elbow": (shoulder[0] - 0.5, 0.05),
        "wrist": (shoulder[0] - 0.95, 0.05),
        "ear": (shoulder[0] + 0.35, shoulder[1] + 0.05),
        "nose": (shoulder[0] + 0.38, shoulder[1] + 0.2),
    }


def plank_at(line: float) -> Joints:
    """On forearms and toes, the hip off the straight line so that the body makes ``line`` degrees."""
    shoulder, ankle = np.array([0.0, 0.65]), np.array([-2.4, 0.3])
    along = ankle - shoulder
    half = float(np.hypot(*along)) / 2
    down = half * np.tan(np.radians(line - 180.0) / 2)
    hip = shoulder + 0.42 * along + np.array([0.0, -1.0]) * down
    knee = (hip + ankle) / 2 + np.array([0.0, -0.03])
    return {
        "shoulder": tuple(shoulder),
        "hip": tuple(hip),
        "knee": tuple(knee),
        "ankle": tuple(ankle),
        "heel": (ankle[0] - 0.1, ankle[1] + 0.05),
        "foot_index": (ankle[0] + 0.05, 0.05),
        "elbow": (0.0, 0.08),
        "wrist": (0.5, 0.06),
        "ear": (0.35, 0.8),
        "nose": (0.42, 0.65),
    }


def found_in(pose: PoseTrack, activity: str = "auto") -> Examined:
    return examine(pose, Subject(), activity)


def value_of(examined: Examined, metric: str) -> float:
    (value,) = [m.value for m in examined.measurements if m.metric == metric]
    assert isinstance(value, float)
    return value


class TestHipLift:
    @pytest.mark.parametrize("head", ["left", "right"])
    @pytest.mark.parametrize("n", [1, 3, 10])
    def test_is_recognised_and_counted(self, n: int, head: str) -> None:
        found = found_in(track(lambda t: hip_lift_at(t, 176.0, n), 2.0 + 3.5 * n, head))
        assert (found.activity, found.view) == ("hip_lift", "side")
        assert value_of(found, "reps") == n

    @pytest.mark.parametrize("top_deg", [165.0, 176.0, 195.0])
    def test_its_line_at_the_top_is_measured(self, top_deg: float) -> None:
        found = found_in(track(lambda t: hip_lift_at(t, top_deg, 3), 12.0))
        assert value_of(found, "hip_line_deg") == pytest.approx(top_deg, abs=2.0)
        assert value_of(found, "lumbar_overarch_deg") == pytest.approx(max(top_deg - 180.0, 0.0), abs=2.0)

    def test_its_times_are_found(self) -> None:
        found = found_in(track(lambda t: hip_lift_at(t, 176.0, 4), 16.0))
        starts = [rep.start_s for rep in found.reps]
        assert np.abs(np.array(starts) - (1.0 + 3.5 * np.arange(4))).max() < 0.15
        assert value_of(found, "hold_time_s") == pytest.approx(1.0, abs=0.3)

    def test_a_low_one_is_seen_as_gentle(self) -> None:
        found = found_in(track(lambda t: hip_lift_at(t, 150.0, 3), 12.0))
        assert "hip_lift_gentle_mode" in {note.code for note in found.warnings}
        assert "gentle_height_pct" in {m.metric for m in found.measurements}

    def test_cut_by_the_clip_it_is_incomplete(self) -> None:
        found = found_in(track(lambda t: hip_lift_at(t, 176.0, 3), 1.0 + 3.5 * 2 + 2.4))
        assert [rep.complete for rep in found.reps] == [True, True, False]
        assert value_of(found, "reps") == 2
        assert "rep_cut_off" in {note.code for note in found.warnings}

    def test_answers_that_rule_it_out_leave_no_score(self) -> None:
        pose = track(lambda t: hip_lift_at(t, 195.0, 3), 12.0)
        facts = VideoFacts("a.mp4", 1920, 1080, len(pose.time_s), 12.0, RATE_HZ, False, 1.0)
        open_ = analyze_pose(pose, facts, Options())
        assert open_.findings
        gated = with_answers(open_, Answers({"signs": frozenset({"bladder_bowel"})}))
        assert gated.findings == ()
        assert "exercise_ruled_out" in {note.code for note in gated.warnings}
        assert with_answers(gated, None).findings == open_.findings
        told = analysis_as_dict(open_)
        assert len(told["repetitions"]) == 3
        assert {event["kind"] for event in told["events"]} >= {"rep_start", "rep_top", "rep_end"}


class TestPlank:
    @pytest.mark.parametrize(("line", "level"), [(180.0, "good"), (196.0, "sag"), (158.0, "pike")])
    def test_its_line_tells_sag_from_pike(self, line: float, level: str) -> None:
        found = found_in(track(lambda t: plank_at(line), 8.0))
        assert found.activity == "plank"
        sag, pike = value_of(found, "hip_sag_pct"), value_of(found, "hip_pike_pct")
        assert (sag > 5.0, pike > 8.0) == (level == "sag", level == "pike")
        assert value_of(found, "hold_time_s") == pytest.approx(8.0, abs=0.3)

    def test_sinking_it_breaks_down_then(self) -> None:
        def sinking(t: float) -> Joints:
            return plank_at(180.0 + 18.0 * reach((t - 4.0) / 12.0))

        found = found_in(track(sinking, 18.0))
        broken_s = next(t for t in np.arange(0.0, 18.0, 0.05) if dip_pct(sinking(t)) > SAG_PCT)
        assert value_of(found, "broke_down_s") == pytest.approx(broken_s, abs=0.3)
        assert value_of(found, "good_line_time_s") == pytest.approx(broken_s, abs=0.3)

    @pytest.mark.parametrize(("below_pct", "told"), [(SAG_PCT - 1.5, True), (SAG_PCT, False), (SAG_PCT + 1.5, True)])
    def test_a_line_on_the_border_has_no_time(self, below_pct: float, told: bool) -> None:
        line = next(a for a in np.arange(180.0, 210.0, 0.05) if dip_pct(plank_at(a)) >= below_pct)
        found = found_in(track(lambda t: plank_at(float(line)), 10.0), "plank")
        (good,) = (m for m in found.measurements if m.metric == "good_line_time_s")
        assert (good.value is not None) == told
        assert told or good.reason == Note("line_at_border")

    @pytest.mark.parametrize(("flicker", "status"), [(0.0, "ok"), (0.004, "ok"), (0.1, "low_confidence")])
    def test_a_line_that_trembles_as_no_body_does_is_less_sure(self, flicker: float, status: str) -> None:
        """As in a dark room, where the network guesses where the foot is."""
        random = np.random.default_rng(5)

        def guessed(_: float) -> Joints:
            at = plank_at(180.0)
            x, y = at["ankle"]
            return {**at, "ankle": (x, y + random.normal(0.0, flicker))}

        found = found_in(track(guessed, 10.0), "plank")
        statuses = {m.metric: m.status for m in found.measurements}
        assert statuses["hip_sag_pct"] == statuses["hip_pike_pct"] == statuses["body_line_deg"] == status

    @pytest.mark.parametrize("sunk_deg", [190.0, 194.0, 197.0])
    @pytest.mark.parametrize("is_seen_before", [True, False])
    def test_hips_that_sink_nearly_to_the_floor_are_held_until_they_are_on_it(
        self, sunk_deg: float, is_seen_before: bool
    ) -> None:
        """From lying into the plank, sinking after 4 s, lying again 5 s later: all between is the hold."""
        floor = 201.0
        moves = [(1.0, 1.0, floor, 180.0), (6.0, 1.5, 180.0, sunk_deg), (11.0, 0.9, sunk_deg, floor)]

        def line(t: float) -> float:
            at = floor
            for start, takes, _, after in moves:
                share = np.clip((t - start) / takes, 0.0, 1.0)
                at += (after - at) * float(reach(share))
            return at

        begins = 0.0 if is_seen_before else 3.0
        found = found_in(track(lambda t: plank_at(line(t + begins)), 13.0 - begins), "plank")
        (hold,) = found.holds
        assert hold.start_s == pytest.approx(max(2.0 - begins, 0.0), abs=0.3)
        assert hold.end_s == pytest.approx(11.0 - begins, abs=0.3)


def dip_pct(at: Joints) -> float:
    """How far the hip is below the line from shoulder to ankle, in % of it."""
    shoulder, hip, ankle = (np.array(at[name]) for name in ("shoulder", "hip", "ankle"))
    along, off = ankle - shoulder, hip - shoulder
    return float(100.0 * (along[0] * off[1] - along[1] * off[0]) / (along @ along))


class TestUnknown:
    def test_lying_still_with_straight_legs_is_no_exercise(self) -> None:
        at = _body(np.array([0.0, 0.1]), np.array([-1.0, 0.1]), np.array([-1.85, 0.12]), np.array([-2.7, 0.1]))
        with pytest.raises(InputError) as refused:
            found_in(track(lambda t: at, 6.0))
        assert refused.value.code == "activity_unknown"

    def test_rocking_on_the_back_is_no_exercise(self) -> None:
        def rocking(t: float) -> Joints:
            turn = np.radians(35.0 * np.sin(2.0 * t))
            hug = _body(np.array([0.4, 0.1]), np.array([-0.6, 0.1]), np.array([-0.3, 0.9]), np.array([-0.9, 0.6]))
            spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
            return {name: tuple(spin @ np.array(place) + [0.0, 0.6]) for name, place in hug.items()}

        with pytest.raises(InputError) as refused:
            found_in(track(rocking, 8.0))
        assert refused.value.code == "activity_unknown"

    def test_chosen_but_not_there_it_says_so(self) -> None:
        with pytest.raises(InputError) as refused:
            found_in(track(lambda t: plank_at(180.0), 6.0), "hip_lift")
        assert refused.value.code == "no_repetitions"
