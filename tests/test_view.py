"""From which side the camera looks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from synthetic import Runner, lost, standing

from formcheck.records import PoseTrack, View
from formcheck.skeleton import INDEX
from formcheck.view import view_of


def _with_shoulders(width_in_trunks: float, left_is_right_of_picture: bool = True) -> PoseTrack:
    """A standing person turned so that the shoulders look that wide."""
    pose = standing(1.0)
    xy = pose.xy_px.copy()
    middle = xy[:, INDEX["left_shoulder"]].copy()
    trunk = np.linalg.norm(middle - xy[:, INDEX["left_hip"]], axis=1)[:, None]
    half = width_in_trunks * trunk / 2 * (1 if left_is_right_of_picture else -1)
    xy[:, INDEX["left_shoulder"]] = middle + half * [1.0, 0.0]
    xy[:, INDEX["right_shoulder"]] = middle - half * [1.0, 0.0]
    return replace(pose, xy_px=xy)


@pytest.mark.parametrize(
    ("width", "expected"), [(0.0, "side"), (0.27, "side"), (0.5, "oblique"), (0.70, "front"), (1.0, "front")]
)
def test_width_of_the_shoulders_tells_the_view(width: float, expected: View) -> None:
    assert view_of(_with_shoulders(width)) == expected


def test_the_back_shows_the_left_shoulder_on_the_left() -> None:
    assert view_of(_with_shoulders(0.7, left_is_right_of_picture=False)) == "rear"


def test_a_runner_from_the_side_is_from_the_side_both_ways() -> None:
    assert view_of(Runner(facing="right", duration_s=1).pose()) == "side"
    assert view_of(Runner(facing="left", duration_s=1).pose()) == "side"


def test_nobody_gives_no_view() -> None:
    pose = standing(1.0)
    assert view_of(lost(pose, np.ones(len(pose.time_s), dtype=bool))) == "unknown"
