"""Counted and corrected while moving: real clips through the real network, look by look."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from formcheck.analysis import Options
from formcheck.cards import load_cards
from formcheck.guidance import read_answers
from formcheck.live.coach import TELLS_EVERY_S, Coach, Remark, cued, looked_in
from formcheck.live.picture import LARGEST_SIDE_PX, from_jpeg
from formcheck.live.record import FORGOTTEN_AFTER_S, LiveRecord
from formcheck.live.session import UNSEEN_S, Session, coached, ruled_out
from formcheck.pose import Person
from formcheck.pose.mediapipe_pose import MediaPipePose, MediaPipeSettings
from formcheck.records import Analysis, InputError
from formcheck.skeleton import LANDMARKS
from formcheck.video import read_frames

SAMPLES = Path(__file__).parents[1] / "sample_videos"
LOOKS_HZ = 7.5
SOON_S = 0.9
"""After a repetition's true end it has been counted: half a second between two listenings, and a look or two."""


def trained(name: str, options: Options) -> tuple[list[tuple[float, Remark]], Analysis | None]:
    """What was said during a sample, and what was made of all of it."""
    session, said, next_s = Session(options), [], 0.0
    with read_frames(SAMPLES / f"{name}.mp4", max_side_px=640) as frames:
        for frame in frames:
            if frame.time_s >= next_s:
                next_s = frame.time_s + 1 / LOOKS_HZ - 1e-3
                said += [(frame.time_s, remark) for remark in session.look(frame.image, 100.0 + frame.time_s).say]
    return said, session.end()


def truth_of(name: str) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads((SAMPLES / f"{name}.truth.json").read_text("utf-8"))
    return truth


@pytest.fixture(scope="module")
def lifts() -> tuple[list[tuple[float, Remark]], Analysis | None]:
    return trained("hip_lift_over_arched", Options(activity="hip_lift", mode="full"))


class TestRepetitions:
    def test_each_is_counted_once_and_soon(self, lifts: tuple[list[tuple[float, Remark]], Analysis | None]) -> None:
        counts = [(time_s, remark.words.en) for time_s, remark in lifts[0] if remark.kind == "count"]
        assert [number for _, number in counts] == ["1", "2", "3"]
        for (time_s, _), rep in zip(counts, truth_of("hip_lift_over_arched")["reps"], strict=True):
            assert rep["top_s"] < time_s < rep["end_s"] + SOON_S

    def test_the_fault_the_body_was_drawn_with_is_said_and_no_other(
        self, lifts: tuple[list[tuple[float, Remark]], Analysis | None]
    ) -> None:
        assert {remark.metric for _, remark in lifts[0] if remark.kind == "fault"} == {"lumbar_overarch_deg"}

    def test_afterwards_it_is_what_a_clip_would_have_told(
        self, lifts: tuple[list[tuple[float, Remark]], Analysis | None]
    ) -> None:
        analysis = lifts[1]
        assert analysis is not None
        assert sum(rep.complete for rep in analysis.reps) == 3
        assert [f.level for f in analysis.findings if f.metric == "lumbar_overarch_deg"] == ["act"]

    @pytest.mark.slow
    def test_arms_that_fall_are_called_out_in_every_squat(self) -> None:
        said, _ = trained("overhead_squat", Options(activity="overhead_squat"))
        assert [remark.words.en for _, remark in said if remark.kind == "count"] == ["1", "2", "3"]
        assert [remark.metric for _, remark in said if remark.kind == "fault"] == 3 * ["arms_fall_deg"]


