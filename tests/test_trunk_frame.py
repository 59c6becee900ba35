"""What landmarks that lie off do to the lines, against lines told anew from landmarks moved a little."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from test_outline import TRUNK_PX, figure

from formcheck.outline import FRONT_STATIONS, STATIONS, trunk_frame, trunk_lines
from formcheck.records import FloatArray, PoseTrack
from formcheck.skeleton import INDEX
from formcheck.trunk_frame import THIGHS_TURN, frame_moves

BY = 0.02
NAMES = ("hip up", "hip behind", "shoulder up", "shoulder behind")


def lines_of(pose: PoseTrack) -> FloatArray:
    return trunk_lines(pose, True).crossings[0, :, 0]


def moved(pose: PoseTrack, column: int) -> PoseTrack:
    """Both landmarks of hip or shoulder off by BY trunk lengths."""
    joint, axis = ("hip", "shoulder")[column // 2], trunk_frame(pose.xy_px, True)[1 + column % 2][0]
    xy = pose.xy_px.copy()
    xy[0, [INDEX[f"left_{joint}"], INDEX[f"right_{joint}"]]] += BY * TRUNK_PX * axis
    return replace(pose, xy_px=xy)


@pytest.mark.parametrize("column", range(4), ids=NAMES)
@pytest.mark.parametrize("turn_deg", [0.0, 25.0])
def test_lines_move_as_geometry_says(column: int, turn_deg: float) -> None:
    pose = figure(turn_deg)
    line = lines_of(pose)
    away = np.ones(len(line), dtype=bool)
    away[[0, len(STATIONS) - 1, len(STATIONS), -1]] = False  # slopes at the ends are told from one side
    expected = line + BY * frame_moves(line)[:, column]
    np.testing.assert_allclose(lines_of(moved(pose, column))[away], expected[away], atol=0.003)


def test_back_and_front_go_opposite_ways_when_the_landmarks_shift() -> None:
    line = lines_of(figure())
    shift = frame_moves(line)[:, 1] + frame_moves(line)[:, 3]
    np.testing.assert_allclose(shift[: len(STATIONS)], -1.0, atol=1e-9)
    np.testing.assert_allclose(shift[-len(FRONT_STATIONS) :], 1.0, atol=1e-9)


def test_a_trunk_line_that_turns_to_the_back_turns_the_thighs_as_much_backward() -> None:
    np.testing.assert_array_equal(THIGHS_TURN @ [0.0, 0.0, 0.0, 1.0], [1.0, 1.0])
    np.testing.assert_array_equal(THIGHS_TURN @ [0.0, 1.0, 0.0, 1.0], [0.0, 0.0])
