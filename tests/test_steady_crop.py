"""The landmark network in a square that stays: where the square lies, what is found in it, what when nobody is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from formcheck.pose import Person
from formcheck.pose.mediapipe_pose import MediaPipePose, MediaPipeSettings
from formcheck.pose.steady_crop import Crop, SteadyCropPose, holds_upright, landmark_network, refined, steady_crop
from formcheck.records import FloatArray
from formcheck.skeleton import INDEX
from formcheck.video import Frame, read_frames

CLIP = Path(__file__).parents[1] / "sample_videos" / "runner_right_good.mp4"
JOINTS = ("left_knee", "right_knee", "left_ankle", "right_ankle", "left_hip", "right_hip")


@cache
def _frames() -> list[Frame]:
    with read_frames(CLIP, 960, 0.0, 0.7) as frames:
        return [frame for frame in frames if frame.index % 7 == 0]


@cache
def _sightings() -> list[list[Person]]:
    finder = MediaPipePose(MediaPipeSettings("full", with_outline=False))
    try:
        return [finder.find(frame.image) for frame in _frames()]
    finally:
        finder.close()


def _truth_px(frame: Frame) -> FloatArray:
    """(joints, 2) in the pixels of the frame."""
    truth = json.loads(CLIP.with_suffix(".truth.json").read_text(encoding="utf-8"))
    scale = frame.image.shape[0] / truth["video"]["height_px"]
    return scale * np.array([truth["frames"]["joints_px"][joint][frame.index] for joint in JOINTS])


def _moved(people: Sequence[Person], by_px: tuple[float, float], times: float = 1.0) -> list[Person]:
    return [Person((p.xy_px * times + np.array(by_px)).astype(np.float32), p.visibility, None) for p in people]


def test_the_square_holds_the_runner_with_little_room_to_spare() -> None:
    crop = steady_crop(_sightings())
    assert crop is not None
    truth = np.concatenate([_truth_px(frame) for frame in _frames()])
    in_input = truth @ crop.to_input()[:, :2].T + crop.to_input()[:, 2]
    assert in_input.min() > 0
    assert in_input.max() < 256
    assert np.allclose(crop.to_picture(in_input), truth, atol=1e-6)
    assert 1.0 < crop.side_px / (0.9 * 0.67 * _frames()[0].image.shape[0]) < 1.4


def test_landmarks_lie_on_the_joints() -> None:
    crop = steady_crop(_sightings())
    assert crop is not None
    finder = SteadyCropPose("heavy", landmark_network("heavy"), crop)
    try:
        errors = []
        for frame in _frames():
            (person,) = finder.find(frame.image)
            found = person.xy_px[[INDEX[joint] for joint in JOINTS]]
            errors.append(np.linalg.norm(found - _truth_px(frame), axis=1))
            assert person.outline_px is not None
            trunk = person.xy_px[[INDEX["left_hip"], INDEX["right_hip"], INDEX["nose"]]]
            assert person.outline_px.min(axis=0)[1] < trunk[:, 1].min() < person.outline_px.max(axis=0)[1]
    finally:
        finder.close()
    body_px = 0.67 * _frames()[0].image.shape[0]
    assert np.median(errors) < 0.015 * body_px
    assert np.max(errors) < 0.06 * body_px


def test_where_the_square_holds_nobody_the_whole_picture_is_looked_at() -> None:
    frame = _frames()[0]
    finder = SteadyCropPose("heavy", landmark_network("heavy"), Crop(40.0, 60.0, 80.0))
    try:
        people = finder.find(frame.image)
    finally:
        finder.close()
    assert len(people) == 1
    found = people[0].xy_px[[INDEX[joint] for joint in JOINTS]]
    assert np.median(np.linalg.norm(found - _truth_px(frame), axis=1)) < 0.03 * frame.image.shape[0]


def test_no_square_for_a_crowd_a_passer_by_somebody_lying_or_nobody() -> None:
    seen = _sightings()
    assert steady_crop([]) is None
    assert steady_crop([[], [], *seen[:2]]) is None
    assert steady_crop([[*people, *people] for people in seen]) is None
    passing = [_moved(people, (60.0 * i, 0.0)) for i, people in enumerate(seen)]
    assert steady_crop(passing) is None
    coming = [_moved(people, (0.0, 0.0), 1.0 + 0.1 * i) for i, people in enumerate(seen)]
    assert steady_crop(coming) is None
    lying = [[Person(p.xy_px[:, ::-1].copy(), p.visibility, None) for p in people] for people in seen]
    assert steady_crop(lying) is None


def test_hands_that_are_not_seen_may_be_beyond_the_square() -> None:
    crop = steady_crop(_sightings())
    assert crop is not None
    runners = [people[0] for people in _sightings()]
    assert all(holds_upright(crop, runner) for runner in runners)
    wrists = [INDEX["left_wrist"], INDEX["right_wrist"]]
    for n_unseen in (1, 2):
        visibility = runners[0].visibility.copy()
        visibility[wrists[:n_unseen]] = 0.05
        one = replace(runners[0], visibility=visibility)
        assert holds_upright(crop, one) == (n_unseen == 1)  # a runner's far hand is hidden often
        at_the_edge = replace(crop, y_px=0.45 * crop.side_px)  # above it there is no picture for hands to be in
        moved = replace(one, xy_px=one.xy_px - np.array([0.0, crop.y_px - at_the_edge.y_px], np.float32))
        assert holds_upright(at_the_edge, moved)


def test_a_landmark_moves_to_the_weight_of_its_heatmap_and_stays_where_that_is_unsure() -> None:
    heatmap = np.full((64, 64, 2), -20.0, dtype=np.float32)
    heatmap[31, 41, 0] = 20.0
    start = np.array([[160.0, 120.0], [160.0, 120.0]])
    moved = refined(start, heatmap)
    assert moved[0] == pytest.approx([41 * 4, 31 * 4], abs=1e-3)
    assert moved[1] == pytest.approx(start[1])