class TestHold:
    def test_what_a_clip_is_not_sure_of_is_not_said(self) -> None:
        said, analysis = trained("plank_sagging", Options(activity="plank"))
        assert analysis is not None
        levels = {f.metric: f.level for f in analysis.findings}
        assert levels["hip_sag_pct"] == "watch"
        assert said == []

    def test_seconds_are_told_while_it_lasts(self) -> None:
        finder = MediaPipePose(MediaPipeSettings("heavy"))
        with read_frames(SAMPLES / "plank_sagging.mp4", 640, 0.0, 7.5, lambda index: index % 2 == 0) as frames:
            looks = [(frame.time_s, finder.find(frame.image), frame.image.shape) for frame in frames]
        finder.close()
        session, now_s = Session(Options(activity="plank"), Nobody()), 0.0
        held = [people for time_s, people, _ in looks if time_s > 3.0]
        said: list[tuple[float, str]] = []
        height, width = looks[0][2][:2]
        for people in [people for _, people, _ in looks] + 5 * (held[::-1] + held):
            now_s += 2 / 15
            seen = session.follow(people, now_s, width, height)
            said += [(now_s, remark.words.en) for remark in seen.say if remark.kind == "seconds"]
        assert [words for _, words in said][:2] == ["10 seconds", "20 seconds"]
        began_s = truth_of("plank_sagging")["holds"][0]["start_s"]
        for n, (time_s, _) in enumerate(said, start=1):
            assert TELLS_EVERY_S * n - 0.5 < time_s - began_s < TELLS_EVERY_S * n + 1.2

    def test_a_fault_is_not_told_again_at_once_and_its_end_is(
        self, lifts: tuple[list[tuple[float, Remark]], Analysis | None]
    ) -> None:
        assert lifts[1] is not None
        found, coach = looked_in(lifts[1]), Coach()
        (fault,) = (one for one in found if one.cue is not None)
        good = [replace(fault, cue=None, margin=1.0)]
        near = [replace(fault, cue=None, margin=-1.0)]
        assert [r.kind for r in coach._about(good, 1.0)] == []
        assert [r.kind for r in coach._about(found, 2.0)] == ["fault"]
        assert coach._is_too_soon(found, 4.0)
        assert [r.kind for r in coach._about(good, 5.0)] == ["mended"]
        assert [r.kind for r in coach._about(good, 6.0)] == []
        for not_mended in (near, []):
            coach._about(found, 7.0)
            assert coach._about(not_mended, 8.0) == [], "outside still, or not seen"
            assert coach._about(good, 9.0) == []


class TestSession:
    def test_nobody_in_the_picture_is_told_and_not_all_the_time(self) -> None:
        session = Session(Options(activity="hip_lift"), Nobody())
        seen = [session.follow([], 0.1 * i, 320, 240) for i in range(100)]
        assert [i for i, one in enumerate(seen) if one.say] == [int(10 * UNSEEN_S) + 1]
        assert seen[-1].unseen
        assert not seen[0].unseen
        assert session.end() is None

    def test_it_ends_by_itself_and_few_looks_are_told(self) -> None:
        session = Session(Options(activity="hip_lift"), Nobody())
        assert not session.follow([], 0.0, 320, 240).over
        seen = [session.follow([], 1.0 * i, 320, 240) for i in range(1, 12)]
        assert seen[-1].slow
        assert not seen[-1].over
        assert session.follow([], 1e9, 320, 240).over == "time"
        assert session.look(np.zeros((240, 320, 3), np.uint8), 2e9).over == "time"

    def test_pictures_come_in_order(self) -> None:
        session = Session(Options(activity="hip_lift"), Nobody())
        session.follow([], 1.0, 320, 240)
        again = session.follow([], 1.001, 320, 240)
        assert again.say == ()
        assert len(session._record or ()) == 1, "too soon to be looked at"
        for time_s in (0.5, math.nan, math.inf, -math.inf):
            with pytest.raises(ValueError, match="order"):
                session.follow([], time_s, 320, 240)

    def test_a_phone_propped_up_after_the_start_is_begun_anew_and_one_turned_later_ends_the_set(self) -> None:
        session = Session(Options(activity="hip_lift", mode="full"))
        began_s = 50.0
        with read_frames(SAMPLES / "hip_lift_over_arched.mp4", max_side_px=640) as frames:
            session.look(np.zeros((640, 360, 3), np.uint8), began_s - 2.0)
            for frame in frames:
                if frame.index % 2 == 0:
                    seen = session.look(frame.image, began_s + frame.time_s)
        assert seen.count == len(truth_of("hip_lift_over_arched")["reps"])
        assert not seen.over
        turned = session.look(np.zeros((640, 360, 3), np.uint8), began_s + frame.time_s + 1.0)
        assert (turned.over, turned.count) == ("turned", seen.count)
        told = session.end()
        assert told is not None
        assert len(told.reps) == seen.count

    def test_only_what_has_something_to_say_is_coached(self) -> None:
        with pytest.raises(InputError) as told:
            Session(Options(activity="standing"), Nobody())
        assert told.value.code == "unknown_activity"
        assert {"hip_lift", "plank", "clamshell", "squat"} <= set(coached())
        assert all(cued(activity) for activity in coached())

    def test_answers_that_speak_against_an_exercise_rule_it_out(self) -> None:
        well = read_answers({"age": 34, "pain": "none", "signs": []})
        numb = read_answers({"age": 34, "pain": "none", "signs": ["leg_numbness"]})
        assert ruled_out(Options(activity="hip_lift", answers=well)) is None
        assert ruled_out(Options(activity="hip_lift", answers=numb)) is not None
        assert ruled_out(Options(activity="hip_lift")) is None


