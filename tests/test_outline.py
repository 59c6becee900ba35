"""The line of the back, on figures whose back is known exactly."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.back_reading import CLEAR
from formcheck.outline import FRONT_STATIONS, STATIONS, BackLine, back_line, faces_right, trunk_lines
from formcheck.pose.mediapipe_pose import outline_of_mask
from formcheck.records import FloatArray, PoseTrack
from formcheck.skeleton import INDEX

TRUNK_PX, HOLLOW = 200.0, 0.06
HIP = np.array([400.0, 500.0])


def back_at(station: FloatArray) -> FloatArray:
    """How far behind the trunk's axis the figure's back lies, trunk lengths."""
    return np.asarray(0.20 - HOLLOW * np.exp(-(((station - 0.3) / 0.15) ** 2)))


def figure(turn_deg: float = 0.0, right: bool = True, arm: str = "ahead") -> PoseTrack:
    """One look at a figure of a torso with a hollow back; ``arm``: "ahead", "behind" (sticks out) or "on_hip"."""
    up = np.linspace(-0.6, 1.3, 400)
    outline = np.concatenate([np.stack([up, back_at(up)], 1), np.stack([up[::-1], np.full(400, -0.22)], 1)])
    elbow, wrist = {
        "ahead": ((0.55, -0.4), (0.6, -0.8)),
        "behind": ((0.55, 0.45), (0.35, 0.1)),
    }[arm]
    if arm == "behind":
        bump = np.array([[0.45, 0.2], [0.5, 0.5], [0.62, 0.5], [0.68, 0.2]])
        back = np.stack([up, back_at(up)], 1)
        outline = np.concatenate([back[up < 0.44], bump, back[up > 0.69], outline[400:]])
    points = np.zeros((33, 2))
    for name, place in {"hip": (0, 0), "shoulder": (1, 0), "elbow": elbow, "wrist": wrist, "index": wrist}.items():
        for side in ("left", "right"):
            points[INDEX[f"{side}_{name}"]] = place
    for side in ("left", "right"):
        points[INDEX[f"{side}_ear"]], points[INDEX[f"{side}_heel"]] = (1.3, 0.0), (-1.6, 0.1)
        points[INDEX[f"{side}_foot_index"]] = (-1.6, -0.3)
    points[INDEX["nose"]] = (1.3, -0.2)
    return _placed(points, outline, turn_deg, right)


def _placed(points: FloatArray, outline: FloatArray, turn_deg: float, right: bool) -> PoseTrack:
    def place(told: FloatArray) -> FloatArray:
        x, y = (-1 if right else 1) * told[:, 1], -told[:, 0]
        c, s = np.cos(np.radians(turn_deg)), np.sin(np.radians(turn_deg))
        return HIP + TRUNK_PX * np.stack([c * x - s * y, s * x + c * y], 1)

    return PoseTrack(
        time_s=np.zeros(1),
        xy_px=place(points)[None],
        visibility=np.ones((1, 33)),
        width_px=900,
        height_px=1000,
        outline_qpx=np.rint(4 * place(outline)).astype(np.int16)[None],
        finder="drawn",
    )


@pytest.mark.parametrize("turn_deg", [0.0, 12.0, -35.0, 90.0])
@pytest.mark.parametrize("right", [True, False])
def test_back_is_read_however_the_person_is_turned(turn_deg: float, right: bool) -> None:
    track = figure(turn_deg, right)
    assert faces_right(track.xy_px) is right
    line = back_line(track)
    np.testing.assert_allclose(line.crossings[0, :, 0], back_at(STATIONS), atol=0.004)
    assert (line.arm_edge < line.crossings[..., 0] - CLEAR).all()


def test_line_lies_on_the_outline_in_the_picture() -> None:
    track = figure(-20.0)
    line = back_line(track)
    drawn, outline = line.xy_px(0, line.crossings[0, :, 0]), track.outline_qpx[0] / 4.0
    nearest = np.linalg.norm(drawn[:, None] - outline[None], axis=2).min(axis=1)
    assert nearest.max() < 1.5


def test_an_arm_behind_the_back_is_where_its_landmarks_are() -> None:
    line: BackLine = back_line(figure(arm="behind"))
    outer, far_from_arms = line.crossings[0, :, 0], line.arm_edge[0] < line.crossings[0, :, 0] - CLEAR
    elbow = (STATIONS > 0.48) & (STATIONS < 0.64)
    assert (outer[elbow] > back_at(STATIONS[elbow]) + 0.1).all()
    assert not far_from_arms[elbow].any()
    clear = (STATIONS < 0.22) | (STATIONS > 0.98)
    np.testing.assert_allclose(outer[clear], back_at(STATIONS[clear]), atol=0.004)
    assert far_from_arms[clear].all()


def test_the_small_of_the_back_shows_through_the_hole_between_arm_and_trunk() -> None:
    mask = np.zeros((256, 256), dtype=np.float32)
    mask[40:220, 110:160] = 1.0
    mask[80:150, 85:92] = 1.0  # an arm behind, joined to the trunk above and below
    mask[80:90, 85:115] = 1.0
    mask[140:150, 85:115] = 1.0
    torso = np.tile(np.float32([135.0, 120.0]), (33, 1))
    outline = outline_of_mask(mask, torso)
    assert outline is not None
    hole_edge = (np.abs(outline[:, 0] - 109.5) < 0.6) & (outline[:, 1] > 95) & (outline[:, 1] < 135)
    assert hole_edge.sum() >= 3


def test_outline_lies_between_the_pixels() -> None:
    x = np.arange(256, dtype=np.float32)
    edge = 100.375  # between a pixel of 0.2 and one of 1
    mask = np.clip(x - 99.8, 0.0, 1.0)[None] * np.ones((256, 1), np.float32)
    mask[:, 200:], mask[:30], mask[220:] = 0.0, 0.0, 0.0
    outline = outline_of_mask(mask, np.tile(np.float32([150.0, 120.0]), (33, 1)))
    assert outline is not None
    left = outline[(outline[:, 0] < 120) & (outline[:, 1] > 50) & (outline[:, 1] < 200)]
    assert abs(left[:, 0].mean() - edge) < 0.3


@pytest.mark.parametrize("right", [True, False])
def test_the_front_follows_the_back_told_outward(right: bool) -> None:
    pose = figure(20.0, right)
    line, back = trunk_lines(pose, right), back_line(pose, right)
    np.testing.assert_array_equal(line.crossings[:, : len(STATIONS)], back.crossings)
    before = line.crossings[0, len(STATIONS) :, 0]
    assert before.shape == FRONT_STATIONS.shape
    np.testing.assert_allclose(before, 0.22, atol=0.004)


def test_an_arm_ahead_is_told_where_the_front_is() -> None:
    """The upper arm goes ahead at half the trunk's height, the forearm farther."""
    edge = trunk_lines(figure(), True).arm_edge[0, len(STATIONS) :]
    near = np.abs(FRONT_STATIONS - 0.57) < 0.06
    assert (edge[near] > 0.7).all()
    assert np.isneginf(edge[FRONT_STATIONS < 0.4]).all()


def test_nobody_no_line() -> None:
    track = figure()
    line = back_line(
        PoseTrack(
            track.time_s,
            np.full_like(track.xy_px, np.nan),
            track.visibility,
            900,
            1000,
            np.full_like(track.outline_qpx, -1),
            "drawn",
        )
    )
    assert np.isnan(line.crossings).all()