class Nobody:
    """A camera before which nobody stands."""

    def describe(self) -> str:
        return "nobody"

    def find(self, image_rgb: Any) -> list[Person]:
        return []

    def close(self) -> None: ...


def standing_at(x_px: float, torso_px: float = 50.0) -> Person:
    xy = np.zeros((len(LANDMARKS), 2), np.float32)
    xy[:, 0] = x_px
    xy[11:13, 1], xy[23:25, 1] = 100.0, 100.0 + torso_px
    return Person(xy, np.ones(len(LANDMARKS), np.float32), None)


class TestRecord:
    def test_whoever_walks_past_is_not_taken_for_the_person(self) -> None:
        record = LiveRecord(640, 480, "test")
        mine, other = standing_at(100), standing_at(400)
        assert record.add(0.0, [mine]) is mine
        assert record.add(0.1, [other]) is None
        assert record.add(0.2, [other, mine]) is mine
        assert record.add(0.2 + FORGOTTEN_AFTER_S + 0.1, [other]) is other
        track = record.track()
        assert np.isnan(track.xy_px[1]).all()
        assert track.time_s.tolist() == pytest.approx([0.0, 0.1, 0.2, 0.3 + FORGOTTEN_AFTER_S])
        assert (track.outline_qpx == -1).all()


def jpeg(width: int, height: int, kind: str = "JPEG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), (10, 200, 30)).save(file, kind)
    return file.getvalue()


class TestPicture:
    def test_what_a_browser_sends_is_read(self) -> None:
        picture = from_jpeg(jpeg(640, 360))
        assert picture.shape == (360, 640, 3)
        assert abs(picture[100, 100].astype(int) - [10, 200, 30]).max() < 6

    @pytest.mark.parametrize(
        "data",
        [b"", b"GIF89a", jpeg(640, 360)[:400], jpeg(640, 360, "PNG"), jpeg(LARGEST_SIDE_PX + 1, 80), jpeg(20, 20)],
        ids=["empty", "other", "broken off", "png", "wide", "tiny"],
    )
    def test_anything_else_is_one_error(self, data: bytes) -> None:
        with pytest.raises(InputError):
            from_jpeg(data)

    def test_a_picture_that_claims_to_be_huge_is_not_unpacked(self) -> None:
        data = bytearray(jpeg(640, 360))
        at = data.index(b"\xff\xc0") + 5
        data[at : at + 4] = b"\xff\xff\xff\xff"
        with pytest.raises(InputError):
            from_jpeg(bytes(data))

    @given(st.binary(max_size=2000))
    @settings(max_examples=50, deadline=None)
    def test_no_bytes_break_it(self, data: bytes) -> None:
        with pytest.raises(InputError):
            from_jpeg(b"\xff\xd8\xff" + data)


def every_cue() -> Iterator[tuple[str, str, str]]:
    for card in load_cards().values():
        for words in card.cue.values():
            yield card.metric, words.ja, words.en


def test_a_cue_is_short_enough_to_be_heard_in_time() -> None:
    for metric, ja, en in every_cue():
        assert len(ja) <= 24, metric
        assert len(en.split()) <= 10, metric
